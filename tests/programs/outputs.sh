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

# refuses STATUS TEXT COMMAND...
refuses() {
  status=$1 text=$2
  shift 2
  "$@" >out 2>&1
  got=$?
  [ $got = "$status" ] && grep -qF -- "$text" out && return
  echo "$* exited with $got, not $status, or did not say \"$text\":"
  cat out
  return 1
}

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
      case $victim in *.json) kind=model ;; *.html) kind=page ;; *.wav | *.flac | *.mp3) kind=sound ;; *) kind= ;; esac
      eval "set -- $command"
      spares 'is an input file|exists|is a folder|names a folder|is the name of|expected' "$@" || return 1
      # Being told to replace it does not help where the file is read, or is none, or is of another kind
      case $command,$victim,$kind in
      *,folder* | *,full* | *,-,* | *,,*) spares . "$@" --overwrite || return 1 ;;
      *convert*,*,sound | *convert*,*,page | *gates*,*,sound | *gates*,*,model | *render*,*,page | *render*,*,model | \
        *signal*,*,page | *signal*,*,model) spares 'is the name of' "$@" --overwrite || return 1 ;;
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

echo 1..6
case_of no_file_is_replaced_that_should_not_be replaces_nothing
case_of an_input_is_never_replaced replaces_no_inputs
case_of a_program_replaces_what_it_wrote replaces_its_own
case_of the_name_chooses_the_format chooses_formats
case_of a_program_that_is_ended_leaves_nothing leaves_nothing
case_of what_can_not_be_printed_is_a_failure notices_full_outputs
exit $failed
