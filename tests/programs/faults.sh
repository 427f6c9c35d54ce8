#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Every system call by which the programs change files fails once, as on a full disk, and is where they are killed once.
# The old file or the whole new one is there, nothing else is left, and a message says what is wrong; a training that was
# killed ends in the same model, bit by bit. Prints TAP. With GRUS_TEST_THOROUGHLY=1 none is left out.
# Usage: faults.sh GRUS_TRAIN GRUS_RENDER GRUS_MODEL GRUS_SIGNAL RECORD MODEL.json
set -u
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/states.sh"
train=$(realpath "$1") render=$(realpath "$2") program=$(realpath "$3") signal=$(realpath "$4")
record=$(realpath "$5") model=$(realpath "$6") plan=$(realpath "$(dirname "$0")/modifying_calls.awk")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
mkdir work tmp old new
export TMPDIR="$folder/tmp"
day=$(($(date +%s) / 86400))
calls='write,pwrite64,fsync,fdatasync,ftruncate,fallocate,?rename,?renameat,renameat2,?link,linkat,?mkdir,mkdirat,openat,close,?unlink,unlinkat,?rmdir'

# plan_faults COMMAND...: run it as usual, and note its calls in "planned", and what it leaves in "new"
plan_faults() {
  back_to old && state >before && (cd work && strace -f -q -o ../trace -e trace="$calls" "$@" >../out 2>&1) || { cat out; return 1; }
  state >after && LC_ALL=C awk -f "$plan" trace >planned && [ "$(wc -l <planned)" -ge 4 ]
}

# with_fault HOW CALL NUMBER COMMAND...: run it with one fault; its status is in "got"
with_fault() {
  how=$1 call=$2 number=$3
  shift 3
  (cd work && strace -f -q -y -o ../trace -e trace="$call" -e "inject=$call:$how:when=$number" "$@" >../out 2>../err)
  got=$?
  state >now
}

# fault CALL...: strace's line about it
fault() {
  grep 'INJECTED' trace | cut -c 1-200
}

# What can't be removed stays
but_what_stays() {
  case $(fault) in *unlink* | *rmdir*) grep -v ' \./lv2/\.grus-\|^\./lv2/\.grus-' now >seen ;; *) cp now seen ;; esac
  mv seen now
}

# Nothing has happened, with a message; or everything, without: another call did what the one that failed should have
is_all_or_nothing() {
  but_what_stays
  case $got in
  0) cmp after now && ! fault | grep -q 'write(1<' ;;
  1) [ -z "$(ls -A tmp)" ] && { cmp -s before now || { fault | grep -q 'write(1<' && cmp after now; }; } &&
    { fault | grep -q 'write(2<' || grep -q '^grus-[a-z]*: .' err; } ;;
  *) false ;;
  esac
}

# A fault in a folder's fsync() loses nothing, and the checkpoints of a run that ends are of no use
is_trained_or_says_why() {
  case $got in
  0) [ -s work/t.json ] && [ "$(timeless work/t.json)" = "$(timeless new/t.json)" ] ;;
  1) grep -q '^grus-train: .' err || fault | grep -q 'write(2<' ;;
  *) false ;;
  esac && is_nothing_lost
}

# Once it is learned, a model is there, or where the message says
is_nothing_lost() {
  [ -z "$(find work tmp -name '.grus*')" ] || return 1
  ! grep -q 'is in .* instead' err && return
  kept=$(sed -n 's/.* is in \(.*\.json\) instead.*/\1/p' err)
  [ "$(timeless "$kept")" = "$(timeless new/t.json)" ]
}

# each_fails EVERY CHECK COMMAND...: one of so many calls, others on each day; or each one if thorough
each_fails() {
  every=$1 check=$2
  shift 2
  [ -z "${GRUS_TEST_THOROUGHLY:-}" ] || every=1
  plan_faults "$@" && rm -rf new && cp -a work new || return 1
  n=0
  n_faults=0
  while read -r call number error; do
    n=$((n + 1))
    [ $(((n + day) % every)) = 0 ] || continue
    n_faults=$((n_faults + 1))
    back_to old
    with_fault "error=$error" "$call" "$number" "$@" </dev/null
    $check || { echo "$* exited with $got after $call $number $error:"; fault; cat err; diff after now; return 1; }
  done <planned
  echo "$n_faults of $n calls failed"
}

old_or_new() {
  [ $got -gt 128 ] || [ $got = 0 ] || return 1
  grep -v ' \./\.grus-' now >seen
  cmp -s before seen || cmp -s after seen
}

# The same command goes on, to the same model
goes_on_to_the_same() {
  [ $got -gt 128 ] || [ $got = 0 ] || return 1
  if ! [ -e work/t.json ] || [ -e work/t.checkpoint ]; then
    (cd work && "$@" --resume >../out 2>../err) || return 1
  fi
  rm -f work/.grus-*
  state >now
  cmp after now
}

# each_kills EVERY CHECK COMMAND...: the same, but it is killed there
each_kills() {
  every=$1 check=$2
  shift 2
  [ -z "${GRUS_TEST_THOROUGHLY:-}" ] || every=1
  plan_faults "$@" || return 1
  n=0
  n_faults=0
  while read -r call number _; do
    n=$((n + 1))
    [ $(((n + day) % every)) = 0 ] || continue
    n_faults=$((n_faults + 1))
    back_to old
    with_fault signal=KILL "$call" "$number" "$@" </dev/null
    $check "$@" || { echo "$* was killed in $call $number, exit status $got:"; tail -n 3 trace; cat err; diff after now; return 1; }
  done <planned
  echo "killed in $n_faults of $n calls"
}

fails_to_render() {
  with_old_results && each_fails 5 is_all_or_nothing "$render" m.json wet.wav o.wav
}

fails_to_write_a_signal() {
  with_old_results && each_fails 20 is_all_or_nothing "$signal" --seconds=60 s.wav
}

fails_to_convert() {
  with_old_results && each_fails 1 is_all_or_nothing "$program" convert --overwrite --rate=48000 m.json c.json &&
    prepare && each_fails 2 is_all_or_nothing "$program" convert --rate=48000 m.json c.json
}

fails_to_draw_gates() {
  with_old_results && each_fails 3 is_all_or_nothing "$program" gates m.json dry.wav --output=g.html
}

fails_to_install() {
  prepare && each_fails 2 is_all_or_nothing "$program" install --folder=lv2 m.json && with_old_results &&
    each_fails 1 is_all_or_nothing "$program" install --folder=lv2 m.json &&
    each_fails 2 is_all_or_nothing "$program" uninstall --folder=lv2 'Drive (TS-9 style)'
}

training() {
  "$@" "$train" dry.wav wet.wav -o t -e 2 -H 2 --linear=0 -q --no-report --checkpoint-interval=0.001s
}

fails_to_train() {
  prepare && training each_fails 7 is_trained_or_says_why
}

is_killed_while_training() {
  prepare && training each_kills 7 goes_on_to_the_same
}

is_killed_while_writing() {
  with_old_results && each_kills 5 old_or_new "$render" m.json wet.wav o.wav &&
    each_kills 1 old_or_new "$program" convert --overwrite --rate=48000 m.json c.json &&
    each_kills 4 old_or_new "$program" gates m.json dry.wav --output=g.html
}

"$record" clipper dry.wav wet.wav --seconds 6 --seed 3 >log || exit 1
command -v strace >/dev/null || why_not='no strace'
[ -n "$why_not" ] || strace -o trace -e trace=write -e inject=write:error=ENOSPC:when=1 echo >log 2>&1
[ -n "$why_not" ] || grep -q INJECTED trace || why_not='no tracing here'
echo 1..8
case_of a_rendering_that_can_not_be_written_leaves_the_old_one fails_to_render
case_of a_signal_that_can_not_be_written_leaves_the_old_one fails_to_write_a_signal
case_of a_conversion_that_can_not_be_written_leaves_the_old_one fails_to_convert
case_of a_picture_that_can_not_be_written_leaves_the_old_one fails_to_draw_gates
case_of a_preset_is_installed_or_removed_wholly_or_not_at_all fails_to_install
case_of a_training_on_a_full_disk_loses_nothing fails_to_train
case_of a_killed_training_goes_on_to_the_same_model is_killed_while_training
case_of a_killed_program_leaves_the_old_file_or_the_new_one is_killed_while_writing
exit $failed
