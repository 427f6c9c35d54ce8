#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Allocations of whole programs fail, alone or with all after them. The program does what it does otherwise, or it ends
# with a message and leaves every file as it was. Crashes inside libsndfile, which survives no failure, are counted and
# printed. Prints TAP. With GRUS_TEST_THOROUGHLY=1 the allocations that fail are closer to each other.
# Usage: memory.sh GRUS_TRAIN GRUS_RENDER GRUS_MODEL GRUS_SIGNAL RECORD MODEL.json FAILING.so
set -u
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/states.sh"
train=$(realpath "$1") render=$(realpath "$2") program=$(realpath "$3") signal=$(realpath "$4")
record=$(realpath "$5") model=$(realpath "$6") failing=$(realpath "$7")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
mkdir work tmp
export TMPDIR="$folder/tmp"

# run_failing AT LATER COMMAND...: its status is in "got"
run_failing() {
  at=$1 later=$2
  shift 2
  back_to old
  (cd work && env GRUS_FAIL_AT="$at" ${later:+GRUS_FAIL_LATER=1} LD_PRELOAD="$failing" "$@" >../out 2>../err </dev/null)
  got=$?
  state >now
}

# The crash of a library, the innermost but libc
is_crash_of_library() {
  [ $got -gt 128 ] && grep -qE '^crashed in( libc\.so\.6)* libsndfile' err && sed -n 's/^crashed/&/p' err >>crashes && cp before now
}

is_as_always_or_says_why() {
  is_crash_of_library && return
  case $got in
  0) cmp after now && { [ "$printed" = no ] || cmp printed out; } ;;
  1 | 2) cmp before now && grep -q '^grus-[a-z]*: .' err && [ -z "$(ls -A tmp)" ] ;;
  *) false ;;
  esac
}

# A model that was learned is not lost
is_trained_or_says_why() {
  is_crash_of_library && return
  case $got in
  0) [ -s work/t.json ] && [ "$(timeless work/t.json)" = "$(timeless new/t.json)" ] ;;
  1 | 2) grep -q '^grus-train: .' err ;;
  *) false ;;
  esac
}

# each_allocation_fails N CHECK COMMAND...: about N of them
each_allocation_fails() {
  n_tries=$1 check=$2
  shift 2
  [ -z "${GRUS_TEST_THOROUGHLY:-}" ] || n_tries=$((20 * n_tries))
  back_to old
  : >crashes
  state >before
  (cd work && GRUS_FAIL_LOG=../count LD_PRELOAD=$failing "$@" >../printed 2>../err </dev/null) || { cat err; return 1; }
  state >after
  rm -rf new && cp -a work new
  count=$(cat count)
  step=$((count / n_tries + 1))
  k=$(($(date +%s) / 86400 % step)) # Others on each day
  tries=0
  [ "$count" -gt 0 ] || { echo 'no allocations'; return 1; }
  while [ $k -lt "$count" ]; do
    for later in '' 1; do
      run_failing $k "$later" "$@"
      tries=$((tries + 1))
      $check || { echo "$* exited with $got after allocation $k${later:+ and all later ones} failed:"; cat err; diff after now; return 1; }
    done
    k=$((k + step))
  done
  echo "$tries of $((2 * count)) failed, $(wc -l <crashes) crashes in libraries"
  sort crashes | uniq -c
}

reads_models() {
  prepare && printed=yes && each_allocation_fails 15 is_as_always_or_says_why "$program" info m.json &&
    each_allocation_fails 8 is_as_always_or_says_why "$program" check m.json &&
    each_allocation_fails 6 is_as_always_or_says_why "$program" compare m.json m.json --on=dry.wav
}

writes_models() {
  with_old_results && printed=no && each_allocation_fails 20 is_as_always_or_says_why "$program" convert --overwrite --rate=48000 m.json c.json &&
    each_allocation_fails 15 is_as_always_or_says_why "$program" install --folder=lv2 m.json &&
    each_allocation_fails 20 is_as_always_or_says_why "$program" uninstall --folder=lv2 'Drive (TS-9 style)'
}

renders() {
  with_old_results && printed=no && each_allocation_fails 20 is_as_always_or_says_why "$render" m.json wet.wav o.wav &&
    each_allocation_fails 3 is_as_always_or_says_why "$program" gates m.json dry.wav --output=g.html
}

writes_signals() {
  with_old_results && printed=no && each_allocation_fails 2 is_as_always_or_says_why "$signal" --seconds=60 s.wav
}

trains() {
  prepare && each_allocation_fails 8 is_trained_or_says_why "$train" dry.wav wet.wav -o t -e 1 -H 2 --linear=0 -q
}

"$record" clipper dry.wav wet.wav --seconds 6 --seed 3 >log || exit 1
echo 1..5
case_of models_are_read_or_it_is_said_why_not reads_models
case_of models_are_written_or_the_old_ones_stay writes_models
case_of sound_is_rendered_or_the_old_one_stays renders
case_of a_signal_is_written_or_the_old_one_stays writes_signals
case_of a_model_is_learned_or_it_is_said_why_not trains
exit $failed
