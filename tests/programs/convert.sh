#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# grus-model convert with captures: what it learns from them, one at a time or many in a row, and how a row goes on
# after one that fails, or after Ctrl-C. Prints TAP.
# Usage: convert.sh GRUS_MODEL GRUS_TRAIN GRUS_RENDER RECORD MODEL.json
set -u
. "$(dirname "$0")/../tap.sh"
press=$(realpath "$(dirname "$0")/press_ctrl_c.py")
program=$(realpath "$1") train=$(realpath "$2") render=$(realpath "$3") record=$(realpath "$4") model=$(realpath "$5")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
PATH=$(dirname "$train"):$PATH
export PATH HOME="$folder"

# says TEXT COMMAND...: succeeds, and says TEXT
says() {
  text=$1
  shift
  refuses 0 "$text" "$@"
}

# capture GAIN ECHO BIAS: a capture that multiplies
capture() {
  printf '{"version":"0.5.4","architecture":"Linear","config":{"receptive_field":2,"bias":true},"weights":[%s,%s,%s],' "$@"
  printf '"sample_rate":48000,"metadata":{"name":"Box of gain","modeled_by":"Ann","gear_make":"Box","gear_model":"1",'
  printf '"license":"CC0-1.0","input_level_dbu":12.5,"loudness":-21.5,"training":{"validation_esr":0.0125}}}\n'
}

# lstm_unit: a NAM model of one unit, which is played as it is
lstm_unit() {
  printf '{"version":"0.5.4","architecture":"LSTM","config":{"input_size":1,"hidden_size":1,"num_layers":1},'
  printf '"weights":[0.5,0.1,0.6,0.2,0.7,0.3,0.8,0.4,0.1,0.2,0.3,0.4,0,0,1,0],"sample_rate":48000,'
  printf '"metadata":{"name":"Unit","licence":"MIT"}}\n'
}

capture 0.5 0.2 0 >one.nam
capture 0.3 -0.1 0.01 >two.nam
lstm_unit >unit.nam
capture 0.5 0.2 '"x"' >bad.nam
"$record" ts9 dry.wav wet.wav --seconds 3 --seed 2 >log || exit 1
short='-t 1s -H 2 --no-report'

# fake_trainer DIRECTORY: a grus-model there with a grus-train beside it that only prints its arguments
fake_trainer() {
  mkdir "$1" && cp "$program" "$1/grus-model" && cat >"$1/grus-train" <<'END'
#!/bin/sh
for argument; do echo "$argument"; done >arguments
echo 'grus-train: a first line' >&2
echo 'grus-train: it was not to be; expected patience' >&2
exit 2
END
  chmod +x "$1/grus-train"
}

informs() {
  "$program" info one.nam >out || return 1
  cat out
  for text in 'name         Box of gain' 'author       Ann' 'gear         Box 1' 'license      CC0-1.0' \
    'format       NAM capture (Linear)' '3 weights, hears the last 2 frames' 'made for     48000 Hz' \
    'input        12.5 dBu' 'loudness     -21.5 dB, as the capture says' 'to its gear  ESR 0.01250' \
    "played by    grus-render; the plugin and grus-live can't" 'to play it   grus-model convert one.nam NAME.json --install'; do
    grep -qF -- "$text" out || { echo "doesn't say $text"; return 1; }
  done
  cp one.nam ./-x.nam && says 'grus-model convert ./-x.nam NAME.json' "$program" info -- -x.nam || return 1 # No option
  "$program" info unit.nam | grep 'license      MIT'
}

converts_one() {
  mkdir lv2 && "$program" convert one.nam single.json -t 1s -H 2 --install=lv2 >out || return 1
  cat out
  grep -q 'one.nam: is a NAM capture (Linear); learning from it' out && grep -q 'against the capture: ESR [0-9]' out &&
    grep -q 'model: single.json' out && [ -s single.html ] || return 1
  grep -q '^preset "Box of gain": lv2/' out && [ -s "lv2/grus-Box-of-gain-"*.lv2/*.json ] || return 1
  "$program" info single.json >out || return 1
  cat out
  grep -q 'name         Box of gain$' out && grep -q 'learned from NAM capture (Linear), "Box of gain", one.nam, hash [0-9a-f]\{16\}$' out && grep -q 'author       Ann' out &&
    grep -q 'hidden size 2,' out && grep -q '48000 Hz, ESR against the capture [0-9]' out && grep -q 'license      CC0-1.0' out &&
    grep -q 'to its gear  ESR 0.01250' out && ! grep -q 'recordings' out || return 1
  grep -q 'learned from a NAM capture (Linear)' single.html && ! grep -q 'examination' single.html
}

learns_for_rates() {
  name=$(printf 'caf\351 "1".nam') # Not UTF-8
  cp one.nam "$name"
  says 'model: rates.json' "$program" convert "$name" rates.json --rates 44100,48000 -t 2s -H 2 --no-report &&
    "$program" info rates.json >out && cat out && grep -q 'weights for  48000 Hz, ESR against the capture [0-9]' out &&
    grep -q 'weights for  44100 Hz, ESR against the capture [0-9]' out && grep -q '"teacher_esr"' rates.json &&
    ! grep -q '"esr"' rates.json && grep -q 'caf "1".nam, hash' out
}

# dense: a capture in RTNeural's JSON, without a rate
dense() {
  printf '{"in_shape":[null,null,1],"layers":[{"type":"dense","activation":"tanh","shape":[null,null,1],"weights":[[[0.5]],[0.1]]},'
  printf '{"type":"dense","activation":"","shape":[null,null,1],"weights":[[[0.5]],[0]]}]}'
}

says_what_is_assumed() {
  dense >dense.json
  cp dense.json dense2.json
  says 'dense.json: is an RTNeural model (2 layers); learning from it' "$program" convert dense.json learned.json -t 1s -H 2 &&
    grep -q 'dense.json: gives no sample rate, 48000 Hz is assumed; --rate=HZ sets another' out && grep -q 'learned from an RTNeural' learned.html &&
    says 'note: 2 captures give no sample rate, the usual one of their format is assumed' \
      "$program" convert one.nam dense.json dense2.json assumed/ -t 1s -H 2 --no-report || return 1
  rm -r assumed
  "$program" convert dense.json assumed/ -t 1s -H 2 --no-report --rate=44100 >out 2>&1 && ! grep -q 'is assumed' out
}

# late: a capture that is 10 ms late, which one unit can't be
late() {
  printf '{"version":"0.5.4","architecture":"Linear","config":{"receptive_field":961,"bias":false},"weights":['
  awk 'BEGIN { for (i = 0; i < 961; ++i) printf("%s%s", i ? "," : "", i == 480) }'
  printf '],"sample_rate":48000}\n'
}

says_what_is_not_close() {
  late >late.nam
  says 'note: this is not close (-20 dB is good); more time (-t) or more units (-H) help' \
    "$program" convert late.nam late.json -t 1s -H 1 --no-report &&
    says 'against the capture, which is not close: late/late.json' "$program" convert late.nam late/ -t 1s -H 1 --no-report &&
    says 'model: ' "$program" convert one.nam close.json -t 1s -H 2 --no-report && ! grep -q 'not close' out
}

# Nothing is learned here: what matters is what grus-train is asked for
passes_options_on() {
  fake_trainer fake || return 1
  refuses 2 'grus-model: it was not to be; expected patience' fake/grus-model convert one.nam o.json -t 2m -H 24 \
    --rate 48000 --rates 44100,48000 --install=lv2 --no-report --to=aida-x || return 1
  grep -q 'first line' out && return 1
  cat arguments
  printf '%s\n' --teacher=one.nam --output=o.json --quiet --resume --time=120s --rate=48000 --hidden-size=24 --rates=44100,48000 \
    --install=lv2 --no-report --cell=reset-after --linear=0 | cmp - arguments || return 1
  refuses 2 'it was not to be' fake/grus-model convert one.nam o.json --install --overwrite --linear 64
  printf '%s\n' --teacher=one.nam --output=o.json --quiet --overwrite --install --linear=64 | cmp - arguments || return 1
  rm arguments
  refuses 2 'is a capture, which becomes a model of Grus' fake/grus-model convert one.nam o.json --to=guitarml &&
    refuses 2 '--hidden-size=0: expected' fake/grus-model convert one.nam o.json -H 0 &&
    refuses 2 '--linear=4096: expected' fake/grus-model convert one.nam o.json --linear=4096 &&
    refuses 2 'AIDA-X plays no linear stage' fake/grus-model convert one.nam o.json --linear=64 --to=aida-x && [ ! -e arguments ]
}

names_what_is_wrong() {
  printf '{"architecture":"WaveNet","config":{"layers":[]},"weights":[1]}\n' >empty.nam
  echo '{"architecture":"Organ","config":{},"weights":[1]}' >organ.nam
  refuses 2 'empty.nam: "layers" should hold 1 to 8' "$program" convert empty.nam o.json &&
    refuses 2 'empty.nam: "layers" should hold 1 to 8' "$program" info empty.nam &&
    refuses 2 'organ.nam: ' "$program" convert organ.nam o.json && ! grep -q 'learn from it' out &&
    refuses 2 'missing.nam: no such file' "$program" convert missing.nam o.json &&
    refuses 2 'dry.wav: ' "$program" convert dry.wav o.json || return 1
  for name in two.nam new.NAM; do # As two.nam is the second of *.nam
    refuses 2 "$name: is the name of a capture; expected NAME.json, or a folder (models/) for several" \
      "$program" convert one.nam $name && refuses 2 "$name: is the name of a capture" "$program" convert unit.nam $name || return 1
  done
}

# What is played as it is can teach if the renderer knows it, too
says_what_needs_no_learning() {
  refuses 2 'ts9.json: is a model (Grus) that grus-render, the plugin and grus-live play as it is, and that can' \
    "$train" --teacher "$model" -o o -t 1s && ! grep -q 'layer 0' out &&
    says 'note: unit.nam is played as it is, too, without learning from it' "$train" --teacher unit.nam -o taught -t 1s -H 1 --no-report &&
    ! says 'played as it is' "$train" --teacher one.nam -o taught -t 1s -H 1 --no-report --overwrite >/dev/null
}

needs_the_trainer() {
  mkdir alone && cp "$program" alone/grus-model || return 1
  PATH=/usr/bin:/bin
  refuses 2 'one.nam: needs grus-train to learn from it, which is neither beside grus-model nor on PATH' \
    alone/grus-model convert one.nam o.json && [ ! -e o.json ]
}

# A damaged one in the middle, and one that is played as it is
converts_many() {
  # shellcheck disable=SC2086
  refuses 1 '3 converted, 1 failed, 0 skipped' "$program" convert one.nam bad.nam unit.nam two.nam many/ $short || return 1
  cat out
  grep -q '^one.nam: NAM capture (Linear), learned in [0-9]* s, ESR [0-9.]* (-\?[0-9.]* dB) against the capture: many/one.json$' out &&
    grep -q '^grus-model: bad.nam: .*not a number' out && grep -q '^unit.nam: NAM, written for 48000 Hz: many/unit.json$' out &&
    grep -q '^two.nam: NAM capture (Linear), learned' out && [ "$(ls many | tr '\n' ' ')" = 'one.json two.json unit.json ' ] || return 1
  "$program" info many/*.json >log || return 1
  # The same again: only what is missing
  ls -l --time-style=full-iso many >before
  rm many/unit.json
  # shellcheck disable=SC2086
  says '1 converted, 0 failed, 2 skipped' "$program" convert one.nam unit.nam two.nam many $short || return 1
  grep -q '^one.nam: skipped, many/one.json was made from it before$' out && [ -s many/unit.json ] || return 1
  ls -l --time-style=full-iso many | grep -v unit.json >after
  grep -v unit.json before | tail -n +2 | cmp - - <after >/dev/null && [ "$(grep -c json after)" = 2 ] || return 1
  says '0 converted, 0 failed, 1 skipped' "$program" convert unit.nam many &&
    says '1 converted, 0 failed, 0 skipped' "$program" convert unit.nam many --overwrite
}

# named MODEL NAME
named() {
  "$program" info "$1" | grep -q "name  *$2\$" || { "$program" info "$1"; return 1; }
}

# Else one preset would replace another
keeps_names_apart() {
  cp unit.nam unit2.nam
  says '4 converted' "$program" convert one.nam two.nam unit.nam unit2.nam names/ -t 1s -H 1 --no-report &&
    named names/one.json 'Box of gain' && named names/two.json two && named names/unit.json Unit && named names/unit2.json unit2
}

# Two of one name; an input that would be the output, of its own or of another; files of others
loses_nothing() {
  fake_trainer careful || return 1
  mkdir -p here other && cp one.nam other/one.nam && cp "$model" here/m.json && cp "$model" here/two.json && echo '{}' >here/one.json
  md5sum here/* >before
  refuses 1 '0 converted, 2 failed, 0 skipped' careful/grus-model convert one.nam other/one.nam here || return 1
  grep -q 'here/one.json: exists; choose another name' out && grep -q 'other/one.nam: would become here/one.json, as one.nam does' out || return 1
  refuses 1 'here/m.json: is an input file' careful/grus-model convert here/m.json here --overwrite &&
    refuses 1 'here/two.json: is an input file' careful/grus-model convert two.nam here/two.json here/ --overwrite &&
    refuses 1 'here/two.json: exists' careful/grus-model convert two.nam here/ && [ ! -e arguments ] || return 1
  refuses 2 'unit.nam: expected a folder for 2 models' "$program" convert one.nam two.nam unit.nam &&
    refuses 1 'nowhere/else/: there is no folder nowhere' "$program" convert one.nam nowhere/else/ &&
    refuses 2 'one.nam/: is not a folder' "$program" convert unit.nam one.nam/ && md5sum here/* | cmp - before
}

# started PID: the pid of the grus-train that it waits for, once that writes the best so far when it is interrupted
started() {
  while kill -0 "$1"; do
    child=$(cat "/proc/$1/task/$1/children")
    caught=$(sed -n 's/^SigCgt:.*\(.\)$/\1/p' "/proc/${child%% *}/status" 2>/dev/null)
    case $caught in [2367abef]) echo "${child%% *}" && return ;; esac
    sleep 0.05
  done
  return 1
}

# works PID TICKS: waits until the process has used the processors for so long, whatever else runs
works() {
  used() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
  until_ticks=$(($(used "$1") + $2))
  while [ "$(used "$1")" -lt $until_ticks ]; do sleep 0.05; done
}

# leave_nothing: whatever becomes of the case, its process and that one's own are ended
leave_nothing() {
  trap '[ -z "${pid:-}" ] || { kill -CONT $pid; kill $pid; } 2>/dev/null' EXIT
}

stops_a_row() {
  leave_nothing
  for stop in 'INT 250' 'TERM 25'; do
    "$program" convert unit.nam one.nam two.nam stopped/ -t 1h -H 2 --linear 0 --no-report >out 2>&1 &
    pid=$!
    child=$(started $pid) && works "$child" "${stop#* }" || return 1
    kill "-${stop% *}" $pid
    wait $pid
    [ $? = 1 ] || { cat out; return 1; }
    cat out
    grep -q 'stopping, and writing the best model so far, if there is one; a second' out && grep -q '^one.nam: .*, interrupted; learned in' out &&
      grep -q '0 failed, . skipped, 1 interrupted, 1 not begun; the same command continues' out &&
      [ "$(ls stopped/*.json | tr '\n' ' ')" = 'stopped/one.json stopped/unit.json ' ] || return 1
    [ -e stopped/one.checkpoint ] && learned="$("$program" info stopped/one.json | sed -n 's/.* \([0-9]*\) updates in.*/\1/p') ${learned:-}" || return 1
  done
  echo "$learned" | awk '{ exit !($1 > 0.8 * $2) }' || { echo "updates: $learned"; return 1; } # The second has continued the first: a batch may be begun again
  grep -q '^unit.nam: skipped' out && "$program" info stopped/one.json
}

# All processes of a terminal get Ctrl-C from it, but grus-train must get it once
keeps_the_best_in_a_terminal() {
  refuses 1 '1 interrupted, 1 not begun' "$press" "$program" convert one.nam two.nam pressed/ -t 1h -H 2 --linear 0 --no-report || return 1
  tr -d '\r' <out >shown
  cat shown
  grep -q '^1 of 2: one.nam, [0-9]*:[0-9][0-9] left, for all about 12[01] min$' shown &&
    grep -q '^one.nam: NAM capture (Linear), interrupted; learned in' shown && [ -s pressed/one.json ]
}

# state_of PID: as the kernel has it: T is stopped
state_of() {
  sed -n 's/^State:.\(.\).*/\1/p' "/proc/$1/status"
}

# Ctrl-Z stops both, and both go on
pauses() {
  leave_nothing
  "$program" convert one.nam paused.json -t 1h -H 2 --linear 0 --no-report >out 2>&1 &
  pid=$!
  child=$(started $pid) || return 1
  [ "$(cut -d ' ' -f 5 /proc/$pid/stat)" != "$(cut -d ' ' -f 5 "/proc/$child/stat")" ] || return 1 # A group of its own
  kill -TSTP $pid
  until [ "$(state_of $pid)$(state_of "$child")" = TT ]; do sleep 0.05; kill -0 $pid || return 1; done
  kill -CONT $pid
  until [ "$(state_of "$child")" != T ] && [ "$(state_of $pid)" != T ]; do sleep 0.05; kill -0 $pid || return 1; done
  kill -INT $pid
  wait $pid && [ -s paused.json ]
}

# Each Ctrl-C is passed on
ends_at_once() {
  leave_nothing
  fake_trainer patient && cat >patient/grus-train <<'END' || return 1
#!/bin/sh
trap 'echo >>interrupts; [ "$(wc -l <interrupts)" -lt 2 ] || exit 130' INT
: >interrupts
while :; do sleep 0.05; done
END
  patient/grus-model convert one.nam two.nam ended/ >out 2>&1 &
  pid=$!
  for n in 0 1; do
    until [ "$(cat interrupts 2>/dev/null | wc -l)" = $n ] && [ -e interrupts ]; do sleep 0.05; done
    kill -INT $pid
  done
  wait $pid
  [ $? = 1 ] || return 1
  cat out
  grep -q '^one.nam: interrupted' out && grep -q '0 failed, 0 skipped, 1 interrupted, 1 not begun' out
}

# While it still looks at the capture, say, as no learner then catches signals
says_that_there_is_nothing() {
  leave_nothing
  fake_trainer early && printf '#!/bin/sh\n: >begun\nexec sleep 60\n' >early/grus-train || return 1
  rm -f begun
  early/grus-model convert one.nam nothing.json >out 2>&1 &
  pid=$!
  until [ -e begun ]; do sleep 0.05; kill -0 $pid || return 1; done
  kill -INT $pid
  wait $pid
  [ $? = 1 ] && grep -q 'one.nam: interrupted before anything was learned; nothing is written' out && [ ! -e nothing.json ] ||
    { cat out; return 1; }
}

# A folder into which nothing came is not left behind, one that was there stays
leaves_no_empty_folder() {
  leave_nothing
  mkdir -p there
  refuses 1 'nosuch.nam: no such file' "$program" convert nosuch.nam fresh/ && [ ! -e fresh ] &&
    refuses 1 'nosuch.nam: no such file' "$program" convert nosuch.nam there/ && [ -d there ]
}

# What an interrupted run left is continued
continues() {
  leave_nothing
  "$program" convert one.nam left.json -t 1h -H 2 --linear 0 --no-report >out 2>&1 &
  pid=$!
  child=$(started $pid) || return 1
  until [ -e left.checkpoint ]; do sleep 0.2; kill -0 $pid || return 1; done
  kill -INT $pid
  wait $pid && [ -s left.json ] || return 1
  fake_trainer again || return 1
  refuses 2 'not to be' again/grus-model convert one.nam left.json -t 1h -H 2 --linear 0 --no-report
  grep -qx -- --resume arguments || return 1
  mkdir -p rest && cp left.json rest/one.json && cp left.checkpoint rest/one.checkpoint && rm arguments || return 1
  refuses 1 '0 converted, 1 failed, 0 skipped' again/grus-model convert one.nam rest/ -t 1s -H 2 --no-report
  grep -qx -- --resume arguments || return 1
  # Interrupted in a trial of the linear stage
  mv rest/one.checkpoint rest/one-linear-0.checkpoint && rm arguments || return 1
  refuses 1 '1 failed' again/grus-model convert one.nam rest/ -t 1h -H 2
  grep -qx -- --resume arguments && mv rest/one-linear-0.checkpoint rest/one.checkpoint || return 1
  # A minute of an hour, without a checkpoint: from the beginning
  rm rest/one.checkpoint arguments
  refuses 1 '1 failed' again/grus-model convert one.nam rest/ -t 1h -H 2
  grep -qx -- --overwrite arguments || return 1
  rm arguments
  says '1 skipped' again/grus-model convert one.nam rest/ -t 1s && [ ! -e arguments ]
}

compares() {
  sox dry.wav -r 44100 dry441.wav || return 1
  sed 's/,"sample_rate":48000//' one.nam >no-rate.nam
  says 'no-rate.nam: gives no sample rate, 96000 Hz is taken from --rate=HZ' "$program" compare one.nam no-rate.nam --rate 96000 --on dry.wav &&
    ! grep -q 'the same' out && says 'the same, sample by sample' "$program" compare one.nam no-rate.nam --rate 48000 --on dry.wav || return 1
  sox dry.wav -b 24 faint.wav vol 0.000001 || return 1
  refuses 2 'faint.wav: is silent; expected playing' "$program" compare one.nam two.nam --on faint.wav &&
    refuses 2 'faint.wav: is silent; expected playing' "$train" --teacher one.nam faint.wav -o faint -t 1s || return 1
  capture 0.5 0 0 >half.nam
  capture 0.25 0 0 >quarter.nam
  capture 0.5 0 0.25 >lifted.nam # What DC is left is removed
  says 'second model against first: ESR 0.250000' "$program" compare half.nam quarter.nam --on dry.wav &&
    says 'ESR 0.000000' "$program" compare half.nam lifted.nam --on dry.wav &&
    says 'second model against first: ESR 0.250000' "$program" compare half.nam quarter.nam --on dry441.wav || return 1
  capture 0 0 0 >mute.nam
  sox -n -r 48000 -b 24 silent.wav trim 0 1 && sox -M dry.wav -v 0.5 dry.wav both.wav && sox -M silent.wav dry.wav right.wav || return 1
  says 'second model against first: the same, sample by sample' "$program" compare half.nam half.nam --on dry.wav &&
    refuses 2 'silent.wav: is silent; expected playing' "$program" compare half.nam one.nam --on silent.wav &&
    refuses 2 'silent.wav: is silent; expected playing' "$program" compare unit.nam one.nam --on silent.wav &&
    refuses 2 'mute.nam: is silent while dry.wav is played; expected sound' "$program" compare mute.nam half.nam --on dry.wav &&
    says 'both.wav: channel 1 of 2 was played; choose another with --channel' "$program" compare half.nam quarter.nam --on both.wav &&
    says 'both.wav: channel 1 of 2 was played; choose another with --channel' "$train" --teacher half.nam both.wav -o both -e 1 -H 2 --no-report &&
    refuses 2 'right.wav: channel 1 of 2 is silent; --channel=2 plays the loudest' "$program" compare half.nam quarter.nam --on right.wav --channel 1 &&
    says 'second model against first: ESR 0.250000' "$program" compare half.nam quarter.nam --on right.wav --channel 2 &&
    ! grep channel out || return 1
  # A model and a capture, as grus-render has them
  "$program" compare one.nam unit.nam --on dry.wav | sed 's/.*first: //' >compared && "$render" one.nam dry.wav a.wav >log &&
    "$render" unit.nam dry.wav b.wav --target a.wav | sed -n 's/.*target: //p' >rendered || return 1
  sed -i 's/\(\.[0-9]\{3\}\)[0-9]*/\1/g' rendered compared && cat rendered compared && [ -s rendered ] && cmp rendered compared
  refuses 2 'bad.nam: ' "$program" compare one.nam bad.nam --on dry.wav
}

echo 1..20
case_of a_capture_is_described informs
case_of a_capture_becomes_a_model_that_says_so converts_one
case_of a_capture_becomes_a_model_for_several_rates learns_for_rates
case_of a_rate_that_is_assumed_is_printed says_what_is_assumed
case_of what_is_not_close_is_marked says_what_is_not_close
case_of grus_train_gets_the_options passes_options_on
case_of a_capture_that_can_not_be_read_is_refused_with_the_reason names_what_is_wrong
case_of a_model_that_needs_no_learning_is_named says_what_needs_no_learning
case_of without_grus_train_a_message_says_so needs_the_trainer
case_of a_row_goes_on_after_one_that_fails_and_skips_what_is_there converts_many
case_of a_row_gives_each_model_a_name_of_its_own keeps_names_apart
case_of a_row_loses_no_file loses_nothing
case_of ctrl_c_keeps_the_best_and_stops_the_row stops_a_row
case_of ctrl_c_in_a_terminal_does_so_too keeps_the_best_in_a_terminal
case_of ctrl_z_stops_both_for_a_while pauses
case_of a_second_one_ends_at_once ends_at_once
case_of what_ends_before_it_learned_says_so says_that_there_is_nothing
case_of a_folder_into_which_nothing_came_is_removed leaves_no_empty_folder
case_of what_was_interrupted_is_continued continues
case_of captures_are_compared_at_any_rate compares
exit $failed
