#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# grus-train on several processes: the same model to the bit, one voice, and an end in good order.
# Prints TAP.
# Usage: team.sh GRUS_TRAIN TEAM_MEMBER RECORD HAS_MPI
set -u
. "$(dirname "$0")/../tap.sh"
train=$(realpath "$1") member=$(realpath "$2") record=$(realpath "$3") has_mpi=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

# Open MPI also as root, on few processors, and with no way to another machine
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_plm=isolated
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_btl_vader_single_copy_mechanism=none

if [ "$has_mpi" != true ]; then
  why_not='built without MPI'
elif ! command -v sox >/dev/null; then
  why_not='no sox'
elif ! command -v mpirun >/dev/null; then
  why_not='no mpirun'
elif ! timeout 120 mpirun -n 2 true >log 2>&1; then
  why_not="mpirun does not run here: $(grep -m 1 '[a-z]' log)"
fi

# refuses STATUS TEXT COMMAND...: the command must exit with STATUS and say TEXT once
refuses() {
  status=$1 text=$2
  shift 2
  timeout 120 "$@" >out 2>&1
  got=$?
  [ $got -eq "$status" ] && [ "$(grep -cF -- "$text" out)" = 1 ] && return
  echo "$* exited with $got, not $status, or did not say \"$text\" once:"
  cat out
  return 1
}

# same_as_one BATCH N EACH OPTION...: one process with BATCH learns what N with EACH learn
same_as_one() {
  batch=$1 n=$2 each=$3
  shift 3
  "$train" dry.wav wet.wav -o one --overwrite -q --threads 2 --batch "$batch" "$@" >one.out || return 1
  timeout 200 mpirun -n "$n" "$train" dry.wav wet.wav -o team --overwrite -q --threads 2 --batch "$each" "$@" \
    >team.out 2>err || { cat err; return 1; }
  cat one.out team.out
  # With a stage, they stand beside the record of the time
  for who in one team; do
    grep '"layers"' $who.json | sed 's/"record":{[^}]*}//' >$who.layers && [ -s $who.layers ] || return 1
  done
  cmp one.layers team.layers && [ "$(grep ': ESR' one.out)" = "$(grep ': ESR' team.out)" ]
}

keeps_promises() {
  for n in 1 2 3 5; do
    timeout 120 mpirun -n $n "$member" $n || return 1
  done
}

# Four groups for two processes; three, of which the last is not full; two starts, so that one is left
learns_on_two() {
  same_as_one 64 2 32 -e 2 -H 8 &&
    same_as_one 40 2 20 -e 2 -H 5 --cell reset-after &&
    same_as_one 32 2 16 -e 25 -H 2 --starts 2
}

# Four groups for three processes; two, so that one process has nothing to do
learns_on_three() {
  same_as_one 63 3 21 -e 2 -H 8 --test-input dry.wav --test-target wet.wav &&
    same_as_one 24 3 8 -e 2 -H 4 --loss mse --optimizer sgd
}

speaks_once() {
  mkdir lv2
  timeout 120 mpirun -n 3 "$train" dry.wav wet.wav -o p -e 3 -H 4 --install=lv2 >out 2>&1
  status=$?
  cat out
  [ $status = 0 ] || return 1
  for text in '3 processes' 'epoch 3 ' 'held-out part' 'model: p.json' 'preset "p":' 'Not a match yet' 'In your host'; do
    [ "$(grep -cF "$text" out)" = 1 ] || { echo "not once: $text"; return 1; }
  done
  [ "$(timeout 120 mpirun -n 3 "$train" --version | grep -c '^grus-train ')" = 1 ] && [ "$(ls -A lv2 | wc -l)" = 1 ]
}

ends_in_time() {
  timeout 120 mpirun -n 2 "$train" dry.wav wet.wav -o t -t 1s -H 4 && test -s t.json
}

is_interrupted() {
  : >out # Of the case before
  mpirun -n 2 "$train" dry.wav wet.wav -o interrupted --time 1h -H 8 --linear=0 >out 2>&1 &
  pid=$!
  until grep -q '^epoch 1 ' out; do sleep 0.1; kill -0 $pid || { cat out; return 1; }; done
  kill -USR1 $pid
  wait $pid || { cat out; return 1; }
  test -s interrupted.json && grep -q "model: interrupted.json" out
}

# The first process finds other files than the second
refuses_differences() {
  mkdir a b && cp dry.wav wet.wav a && cp dry.wav b || return 1
  command="$train dry.wav wet.wav -o x -e 1"
  # shellcheck disable=SC2086
  set -- mpirun -n 1 --wdir "$folder/a" $command : -n 1 --wdir "$folder/b" $command
  refuses 2 "process 1 on $(uname -n): wet.wav: " "$@" &&
    cp dry.wav b/wet.wav &&
    refuses 2 "all should read the same files" "$@" &&
    refuses 2 "all should be given the same" mpirun -n 1 "$train" dry.wav wet.wav -o x -e 1 : \
      -n 2 "$train" dry.wav wet.wav -o x -e 2 &&
    refuses 2 "1 to 256" mpirun -n 1 "$train" dry.wav wet.wav -o x : \
      -n 1 "$train" dry.wav wet.wav -o x -H 0 &&
    test ! -e x.json
}

fails_alike() {
  refuses 2 "missing.wav: " mpirun -n 3 "$train" dry.wav missing.wav -o x &&
    refuses 2 "1 to 256" mpirun -n 3 "$train" dry.wav wet.wav -o x -H 0 &&
    refuses 2 "grus-train: silent.wav: Target level: silent" mpirun -n 2 "$train" dry.wav silent.wav -o x &&
    refuses 1 "/nowhere" mpirun -n 2 "$train" dry.wav wet.wav -o /nowhere/x
}

# Without MPI the processes could not know of each other
stays_alone() {
  for rank in 0 1; do
    OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=$rank "$train" dry.wav wet.wav -o x -e 1 2>err
    [ $? = 2 ] || return 1
    cat err
    [ "$(grep -c 'built without MPI' err)" = $((1 - rank)) ] || return 1
  done
  test ! -e x.json
}

"$record" ts9 dry.wav wet.wav --seconds 3 --seed 3 >log || exit 1
[ -n "$why_not" ] || sox wet.wav silent.wav vol 0 2>log || exit 1

echo "1..9"
case_of a_team_keeps_its_promises keeps_promises
case_of two_processes_learn_the_same_bits_as_one learns_on_two
case_of three_processes_learn_the_same_bits_as_one learns_on_three
case_of only_one_process_speaks_and_writes speaks_once
case_of a_time_budget_ends_all_processes ends_in_time
case_of a_signal_to_mpirun_keeps_the_best_so_far is_interrupted
case_of processes_that_differ_are_refused refuses_differences
case_of what_fails_everywhere_is_said_once fails_alike
if [ "$has_mpi" = true ]; then
  why_not='built with MPI'
else
  why_not=''
fi
case_of without_mpi_a_team_is_refused stays_alone
exit $failed
