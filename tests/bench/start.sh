#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# What the plugin does before it sounds, in instructions. 60 million are about 50 ms of a Raspberry Pi 4.
# Usage: start.sh SOURCE_FOLDER BENCH_START BUNDLE
set -u
. "$1/tests/tap.sh"
program=$(realpath "$2")
folder=$(mktemp -d)
cd "$folder" || exit 1
trap 'rm -rf "$folder"' EXIT

# takes_at_most MILLIONS STEP
takes_at_most() {
  count=$(sed -n "s/^ *\([0-9.]*\)  $2\$/\1/p" counts)
  echo "$2: ${count:-not counted}"
  [ -n "$count" ] && awk -v count="$count" -v most="$1" 'BEGIN { exit !(count > 0.001 && count <= most) }'
}

starts_quickly() { takes_at_most 80 'plugin at 48000 Hz: instantiate'; }
starts_quickly_at_another_rate() { takes_at_most 100 'plugin at 44100 Hz: instantiate'; }
plays_the_first_block_quickly() { takes_at_most 1 'plugin at 48000 Hz: first block'; }

if ! command -v valgrind >/dev/null; then
  why_not='no valgrind'
else
  "$1/bench/count_start" "$program" "$3" plugin >counts || echo "# count_start failed"
  sed 's/^/# /' counts
fi
case_of starts_quickly starts_quickly
case_of starts_quickly_at_another_rate starts_quickly_at_another_rate
case_of plays_the_first_block_quickly plays_the_first_block_quickly
echo "1..$number"
exit $failed
