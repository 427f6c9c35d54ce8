#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# No program destroys what a user has: every option that names an output, against every kind of file. Prints TAP.
# Usage: outputs.sh GRUS_TRAIN GRUS_RENDER GRUS_MODEL GRUS_SIGNAL RECORD MODEL.json
set -u
. "$(dirname "$0")/../tap.sh"
train=$(realpath "$1") render=$(realpath "$2") program=$(realpath "$3") signal=$(realpath "$4")
record=$(realpath "$5") model=$(realpath "$6")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
"$record" clipper dry.wav wet.wav --seconds 6 --seed 3 >log || exit 1

# Whatever is printed where there is no room for it is a failure
notices_full_outputs() {
  [ -c /dev/full ] || return 0
  cp "$model" m.json && mkdir -p lv2 && "$program" install --folder=lv2 m.json >out || return 1
  while read -r command; do
    eval "$command" >/dev/full 2>err
    got=$?
    [ $got = 1 ] && grep -q 'grus-[a-z]*: standard output: could not be written' err && continue
    echo "$command exited with $got:"
    cat err
    return 1
  done <<EOF
"$train" --help
"$train" --version
"$train" --examine dry.wav wet.wav
"$render" --help
"$render" --version
"$render" m.json dry.wav full.wav
"$signal" --help
"$signal" --version
"$signal" --layout
"$program" --help
"$program" --version
"$program" info --help
"$program" info m.json
"$program" check m.json
"$program" list --folder=lv2
"$program" compare m.json m.json --on=dry.wav
EOF
}

# state: every file and folder, and what is in them
state() {
  find . -mindepth 1 ! -path ./out ! -path ./err ! -path ./before ! -path ./after \( -type f -exec md5sum {} + -o -printf '%p %y %l\n' \) | sort
}

# remember: what the folder has now
remember() {
  state >before
}

# spares TEXT COMMAND...: refuses with status 1 or 2 and TEXT, and every file stays as it was when it was remembered
spares() {
  text=$1
  shift
  "$@" >out 2>&1
  got=$?
  state >after
  case $got in 1 | 2) grep -qE -- "$text" out && cmp -s before after && return ;; esac
  echo "$* exited with $got, did not say \"$text\", or changed a file:"
  cat out
  diff before after
  return 1
}

# Every file that a user may have, by the name it has: inputs, others, links to them, what is no file
victims() {
  mkdir -p v && cp dry.wav wet.wav v && cp "$model" v/m.json && cp dry.wav v/cabinet.wav && cd v || return 1
  sox -n -r 48000 -c 1 theirs.wav synth 1 sine 300 2>/dev/null || cp dry.wav theirs.wav
  cp theirs.wav theirs.flac && cp theirs.wav theirs.mp3 && cp theirs.wav theirs
  cp "$model" other.json && echo '{"a": 1}' >settings.json && echo '<html>mine</html>' >mine.html && echo text >notes.txt
  for file in dry.wav m.json theirs.wav mine.html; do
    ln -s $file "link-$file" && ln $file "hard-$file"
  done
  mkdir folder folder.wav folder.json folder.html full full.wav && echo kept >full/file && echo kept >full.wav/file && remember
}

# For each program and option that names an output: every victim
replaces_nothing() {
  victims || return 1
  while read -r command; do
    for victim in dry.wav wet.wav m.json cabinet.wav theirs.wav theirs.flac theirs.mp3 theirs other.json settings.json \
      mine.html notes.txt link-* hard-* folder folder.wav folder.json folder.html full full.wav folder/ - ''; do
      case $command,$victim in *'" convert '*,folder* | *'" convert '*,full*) continue ;; esac # It writes into folders
      case $victim in *.json) kind=model ;; *.html) kind=page ;; *.wav | *.flac | *.mp3) kind=sound ;; *) kind= ;; esac
      eval "set -- $command"
      spares 'is an input file|exists|is a folder|names a folder|is the name of|expected' "$@" || return 1
      # Being told to replace it does not help where the file is read, or is none, or is of another kind
      case $command,$victim,$kind in
      *,folder* | *,full* | *,-,* | *,,*) spares . "$@" --overwrite || return 1 ;;
      *'" convert '*,*,sound | *'" convert '*,*,page | *'" gates '*,*,sound | *'" gates '*,*,model | \
        *'-render" '*,*,page | *'-render" '*,*,model | *'-signal" '*,*,page | *'-signal" '*,*,model) spares 'is the name of' "$@" --overwrite || return 1 ;;
      esac
    done
  done <<EOF
"$render" m.json dry.wav "\$victim" --target=wet.wav --cabinet=cabinet.wav
"$signal" --seconds=60 --append=dry.wav "\$victim"
"$program" convert m.json "\$victim"
"$program" gates m.json dry.wav "--output=\$victim"
EOF
}

# Whatever it is told
replaces_no_inputs() {
  cd v || return 1
  for file in m.json dry.wav wet.wav cabinet.wav; do
    ln -s $file "to-$file.wav" && ln $file "as-$file.wav" && ln -s $file "to-$file.json" && ln $file "as-$file.json" &&
      ln -s $file "to-$file.html" && ln $file "as-$file.html" && remember || return 1
    for link in to as; do
      spares 'is an input file' "$render" m.json dry.wav $link-$file.wav --target=wet.wav --cabinet=cabinet.wav --overwrite ||
        return 1
      [ $file != dry.wav ] ||
        spares 'is an input file' "$signal" --seconds=60 --append=$file $link-$file.wav --overwrite || return 1
      [ $file != m.json ] || spares 'is an input file' "$program" convert m.json $link-$file.json --overwrite || return 1
      case $file in
      m.json | dry.wav) spares 'is an input file' "$program" gates m.json dry.wav --output=$link-$file.html --overwrite || return 1 ;;
      esac
    done
  done
}

# What a program wrote it replaces; what another one wrote only if it is told to
replaces_its_own() {
  mkdir own && cp "$model" own/m.json && cp dry.wav own && cd own || return 1
  for ending in wav flac aiff; do
    "$render" m.json dry.wav o.$ending >out && "$render" m.json dry.wav o.$ending >out || return 1
    "$signal" --seconds=60 s.$ending >out && "$signal" --seconds=61 s.$ending >out && remember || return 1
    spares 'exists, but grus-signal did not write it' "$signal" --seconds=60 o.$ending &&
      spares 'exists, but grus-render did not write it' "$render" m.json dry.wav s.$ending || return 1
    "$signal" --seconds=60 o.$ending --overwrite >out && "$render" m.json dry.wav s.$ending --overwrite >out || return 1
  done
  "$program" gates m.json dry.wav >out && "$program" gates m.json dry.wav >out && [ -s m-gates.html ] &&
    echo '<html>mine</html>' >m-gates.html && remember && spares 'm-gates.html: exists' "$program" gates m.json dry.wav &&
    "$program" gates m.json dry.wav --overwrite >out || return 1
  "$program" convert --rate=44100 m.json c.json >out && remember && spares 'c.json: exists' "$program" convert m.json c.json &&
    "$program" convert --overwrite m.json c.json >out
}

# The end of a name chooses the format, or is refused before anything is done
chooses_formats() {
  mkdir formats && cd formats && cp "$model" m.json && remember || return 1
  for name in o.mp3 o.ogg o.opus o.m4a o o.txt o.wav/ -; do
    spares 'expected' "$render" m.json ../dry.wav "$name" && spares 'expected' "$signal" "$name" || return 1
  done
  command -v soxi >/dev/null || return 0
  "$render" m.json ../dry.wav o.flac >out && [ "$(soxi -t o.flac)" = flac ] && [ "$(soxi -b o.flac)" = 24 ] &&
    "$signal" --seconds=60 s.aiff >out && [ "$(soxi -t s.aiff)" = aiff ] || return 1
  "$render" m.json ../dry.wav o.flac --output-level=20 >out && grep -q 'clipped; a .wav file holds them' out
}

# Ctrl-C and SIGTERM leave nothing, not even under another name
leaves_nothing() {
  mkdir ended && cd ended || return 1
  remember
  for signal_name in INT TERM; do
    env --default-signal=INT "$signal" --seconds=600 --rate=192000 s.wav >out 2>&1 &
    pid=$!
    until [ "$(readlink /proc/$pid/fd/* 2>/dev/null | grep -c "$PWD")" -gt 2 ] || ! kill -0 $pid 2>/dev/null; do :; done
    kill -$signal_name $pid
    wait $pid
    [ $? -gt 128 ] && state | cmp before - || return 1
  done
}

# In the ways of NAME.json, NAME.html, NAME.checkpoint and the preset: before the training, which would take an hour
trains_over_nothing() {
  mkdir t && cp dry.wav wet.wav t && cp "$model" t/m.json && cp "$model" t/factory.json && cd t || return 1
  echo '{"a": 1}' >settings.json && echo '<html>mine</html>' >site.html && echo mine >ours.checkpoint &&
    echo mine >rates-44100.checkpoint && mkdir dir.json page.html saved.checkpoint folder lv2 lv2/grus-amp.lv2 &&
    echo mine >lv2/grus-amp.lv2/manifest.ttl && ln wet.wav input.json && ln -s wet.wav linked.html && remember || return 1
  while read -r name expected; do
    spares "$expected" timeout 100 "$train" dry.wav wet.wav -t 1h -o "$name" || return 1
  done <<EOF
settings settings.json: exists, but Grus did not write it
settings.json settings.json: exists, but Grus did not write it
factory factory.json: is a model of other recordings
site site.html: exists, but Grus did not write it
ours ours.checkpoint: exists, but is not a checkpoint
saved saved.checkpoint: exists, but is not a checkpoint
dir dir.json: is a folder
page page.html: is a folder
input input.json: is an input file
linked linked.html: is an input file
folder/ folder/: names a folder; expected folder/NAME.json
nowhere/x nowhere/x.json: there is no folder nowhere; make it first, or choose another
folder/no/x folder/no/x.json: there is no folder folder/no;
wet.wav wet.wav: is the name of a sound file
new.flac new.flac: is the name of a sound file
site.html site.html: is the name of a page
- expected the name of a model
EOF
  spares 'm.json: is an input file' "$train" dry.wav wet.wav --from m.json -o m -t 1h &&
    spares 'm.json: is an input file' "$train" dry.wav wet.wav --from m.json -o m -t 1h --overwrite &&
    spares 'input.json: is an input file' "$train" dry.wav --take 0=wet.wav --take 1=dry.wav -o input -t 1h --overwrite &&
    spares 'input.json: is an input file' "$train" dry.wav dry.wav --test-input dry.wav --test-target wet.wav -o input -t 1h --overwrite &&
    spares 'ours.checkpoint: exists, but is not' "$train" dry.wav wet.wav -o ours -t 1h --overwrite &&
    spares 'ours.checkpoint: exists, but is not' "$train" dry.wav wet.wav -o ours -t 1h --resume &&
    spares 'rates-44100.checkpoint: exists' "$train" dry.wav wet.wav -o rates -t 1h --rates 44100 &&
    spares 'lv2/grus-amp.lv2: is there, but is not a preset' "$train" dry.wav wet.wav -o amp -t 1h --install=lv2 &&
    spares '/nowhere: there is no such folder' "$train" dry.wav wet.wav -o amp -t 1h --install=/nowhere &&
    spares 'a folder to install into is given as --install=FOLDER' "$train" dry.wav wet.wav -o amp --install lv2 &&
    spares 'expected a name' "$train" dry.wav wet.wav -o amp --name '' &&
    spares 'm.json: has hidden size 16, which is kept; leave out --hidden-size=32' "$train" dry.wav wet.wav -o amp --from m.json -H 32 &&
    spares 'm.json: has the cell reset-before' "$train" dry.wav wet.wav -o amp --from m.json --cell reset-after &&
    spares 'm.json: has no skip' "$train" dry.wav wet.wav -o amp --from m.json --skip
}

# esr_of MODEL: of its training record
esr_of() {
  sed -n 's/.*"esr": *\([0-9.e-]*\).*/\1/p' "$1" | head -1
}

# The better model of the same recordings keeps the name; the other gets one of its own, and so do its files
keeps_the_better_model() {
  mkdir better && cp dry.wav wet.wav better && cd better && mkdir lv2 || return 1
  "$train" dry.wav wet.wav -o amp -e 8 -H 8 --linear=0 -q >out && cp amp.json first.json && cp amp.html first.html || return 1
  for n in 2 3; do
    "$train" dry.wav wet.wav -o amp -e 1 -H 2 -q --install=lv2 >out || { cat out; return 1; }
    cat out
    grep -q 'note: amp.json exists, ESR .*it stays if the new model is worse' out && grep -q 'note: amp.json stays' out &&
      grep -q 'note: grus-model install amp.json makes the better one a preset' out &&
      grep -q "^model: amp-$n.json" out && grep -q "^report: amp-$n.html" out && grep -q "^preset \"amp-$n\"" out &&
      cmp amp.json first.json && cmp amp.html first.html && grep -q "\"name\":\"amp-$n\"" amp-$n.json || return 1
  done
  "$train" dry.wav wet.wav -o amp -e 30 -H 8 --linear=0 -q >out && grep -q '^model: amp.json' out &&
    echo "$(esr_of amp.json) $(esr_of first.json)" | awk '{ exit !($1 < $2) }' || return 1
  cp amp.json second.json && remember
  spares 'amp.json: is a model of other recordings' "$train" wet.wav dry.wav -o amp -e 1 -H 2 -q --force && cmp amp.json second.json || return 1
  "$train" dry.wav wet.wav -o amp -e 1 -H 2 -q --overwrite >out && grep -q 'it will be replaced' out &&
    ! cmp -s amp.json second.json
}

# As if somebody had copied it there
keeps_what_came_meanwhile() {
  mkdir meanwhile
  : >out # Of the case before
  "$train" dry.wav wet.wav -o meanwhile/amp -t 1h -H 8 --linear=0 >out 2>err &
  pid=$!
  until grep -q '^epoch ' out || ! kill -0 $pid; do sleep 0.05; done
  cp "$model" meanwhile/amp.json && kill -TERM $pid
  wait $pid || { cat out err; return 1; }
  cmp "$model" meanwhile/amp.json && [ -s meanwhile/amp-2.json ] && [ -s meanwhile/amp-2.html ]
}

# What an interrupted run left is continued or started again only if one is told to
keeps_checkpoints() {
  mkdir left && cp dry.wav wet.wav left && cd left || return 1
  "$train" dry.wav wet.wav -o amp -t 1h -H 8 --linear=0 --checkpoint-interval 0.01s >out 2>err &
  pid=$!
  until [ -e amp.checkpoint ] || ! kill -0 $pid; do sleep 0.05; done
  spares_running() { "$train" dry.wav wet.wav -o ./amp -t 1h --overwrite >said 2>&1; [ $? = 2 ] && grep -q 'another grus-train is about to write it' said; }
  spares_running || { cat said; return 1; }
  kill -TERM $pid
  wait $pid || return 1
  cat err
  grep -q '^checkpoint: amp.checkpoint; the same command with --resume continues$' out || { cat out; return 1; }
  [ "$(grep -c 'stopping, and writing the best model so far; a second Ctrl-C ends at once' err)" = 1 ] && [ -e amp.checkpoint ] && remember &&
    spares 'amp.checkpoint: is what an interrupted run left; continue it with --resume' "$train" dry.wav wet.wav -o amp -t 1h -H 8 --linear=0 || return 1
  # It may go while a run goes on
  "$train" dry.wav wet.wav -o amp -e 1 -H 8 -q --overwrite >out && [ ! -e amp.checkpoint ]
}

# What an interrupted run left of a further rate goes when another under its name has ended, but not what a run left
# whose name looks the same
removes_checkpoints_of_other_rates() {
  mkdir rates && cp dry.wav wet.wav rates && cd rates || return 1
  : >out # Of the case before
  "$train" dry.wav wet.wav -o amp -e 40 -H 8 --linear=0 --rates 44100 --checkpoint-interval 0.01s >out 2>err &
  pid=$!
  until [ -e amp-44100.checkpoint ] || ! kill -0 $pid; do sleep 0.02; done
  kill -KILL $pid
  wait $pid
  : >out
  "$train" dry.wav wet.wav -o amp-48000 -t 1h -H 8 --linear=0 --checkpoint-interval 0.01s >out 2>err &
  pid=$!
  until [ -e amp-48000.checkpoint ] || ! kill -0 $pid; do sleep 0.02; done
  kill -KILL $pid
  wait $pid
  ls
  [ -e amp-44100.checkpoint ] && [ -e amp-48000.checkpoint ] &&
    "$train" dry.wav wet.wav -o ./amp -e 1 -H 8 -q --overwrite --no-report >out && [ -e amp-48000.checkpoint ] && [ ! -e amp.checkpoint ] && [ ! -e amp-44100.checkpoint ]
}

# In a folder that is gone in the end: the model is somewhere else, and one is told where
loses_no_model() {
  mkdir gone tmp
  : >out # Of the case before
  TMPDIR=$PWD/tmp "$train" dry.wav wet.wav -o gone/amp -t 1h -H 8 --linear=0 --checkpoint-interval 0.01s >out 2>err &
  pid=$!
  until grep -q '^epoch ' out || ! kill -0 $pid; do sleep 0.05; done
  while [ -e gone ]; do rm -rf gone; done 2>/dev/null # A checkpoint may come meanwhile
  kill -TERM $pid
  wait $pid
  got=$?
  cat out err
  [ $got = 1 ] && grep -q "gone/amp.json: there is no folder gone; make it first, or choose another; the model is in $PWD/tmp/grus-.*json instead" err && "$program" check tmp/grus-*.json
}

echo 1..12
case_of a_model_that_came_meanwhile_stays keeps_what_came_meanwhile
case_of a_model_that_can_not_be_written_is_kept_elsewhere loses_no_model
case_of no_training_begins_that_would_replace_something trains_over_nothing
case_of the_better_model_keeps_its_name keeps_the_better_model
case_of an_interrupted_run_is_not_started_again_by_itself keeps_checkpoints
case_of checkpoints_of_other_rates_go_with_the_rest removes_checkpoints_of_other_rates
case_of no_file_is_replaced_that_should_not_be replaces_nothing
case_of an_input_is_never_replaced replaces_no_inputs
case_of a_program_replaces_what_it_wrote replaces_its_own
case_of the_name_chooses_the_format chooses_formats
case_of a_program_that_is_ended_leaves_nothing leaves_nothing
case_of what_can_not_be_printed_is_a_failure notices_full_outputs
exit $failed
