#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# grus-model: what it says of files, what it makes of them, and how presets come and go. Prints TAP.
# Usage: model.sh GRUS_MODEL GRUS_RENDER RECORD MODEL.json
set -u
. "$(dirname "$0")/../tap.sh"
program=$(realpath "$1") render=$(realpath "$2") record=$(realpath "$3") model=$(realpath "$4")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
export HOME="$folder/home"
mkdir -p "$HOME"

# says TEXT COMMAND...: succeeds, and says TEXT
says() {
  text=$1
  shift
  refuses 0 "$text" "$@"
}

# one_unit W_HH SKIP: a GuitarML model of one GRU unit; the update gate is shut, so h = tanh(x + W_HH h)
one_unit() {
  printf '{"model_data":{"model":"SimpleRNN","input_size":1,"skip":%s,"output_size":1,' "$2"
  printf '"unit_type":"GRU","num_layers":1,"hidden_size":1,"bias_fl":true},"state_dict":{'
  printf '"rec.weight_ih_l0":[[0],[0],[1]],"rec.weight_hh_l0":[[0],[0],[%s]],' "$1"
  printf '"rec.bias_ih_l0":[20,-20,0.1],"rec.bias_hh_l0":[0,0,0],"lin.weight":[[1]],"lin.bias":[0]}}\n'
}

# lstm_unit: a NAM model of one unit; its rate is not said
lstm_unit() {
  printf '{"version":"0.5.4","architecture":"LSTM","config":{"input_size":1,"hidden_size":1,'
  printf '"num_layers":1},"weights":[0.5,0.1,0.6,0.2,0.7,0.3,0.8,0.4,0.1,0.2,0.3,0.4,0,0,1,0],'
  printf '"metadata":{"name":"Unit","modeled_by":"Ann","gear_make":"Box","gear_model":"1"}}\n'
}

# layers FILE: the weights of the main set, as they are written
layers() {
  grep '^ "layers"' "$1"
}

informs() {
  "$program" info "$model" >out || return 1
  cat out
  grep -q 'reset-before, hidden size 16' out && grep -q 'weights for  48000 Hz, ESR' out &&
    grep -q 'weights for  44100 Hz, ESR' out && grep -q 'format       Grus' out &&
    grep -q 'worst 5 %\|A-weighted' out && grep -q 'updates in' out || return 1
  one_unit 0.5 1 >unit.json
  lstm_unit >unit.nam
  "$program" info unit.json unit.nam >out || return 1
  cat out
  grep -q 'format       GuitarML' out && grep -q 'hidden size 1, 14 weights, skip connection' out &&
    grep -q '44100 Hz (assumed' out && grep -q 'format       NAM' out &&
    grep -q '48000 Hz (assumed' out && grep -q 'gear         Box 1' out || return 1
  # What a terminal would obey is not printed
  lstm_unit | sed 's/Unit/Un\\u001b[2Jit/; s/Ann/An\\u009bn/' >odd.nam
  says 'name         Un [2Jit' "$program" info odd.nam && says 'author       An n' "$program" info odd.nam
}

checks() {
  "$program" check "$model" | grep -q ': OK$' || return 1
  # One weight wrong: the file's own test sees it
  sed '0,/"weights":\[\[\[/s//"weights":[[[1/' "$model" >wrong.json
  refuses 2 'plays its own test signal with an error' "$program" check wrong.json &&
    refuses 2 'nothing.json' "$program" check nothing.json
}

# Files of others have no test of their own
plays_to_check() {
  one_unit 0.5 0 >good.json
  one_unit -9 0 >restless.json # Every other sample has the other sign, for ever
  lstm_unit >good.nam
  lstm_unit | sed 's/,0.4,0,0,1,0\]/,0.4,0,0,3e38,0]/' >loud.nam
  lstm_unit | sed 's/,0.4,0,0,1,0\]/,0.4,0,0,0,0]/' >mute.nam
  says 'good.json: OK, as far as can be seen without a test signal' "$program" check good.json good.nam &&
    refuses 2 'loud.nam: at 48000 Hz its output runs away, and players mute it' "$program" check loud.nam &&
    refuses 2 'mute.nam: at 48000 Hz it is silent whatever is played' "$program" check mute.nam &&
    refuses 2 "doesn't decay to silence" "$program" check restless.json || return 1
  refuses 2 "restless.json: at 44100 Hz it doesn't" "$program" check restless.json good.nam &&
    grep -q '^good.nam: OK' out # The others are checked all the same
}

# What goes to one log stands there in its order
prints_in_order() {
  "$program" check "$model" nothing.json "$model" >log 2>&1
  sed 's/.*\(: OK\|: no such file\)$/\1/' log | tr -d '\n' | grep -qx ': OK: no such file: OK'
}

reads_any_extension() {
  cp "$model" amp.aidax && cp "$model" amp && says 'amp.aidax: OK' "$program" check amp.aidax && says 'amp: OK' "$program" check amp
}

# What is printed about a capture can be pasted into a shell
captures_name_their_command() {
  mkdir -p "it's here" && printf '{"architecture":"SlimmableContainer","weights":[]}' >"it's here/My Amp.nam"
  refuses 2 'is a NAM capture (A2)' "$program" check "it's here/My Amp.nam" || return 1
  eval "set -- $(sed -n 's/.*learn from it: //p' out)" && printf '%s\n' "$@" >words && cat words &&
    printf "%s\n" grus-train --teacher "it's here/My Amp.nam" -o 'My Amp' --install | cmp - words
}

# A model with a skip connection, gains and a size of its own, and what others know
converts() {
  one_unit 0.5 1 >unit.json
  says 'written for 44100 Hz' "$program" convert unit.json unit-grus.json && grep -q 'unit.json: gives no sample rate, 44100 Hz is assumed; --rate=HZ sets another' out && grep -q '"loudness": *-[1-9]' unit-grus.json &&
    says 'written for 48000 Hz' "$program" convert --rate 48000 unit.json unit48.json &&
    ! grep -q assumed out && mkdir lv2 && says 'preset "unit": lv2/grus-unit.lv2' "$program" convert unit.json my-unit.json --install=lv2 &&
    says 'preset "unit" replaced: lv2/grus-unit.lv2' "$program" convert unit.json my-unit.json --install=lv2 --overwrite &&
    "$program" info unit48.json | grep -q 'weights for  48000 Hz$' || return 1
  says 'written' "$program" convert unit-grus.json --to=guitarml back.json && [ ! -s err ] &&
    says 'written' "$program" convert back.json again.json || return 1
  layers unit-grus.json >a
  layers again.json | cmp - a || return 1
  says 'its skip connection became a unit' "$program" convert --to=aida-x unit-grus.json aida.json &&
    grep -q 'its hidden size is 8 now, not 1' out || return 1
  grep -q '"in_skip"' aida.json && return 1
  grep -q '^ "samplerate": 44100,' aida.json && grep -q '"shape":\[null,null,8\]' aida.json &&
    grep -q '"samplerate":"44100"' aida.json && grep -q '"input_batch"' aida.json &&
    says 'aida.json: OK' "$program" check aida.json || return 1
  sed 's/^ "in_skip": 1/ "in_gain": -6, "out_gain": 3, &/' unit-grus.json >gains.json
  "$program" info gains.json >out && grep -q 'input gain   -6.00 dB' out && grep -q 'output gain  3.00 dB' out &&
    says 'its gains became part of the weights' "$program" convert --to=guitarml gains.json gained.json || return 1
  # Once more changes nothing
  says 'written' "$program" convert --to=aida-x aida.json aida2.json && [ "$(wc -l <out)" = 1 ] &&
    cmp aida.json aida2.json
}

prints_losses() {
  refuses 2 "$model: uses the reset-before cell" "$program" convert --to=aida-x "$model" x.json &&
    refuses 2 '--cell reset-after' "$program" convert --to=guitarml "$model" x.json || return 1
  [ ! -e x.json ] || return 1
  refuses 2 'is an input file' "$program" convert unit.json ./unit.json &&
    refuses 2 'has weights for 44100 Hz, not for --rate=96000' "$program" convert --rate 96000 unit-grus.json x.json &&
    refuses 1 '/nowhere/x.json' "$program" convert unit.json /nowhere/x.json || return 1
  one_unit 0.5 0 | sed 's/"input_size":1/"input_size":2/; s/\[\[0\],\[0\],\[1\]\]/[[0,0],[0,0],[1,1]]/' >knob.json
  "$program" convert knob.json named.json >out 2>&1 || { cat out; return 1; }
  sed -i 's/"knobs":\[""\]/"knobs":["drive"]/' named.json
  says 'names of its knobs are left out' "$program" convert --to=guitarml named.json x.json
}

# Each of several sets of weights can be the first, and the first is what other formats get
chooses_rates() {
  says 'written for 44100 Hz' "$program" convert --rate=44100 "$model" swapped.json &&
    says 'written for 48000 Hz' "$program" convert --rate=48000 swapped.json back48.json || return 1
  "$program" info swapped.json | grep 'weights for' | head -1 | grep -q 44100 || return 1
  layers "$model" >a
  layers back48.json | cmp - a && grep -q '"sets"' swapped.json && ! layers swapped.json | cmp -s - a
}

compares() {
  "$record" ts9 dry.wav wet.wav --seconds 3 --seed 2 >/dev/null || return 1
  says 'second model against first: the same, sample by sample' "$program" compare "$model" "$model" --on dry.wav || return 1
  # A model at another rate plays between resamplers: late by hundreds of frames, and in line all the same
  sed 's/^ "samplerate": 44100/ "samplerate": 40000/; s/"samplerate":"44100"/"samplerate":"40000"/' aida.json |
    "$program" convert /dev/stdin moved.json >out 2>&1 || { cat out; return 1; }
  one_unit 0.5 1 >unit.json
  "$program" compare unit.json aida.json --on=dry.wav >out || return 1
  cat out
  awk '/second model against first: ESR/ { exit !($6 < 1e-6) }' out || return 1
  "$program" compare aida.json moved.json --on=dry.wav >out || return 1
  cat out
  awk '/second model against first: ESR/ { exit !($6 < 0.05) }' out || return 1
  "$program" compare "$model" aida.json --on=dry.wav >out || return 1
  cat out
  awk '/second model against first: ESR/ { exit !($6 > 0.05) }' out || return 1
  { head -c 24 dry.wav && printf '\364\001\0\0' && tail -c +29 dry.wav; } >slow.wav # At 500 Hz
  refuses 2 "slow.wav: can't be played at 500 Hz; expected 1000 to 1000000 Hz" "$program" compare "$model" aida.json --on slow.wav &&
    refuses 2 'needs --on=FILE.wav' "$program" compare "$model" aida.json &&
    refuses 2 'missing.wav' "$program" compare "$model" aida.json --on missing.wav &&
    refuses 2 'missing.json' "$program" compare "$model" missing.json --on dry.wav
}

# As if the files gave it
compares_at_a_given_rate() {
  says 'unit.json: gives no sample rate, 44100 Hz is assumed; --rate=HZ sets another' "$program" compare unit48.json unit.json --on dry.wav &&
    ! grep -q 'the same, sample by sample' out &&
    says 'unit.json: gives no sample rate, 48000 Hz is taken from --rate=HZ' "$program" compare unit48.json unit.json --on dry.wav --rate 48000 &&
    grep -q 'second model against first: the same, sample by sample' out
}

# Of a folder with captures, say
names_what_is_in_folders() {
  mkdir captures
  refuses 2 'captures: is a folder; expected its files, such as captures/*.nam' "$program" info captures &&
    refuses 2 'captures/: is a folder; expected its files, such as captures/*.nam' "$program" convert captures/ x.json &&
    refuses 1 'captures/: is a folder; expected its files, such as captures/*.nam' "$program" convert captures/ made/
}

# What the score of grus-render says of B's sound against A's is what compare says
agrees_with_render() {
  "$render" "$model" dry.wav a.wav >/dev/null && "$render" aida.json dry.wav b.wav --target a.wav --latency=0 |
    sed -n 's/.*target: //p' >rendered && "$program" compare "$model" aida.json --on dry.wav |
    sed 's/.*first: //' >compared && sed -i 's/\(\.[0-9]\{3\}\)[0-9]*/\1/g' rendered compared && cat rendered compared && [ -s rendered ] && cmp rendered compared
}

prints_the_assumed_rate() {
  "$render" unit.json dry.wav out.wav >out || return 1
  cat out
  grep -q 'unit.json: gives no sample rate, 44100 Hz is assumed; --rate=HZ sets another' out && "$render" unit48.json dry.wav out.wav >out &&
    ! grep -q assumed out
}

# A given rate does what the same rate in the file does, and nothing if the file has another
takes_the_rate_it_is_given() {
  "$render" --rate=48000 unit.json dry.wav given.wav >out && "$render" unit48.json dry.wav stated.wav && cat out || return 1
  grep -q 'unit.json: gives no sample rate, 48000 Hz is taken from --rate=HZ' out && ! grep -q assumed out &&
    cmp given.wav stated.wav && "$render" --overwrite unit.json dry.wav assumed.wav >/dev/null &&
    ! cmp -s given.wav assumed.wav || return 1
  "$render" --rate=96000 unit48.json dry.wav ignored.wav >out && cat out &&
    grep -q 'unit48.json: is for 48000 Hz, as it says; 96000 Hz from --rate=HZ is ignored' out &&
    cmp ignored.wav stated.wav && refuses 2 'a number from 8000 to 768000' "$render" --rate=48 unit.json dry.wav no.wav
}

comes_and_goes() {
  "$program" install "$model" || return 1
  "$program" list >out && cat out
  grep -q "^Drive (TS-9 style)	$HOME/.lv2/grus-" out && [ "$(wc -l <out)" = 1 ] || return 1
  mkdir "$HOME/.lv2/grus-other.lv2" "$HOME/.lv2/other.lv2" # Not ours, though one is called so
  [ "$("$program" list | wc -l)" = 1 ] || return 1
  refuses 2 'no preset "other"' "$program" uninstall other || return 1
  "$program" uninstall 'Drive (TS-9 style)' || return 1
  [ -z "$("$program" list)" ] && [ "$(ls -A "$HOME/.lv2")" = "grus-other.lv2
other.lv2" ]
}

# A bundle with a model in it that somebody else wrote; a name that only looks alike
spares_others() {
  mkdir -p spare
  "$program" install --folder=spare "$model" || return 1
  bundle=$(echo spare/grus-Drive-TS-9-style-????????.lv2)
  refuses 2 'no preset' "$program" uninstall --folder=spare 'Drive (TS 9 style)' || return 1
  sed -i 's/^@prefix pset.*/# By hand/' "$bundle/manifest.ttl"
  find spare | sort >before
  refuses 2 'no preset' "$program" uninstall --folder=spare 'Drive (TS-9 style)' && [ -s "$bundle/Drive (TS-9 style).json" ] &&
    [ -z "$("$program" list --folder=spare)" ] || return 1
  refuses 2 "$bundle: is there, but is not a preset that Grus installed" "$program" install --folder=spare "$model" || return 1
  mkdir spare/grus-plexi.lv2 && echo theirs >spare/grus-plexi.lv2/manifest.ttl && named plexi >p.json
  refuses 2 'spare/grus-plexi.lv2: is there, but is not a preset' "$program" install --folder=spare p.json &&
    [ "$(cat spare/grus-plexi.lv2/manifest.ttl)" = theirs ] && rm -r spare/grus-plexi.lv2 || return 1
  find spare | sort | cmp before - # Hidden ones, too
}

# named NAME: a model called so
named() {
  one_unit 0.5 0 >named-unit.json
  escaped=$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')
  "$program" convert named-unit.json /dev/stdout 2>/dev/null | sed '$d' | NAME=$escaped awk '
    { i = index($0, "\"name\":\"named-unit\"")
      if (i) $0 = substr($0, 1, i - 1) "\"name\":\"" ENVIRON["NAME"] "\"" substr($0, i + 19)
      print }'
}

# With names that folders can't spell, or that differ in nothing else
presets_do_not_share() {
  mkdir many
  i=0
  while read -r name; do
    i=$((i + 1))
    named "$name" >"m$i.json"
    says "installed as \"$name\"" "$program" install --folder=many "m$i.json" || return 1
  done <<EOF
A B
A-B
A/B
日本
中国
Über
Öber
plexi
JCM "800"
back\\slash
.hidden
100 % {} <>#?:
EOF
  "$program" list --folder=many | cut -f 1 | sort >listed
  [ "$(wc -l <listed)" = $i ] && [ "$(ls -A many | wc -l)" = $i ] || { cat listed; ls -A many; return 1; }
  # Each replaces only itself
  for k in $(seq $i); do
    says 'replaced the preset' "$program" install --folder=many "m$k.json" || return 1
  done
  "$program" list --folder=many | cut -f 1 | sort | cmp listed - && [ "$(ls -A many | wc -l)" = $i ] || return 1
  [ -s many/grus-plexi.lv2/plexi.json ] && [ -s many/grus-A-B.lv2/A-B.json ] || return 1
  while read -r name; do
    says 'removed' "$program" uninstall --folder=many "$name" || return 1
  done <listed
  [ -z "$(ls -A many)" ]
}

# In grus-SLUG.lv2, with model.json in it: it is listed, replaced where it is, and removed; one of another name stays
knows_old_bundles() {
  mkdir old && named 'A B' >ab.json && named A-B >a-b.json
  "$program" install --folder=old ab.json && mv old/grus-A-B-*.lv2 old/grus-A-B.lv2 || return 1
  mv 'old/grus-A-B.lv2/A B.json' old/grus-A-B.lv2/model.json && sed -i 's/<A%20B.json>/<model.json>/' old/grus-A-B.lv2/preset*.ttl
  [ "$("$program" list --folder=old)" = "A B	old/grus-A-B.lv2" ] || return 1
  says 'installed as "A-B"' "$program" install --folder=old a-b.json && [ "$("$program" list --folder=old | wc -l)" = 2 ] || return 1
  says 'replaced the preset "A B" in old/grus-A-B.lv2' "$program" install --folder=old ab.json &&
    [ -s 'old/grus-A-B.lv2/A B.json' ] && [ ! -e old/grus-A-B.lv2/model.json ] && [ "$(ls -A old | wc -l)" = 2 ] || return 1
  says 'removed' "$program" uninstall --folder=old 'A B' && says 'removed' "$program" uninstall --folder=old A-B &&
    [ -z "$(ls -A old)" ]
}

# Bundles that are kept elsewhere: the link goes, not what is behind it
follows_no_links() {
  mkdir -p links precious && echo mine >precious/notes.txt && echo mine >precious/important.ttl && named plexi >p.json
  for link in "$PWD/precious" ../precious /nowhere; do
    ln -s "$link" links/grus-plexi.lv2
    refuses 2 'links/grus-plexi.lv2: is there, but is not a preset' "$program" install --folder=links p.json &&
      refuses 2 'no preset "plexi"' "$program" uninstall --folder=links plexi || return 1
    [ "$(readlink links/grus-plexi.lv2)" = "$link" ] && [ "$(cat precious/* | wc -l)" = 2 ] && rm links/grus-plexi.lv2 || return 1
  done
  mkdir kept && "$program" install --folder=kept p.json && echo mine >kept/grus-plexi.lv2/notes.txt || return 1
  for link in "$PWD/kept/grus-plexi.lv2" ../kept/grus-plexi.lv2; do
    for step in install uninstall; do
      find kept -type f -exec md5sum {} + | sort >before
      ln -s "$link" links/grus-plexi.lv2
      case $step in
      install) says 'replaced the preset "plexi"' "$program" install --folder=links p.json && [ ! -L links/grus-plexi.lv2 ] &&
        rm -r links/grus-plexi.lv2 || return 1 ;;
      *) says 'removed' "$program" uninstall --folder=links plexi || return 1 ;;
      esac
      find kept -type f -exec md5sum {} + | sort | cmp before - && [ -z "$(ls -A links)" ] || return 1
    done
  done
  # A file of the user's in a bundle of ours
  refuses 2 'has a file that Grus did not put there, notes.txt' "$program" install --folder=kept p.json &&
    refuses 2 'notes.txt' "$program" uninstall --folder=kept plexi && [ -s kept/grus-plexi.lv2/notes.txt ] &&
    [ -s kept/grus-plexi.lv2/manifest.ttl ]
}

installs_files_of_others() {
  lstm_unit | sed 's/"name":"Unit",//' >plexi.nam
  says 'installed as "plexi"' "$program" install --folder=spare plexi.nam &&
    [ -s spare/grus-plexi.lv2/plexi.json ] && grep -q 'urn:grus:mono' spare/grus-plexi.lv2/preset.ttl &&
    grep -q 'urn:grus:stereo' spare/grus-plexi.lv2/preset-stereo.ttl &&
    says 'removed' "$program" uninstall --folder=spare plexi && [ ! -e spare/grus-plexi.lv2 ]
}

# The preset's file says a rate, so it had better be the right one
installs_with_a_rate() {
  mkdir rated && says 'unit.json: gives no sample rate, 44100 Hz is assumed; --rate=HZ sets another' "$program" install --folder=rated unit.json &&
    grep -q '"samplerate": 44100' rated/grus-unit.lv2/unit.json &&
    says 'unit.json: gives no sample rate, 88200 Hz is taken from --rate=HZ' "$program" install --folder=rated --rate=88200 unit.json &&
    grep -q '"samplerate": 88200' rated/grus-unit.lv2/unit.json
}

chooses_folders() {
  mkdir own
  "$program" install --folder=own "$model" && [ "$("$program" list --folder=own | wc -l)" = 1 ] &&
    refuses 2 'missing: there is no such folder; make it first' "$program" list --folder=missing
}

refuses_commands() {
  refuses 2 'dance: unknown command' "$program" dance x && refuses 2 "expected 'info FILE...'" "$program" info &&
    refuses 2 'did you mean convert?' "$program" covnert x y &&
    refuses 2 "expected 'convert [OPTION...] FILE OUT'" "$program" convert x && refuses 2 "expected 'list " "$program" list x &&
    refuses 2 'Usage' "$program" && refuses 2 '--nonsense: unknown option' "$program" list --nonsense &&
    refuses 2 "--on: unknown option. Try 'grus-model info --help'" "$program" info --on x.wav x &&
    refuses 2 '--folder: unknown option' "$program" convert --folder=x a b &&
    refuses 2 'expected grus, aida-x or guitarml' "$program" convert --to=nam a b &&
    refuses 2 '--rate' "$program" convert --rate=fast a b
}

echo 1..24
case_of a_file_is_described informs
case_of a_damaged_file_is_found checks
case_of a_model_is_played_to_check_it plays_to_check
case_of messages_and_output_share_a_log_in_order prints_in_order
case_of a_capture_names_the_command_that_learns_from_it captures_name_their_command
case_of the_extension_does_not_matter reads_any_extension
case_of a_model_goes_to_other_formats_and_back converts
case_of what_a_format_cannot_say_is_printed prints_losses
case_of a_set_of_weights_is_chosen_by_its_rate chooses_rates
case_of models_are_compared_in_line compares
case_of comparing_agrees_with_rendering agrees_with_render
case_of a_rate_can_be_given_to_compare_at compares_at_a_given_rate
case_of a_folder_is_refused_with_what_to_give names_what_is_in_folders
case_of an_assumed_rate_is_printed prints_the_assumed_rate
case_of a_rate_can_be_given_for_files_without_one takes_the_rate_it_is_given
case_of a_preset_is_installed_listed_and_removed comes_and_goes
case_of bundles_of_others_are_spared spares_others
case_of presets_of_different_names_never_share_a_folder presets_do_not_share
case_of bundles_of_older_versions_are_known knows_old_bundles
case_of nothing_behind_a_link_is_touched follows_no_links
case_of a_file_of_another_format_becomes_a_preset installs_files_of_others
case_of a_preset_says_the_rate_that_was_given installs_with_a_rate
case_of another_folder_can_be_chosen chooses_folders
case_of bad_commands_are_refused_with_what_would_be_right refuses_commands
exit $failed
