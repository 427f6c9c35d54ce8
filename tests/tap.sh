# shellcheck shell=sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Reports the cases of a script as TAP; source this. A case is skipped while `why_not` says why. What a case prints goes to
# the file `case_log`, and is shown if it fails, or always if `tells_all` isn't empty.

number=0
failed=0
why_not=''
case_log=log
tells_all=''

# case_of NAME FUNCTION: run a case in a subshell
case_of() {
  number=$((number + 1))
  if [ -n "$why_not" ]; then
    echo "ok $number - $1 # SKIP $why_not"
  elif ("$2") >"$case_log" 2>&1; then
    echo "ok $number - $1"
    [ -z "$tells_all" ] || sed 's/^/# /' "$case_log"
  else
    echo "not ok $number - $1"
    sed 's/^/# /' "$case_log"
    failed=1
  fi
}

# refuses STATUS TEXT COMMAND...: the command fails with this status, and says TEXT
refuses() {
  status=$1 text=$2
  shift 2
  "$@" >out 2>&1
  got=$?
  [ $got = "$status" ] && grep -qF -- "$text" out && return
  echo "$* exited with $got, not $status, or did not say \"$text\":"
  cat out
  return 1
}
