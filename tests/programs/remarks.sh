#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Does grus-render say what is odd about its files and about what it played? Prints TAP.
# Usage: remarks.sh GRUS_RENDER GRUS_TRAIN MODEL.json
set -u
. "$(dirname "$0")/../tap.sh"
render=$(realpath "$1") train=$(realpath "$2") model=$(realpath "$3")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

# le SIZE NUMBER: a little-endian number
le() {
  n=$2
  for _ in $(seq "$1"); do
    # shellcheck disable=SC2059
    printf "\\$(printf %03o $((n % 256)))"
    n=$((n / 256))
  done
}

# header CHANNELS FRAMES: of a WAV file of 16 bits at 48 kHz
header() {
  data=$((2 * $1 * $2))
  printf RIFF && le 4 $((data + 36)) && printf 'WAVEfmt ' && le 4 16 && le 2 1 && le 2 "$1" && le 4 48000 &&
    le 4 $((96000 * $1)) && le 2 $((2 * $1)) && le 2 16 && printf data && le 4 "$data"
}

# frames N FRAME: repeat a frame, in which . is a byte of 0 and x one of 32
frames() {
  yes "$2" | head -n "$1" | tr -d '\n' | tr .x '\000 '
}

# wav NAME CHANNELS N FRAME ...: N frames of each kind
wav() {
  name=$1 channels=$2
  shift 2
  n=0
  : >body
  while [ $# -gt 0 ]; do
    frames "$1" "$2" >>body
    n=$((n + $1))
    shift 2
  done
  { header "$channels" $n && cat body; } >"$name"
}

# renders REMARK ARGUMENT...: grus-render plays, and prints the remark alone; "" for none
renders() {
  remark=$1
  shift
  "$render" "$@" out.wav >out 2>err || { cat err; return 1; }
  [ "$(cat err)" = "${remark:+grus-render: $remark}" ] && return
  echo "expected: $remark"
  cat err
  return 1
}

# refuses TEXT ARGUMENT...
refuses() {
  text=$1
  shift
  rm -f out.wav
  "$render" "$@" out.wav >out 2>err
  [ $? = 2 ] && [ ! -e out.wav ] && [ "$(cat err)" = "grus-render: $text" ] && return
  echo "expected: $text"
  cat err
  return 1
}

names_channels() {
  wav mono.wav 1 2000 .. 2000 .x && wav same.wav 2 2000 .... 2000 .x.x &&
    wav differ.wav 2 2000 .... 2000 .xx. && wav right.wav 2 2000 .... 2000 ...x || return 1
  renders '' "$model" mono.wav && renders '' "$model" same.wav && renders '' "$model" --channel=2 differ.wav &&
    renders 'differ.wav: channel 1 of 2 was played; choose another with --channel' "$model" differ.wav &&
    renders 'right.wav: channel 1 of 2 is silent; --channel=2 plays the loudest' "$model" right.wav &&
    renders 'right.wav: channel 1 of 2 is silent; --channel=2 plays the loudest' --channel=1 "$model" right.wav &&
    renders '' "$model" --channel=2 right.wav
}

names_cut_files() {
  wav whole.wav 1 288000 .x && head -c 288044 whole.wav >half.wav || return 1
  renders 'half.wav: its header says 6.0 s, the file holds 3.0 s; was it copied completely?' "$model" half.wav &&
    renders '' "$model" whole.wav || return 1
  "$train" --examine whole.wav half.wav >out 2>&1
  grep -A1 'Whole file  *target: header says 6.0 s, file holds 3.0 s' out | grep -q 'Was it copied completely?' || { cat out; return 1; }
}

# crashed NAME: a file of 3 s whose header says that it is empty
crashed() {
  { header 1 0 && frames 144000 .x; } >"$1"
}

names_unfinished_files() {
  wav whole.wav 1 144000 .x && crashed crashed.wav || return 1
  crash='crashed.wav: its header was never finished, as when a recorder crashes; it is read to its end, 3.0 s'
  renders '' "$model" whole.wav && mv out.wav whole-out.wav && renders "$crash" "$model" crashed.wav &&
    cmp out.wav whole-out.wav && renders "$crash" "$model" whole.wav --target crashed.wav --latency=0 || return 1
  "$train" --examine whole.wav crashed.wav >out 2>&1
  grep -A1 'fixed *Whole file  *target: header was never finished, file holds 3.0 s' out |
    grep -q 'It is read to its end' || { cat out; return 1; }
}

# ulaw NAME N: a WAV file of N bytes in µ-law
ulaw() {
  { printf RIFF && le 4 $(($2 + 36)) && printf 'WAVEfmt ' && le 4 16 && le 2 7 && le 2 1 && le 4 48000 && le 4 48000 &&
    le 2 1 && le 2 8 && printf data && le 4 "$2" && frames "$2" x; } >"$1"
}

names_lossy_files() {
  wav whole.wav 1 48000 .x && ulaw ulaw.wav 48000 || return 1
  "$train" --examine whole.wav ulaw.wav >out 2>&1
  grep -q 'note *Encoding *target is µ-law, which is lossy' out && grep -q 'Export WAV or FLAC' out || { cat out; return 1; }
  "$train" --examine ulaw.wav whole.wav >out 2>&1
  grep -q 'note *Encoding *input is µ-law' out || { cat out; return 1; }
  "$train" --examine whole.wav whole.wav >out 2>&1
  ! grep Encoding out || return 1
  loss='ulaw.wav: is µ-law, which leaves out some of the sound; export WAV or FLAC'
  renders "$loss" "$model" ulaw.wav && renders "$loss" "$model" whole.wav --target ulaw.wav --latency=0
}

# guitarml WEIGHT: a GRU of one unit with this head
guitarml() {
  printf '{"model_data":{"model":"SimpleRNN","input_size":1,"skip":0,"output_size":1,'
  printf '"unit_type":"GRU","num_layers":1,"hidden_size":1,"bias_fl":true},"samplerate":48000,"state_dict":{'
  printf '"rec.weight_ih_l0":[[0],[0],[1]],"rec.weight_hh_l0":[[0],[0],[0]],'
  printf '"rec.bias_ih_l0":[20,-20,0.1],"rec.bias_hh_l0":[0,0,0],"lin.weight":[[%s]],"lin.bias":[0]}}\n' "$1"
}

names_the_guard() {
  wav mono.wav 1 2000 .. 2000 .x && guitarml 3e38 >loud.json && guitarml 1 >good.json || return 1
  renders 'loud.json: the guard stopped the sound 1 time: it ran away or was not finite; check the model and the levels' \
    loud.json mono.wav && renders '' good.json mono.wav
}

names_cabinets() {
  wav mono.wav 1 4800 .x && wav echo.wav 1 1 .x 59999 .. 1 .x && wav late.wav 1 48000 .. 1 .x &&
    wav right.wav 2 1 ...x && wav left.wav 2 1 .x.. && wav early.wav 1 47000 .. 1 .x || return 1
  renders 'echo.wav: lasts 1.3 s, of which the first 1 s is played' \
    "$model" --cabinet=echo.wav mono.wav &&
    renders '' "$model" --cabinet=left.wav mono.wav && renders '' "$model" --cabinet=early.wav mono.wav &&
    refuses 'late.wav: is silent in its first 1 s, and no more is played; cut off the silence at its beginning' \
      "$model" --cabinet=late.wav mono.wav &&
    refuses 'right.wav: its left channel, which is played, is silent; export the right one as a mono file' \
      "$model" --cabinet=right.wav mono.wav
}

# A library that writes to standard error itself is not heard
explains_damaged_files() {
  printf '\377\373\220\104%0300d' 0 >cut.mp3
  refuses 'cut.mp3: is a damaged MP3 file; export it again as WAV or FLAC' "$model" cut.mp3
}

# What a program that the shell starts writes can be played
plays_pipes() {
  wav mono.wav 1 4800 .x && mkfifo pipe || return 1
  cat mono.wav >pipe &
  renders '' "$model" pipe && mv out.wav piped.wav && renders '' "$model" mono.wav && cmp out.wav piped.wav
}

echo 1..8
case_of the_channel_that_is_played_is_named names_channels
case_of a_file_that_was_cut_is_named names_cut_files
case_of a_header_that_was_never_finished_is_named names_unfinished_files
case_of a_lossy_recording_is_named names_lossy_files
case_of a_sound_that_was_muted_is_named names_the_guard
case_of a_cabinet_that_would_be_silent_is_refused names_cabinets
case_of a_damaged_file_is_explained_in_one_line explains_damaged_files
case_of a_recording_may_come_from_a_pipe plays_pipes
exit $failed
