#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# No program destroys what a user has: every option that names an output, against every kind of file. Prints TAP.
# Usage: outputs.sh GRUS_TRAIN GRUS_RENDER GRUS_MODEL GRUS_SIGNAL RECORD MODEL.json
set -u
. "$(dirname "$0")/../tap.sh"
train=$(realpath "$1") render=$(realpath "$2") program=$(realpath "$3") signal=$(realpath "$4")
record=$(realpath "$5") model=$(realpath "$6")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
"$record" clipper dry.wav wet.wav --seconds 6 --seed 3 >log || exit 1

# refuses STATUS TEXT COMMAND...
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

# Whatever is printed where there is no room for it is a failure
notices_full_outputs() {
  [ -c /dev/full ] || return 0
  cp "$model" m.json && mkdir -p lv2 && "$program" install --folder=lv2 m.json >out || return 1
  while read -r command; do
    eval "$command" >/dev/full 2>err
    got=$?
    [ $got = 1 ] && grep -q 'grus-[a-z]*: standard output: could not be written' err && continue
    echo "$command exited with $got:"
    cat err
    return 1
  done <<EOF
"$train" --help
"$train" --version
"$train" --examine dry.wav wet.wav
"$render" --help
"$render" --version
"$render" m.json dry.wav full.wav
"$signal" --help
"$signal" --version
"$signal" --layout
"$program" --help
"$program" --version
"$program" info --help
"$program" info m.json
"$program" check m.json
"$program" list --folder=lv2
"$program" compare m.json m.json --on=dry.wav
EOF
}

echo 1..1
case_of what_can_not_be_printed_is_a_failure notices_full_outputs
exit $failed
