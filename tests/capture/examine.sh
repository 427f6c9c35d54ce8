#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# What grus-train says of recordings that are not as they should be: each fault is found with the right
# number, and nothing is trained without a word. Prints TAP.
# Usage: examine.sh GRUS_TRAIN GRUS_SIGNAL GRUS_MODEL RECORD
set -u
. "$(dirname "$0")/../tap.sh"
train=$(realpath "$1") signal=$(realpath "$2") model=$(realpath "$3") record=$(realpath "$4")
command -v sox >/dev/null || { echo "1..0 # SKIP no sox"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

# says STATUS WHAT PATTERN OPTION...: the examination exits with STATUS, and its line on WHAT matches PATTERN
says() {
  status=$1 what=$2 pattern=$3
  shift 3
  "$train" --examine "$@" >out 2>err
  got=$?
  line=$(grep "^  [a-zA-Z]* *$what  " out)
  echo "$line"
  [ $got -eq "$status" ] && echo "$line" | grep -qE -- "$pattern" && return
  echo "--examine $* exited with $got, not $status, or did not say \"$pattern\" of $what:"
  cat out err
  return 1
}

# number_of WHAT: the first number of the last examination's line
number_of() {
  sed -n "s/^  [a-zA-Z]* *$1  *\\([-+0-9.]*\\).*/\\1/p" out
}

# near A B TOLERANCE
near() {
  awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN { exit !(a != "" && a - b <= t && b - a <= t) }' && return
  echo "$1 is not $2 +- $3"
  return 1
}

# trains_not OPTION...: nothing is learned without --force, and the last line says what would be right
trains_not() {
  "$train" "$@" -o x --overwrite -e 1 -H 2 -q >out 2>err
  got=$?
  [ $got -eq 2 ] && [ -s err ] && ! test -e x.json && return
  echo "$* was trained, or not refused with a word ($got)"
  return 1
}

"$record" ts9 dry.wav wet.wav --seconds 24 --seed 3 >log || exit 1
"$signal" --seconds 60 signal.wav >log || exit 1
sox signal.wav -e float -b 32 played.wav gain -3 overdrive 10 gain -6 2>>log || exit 1

says_nothing_of_good_files() {
  says 0 Latency '^  ok ' dry.wav wet.wav && near "$(number_of Latency)" -1.5 2 || return 1
  ! grep -qE '^  (note|fixed|STOP)' out || { cat out; return 1; }
  # Nothing is changed in them, to the bit
  "$train" dry.wav wet.wav -o as -e 1 -H 2 --seed 2 -q && "$train" dry.wav wet.wav -o is -e 1 -H 2 --seed 2 -q --no-fix &&
    [ "$(grep '^ "layers"' as.json)" = "$(grep '^ "layers"' is.json)" ]
}

# Whole ones, up to two seconds, and half a frame. What records the circuit ripples some frames before it answers.
finds_delays() {
  for frames in 27 480 12345 96000; do
    sox wet.wav late.wav pad ${frames}s 0 2>/dev/null || return 1
    says 0 Latency '^  fixed' dry.wav late.wav && near "$(number_of Latency)" $((frames - 2)) 2 || return 1
  done
  sox wet.wav up.wav rate -v 96000 && sox up.wav -r 48000 half.wav pad 201s 0 rate -v 48000 2>/dev/null || return 1
  says 0 Latency '^  fixed' dry.wav half.wav && near "$(number_of Latency)" 98.5 2.5 &&
    grep -q "trial learned ESR" out
}

finds_clicks() {
  sox played.wav late.wav pad 4800s 0 || return 1
  says 0 Latency '^  fixed .*by clicks' signal.wav late.wav && near "$(number_of Latency)" 4798 2 &&
    grep -q '^  ok  *Repeatability  *ESR 0.0000' out && grep -qE '^  ok  *Noise floor' out
}

finds_polarity() {
  sox wet.wav inverted.wav vol -1 && says 0 Polarity '^  note .*inverted' dry.wav inverted.wav
}

finds_drift() {
  sox wet.wav drift.wav speed 0.99995 rate -v 48000 2>/dev/null
  says 0 'Clock drift' '^  fixed' dry.wav drift.wav && near "$(number_of 'Clock drift')" 50 2
}

# The target's header says 44100 Hz, so that its sound is too low and slow, and was then brought to 48000 Hz
finds_a_wrong_rate() {
  sox -t raw -r 44100 -e float -b 32 -c 1 "|sox wet.wav -t raw -e float -b 32 -" -r 48000 slow.wav rate -v 48000 2>/dev/null
  says 2 'Clock drift' '^  STOP .*44100 Hz|^  STOP .*\+88[0-9]* ppm' dry.wav slow.wav && near "$(number_of 'Clock drift')" 88435 100 &&
    trains_not dry.wav slow.wav
  sox wet.wav -r 44100 wet44.wav || return 1
  says 2 'Sample rate' '^  STOP .*48000 Hz in, 44100 Hz out' dry.wav wet44.wav && trains_not dry.wav wet44.wav &&
    grep -q "played from a file. --force can't train from two rates" err && ! grep -q 'trains anyway' err
}

finds_clipping() {
  sox wet.wav clipped.wav gain -n 6 2>/dev/null
  says 2 'Target clips' '^  STOP .*flat tops at -?0\.0 dBFS, the first at [0-9.]* s' dry.wav clipped.wav || return 1
  [ "$(number_of 'Target clips')" -gt 100 ] && trains_not dry.wav clipped.wav || return 1
  sox wet.wav flat.wav gain -n 6 gain -6 2>/dev/null
  says 0 'Target clips' '^  note .*flat tops at -6\.0 dBFS' dry.wav flat.wav || return 1
  sox dry.wav loud.wav gain -n 6 2>/dev/null
  says 0 'Input clips' '^  note .*flat tops' loud.wav wet.wav
}

# A softer file is learned as well, unless rounding has left too little of it
finds_levels() {
  sox wet.wav -e float -b 32 faint.wav vol 0.001 && sox dry.wav -e float -b 32 whisper.wav vol 0.001 || return 1
  peak=$(sox wet.wav -n stats 2>&1 | awk '/Pk lev/ { print $4 - 60 }')
  says 0 'Target level' "^  note .*peak $(printf %.1f "$peak")" dry.wav faint.wav && grep -q '^  ok .*Match' out &&
    says 0 'Input level' '^  note .*peak -6' whisper.wav wet.wav || return 1
  sox -D wet.wav -b 24 faint24.wav vol 0.001 && sox -D wet.wav -b 16 faint16.wav vol 0.001 &&
    sox -D wet.wav -b 16 fainter16.wav vol 0.0003 || return 1
  says 0 'Target level' '^  note .*RMS -[0-9.]* dBFS$' dry.wav faint24.wav &&
    says 0 'Target level' '^  note .*2[0-9] dB above 16-bit noise' dry.wav faint16.wav &&
    says 2 'Target level' '^  STOP .*1[0-9] dB above 16-bit noise' dry.wav fainter16.wav && trains_not dry.wav fainter16.wav || return 1
  sox wet.wav silent.wav vol 0
  says 2 'Target level' '^  STOP .*silent' dry.wav silent.wav && trains_not dry.wav silent.wav
}

finds_dc() {
  sox wet.wav dc.wav vol 0.5 dcshift 0.02
  says 0 DC '^  fixed' dry.wav dc.wav && near "$(number_of DC)" 0.02 0.0002 || return 1
  "$train" dry.wav dc.wav -o dc -e 1 -H 2 -q >out && says 0 DC '^  fixed' dry.wav dc.wav --no-fix
}

# add_to_target FILE EFFECT...: the played signal and some noise on top
add() {
  sox -n -r 48000 -e float -b 32 noise.wav synth 59.9 "$@" 2>/dev/null &&
    sox -m -v 1 played.wav -v 1 noise.wav -e float -b 32 noisy.wav 2>/dev/null
}

# White noise from -1 to 1 has an RMS of -4.77 dBFS, a sine of -3.01 dBFS
finds_noise_and_hum() {
  add whitenoise vol 0.00173 || return 1
  says 0 'Noise floor' '^  ok .*ESR' signal.wav noisy.wav && near "$(number_of 'Noise floor')" -60 1 || return 1
  add whitenoise vol 0.173 || return 1
  says 2 'Noise floor' '^  STOP .*ESR' signal.wav noisy.wav && near "$(number_of 'Noise floor')" -20 1 &&
    trains_not signal.wav noisy.wav || return 1
  add sine 50 vol 0.01414 || return 1
  says 0 Hum '^  note  *Hum  *50 Hz, -4' signal.wav noisy.wav || return 1
  grep -oE 'Hz, -[0-9.]* dBFS' out | tr -dc '0-9.\n' >level
  near "$(cat level)" 40 0.5 || return 1
  add sine 60 vol 0.01414 && says 0 Hum '^  note  *Hum  *60 Hz' signal.wav noisy.wav
}

# What was played twice did not come out alike
finds_what_does_not_repeat() {
  sox played.wav wobble.wav tremolo 0.3 40 2>/dev/null
  says 0 Repeatability '^  note .*attainable' signal.wav wobble.wav
}

finds_dropouts() {
  sox wet.wav a.wav trim 0 8 && sox wet.wav b.wav trim 8 0.5 vol 0 && sox wet.wav c.wav trim 8.5 && sox a.wav b.wav c.wav gap.wav || return 1
  says 0 Silence '^  note' dry.wav gap.wav && near "$(number_of Silence)" 0.5 0.15 &&
    grep -qE 'the first at 8\.[01]' out || return 1
  sox wet.wav a.wav trim 0 12 && sox dry.wav b.wav trim 12 vol 0 && sox a.wav b.wav gone.wav || return 1
  says 2 Silence '^  STOP' dry.wav gone.wav && trains_not dry.wav gone.wav
}

finds_swapped_and_strange_files() {
  sox played.wav late.wav pad 4800s 0 || return 1
  says 2 Latency '^  STOP' late.wav signal.wav && near "$(number_of Latency)" -4802 3 && trains_not late.wav signal.wav || return 1
  sox wet.wav other-wet.wav reverse || return 1
  says 2 Match '^  STOP' dry.wav other-wet.wav && trains_not dry.wav other-wet.wav || return 1
  grep -q -- '--force trains anyway' err && ! grep -q Order out || { cat out err; return 1; }
  says 2 Order '^  STOP .*the input is the distorted one' wet.wav dry.wav && trains_not wet.wav dry.wav &&
    grep -q -- '--force trains anyway' err
}

# Effects of every kind, left on behind an overdrive
finds_effects() {
  sox dry.wav clean.wav vol 0.5
  for recorded in wet clean; do
    sox $recorded.wav fx.wav gain -3 echo 0.9 0.9 120 0.3 && says 0 Effects '^  note .*delay: an echo after 120 ms' dry.wav fx.wav || return 1
    sox $recorded.wav fx.wav gain -3 echo 0.9 0.9 380 0.3 && says 0 Effects '^  note .*delay: an echo after 380 ms' dry.wav fx.wav || return 1
    sox $recorded.wav fx.wav gain -9 reverb 60 2>/dev/null && says 0 Effects '^  note .*reverb' dry.wav fx.wav || return 1
    sox $recorded.wav fx.wav tremolo 5.3 50 && says 0 Effects '^  note .*moves at 5.3' dry.wav fx.wav || return 1
  done
  sox played.wav fx.wav gain -3 echo 0.9 0.9 120 0.3 && says 0 Effects '^  note .*echo after 120 ms' signal.wav fx.wav || return 1
  says 0 Effects '^  ok' signal.wav played.wav
}

# A count-in in one of the files, and a target that ended early
finds_recordings_far_apart() {
  sox wet.wav late.wav pad 8 0 && says 0 Latency '^  fixed' dry.wav late.wav && near "$(number_of Latency)" 383998 2 || return 1
  for seconds in 3 4 9; do
    sox wet.wav short.wav trim 0 $seconds && says 0 End "^  note .* $((24 - seconds))\\.00 s missing" dry.wav short.wav || return 1
  done
}

# A host that compensated too much latency, and a target whose start was cut off
finds_early_targets() {
  sox wet.wav early.wav trim 64s && says 0 Latency '^  fixed' dry.wav early.wav &&
    near "$(number_of Latency)" -66 2 || return 1
  sox wet.wav early.wav trim 1 && says 2 Latency '^  STOP' dry.wav early.wav &&
    near "$(number_of Latency)" -48002 2 && grep -q -- '--latency=-4800' err && trains_not dry.wav early.wav
}

# Much gain through a resonant cabinet, then turned up to full scale; a gate
lets_good_recordings_pass() {
  "$record" lead hot-dry.wav hot.wav --seconds 12 --seed 5 >/dev/null || return 1
  sox hot.wav cab.wav highpass 90 equalizer 120 2q 8 equalizer 2500 2q 8 lowpass 4800 lowpass 4800 gain -n -0.1 2>/dev/null
  says 0 Match '^  ok' hot-dry.wav cab.wav && ! grep -q STOP out || return 1
  sox hot.wav gated.wav compand 0.005,0.05 -90,-90,-55,-90,-50,-50,0,0 2>/dev/null
  says 0 Match '^  ok' hot-dry.wav gated.wav && ! grep -q STOP out
}

finds_what_is_missing() {
  sox wet.wav cut.wav trim 0 20 || return 1
  says 0 End '^  ok .*complete' dry.wav wet.wav || return 1
  says 0 End '^  note .*4\.00 s missing' dry.wav cut.wav || return 1
  "$train" dry.wav cut.wav -o cut -e 1 -H 2 >out && grep -q 'note  *End' out || return 1
  sox wet.wav brief.wav trim 0 1 && sox dry.wav brief-dry.wav trim 0 1 || return 1
  says 2 Length '^  STOP .*1\.00 s in, 1\.00 s out' brief-dry.wav brief.wav && trains_not brief-dry.wav brief.wav
}

finds_channels() {
  sox -n -r 48000 -e float -b 32 hiss.wav synth 24 whitenoise vol 0.001 && sox -M hiss.wav wet.wav hissing.wav || return 1
  says 2 'Target level' '^  STOP' dry.wav hissing.wav && grep -q 'Channel 2 is louder; if that is the target, use --target-channel=2' err || return 1
  "$train" --examine dry.wav hissing.wav --channel=2 >out 2>err || { cat out err; return 1; } # The input has but one
  sox wet.wav silent.wav vol 0 && sox -M silent.wav wet.wav right.wav || return 1
  says 2 Channels '^  note .*1 in, 2 out' dry.wav right.wav && grep -q -- '--target-channel=2' out || return 1
  sox -M wet.wav dry.wav both.wav && says 0 Channels '^  note .*1 in, 2 out' dry.wav both.wav &&
    says 0 Channels '^  ok .*1 in, 2 out' dry.wav both.wav --target-channel=1 &&
    sox -M wet.wav wet.wav same.wav && says 0 Channels '^  ok .*1 in, 2 out' dry.wav same.wav
}

# One file with the dry sound and the gear's, as interfaces with two inputs record it
reads_both_from_one_file() {
  sox -M dry.wav wet.wav -b 24 -e signed both.wav 2>/dev/null && sox both.wav turned.wav remix 2 1 2>/dev/null &&
    sox both.wav left.wav remix 1 2>/dev/null && sox both.wav right.wav remix 2 2>/dev/null || return 1
  says 2 Difference '^  STOP .*\+0\.00 dB, 0 frames late' both.wav both.wav &&
    grep -q -- 'channel 2: --input-channel=1 --target-channel=2' err && trains_not both.wav both.wav || return 1
  says 2 Difference '^  STOP' both.wav both.wav --channel=2 && says 2 Difference '^  STOP' dry.wav both.wav &&
    grep -q -- '--target-channel=2' err && says 2 Difference '^  STOP' turned.wav wet.wav &&
    grep -q -- '--input-channel=2' err || return 1
  "$train" left.wav right.wav -o two -e 1 -H 2 -q --no-report >two.out &&
    "$train" both.wav both.wav --input-channel=1 --target-channel=2 -o one -e 1 -H 2 -q --no-report >one.out &&
    "$train" turned.wav turned.wav --channel=2 --target-channel=1 -o other -e 1 -H 2 -q --no-report >other.out &&
    grep '"layers"' two.json >layers && grep '"layers"' one.json | cmp layers - && grep '"layers"' other.json | cmp layers -
}

# The input again: as it is, by another name, softer, inverted and late, but not filtered
finds_the_same_sound() {
  cp dry.wav copy.wav && sox dry.wav -b 24 soft.wav vol -0.1 pad 349s 0 2>/dev/null || return 1
  says 2 Difference '^  STOP .*\+0\.00 dB, 0 frames late' dry.wav dry.wav && trains_not dry.wav copy.wav &&
    grep -q -- 'exported twice? --force' err &&
    says 2 Difference '^  STOP .*-20\.00 dB, inverted, 349 frames late' dry.wav soft.wav || return 1
  sox dry.wav -e float -b 32 filtered.wav highpass 20 lowpass 16000 2>/dev/null
  "$train" --examine dry.wav filtered.wav >out && ! grep Difference out || { cat out; return 1; }
  "$train" dry.wav copy.wav -o copied -e 1 -H 2 -q --force --no-report >out && test -s copied.json
}

refuses_what_is_no_sound() {
  echo "not audio" >text.wav
  sox dry.wav -e float -b 32 nan.wav
  printf '\000\000\300\177' | dd of=nan.wav bs=1 seek=39998 conv=notrunc 2>dd.log
  for file in text.wav nan.wav missing.wav; do
    "$train" --examine $file wet.wav >out 2>err
    [ $? -eq 2 ] && grep -q "$file: " err || { cat out err; return 1; }
  done
}

# Late, with DC, and softer: nothing could be learned from it as it is
learns_from_what_is_fixed() {
  sox wet.wav wrong.wav pad 12000s 0 dcshift 0.01 vol 0.9 2>/dev/null
  "$train" dry.wav wrong.wav -o fixed -e 15 -H 8 --batch 32 >fixed.out || return 1
  "$train" dry.wav wrong.wav -o kept -e 15 -H 8 --batch 32 --no-fix >kept.out || return 1
  esr() { sed -n 's/.*held-out part: ESR \([0-9.]*\).*/\1/p' "$1"; }
  echo "$(esr kept.out) as it was, $(esr fixed.out) fixed"
  awk -v a="$(esr kept.out)" -v b="$(esr fixed.out)" 'BEGIN { exit !(a > 0.5 && b > 0 && b < 0.03) }' &&
    grep -q '"delay": *1[12][0-9]*' fixed.json
}

obeys() {
  sox played.wav noisy.wav vol 0.5 || return 1
  sox wet.wav late.wav pad 480s 0 || return 1
  says 0 Latency '^  fixed .*480\.50 frames, as given' dry.wav late.wav --latency=480.5 || return 1
  sox wet.wav other-wet.wav reverse || return 1
  "$train" dry.wav other-wet.wav -o forced -e 1 -H 2 --force -q >out && test -s forced.json && grep -q STOP out || return 1
  "$train" dry.wav wet.wav -o leveled -e 1 -H 2 -q --input-level 12.5 --output-level=-3 >out || return 1
  "$model" info leveled.json >out
  cat out
  grep -q '12.5 dBu' out && grep -q -- '-3.0 dBu' out && grep -q 'recordings' out
}

case_of good_recordings_are_left_alone says_nothing_of_good_files
case_of delays_are_found_and_fixed finds_delays
case_of clicks_are_found_in_the_test_signal finds_clicks
case_of polarity_is_found finds_polarity
case_of drift_is_found finds_drift
case_of wrong_rates_stop finds_a_wrong_rate
case_of clipping_is_found finds_clipping
case_of levels_are_judged finds_levels
case_of dc_is_removed finds_dc
case_of noise_and_hum_are_measured finds_noise_and_hum
case_of a_passage_that_differs_is_reported finds_what_does_not_repeat
case_of dropouts_are_found finds_dropouts
case_of swapped_and_unrelated_files_stop finds_swapped_and_strange_files
case_of effects_that_were_left_on_are_found finds_effects
case_of recordings_far_apart_are_found finds_recordings_far_apart
case_of targets_that_are_early_are_found finds_early_targets
case_of high_gain_cabinets_and_gates_pass lets_good_recordings_pass
case_of missing_sound_is_reported finds_what_is_missing
case_of channels_are_reported finds_channels
case_of dry_and_wet_may_be_channels_of_one_file reads_both_from_one_file
case_of the_same_sound_again_stops finds_the_same_sound
case_of what_is_no_sound_is_refused refuses_what_is_no_sound
case_of fixed_recordings_are_learned_from learns_from_what_is_fixed
case_of options_are_obeyed obeys
echo "1..$number"
exit $failed
