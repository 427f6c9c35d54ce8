#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# The programs as a user meets them: good recordings of many kinds, and bad ones. Prints TAP.
# Usage: train_and_render.sh GRUS_TRAIN GRUS_RENDER RECORD GAIN_KNOB
set -u
. "$(dirname "$0")/../tap.sh"
train=$(realpath "$1") render=$(realpath "$2") record=$(realpath "$3") gain_knob=$(realpath "$4")
command -v sox >/dev/null || { echo "1..0 # SKIP no sox"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

# refuses STATUS TEXT COMMAND...: the command must exit with STATUS and say TEXT on standard error
refuses() {
  status=$1 text=$2
  shift 2
  "$@" >out 2>err
  got=$?
  [ $got -eq "$status" ] && grep -qF -- "$text" err && return
  echo "$* exited with $got, not $status, or did not say \"$text\":"
  cat out err
  return 1
}

# esr_of FILE [PART]: the ESR that grus-train printed of the held-out or another part
esr_of() {
  sed -n "s/.*${2:-held-out part}: ESR \\([0-9.]*\\).*/\\1/p" "$1"
}

# esr_of_render OPTION...: the ESR that grus-render prints of knob.json against half.wav
esr_of_render() {
  "$render" knob.json dry.wav out.wav --target half.wav "$@" |
    sed -n 's/.*target: ESR \([0-9.]*\).*/\1/p'
}

below() {
  awk -v a="$1" -v b="$2" 'BEGIN { exit !(a != "" && a < b) }'
}

"$record" ts9 dry.wav wet.wav --seconds 20 --seed 3 >log || exit 1

learns() {
  "$train" dry.wav wet.wav -o model -e 25 -H 8 --batch 32 >out 2>&1 || return 1
  cat out
  loudness=$(sed -n 's/.*"loudness": *\(-[0-9.]*\).*/\1/p' model.json)
  below "$(esr_of out)" 0.05 && test -n "$loudness" && below -50 "$loudness" && below "$loudness" -5
}

# The names of models are taken off; what has none yet is named by its file
names_its_files() {
  "$train" dry.wav wet.wav -o named.AIDAX -e 1 -H 2 >out 2>&1 || { cat out; return 1; }
  cat out
  grep -q '^model: named.json$' out && [ -s named.json ] && [ -s named.html ] && [ ! -e named.AIDAX.json ]
}

# as_good_as ESR BEST: within what another seed gives
as_good_as() {
  below "$1" "$(awk -v best="$2" 'BEGIN { print 2.5 * best }')"
}

# 40 dB softer in float: without the scale, ten times the error. With a skip connection the file has the gains.
learns_soft_recordings() {
  sox -D wet.wav -b 32 -e floating-point softwet.wav vol -40dB 2>/dev/null && sox -D dry.wav -b 32 -e floating-point softdry.wav vol -40dB 2>/dev/null || return 1
  for skip in '' --skip; do
    set -- --latency 0 -e 12 -H 8 --batch 32 --loss esr --no-report --force -q $skip
    "$train" dry.wav wet.wav -o usual "$@" >out 2>&1 || return 1
    usual=$(esr_of out)
    "$train" dry.wav softwet.wav -o soft "$@" >out 2>&1 && as_good_as "$(esr_of out)" "$usual" || { cat out; return 1; }
    "$render" soft.json dry.wav softout.wav --target softwet.wav >out && as_good_as "$(esr_of out target)" "$usual" || { cat out; return 1; }
    "$train" softdry.wav softwet.wav -o both "$@" --rates 44100 >out 2>&1 && as_good_as "$(esr_of out 'held-out part at 48000 Hz')" "$usual" &&
      as_good_as "$(esr_of out 'held-out part at 44100 Hz')" "$usual" || { cat out; return 1; }
    "$train" softdry.wav softwet.wav -o on --latency 0 -e 1 --learning-rate 1e-9 --from both.json --force >out 2>&1 &&
      as_good_as "$(esr_of out)" "$usual" || { cat out; return 1; }
    rm usual.json soft.json both.json on.json on.html
  done
}

says_how_close_it_is() {
  "$train" dry.wav wet.wav -o far -e 1 -H 2 --latency 300 --no-report >out 2>&1 || return 1
  cat out
  grep -q '^Not a match yet.$' out && grep -q 'not close.*; --latency may be wrong' out &&
    grep -q '^Play it: grus-render far.json in.wav out.wav$' out || return 1
  mkdir -p verdict
  "$train" dry.wav wet.wav -o far -e 8 -H 8 --batch 32 --overwrite --install=verdict --name 'Far away' >out 2>&1 || return 1
  cat out
  [ "$(tail -n 1 out)" = 'In your host: Grus, preset "Far away" (restart the host to see it)' ] || return 1
  verdict=$(tail -n 2 out | head -n 1)
  grep -qF "<p class=\"verdict\">$verdict" far.html && ! grep -q 'not close' out || return 1
  "$train" dry.wav wet.wav -o far -e 1 -H 2 --overwrite --no-report -q >out 2>&1 || return 1
  cat out
  ! grep -q 'match\|Play it' out && grep -q 'not close.*more time' out
}

# Killed at random moments and resumed until it is through
survives_kills() {
  set -- dry.wav wet.wav -e 30 -H 8 --seed 5 --starts 2
  "$train" "$@" -o whole -q || return 1
  tries=0
  until test -s killed.json && ! test -e killed.checkpoint; do
    tries=$((tries + 1))
    [ $tries -le 60 ] || { echo "still not through"; return 1; }
    "$train" "$@" -o killed --checkpoint-interval 0.01s --resume -q >>out 2>&1 &
    pid=$!
    until [ $tries -gt 1 ] || test -e killed.checkpoint || ! kill -0 $pid; do :; done
    [ $tries -eq 1 ] || sleep "$(LC_ALL=C awk -v n=$tries 'BEGIN { srand(n); print (0.1 + 0.3 * rand()) * (1 + n * n / 64) }')"
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
  done
  [ $tries -gt 1 ] || { echo "never killed"; return 1; }
  grep '"layers"' whole.json >layers1 && grep '"layers"' killed.json | cmp - layers1
}

# Every size is tried; the size that is printed is the size of the model file
chooses_size() {
  "$train" dry.wav wet.wav -o auto -e 20 --batch 32 --hidden-size=auto >out 2>&1 || return 1
  cat out
  [ "$(grep -c '^hidden size [0-9]*: ESR' out)" -eq 7 ] || return 1
  best=$(sed -n 's/^hidden size [0-9]*: ESR \([0-9.]*\) .*/\1/p' out | sort -n | head -1)
  first=$(sed -n 's/^hidden size \([0-9]*\): ESR \([0-9.]*\) .*/\1 \2/p' out |
    awk -v b="$best" '$2 <= 1.1 * b { print $1; exit }')
  chosen=$(sed -n 's/^hidden size \([0-9]*\) is enough.*/\1/p' out)
  [ "$chosen" = "$first" ] && grep -q "\"shape\":\[null,null,$chosen\]" auto.json || return 1
  ! ls auto*.checkpoint 2>/dev/null
}

# Resampling is told, and takes nothing of the time to learn: of four parts and one, the first set gets four
resampling_takes_no_time() {
  "$train" dry.wav wet.wav -o timed -t 1s -H 4 --rates 192000 --no-report >out 2>&1 || { cat out; return 1; }
  cat out
  [ "$(grep -n '^resampling for 192000 Hz$' out | cut -d : -f 1)" -lt "$(grep -n '^48000 Hz, as recorded:' out | cut -d : -f 1)" ] || return 1
  below 0.79 "$(sed -n 's/.* updates in \([0-9.]*\) s$/\1/p' out | head -1)" &&
    "$train" dry.wav wet.wav -o untimed -e 1 -H 4 --rates 48000 --no-report >out 2>&1 && ! grep resampling out
}

# Judged by recordings made at the other rate, not resampled to it
learns_for_rates() {
  "$train" dry.wav wet.wav -o rates -e 25 -H 8 --batch 32 --rates 48000,44100 >out 2>&1 || return 1
  cat out
  for hz in 48000 44100; do
    below "$(sed -n "s/.*held-out part at $hz Hz: ESR \([0-9.]*\).*/\1/p" out)" 0.05 || return 1
  done
  "$record" ts9 made44.wav came44.wav --seconds 6 --seed 4 --rate 44100 || return 1
  "$render" rates.json made44.wav out.wav --target came44.wav >out 2>err || return 1
  cat out err
  grep -q "rates.json: uses its weights for 44100 Hz" out && [ ! -s err ] || return 1
  below "$(sed -n 's/.*target: ESR \([0-9.]*\).*/\1/p' out)" 0.05 || return 1
  "$render" rates.json dry.wav out.wav >out 2>err && [ ! -s err ] && ! grep -qE "uses its weights|made for" out &&
    sox made44.wav -r 96000 made96.wav &&
    "$render" rates.json made96.wav out.wav >out 2>err &&
    grep -q "rates.json: made for 48000 Hz, runs at 96000 Hz" out && [ ! -s err ] || return 1
  # A training at 44.1 kHz goes on from the set for it, and by next to nothing here
  "$train" made44.wav came44.wav -o on -e 1 --learning-rate 1e-9 --from rates.json -q >out 2>&1 || return 1
  head_of() { sed -n "/$2/s/.*\"weights\":\[\[\[\([-0-9.]\{8\}\).*/\1/p" "$1"; }
  [ -n "$(head_of on.json '^ "layers"')" ] &&
    [ "$(head_of on.json '^ "layers"')" = "$(head_of rates.json '"sets"')" ] || return 1
  for model in on rates; do
    "$render" $model.json made44.wav out.wav --target came44.wav --latency 0 | grep -o 'target: ESR 0.[0-9]*' | cut -c 1-18 >$model
  done
  cat on rates
  cmp on rates
}

# Without a move of the weights it has ten times the error
a_further_rate_begins_well() {
  "$train" dry.wav wet.wav -o moved -e 1 --learning-rate 1e-9 --from rates.json --rates 96000 >out 2>&1
  cat out
  below "$(sed -n 's/.*held-out part at 96000 Hz: ESR \([0-9.]*\).*/\1/p' out)" 0.05
}

# Rows of clips, recordings of their own to check with, and a rate that needs no set of its own
resamples_all_recordings() {
  "$train" dry.wav wet.wav -o all -e 1 -H 4 --clip-frames 9600 --clip-warmup 500 --rates 44100,96000 \
    --validation-input dry.wav --validation-target wet.wav \
    --test-input dry.wav --test-target wet.wav >out 2>&1 || { cat out; return 1; }
  cat out
  for hz in 48000 44100 96000; do
    grep -q "validation at $hz Hz: ESR" out && grep -q "test at $hz Hz: ESR" out || return 1
  done
  "$train" dry.wav wet.wav -o one -e 1 -H 4 --rates 48000 >out 2>&1 &&
    grep -q "held-out part: ESR" out && ! grep -q '"sets"' one.json
}

goes_on() {
  "$train" dry.wav wet.wav -o again -e 2 --from model.json --batch 32 >out 2>&1 || return 1
  cat out
  grep -q "hidden size 8" out || return 1
  # Never worse than where it began, apart from the rounding of printed numbers
  awk -v a="$(esr_of out)" -v b="$(sed -n 's/.*"esr": *\([0-9.e-]*\).*/\1/p' model.json | head -1)" \
    'BEGIN { exit !(a != "" && a <= b + 1e-6) }' || return 1
  refuses 2 "missing.json" "$train" dry.wav wet.wav -o again --from missing.json
}

# number_of KEY MODEL: a number of the model's training record
number_of() {
  sed -n "s/.*\"$1\": *\([0-9.e-]*\).*/\1/p" "$2" | tail -1
}

# plans LOSS TEXT OPTION...: what is planned for TARGET names the loss; TEXT says why
plans() {
  loss=$1 why=$2
  shift 2
  "$train" dry.wav "$@" -o lossy -e 1 -H 2 --latency 0 --overwrite --force >out 2>&1 && grep -q ", loss $loss$why, seed" out &&
    grep -q "loss: $loss[<,]" lossy.html || { cat out; return 1; }
}

# The recording decides, unless one is told; also for what was interrupted
chooses_its_loss() {
  sox -D dry.wav fuzz.wav vol 40dB vol 0.5 2>/dev/null || return 1
  measured=' (fizz: [0-9.e-]* %)'
  plans esr "$measured" wet.wav && plans a-weighted "$measured" fuzz.wav && plans a-weighted "$measured" fuzz.wav --loss=auto &&
    plans esr '' fuzz.wav --loss=esr && plans a-weighted '' wet.wav --loss=a-weighted && plans mse '' wet.wav --loss=mse && plans mixed '' wet.wav --loss=mixed || return 1
  "$train" dry.wav fuzz.wav -o lossy -e 100 -H 2 --latency 0 --overwrite --force --checkpoint-interval 0.01s >out 2>err &
  pid=$!
  until [ -e lossy.checkpoint ] || ! kill -0 $pid; do sleep 0.05; done
  kill -TERM $pid
  wait $pid && [ -e lossy.checkpoint ] || { cat out err; return 1; }
  refuses 2 '--loss=a-weighted' "$train" dry.wav fuzz.wav -o lossy -e 100 -H 2 --latency 0 --force --resume --loss=esr &&
    "$train" dry.wav fuzz.wav -o lossy -e 100 -H 2 --latency 0 --force --resume >out 2>&1 && grep -q 'loss a-weighted (fizz' out &&
    grep -q 'continuing after' out || { cat out; return 1; }
}

reports() {
  "$train" dry.wav wet.wav -o reported -e 2 -H 4 --loss a-weighted --spectral 0.01 --test-input dry.wav \
    --test-target wet.wav >out 2>&1 || return 1
  cat out
  ratio='[0-9.]* ([-0-9.]* dB)'
  all="ESR $ratio, pre-emphasised $ratio, A-weighted $ratio, worst 5 % $ratio"
  grep -q "^held-out part: $all$" out && grep -q "^test: $all$" out || return 1
  printed=$(sed -n 's/^held-out.* A-weighted \([0-9.]*\) .* worst 5 % \([0-9.]*\) .*/\1 \2/p' out)
  kept="$(number_of esr_a_weighted reported.json) $(number_of esr_worst_sound reported.json)"
  echo "$printed $kept" | awk 'function same(a, b) { return a > 0 && (a / b - 1) ^ 2 < 1e-9 }
    { exit !(same($1, $3) && same($2, $4) && $2 > $1) }' || return 1
  "$render" reported.json dry.wav out.wav --target wet.wav >out || return 1
  grep -q "^output against target: $all$" out || return 1
  # Nothing to hear, and so no number to keep
  sox dry.wav standing.wav vol 0 dcshift 0.3
  "$train" dry.wav standing.wav -o standing -e 1 -H 4 -q --force --no-fix >out || return 1
  [ "$(number_of esr_a_weighted standing.json)" = 0.0 ]
}

# Four settings are learned from; the fifth shows that the knob goes through all between
learns_a_knob() {
  for k in 0 0.25 0.75 1; do
    "$gain_knob" dry.wav "k=$k.wav" $k || return 1
  done
  "$gain_knob" dry.wav half.wav 0.5 || return 1
  "$train" dry.wav --take 0=k=0.wav --take 0.25=dry.wav:k=0.25.wav --take 0.75=k=0.75.wav \
    --take 1=k=1.wav --knob drive --test-take 0.5=half.wav -o knob -e 12 -H 8 --batch 32 >out 2>&1 ||
    { cat out; return 1; }
  cat out
  for k in 0 0.25 0.75 1; do
    below "$(esr_of out "held-out part, drive $k")" 0.005 || return 1
  done
  below "$(esr_of out "test, drive 0.5")" 0.005 || return 1
  # The engine's knob is the trainer's; elsewhere it sounds otherwise
  below "$(esr_of_render --knob drive=0.5)" 0.005 && below "$(esr_of_render)" 0.005 &&
    below "$(esr_of_render --knob 0.5)" 0.005 && below 0.05 "$(esr_of_render --knob 0)" || return 1
  grep -q '^k=0.25.wav: ok, latency ' out && grep -q '^half.wav: ok, latency ' out || return 1
  "$train" --take 0=dry.wav:k=0.wav --take 1=dry.wav:k=1.wav --validation-take 0.5=dry.wav:half.wav \
    --knob drive --from knob.json -o knob2 -e 1 --batch 32 >out 2>&1 || { cat out; return 1; }
  cat out
  below "$(esr_of out "validation, drive 0.5")" 0.01 &&
    below "$(esr_of out "learned from, drive 1")" 0.01
}

refuses_knobs() {
  refuses 2 "has 2 settings; expected as many as there are knobs, 1 (gain)" "$train" dry.wav --take 0,1=wet.wav -o x &&
    refuses 2 "needs an input" "$train" --take 0=wet.wav --take 1=wet.wav -o x &&
    refuses 2 "gain stands at 0.5 in all takes" "$train" dry.wav --take 0.5=wet.wav -o x &&
    refuses 2 "--take: wet.wav is given for two settings, 0 and 0.5; expected a recording of its own for each" \
      "$train" dry.wav --take 0=wet.wav --take 0.5=wet.wav -o x &&
    refuses 2 "--take: wet.wav and dry44.wav are both for the setting 0 and the input dry.wav; expected different settings" \
      "$train" dry.wav --take 0=wet.wav --take 0=dry44.wav --take 1=brief.wav -o x &&
    refuses 2 "INPUT.wav alone" "$train" dry.wav wet.wav --take 0=wet.wav -o x &&
    refuses 2 "--take SETTING=TARGET.wav" "$train" dry.wav wet.wav --knob drive -o x &&
    refuses 2 "0.25=gain25.wav" "$train" dry.wav --take wet.wav -o x &&
    refuses 2 "--test-take=SETTING" "$train" dry.wav --take 0=wet.wav --take 1=k=1.wav -o x \
      --test-input dry.wav --test-target wet.wav &&
    refuses 2 "brief.wav: Length: 20.00 s in, 0.01 s out" "$train" dry.wav --take 0=wet.wav --take 1=brief.wav -o x &&
    refuses 2 "wet44.wav: is at 44100 Hz" "$train" dry.wav --take 0=wet.wav \
      --take 1=dry44.wav:wet44.wav -o x &&
    refuses 2 "missing.wav: " "$train" dry.wav --take 0=wet.wav --take 1=missing.wav -o x &&
    refuses 2 "has 0 knobs; expected 1" "$train" dry.wav --take 0=wet.wav -o x \
      --from model.json &&
    refuses 2 "has 1 knob; expected 0" "$train" dry.wav wet.wav -o x --from knob.json &&
    refuses 2 "UTF-8" "$train" dry.wav wet.wav -o x --name "$(printf 'a\377')" &&
    test ! -e x.json &&
    refuses 2 "it has drive" "$render" knob.json dry.wav out.wav --knob tone=0.5 &&
    refuses 2 "it has drive" "$render" knob.json dry.wav out.wav --knob 0.5 --knob 0.6 &&
    refuses 2 "it has none" "$render" model.json dry.wav out.wav --knob 0.5 &&
    refuses 2 "from 0 to 1" "$render" knob.json dry.wav out.wav --knob drive=5
}

repeats() {
  for threads in 1 2 3; do
    "$train" dry.wav wet.wav -o "t$threads" -e 2 -H 8 --seed 5 --threads $threads -q || return 1
    grep '"layers"' "t$threads.json" >"layers$threads" || return 1
  done
  cmp layers1 layers2 && cmp layers1 layers3 || return 1
  "$train" dry.wav wet.wav -o other -e 2 -H 8 --seed 6 -q || return 1
  grep '"layers"' other.json | cmp -s - layers1 && return 1
  return 0
}

reads_formats() {
  sox dry.wav -b 16 -e signed dry16.wav trim 0 6
  sox wet.wav wet.flac trim 0 6
  "$train" dry16.wav wet.flac -o formats -e 1 -q || return 1
  sox dry.wav -e float -b 64 dry.aiff trim 0 6
  sox -M wet.wav dry.wav both.wav trim 0 6
  sox -M dry.wav wet.wav swapped.wav trim 0 6
  "$train" swapped.wav both.wav -o stereo --channel 1 -e 1 -q || return 1
  refuses 2 "no channel 3" "$train" swapped.wav both.wav -o stereo --channel 3 -e 1 -q || return 1
  sox dry.wav -r 96000 dry96.wav trim 0 6
  sox wet.wav -r 96000 wet96.wav trim 0 6
  "$train" dry96.wav wet96.wav -o fast -e 1 -q && grep -q '"samplerate": 96000' fast.json
}

interrupted() {
  : >out # Of the case before
  "$train" dry.wav wet.wav -o interrupted --time 1h -H 8 --linear=0 --rates 44100 >out 2>&1 &
  pid=$!
  until grep -q '^epoch ' out || ! kill -0 $pid 2>/dev/null; do sleep 0.1; done
  kill -INT $pid
  wait $pid || { cat out; return 1; }
  test -s interrupted.json && grep -q "model: interrupted.json" out || return 1
  # A set of weights that were never trained for its rate would pretend to be one
  grep -q "ended before there was a set for 44100 Hz" out && ! grep -q '"sets"' interrupted.json
}

progress() {
  "$train" dry.wav wet.wav -o p -e 3 -H 4 >plain || return 1
  grep -q 'epoch 1  ESR .* dB)  best .* real time  .* left$' plain || return 1
  grep -q "$(printf '\r')" plain && return 1
  command -v script >/dev/null || return 0
  script -qec "$train dry.wav wet.wav -o p -e 3 -H 4" typed >/dev/null || return 1
  grep -q "$(printf '\r')" typed
}

refuses_recordings() {
  sox dry.wav -r 44100 dry44.wav
  sox wet.wav -r 44100 wet44.wav
  sox dry.wav brief.wav trim 0 0.01
  sox dry.wav half.wav trim 0 10
  sox wet.wav silent.wav vol 0
  sox dry.wav -e float -b 32 nan.wav
  printf '\000\000\300\177' | dd of=nan.wav bs=1 seek=39998 conv=notrunc 2>dd.log
  head -c 100 dry.wav >cut.wav
  echo "not audio" >text.wav
  : >empty.wav
  refuses 2 "44100 Hz" "$train" dry44.wav wet.wav -o x &&
    refuses 2 "brief.wav: Length: 0.01 s" "$train" brief.wav brief.wav -o x &&
    refuses 2 "are needed" "$train" brief.wav brief.wav -o x --force &&
    refuses 2 "same length" "$train" half.wav wet.wav -o x --clip-frames 9600 &&
    refuses 2 "grus-train: silent.wav: Target level: silent" "$train" dry.wav silent.wav -o x &&
    refuses 2 "in the part that is learned" "$train" dry.wav silent.wav -o x --force &&
    refuses 2 "the target is silent (-inf dBFS) in the part that is held out" "$train" dry.wav wet.wav -o x --force \
      --validation-input dry.wav --validation-target silent.wav &&
    refuses 2 "grus-train: silent.wav: Input level: silent" "$train" silent.wav wet.wav -o x &&
    refuses 2 "nan.wav: frame 9985" "$train" nan.wav wet.wav -o x &&
    refuses 2 "text.wav: " "$train" text.wav wet.wav -o x &&
    refuses 2 "empty.wav: " "$train" empty.wav wet.wav -o x &&
    refuses 2 "missing.wav: " "$train" missing.wav wet.wav -o x &&
    refuses 2 "cut.wav: Length: 0.00 s" "$train" cut.wav cut.wav -o x &&
    refuses 2 "frames" "$train" dry.wav wet.wav -o x --clip-frames 100 --clip-warmup 100 &&
    test ! -e x.json
}

refuses_arguments() {
  refuses 2 'expected UTF-8' "$train" dry.wav wet.wav -o "$(printf 'a\377')" || return 1
  refuses 2 "INPUT.wav and TARGET.wav" "$train" -o x &&
    refuses 2 "INPUT.wav and TARGET.wav" "$train" dry.wav -o x &&
    refuses 2 "-o NAME" "$train" dry.wav wet.wav &&
    refuses 2 "1 to 256" "$train" dry.wav wet.wav -o x -H 0 &&
    refuses 2 "1 to 256" "$train" dry.wav wet.wav -o x -H 257 &&
    refuses 2 "1 to 256" "$train" dry.wav wet.wav -o x -H 8x &&
    refuses 2 "45s, 3m or 1h30m" "$train" dry.wav wet.wav -o x -t soon &&
    refuses 2 "--time=3: expected 3s, or 3m for minutes" "$train" dry.wav wet.wav -o x -t 3 &&
    refuses 2 "--checkpoint-interval=1: expected 1s, or 1m" "$train" dry.wav wet.wav -o x --checkpoint-interval 1 &&
    refuses 2 "x.NAM: is the name of a capture; expected that of a model, such as NAME.json" "$train" dry.wav wet.wav -o x.NAM &&
    refuses 2 "reset-before or reset-after" "$train" dry.wav wet.wav -o x -c lstm &&
    refuses 2 "auto, esr, mse, a-weighted or mixed" "$train" dry.wav wet.wav -o x --loss huber &&
    refuses 2 "0 to 100" "$train" dry.wav wet.wav -o x --spectral -1 &&
    refuses 2 "at least 64" "$train" dry.wav wet.wav -o x --spectral 0.1 --chunk 32 &&
    refuses 2 "soap, adam or sgd" "$train" dry.wav wet.wav -o x --optimizer lion &&
    refuses 2 "7999" "$train" dry.wav wet.wav -o x --rates 44100,7999 &&
    refuses 2 "768000" "$train" dry.wav wet.wav -o x --rates 768001 &&
    refuses 2 "8000 to 768000" "$train" dry.wav wet.wav -o x --rates 44100, &&
    refuses 2 "8000 to 768000" "$train" dry.wav wet.wav -o x --rates 44.1k &&
    refuses 2 "different" "$train" dry.wav wet.wav -o x --rates 44100,48000,44100 &&
    refuses 2 "up to 4" "$train" dry.wav wet.wav -o x --rates 44100,48000,88200,96000,192000 &&
    refuses 2 "48000 Hz these are 5 rates" "$train" dry.wav wet.wav -o x --rates 44100,88200,96000,192000 &&
    refuses 2 "too short to be resampled" "$train" dry.wav wet.wav -o x --rates 8000 --clip-frames 99 &&
    refuses 2 "not 3; the model's name is given as -o NAME" "$train" dry.wav wet.wav x &&
    refuses 2 "a.nam: is the name of a model or capture, not of a recording" "$train" a.nam dry.wav -o x &&
    refuses 2 "grus-model convert CAPTURE... FOLDER/' learns from several" "$train" --teacher a.nam b.nam c.nam -o x &&
    refuses 2 "--wobble: unknown option" "$train" dry.wav wet.wav -o x --wobble &&
    refuses 2 "both its input and its target" "$train" dry.wav wet.wav -o x --test-input dry.wav &&
    refuses 2 "MODEL.json IN.wav OUT.wav" "$render" model.json
}

# The error comes before the training, not after it
refuses_output() {
  refuses 1 "/nowhere" timeout 20 "$train" dry.wav wet.wav -o /nowhere/x -t 1h
}

renders() {
  "$render" model.json dry.wav out.wav --target wet.wav >out || return 1
  cat out
  grep -q "real-time factor" out || return 1
  [ "$(soxi -s out.wav)" = "$(soxi -s dry.wav)" ] || return 1
  below "$(sed -n 's/.*target: ESR \([0-9.]*\).*/\1/p' out)" 0.05 || return 1
  # As long and on time, whatever the filters hold back
  for way in --quality=2x --quality=4x; do
    "$render" model.json dry.wav out.wav $way --target wet.wav >out || return 1
    cat out
    [ "$(soxi -s out.wav)" = "$(soxi -s dry.wav)" ] || return 1
    below "$(sed -n 's/.*target: ESR \([0-9.]*\).*/\1/p' out)" 0.05 || return 1
  done
  sox dry.wav -r 44100 dry44.wav && sox wet.wav -r 44100 wet44.wav || return 1
  "$render" model.json dry44.wav out.wav --target wet44.wav >out || return 1
  cat out
  grep -q "made for 48000 Hz, resampled for 44100 Hz" out && below "$(sed -n 's/.*target: ESR \([0-9.]*\).*/\1/p' out)" 0.05 || return 1
  # A loudspeaker that is one tap of a half
  sox -n -r 48000 -c 1 -e float -b 32 tap.wav synth 1s square 1 vol 0.5 || return 1
  "$render" model.json dry.wav softer.wav --cabinet=tap.wav >/dev/null || return 1
  "$render" model.json dry.wav whole.wav --output-level=-6.0206 >/dev/null || return 1
  cmp_loud=$(sox -m -v 1 softer.wav -v -1 whole.wav -n stat 2>&1 | awk '/Maximum amplitude/ { print $3 }')
  below "$cmp_loud" 0.001
}

refuses_rendering() {
  refuses 2 "missing.json" "$render" missing.json dry.wav out.wav &&
    refuses 2 "wet.wav: is a sound file (WAV); expected a model (JSON)" "$render" wet.wav dry.wav out.wav &&
    refuses 2 "missing.wav" "$render" model.json missing.wav out.wav &&
    cp model.json m.json && cp dry.wav d.wav && ln -s d.wav link.wav &&
    refuses 2 "m.json: is the name of a model; expected that of a sound file" "$render" m.json d.wav m.json &&
    refuses 2 "link.wav: is an input file" "$render" m.json d.wav link.wav &&
    refuses 2 "wet.wav: is an input file" "$render" m.json d.wav wet.wav --target wet.wav &&
    cmp -s m.json model.json && cmp -s d.wav dry.wav &&
    refuses 1 "/nowhere/out.wav" "$render" model.json dry.wav /nowhere/out.wav &&
    refuses 2 "44100 Hz" "$render" model.json dry.wav out.wav --target dry44.wav &&
    refuses 2 "no frames" "$render" model.json none.wav out.wav
}

installs() {
  mkdir -p lv2
  "$train" dry.wav wet.wav -o i -e 1 -H 4 --name 'My "Amp" ü' --install=lv2 >out || return 1
  cat out
  bundle=$(echo lv2/grus-*.lv2)
  test -s "$bundle/My \"Amp\" ü.json" && grep -q 'rdfs:label "My \\"Amp\\" ü"' "$bundle/manifest.ttl" || return 1
  # For the mono plugin and for the stereo one
  grep -q 'appliesTo <urn:grus:mono>' "$bundle/preset.ttl" &&
    grep -q 'appliesTo <urn:grus:stereo>' "$bundle/preset-stereo.ttl" &&
    [ "$(grep -c 'a pset:Preset' "$bundle/manifest.ttl")" = 2 ] || return 1
  ! command -v sordi >/dev/null || sordi "$PWD/$bundle/preset-stereo.ttl" >/dev/null || return 1
  "$train" dry.wav wet.wav -o i --overwrite -e 1 -H 5 --name 'My "Amp" ü' --install=lv2 >out || return 1
  # Replaced as a whole, and nothing left beside it
  grep -q 'preset "My "Amp" ü" replaced' out && grep -q 'null,null,5' "$bundle"/*.json && [ "$(ls -A lv2 | wc -l)" = 1 ]
}

sox -n -r 48000 -c 1 none.wav trim 0 0
echo "1..25"
case_of grus_train_learns_an_overdrive learns
case_of soft_recordings_are_learned_as_well learns_soft_recordings
case_of a_verdict_and_what_to_do_next_are_said says_how_close_it_is
case_of sets_for_several_rates_are_learned_and_played learns_for_rates
case_of resampling_is_told_and_takes_none_of_the_time resampling_takes_no_time
case_of a_further_rate_begins_with_weights_for_it a_further_rate_begins_well
case_of every_recording_is_resampled_for_every_rate resamples_all_recordings
case_of training_goes_on_from_a_model goes_on
case_of the_recording_chooses_its_loss chooses_its_loss
case_of every_measure_is_reported_and_kept reports
case_of a_knob_is_learned_from_takes_and_turned_by_name learns_a_knob
case_of the_same_seed_gives_the_same_bits_on_any_number_of_threads repeats
case_of files_are_named_without_the_ending_of_a_model names_its_files
case_of a_killed_run_resumes_with_the_same_bits survives_kills
case_of the_smallest_size_that_is_enough_is_chosen chooses_size
case_of any_format_rate_and_channel_is_read reads_formats
case_of ctrl_c_keeps_the_best_so_far interrupted
case_of progress_is_a_line_on_a_terminal_and_lines_elsewhere progress
case_of grus_render_plays_and_scores renders
case_of bad_recordings_are_refused_with_a_reason refuses_recordings
case_of bad_takes_and_knobs_are_refused_with_what_would_be_right refuses_knobs
case_of bad_arguments_are_refused_with_what_would_be_right refuses_arguments
case_of an_output_that_can_not_be_written_is_reported_before_training refuses_output
case_of bad_files_to_render_are_refused refuses_rendering
case_of a_preset_is_installed_as_a_whole installs
exit $failed
