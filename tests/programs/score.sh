#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Does grus-render score a model as its training did, whatever the latency, clock and DC of the target?
# Prints TAP.
# Usage: score.sh GRUS_TRAIN GRUS_RENDER GRUS_MODEL RECORD
set -u
. "$(dirname "$0")/../tap.sh"
train=$(realpath "$1") render=$(realpath "$2") model=$(realpath "$3") record=$(realpath "$4")
command -v sox >/dev/null || { echo "1..0 # SKIP no sox"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

# near A B SHARE: two positive numbers differ by less than a share
near() {
  awk -v a="$1" -v b="$2" -v s="$3" 'BEGIN { exit !(a > 0 && b > 0 && a / b < 1 + s && b / a < 1 + s) }' && return
  echo "$1 is not $2"
  return 1
}

below() {
  awk -v a="$1" -v b="$2" 'BEGIN { exit !(a != "" && a < b) }' && return
  echo "$1 is not below $2"
  return 1
}

# esr_of FILE LABEL: the ESR that was printed of something
esr_of() {
  sed -n "s/^$2: ESR \\([0-9.]*\\).*/\\1/p" "$1"
}

# scores TARGET OPTION...: leaves what grus-render prints of late.json in `out`, and the ESR in `esr`
scores() {
  target=$1
  shift
  "$render" "${json:-late.json}" dry.wav out.wav --target "$target" "$@" >out 2>err || { cat err; return 1; }
  cat out err
  esr=$(esr_of out 'output against target')
}

"$record" ts9 dry.wav wet.wav --seconds 14 --seed 3 >log || exit 1
sox wet.wav -e float -b 32 late.wav pad 349s 0 dcshift 0.02 2>>log || exit 1
sox wet.wav -e float -b 32 drift.wav speed 0.99996 rate -v 48000 pad 480s 0 2>>log || exit 1
"$train" dry.wav late.wav -o late -e 30 -H 6 --batch 16 --no-report >late.out || exit 1

# On the part that was held out, to the rounding of printed numbers
repeats_the_figure() {
  trained=$(esr_of late.out 'held-out part')
  scores late.wav && grep -q '^target shifted by 3[45][0-9]\.[0-9]* frames, as in training$' out &&
    near "$(esr_of out 'held-out part of the training')" "$trained" 0.001 && below "$esr" 0.05 || return 1
  "$train" dry.wav drift.wav -o drift -e 8 -H 6 --batch 16 --held-out 0.2 --no-report >drift.out || return 1
  json=drift.json
  scores drift.wav && grep -q '^target shifted by 4[5-8][0-9]\.[0-9]* frames and +[34][0-9]\.[0-9] ppm, as in training$' out &&
    near "$(esr_of out 'held-out part of the training')" "$(esr_of drift.out 'held-out part')" 0.001 || return 1
  json=''
  "$model" info drift.json >out
  grep -qE 'latency removed: 4[5-8][0-9]\.[0-9]+ frames, clock drift: \+[34][0-9]\.[0-9] ppm' out || { cat out; return 1; }
}

# Other recordings have no part that was held out
obeys_a_latency() {
  scores late.wav --latency=0 && grep -q '^target shifted by 0.00 frames, as given$' out && below 0.5 "$esr" || return 1
  scores late.wav && shift=$(sed -n 's/^target shifted by \([0-9.]*\) .*/\1/p' out) || return 1
  scores wet.wav --latency="$(awk -v s="$shift" 'BEGIN { print s - 349 }')" && below "$esr" 0.05 && ! grep -q 'held-out' out && [ ! -s err ] || return 1
  scores wet.wav --latency=-1e6 && grep -q 'no score, the target is silent' out || return 1
  "$render" late.json dry.wav out.wav --target late.wav --latency=1e6 >out 2>err
  [ $? = 2 ] && grep -q "late.wav: has [0-9]* frames, so it can't be shifted by 1000000.00" err || { cat err; return 1; }
}

# The same gear, recorded with another latency
notices_another_take() {
  sox wet.wav -e float -b 32 other.wav pad 1234s 0 2>>log || return 1
  scores other.wav && below 0.5 "$esr" &&
    grep -q 'other.wav: seems to be another take .* --latency=1[12][0-9]*\.[0-9]* gives an ESR of 0\.0' err || return 1
  latency=$(sed -n 's/.*\(--latency=[0-9.]*\) .*/\1/p' err)
  scores other.wav "$latency" && below "$esr" 0.05 && [ ! -s err ]
}

# Neither with a record of the training nor without
notices_another_recording() {
  sox wet.wav -e float -b 32 reversed.wav reverse 2>>log || return 1
  sed 's/"source_hash": *"[0-9a-f]*"/"source_hash": ""/; s/"delay": *[0-9.]*/"delay": 0/' late.json >other.json
  for json in late.json other.json; do
    scores reversed.wav && below 0.5 "$esr" && grep -q 'reversed.wav: does not follow the output at any latency' err || return 1
  done
  json=''
  sox wet.wav -e float -b 32 brief.wav trim 0 0.4 2>>log && scores brief.wav && ! grep -q 'does not follow' err
}

# As of other programs: the target is where the output is
aligns_without_a_record() {
  sed 's/"source_hash": *"[0-9a-f]*"/"source_hash": ""/; s/"delay": *[0-9.]*/"delay": 0/' late.json >other.json
  json=other.json
  scores late.wav && grep -q '^target shifted by 3[45][0-9]\.[0-9]* frames, which was found; --latency sets another$' out &&
    below "$esr" 0.05 || return 1
  # What is on time stays where it is; and another rendering has no DC to block
  cp out.wav self.wav
  scores self.wav && ! grep -q shifted out && grep -q 'the same, sample by sample' out || return 1
  json=''
}

leaves_clips_alone() {
  scores late.wav --clip-frames 48000 --clip-warmup 2400 && ! grep -q shifted out && below 0.5 "$esr" || return 1
  "$render" late.json dry.wav out.wav --target late.wav --latency 3 --clip-frames 48000 >out 2>err
  [ $? = 2 ] && grep -q -- "--latency can't be combined with --clip-frames" err
}

case_of the_figure_of_the_training_comes_out_again repeats_the_figure
case_of a_latency_is_obeyed obeys_a_latency
case_of another_take_is_noticed notices_another_take
case_of another_recording_is_noticed notices_another_recording
case_of a_model_that_does_not_know_its_recording_is_aligned aligns_without_a_record
case_of rows_of_clips_are_scored_where_they_are leaves_clips_alone
echo "1..$number"
exit $failed
