#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# grus-signal as a user meets it. Prints TAP.
# Usage: signal.sh GRUS_SIGNAL GRUS_TRAIN
set -u
. "$(dirname "$0")/../tap.sh"
signal=$(realpath "$1") train=$(realpath "$2")
command -v sox >/dev/null || { echo "1..0 # SKIP no sox"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

# refuses STATUS TEXT COMMAND...: the command must exit with STATUS, say TEXT on standard error, and
# leave no sound behind
refuses() {
  status=$1 text=$2
  shift 2
  ls -A | grep wav >before
  "$@" >out 2>err
  got=$?
  ls -A | grep wav >after
  [ $got -eq "$status" ] && grep -qF -- "$text" err && cmp before after && return
  echo "$* exited with $got, not $status, or did not say \"$text\", or left a file:"
  cat out err
  return 1
}

# peak_of FILE [FROM LENGTH]: [dBFS]
peak_of() {
  sox "$1" -n ${2:+trim "$2" "$3"} stats 2>&1 | sed -n 's/^Pk lev dB *//p'
}

# from WHAT FILE: where the last such segment begins in a layout [s]
from() {
  sed -n "s/^$1  *\([0-9.]*\) .*/\1/p" "$2" | tail -1
}

repeats() {
  "$signal" --seconds 60 --format float a.wav >a && "$signal" --seconds 60 --format float b.wav >b || return 1
  cmp a.wav b.wav || return 1
  sed 's/b\.wav/a.wav/' b | cmp - a || return 1
  # Of libsndfile's chunks, the one that has the time in it
  ! head -c 200 a.wav | grep -q PEAK || return 1
  "$signal" --seconds 60 --format float --seed 2 b.wav >b && ! cmp -s a.wav b.wav
}

writes_all() {
  "$signal" d.wav >out && cat out && [ "$(soxi -s d.wav)" = 8640000 ] && [ "$(soxi -b d.wav)" = 24 ] || return 1
  for rate in 44100 48000 88200 96000 176400 192000; do
    "$signal" --rate $rate --seconds 60 --format 16 r.wav >out || return 1
    [ "$(soxi -r r.wav)" = $rate ] && [ "$(soxi -b r.wav)" = 16 ] &&
      [ "$(soxi -s r.wav)" = $((60 * rate)) ] && [ "$(peak_of r.wav)" = -1.00 ] || return 1
  done
  "$signal" --seconds 60 --format float --level=-12.5 f.wav >out && [ "$(peak_of f.wav)" = -12.50 ] &&
    soxi f.wav | grep -q 'Floating' && [ "$(soxi -b f.wav)" = 32 ]
}

prints_layout() {
  "$signal" --seconds 75 l.wav >written && "$signal" --seconds 75 --layout >planned || return 1
  grep -v '^signal:' written | cmp - planned || return 1
  "$signal" --seconds 75 --layout unwritten.wav >out && cmp out planned && test ! -e unwritten.wav || return 1
  # As the table says: a segment of every kind, by its level
  for what in clicks 'validation passage' sweep noise 'single notes' 'power chords' 'open chords' \
    'palm mutes' lead 'broken chord' 'level steps' decay; do
    grep "^$what  " planned | head -1 | sed "s/^$what *//" >line
    read -r from to peak <line
    measured=$(peak_of l.wav "$from" "=$to")
    echo "$what: from $from to $to, $peak dBFS, measured $measured"
    awk -v a="$peak" -v b="$measured" 'BEGIN { exit !(a != "" && (a - b) ^ 2 < 0.01) }' || return 1
  done
}

appends() {
  sox -n -r 44100 -c 1 -b 24 own.wav synth 5 sine 300 vol 0.25
  "$signal" --seconds 60 --append own.wav long.wav >out || return 1
  cat out
  [ "$(soxi -s long.wav)" = $((65 * 48000)) ] && [ "$(soxi -r long.wav)" = 48000 ] || return 1
  at=$(from 'own playing' out)
  peak=$(peak_of long.wav "$(echo "$at" | awk '{ print $1 + 1 }')" 3)
  awk -v p="$peak" 'BEGIN { exit !((p + 12.04) ^ 2 < 0.01) }' || return 1
  # The pitch is that of the recording: 300 Hz has 5 s * 600 zero crossings
  sox long.wav -n trim "$at" 5 stat 2>&1 | grep -q 'Rough   frequency: *\(299\|300\)$' || return 1
  # What lies behind it is the passage, as it is without
  passage=$(from 'validation passage' out)
  "$signal" --seconds 60 short.wav >short || return 1
  sox long.wav tail1.wav trim "$passage" && sox short.wav tail2.wav trim "$(from 'validation passage' short)" &&
    cmp tail1.wav tail2.wav
}

never_clips() {
  sox -n -r 48000 -c 1 -e float -b 32 loud.wav synth 3 square 100 vol 0.999
  "$signal" --seconds 60 --append loud.wav --format float o.wav >out || return 1
  cat out
  grep -q 'loud.wav: turned down by 1.0 dB' out && [ "$(peak_of o.wav)" = -1.00 ]
}

# As the other programs do
says_what_is_odd() {
  sox -n -r 48000 -c 1 -b 16 left.wav synth 5 sine 300 vol 0.25
  sox -n -r 48000 -c 1 -b 16 right.wav synth 5 sine 500 vol 0.25
  sox -M left.wav right.wav two.wav && sox left.wav left.ogg && head -c 300000 left.wav >cut.wav
  "$signal" --seconds 60 --layout --append two.wav 2>err && grep -q 'two.wav: channel 1 of 2 is used; export' err &&
    "$signal" --seconds 60 --layout --append left.ogg 2>err && grep -q 'left.ogg: is Vorbis, which leaves out' err &&
    "$signal" --seconds 60 --layout --append cut.wav 2>err && grep -q 'cut.wav: its header says 5.0 s, the file holds 3.1 s' err &&
    "$signal" --seconds 60 --layout --append left.wav 2>err && [ ! -s err ]
}

trains() {
  sox d.wav driven.wav overdrive 10 gain -6
  "$train" d.wav driven.wav -o driven -e 1 -H 4 --batch 32 -q && test -s driven.json
}

refuses_arguments() {
  refuses 2 "expected OUT.wav" "$signal" &&
    refuses 2 "expected OUT.wav" "$signal" x.wav y.wav &&
    refuses 2 "44100, 48000, 88200, 96000, 176400 or 192000" "$signal" --rate 32000 x.wav &&
    refuses 2 "16, 24 or float" "$signal" --format 32 x.wav &&
    refuses 2 "from 60 to 600" "$signal" --seconds 59 x.wav &&
    refuses 2 "from 60 to 600" "$signal" --seconds 601 x.wav &&
    refuses 2 "from -24 to -0.1" "$signal" --level 0 x.wav &&
    refuses 2 "from -24 to -0.1" "$signal" --level=-30 x.wav &&
    refuses 2 "whole number" "$signal" --seed one x.wav &&
    refuses 2 "--wobble" "$signal" --wobble x.wav
}

refuses_playing() {
  echo "not audio" >text.wav
  sox -n -r 48000 -c 1 none.wav trim 0 0
  sox -n -r 48000 -c 1 silent.wav trim 0 2
  sox -n -r 48000 -c 1 -e float -b 32 nan.wav synth 1 sine 300
  printf '\000\000\300\177' | dd of=nan.wav bs=1 seek=39998 conv=notrunc 2>dd.log
  refuses 2 "missing.wav: " "$signal" --append missing.wav x.wav &&
    refuses 2 "text.wav: " "$signal" --append text.wav x.wav &&
    refuses 2 "none.wav: has no frames" "$signal" --append none.wav x.wav &&
    refuses 2 "silent.wav: is silent" "$signal" --append silent.wav x.wav &&
    refuses 2 "nan.wav: frame" "$signal" --append nan.wav x.wav &&
    refuses 2 "text.wav: is an input file" "$signal" --append text.wav text.wav && grep -q 'not audio' text.wav
}

refuses_output() {
  refuses 1 "/nowhere/x.wav: there is no folder /nowhere" "$signal" --seconds 60 /nowhere/x.wav &&
    mkdir -p folder.wav && refuses 2 "folder.wav: is a folder" "$signal" --seconds 60 folder.wav || return 1
  # Where there is no room the old file stays
  mkdir -p full && echo old >full/x.wav
  (ulimit -f 100 && trap '' XFSZ && exec "$signal" --seconds 60 --overwrite full/x.wav) >out 2>err
  [ $? -eq 1 ] && cat err && grep -q 'full/x.wav: ' err && [ "$(cat full/x.wav)" = old ] &&
    [ "$(ls -A full)" = x.wav ]
}

# However early or late it is ended: the old file, or the whole new one
survives_kills() {
  echo old >k.wav
  for part in 1 2 3 4 5 6 7 8; do
    "$signal" --seconds 60 --overwrite k.wav >out &
    pid=$!
    sleep "0.0$part"
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ "$(cat k.wav)" = old ] || [ "$(soxi -s k.wav)" = 2880000 ] || return 1
  done
}

echo "1..11"
case_of the_same_options_give_the_same_bytes repeats
case_of every_rate_and_format_is_written_at_its_level writes_all
case_of the_layout_is_printed_and_true prints_layout
case_of ones_own_playing_is_resampled_and_put_before_the_last_passage appends
case_of loud_playing_is_turned_down never_clips
case_of what_is_odd_about_own_playing_is_said says_what_is_odd
case_of a_model_is_trained_with_it trains
case_of bad_arguments_are_refused_with_what_would_be_right refuses_arguments
case_of bad_recordings_are_refused_with_a_reason refuses_playing
case_of an_output_that_can_not_be_written_is_reported refuses_output
case_of a_kill_never_leaves_half_a_file survives_kills
exit $failed
