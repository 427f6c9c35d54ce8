#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# grus-model with models that have a linear stage: as an impulse response beside the model for other players, and back.
# Prints TAP.
# Usage: stage.sh GRUS_MODEL GRUS_TRAIN GRUS_RENDER RECORD MODEL.json
set -u
. "$(dirname "$0")/../tap.sh"
program=$(realpath "$1") train=$(realpath "$2") render=$(realpath "$3") record=$(realpath "$4") model=$(realpath "$5")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
export HOME="$folder"

# says TEXT COMMAND...: succeeds, and says TEXT
says() {
  text=$1
  shift
  refuses 0 "$text" "$@"
}

# network SKIP: a GuitarML model of one GRU unit
network() {
  printf '{"model_data":{"model":"SimpleRNN","input_size":1,"skip":%s,"output_size":1,' "$1"
  printf '"unit_type":"GRU","num_layers":1,"hidden_size":1,"bias_fl":true},"state_dict":{'
  printf '"rec.weight_ih_l0":[[0],[0],[1.5]],"rec.weight_hh_l0":[[0],[0],[0.5]],'
  printf '"rec.bias_ih_l0":[20,-20,0.1],"rec.bias_hh_l0":[0,0,0],"lin.weight":[[0.7]],"lin.bias":[0.1]}}\n'
}

# impulse FRAMES VOLUME OUT: noise that fades away, at 48 kHz
impulse() {
  sox -n -R -r 48000 -c 1 -e float -b 32 "$3" synth "${1}s" noise fade l 0 "${1}s" "${1}s" vol "$2"
}

# weights FILE: layers and stages, as they are written
weights() {
  sed 's/"samplerate":44100/\n&/' "$1" | grep -o '"layers":.*"stage":{[^}]*}\|"layers":\[.*\]\]}\]'
}

network 0 >net.json
impulse 700 0.5 load.wav && impulse 288 0.9 box.wav && sox box.wav -t f32 box.raw && "$record" ts9 dry.wav wet.wav --seconds 2 --seed 2 >/dev/null &&
  "$program" convert --rate=48000 net.json whole.json --ir=box.wav >log 2>&1 && network 1 >skip.json &&
  "$program" convert --rate=48000 skip.json skipped.json --ir=box.wav >log 2>&1 || { cat log; exit 1; }
sed 's/"taps":\[/"taps":[5.5,-3,/' skipped.json >loud.json # Beyond full scale

# The samples are the taps, as they are
becomes_part() {
  [ ! -e net.wav ] && says 'written for 48000 Hz' "$program" convert --rate=48000 net.json amp.json --ir=load.wav --no-cabinet || return 1
  says '700 taps, 14.6 ms, an amplifier'\''s tone or load' "$program" info amp.json && grep -q 'hidden size 1, 14 weights$' out &&
    says '288 taps, 6.0 ms, a loudspeaker' "$program" info whole.json || return 1
  grep -q '^ "layers"' whole.json && return 1
  sox box.wav -t dat - | awk '!/;/ { print $2 }' >samples
  sed -n 's/.*"stage":{"taps":\[\([^]]*\)\].*/\1/p' whole.json | tr , '\n' >taps
  paste samples taps | awk '{ d = $1 - $2; if (d < 0) d = -d; if (d > 1e-7) exit 1; ++n } END { exit n != 288 }'
}

# same_samples FILE...: each holds what box.wav holds
same_samples() {
  for file; do
    [ "$(soxi -r "$file") $(soxi -s "$file")" = '48000 288' ] && sox "$file" -t f32 - 2>/dev/null | cmp - box.raw || return 1
  done
}

goes_beside() {
  says 'pair.json: load pair.wav behind it as its impulse response, a loudspeaker' "$program" convert --to=aida-x whole.json pair.json &&
    grep -q '^ "layers"' pair.json && ! grep -q '"stage"' pair.json &&
    says 'ml.json: load ml.wav behind it' "$program" convert --to=guitarml whole.json ml.json && grep -q state_dict ml.json &&
    same_samples pair.wav ml.wav
}

# What was taken apart is put together again, bit for bit; AIDA-X knows no size of 1, so the first pair counts
comes_back() {
  says 'written' "$program" convert pair.json back.json --ir && says 'written' "$program" convert --to=aida-x back.json pair2.json &&
    cmp pair.json pair2.json && cmp pair.wav pair2.wav && says 'written' "$program" convert pair2.json back2.json --ir=pair.wav || return 1
  weights back.json >a && weights back2.json | cmp a - && [ -s a ] && cmp back.json back2.json &&
    says 'written' "$program" convert --rate=48000 ml.json ml-again.json --ir && weights ml-again.json >b && weights whole.json | cmp b - || return 1
  says 'a loudspeaker' "$program" info back.json && "$program" convert pair.json load.json --ir --no-cabinet >notes &&
    says "tone or load" "$program" info load.json
}

# Beyond full scale, a player of whole numbers would clip it
fits_in_full_scale() {
  for to in aida-x guitarml; do
    says 'its skip connection became a unit' "$program" convert --to=$to loud.json $to.json &&
      sox $to.wav -n stat 2>&1 | awk '/Maximum amplitude/ { most = $3 } /Minimum amplitude/ { least = -$3 }
        END { peak = most > least ? most : least; print peak; exit !(peak > 0.5 && peak <= 1) }' || return 1
    says 'written' "$program" convert --rate=48000 $to.json $to-back.json --ir || return 1
  done
  grep -q '"lin.bias":\[0.80' guitarml.json # 0.1 at a gain of 8
}

# esr_below LIMIT COMMAND...: what the command prints of the error
esr_below() {
  limit=$1
  shift
  "$@" >out 2>&1 && cat out && { grep -q 'the same, sample by sample' out || sed -n 's/.*: ESR [0-9.]* (\(-*[0-9.]*\) dB).*/\1/p' out | awk -v limit="$limit" '{ bad = $1 > limit } END { exit bad || !NR }'; }
}

# The exported pair against the whole, one after another in the engine, and what comes back
sounds_the_same() {
  for name in whole loud; do
    "$render" $name.json dry.wav $name-out.wav >notes 2>&1 || return 1
    for to in aida-x guitarml; do
      "$program" convert --to=$to $name.json half.json --overwrite >notes 2>&1 &&
        esr_below -80 "$render" --rate=48000 half.json dry.wav both.wav --cabinet=half.wav --overwrite --target=$name-out.wav --latency=0 &&
        ! esr_below -20 "$render" --rate=48000 half.json dry.wav alone.wav --overwrite --target=$name-out.wav --latency=0 >notes || return 1
      "$program" convert --rate=48000 half.json again.json --ir --overwrite >notes 2>&1 &&
        esr_below -80 "$program" compare $name.json again.json --on=dry.wav && says 'again.json: OK' "$program" check again.json || return 1
    done
  done
  says 'second model against first: the same, sample by sample' "$program" compare whole.json ml-again.json --on=dry.wav
}

# A model with sets for 48000 and 44100 Hz, against the same impulse response in the player
fits_each_rate() {
  "$program" convert "$model" sets.json --ir=box.wav >notes && sox dry.wav -r 44100 dry44.wav || return 1
  for input in dry dry44; do
    "$render" "$model" $input.wav apart.wav --cabinet=box.wav --overwrite >notes 2>&1 &&
      esr_below -80 "$render" sets.json $input.wav together.wav --overwrite --target=apart.wav --latency=0 || return 1
  done
  says '288 taps' "$program" info sets.json && "$program" convert --rate=44100 sets.json swapped.json >notes && says '6.6 ms' "$program" info swapped.json &&
    says 'swapped.json: OK' "$program" check swapped.json
}

loses_nothing() {
  mkdir -p safe && cp whole.json safe/in.json && echo mine >safe/a.wav && echo mine >safe/b.json || return 1
  refuses 2 'safe/a.wav: exists' "$program" convert --to=aida-x safe/in.json safe/a.json && [ ! -e safe/a.json ] &&
    refuses 2 'safe/b.json: exists' "$program" convert --to=aida-x safe/in.json safe/b.json && [ ! -e safe/b.wav ] || return 1
  mkdir safe/c.wav && refuses 2 'safe/c.wav: is a folder' "$program" convert --to=aida-x safe/in.json safe/c.json --overwrite &&
    [ ! -e safe/c.json ] && [ "$(cat safe/a.wav safe/b.json)" = "$(printf 'mine\nmine')" ] || return 1
  refuses 2 'has no place beside it for the impulse response' "$program" convert --to=aida-x safe/in.json /dev/stdout &&
    [ ! -e /dev/stdout.wav ] && "$program" convert --to=aida-x safe/in.json safe/a.json --overwrite >notes && [ -s safe/a.json ] &&
    same_samples safe/a.wav || return 1
  # Not even what is read for it
  cp net.json safe/d.json && cp box.wav safe/d.wav && cp box.wav safe/e.wav &&
    refuses 2 'safe/e.wav: is an input file' "$program" convert --to=aida-x safe/d.json safe/e.json --ir=safe/e.wav --rate=48000 --overwrite &&
    [ ! -e safe/e.json ] && cmp box.wav safe/e.wav || return 1
  # A model that can't be written, as on a full disk
  (trap '' XFSZ; ulimit -f 8; refuses 1 'safe/f.json' "$program" convert --to=aida-x safe/in.json safe/f.json) &&
    [ ! -e safe/f.json ] && [ ! -e safe/f.wav ] || return 1
  sed 's/"samplerate": 48000/"samplerate": 48000.5/' whole.json >odd.json
  refuses 2 "odd2.wav: would be at 48000.5 Hz" "$program" convert --to=aida-x odd.json odd2.json && [ ! -e odd2.json ] && [ ! -e odd2.wav ] &&
    refuses 2 'a preset needs all of it' "$program" convert --to=aida-x whole.json p.json --install=safe && [ ! -e p.json ] && [ ! -e p.wav ]
}

names_what_is_wrong() {
  sox -n -R -r 48000 -c 1 silent.wav trim 0 0.01 && impulse 2400 0.5 long.wav && impulse 288 0.5 other.wav &&
    sox -M box.wav other.wav two.wav && sox box.wav -r 96000 fast.wav || return 1
  refuse_ir() { refuses 2 "$1" "$program" convert --rate=48000 net.json wrong.json "$2" && [ ! -e wrong.json ]; }
  refuse_ir 'silent.wav: is silent' --ir=silent.wav && refuse_ir 'long.wav: lasts 49.4 ms; a model at 48000 Hz has room for 42.7 ms' --ir=long.wav &&
    refuse_ir 'two.wav: has 2 channels that differ' --ir=two.wav && refuse_ir 'missing.wav' --ir=missing.wav &&
    refuse_ir 'net.json: ' --ir=net.json && refuse_ir 'net.wav' --ir && refuse_ir '--no-cabinet: is about an impulse response' --no-cabinet &&
    refuses 2 'whole.json: has a linear stage; --ir is for models without one' "$program" convert whole.json wrong.json --ir=box.wav || return 1
  # One of another rate is resampled
  says 'written' "$program" convert --rate=48000 net.json slow.json --ir=fast.wav && says 'a loudspeaker' "$program" info slow.json
}

converts_rows() {
  cp whole.json one.json && "$program" convert --rate=48000 net.json two.json --ir=load.wav --no-cabinet >notes 2>&1 && cp pair.json three.json || return 1
  says '3 converted, 0 failed, 0 skipped' "$program" convert --to=aida-x one.json two.json three.json row/ &&
    grep -q '^row/one.json: load row/one.wav behind it' out && grep -q "^row/two.json: .* an amplifier's tone or load" out &&
    [ "$(ls row | tr '\n' ' ')" = 'one.json one.wav three.json two.json two.wav ' ] || return 1
  says '0 converted, 0 failed, 3 skipped' "$program" convert --to=aida-x one.json two.json three.json row/ && cp box.wav row/two.wav &&
    refuses 1 'row/two.json: exists' "$program" convert --to=aida-x one.json two.json row/ &&
    says '2 converted' "$program" convert --to=aida-x one.json two.json row/ --overwrite || return 1
  says '2 converted' "$program" convert row/one.json row/two.json joined/ --ir && says '288 taps' "$program" info joined/one.json &&
    says '700 taps' "$program" info joined/two.json && says '0 converted, 0 failed, 2 skipped' "$program" convert row/one.json row/two.json joined/ --ir
}

teaches() {
  says 'learning from a Grus model with a linear stage, whole.json' "$train" --teacher whole.json -o taught -t 1s -H 1 --no-report &&
    says 'learned from Grus model with a linear stage' "$program" info taught.json
}

# The drawn sound is that behind the stage, which a single tap of 1 doesn't change
shows_what_is_heard() {
  sed 's/"taps":\[[^]]*\]/"taps":[1.0]/' whole.json >through.json && "$program" convert --rate=48000 net.json bare.json >notes 2>&1 || return 1
  for model in bare through whole; do
    "$program" gates $model.json dry.wav --output=$model.html || return 1
  done
  cmp bare.html through.html && ! cmp -s bare.html whole.html
}

echo 1..11
case_of an_impulse_response_becomes_part_of_a_model becomes_part
case_of other_players_get_the_stage_beside_the_model goes_beside
case_of what_was_exported_comes_back_as_it_was comes_back
case_of model_and_impulse_response_sound_like_the_whole sounds_the_same
case_of each_set_of_weights_gets_the_impulse_response_at_its_rate fits_each_rate
case_of an_exported_stage_fits_in_full_scale fits_in_full_scale
case_of model_and_impulse_response_are_written_both_or_none loses_nothing
case_of a_wrong_impulse_response_is_refused_with_the_reason names_what_is_wrong
case_of a_model_with_a_stage_can_teach teaches
case_of gates_are_shown_with_the_sound_behind_the_stage shows_what_is_heard
case_of many_models_are_taken_apart_and_put_together converts_rows
exit $failed
