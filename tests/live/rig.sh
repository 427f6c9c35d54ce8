# shellcheck shell=sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# A JACK server without a sound card, and grus-live ("$live") on it. Source this after tap.sh; the folder "$folder" is
# removed at the end.

server=gruslive$$
export JACK_NO_AUDIO_RESERVATION=1 JACK_DEFAULT_SERVER=$server JACK_NO_START_SERVER=1
trap 'finish rig; finish jackd; rm -rf "$folder"' EXIT

# finish rig|jackd: end the one that was started last, in whichever subshell; a server that is killed outright leaves
# its name behind
finish() {
  [ -f "$folder/$1.pid" ] || return
  pid=$(cat "$folder/$1.pid")
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -9 "$pid" 2>/dev/null
  rm -f "$folder/$1.pid"
}

# wait_for COMMAND...: until it succeeds, for at most $patience
patience=60 # seconds; a busy machine is slow
wait_for() {
  for _ in $(seq $((10 * patience))); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  echo "waited in vain for: $*"
  cat events jackd.log 2>/dev/null
  return 1
}

# start_jackd [PERIOD [RATE]]
start_jackd() {
  jackd -n "$server" -r --no-mlock -d dummy -r "${2:-48000}" -p "${1:-256}" >jackd.log 2>&1 &
  jackd=$!
  echo $jackd >jackd.pid
  wait_for jack_lsp
}

end_jackd() {
  pid=$(cat jackd.pid)
  kill "$pid"
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.05
  done
}

# start ARGUMENT...: a rig whose standard input is the fifo "orders"
start() {
  finish rig
  rm -f orders events
  mkfifo orders
  "$live" --json "$@" <orders >events 2>&1 &
  rig=$!
  echo $rig >rig.pid
  exec 3>orders
  wait_for grep -q '"selected"' events
}

say() {
  echo "$*" >&3
}

heard() {
  grep -q "$1" events
}

stop() {
  exec 3>&-
  kill -TERM "$rig"
  wait "$rig"
  code=$?
  rm rig.pid
  wait_for sh -c '! jack_lsp | grep -q "^grus:"' # Its name is free again
  [ $code = 0 ] || { echo "exit status $code"; cat events; return 1; }
}

# needs TOOL...: set why_not to what is missing, or start a server
needs() {
  for tool in jackd jack_lsp "$@"; do
    command -v "$tool" >/dev/null || why_not="no $tool"
  done
  # shellcheck disable=SC2034
  [ -n "$why_not" ] || start_jackd >/dev/null || why_not='jackd does not start here'
}
