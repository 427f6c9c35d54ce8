#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Pages as a reader sees them: they open in a browser without errors and without network, and all their pictures and
# sounds are there. Prints TAP.
# Usage: page.sh GRUS_TRAIN GRUS_MODEL RECORD MODEL.json
set -u
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../browser.sh"
train=$(realpath "$1") model=$(realpath "$2") record=$(realpath "$3") factory=$(realpath "$4")
look=$(realpath "$(dirname "$0")/page_check.js")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

# look_at PAGE WIDTH: open the page with the check behind it
look_at() {
  { cat "$1"; echo '<script>'; cat "$look"; echo '</script>'; } >looked.html
  open_page looked.html "$2"
}

# is_well PAGE WHAT: the page is fine at the width of a desktop and of a phone
is_well() {
  look_at "$1" 1000
  finds "all well: $2" || return 1
  look_at "$1" 500
  finds "all well: $2"
}

needs_nothing() {
  ! grep -oE '(src|href|url)[=(]["'"'"']?(https?:|//|file:)[^"]*' "$1"
}

shows_a_run() {
  "$record" ts9 dry.wav wet.wav --seconds 20 --seed 3 >record.out &&
    "$train" dry.wav wet.wav -o run -e 8 -H 8 --linear=0 --rates 48000,44100 --name 'One <two> & "three"' >out || return 1
  cat out
  grep -q '^report: run.html$' out && needs_nothing run.html || return 1
  [ -z "$browser" ] || is_well run.html '14 drawings, 12 pictures, 6 sounds'
}

# The same numbers on the page as on the terminal, whatever they speak for
shows_trials_of_a_stage() {
  "$train" dry.wav wet.wav -o tried -e 8 -H 4 --force >out || return 1
  trials=$(sed -n 's/^linear stage: .* ESR \([0-9.]*\) with one, \([0-9.]*\) without$/\1 (.*dB) with one and \2 (.*dB) without/p' out)
  grep '^linear stage' out
  [ "$trials" ] && grep -q "ESR of $trials" tried.html && ! grep -q 'inear stage' run.html
}

shows_a_stage() {
  "$train" dry.wav wet.wav -o staged -e 2 -H 4 --linear=256 --cabinet=yes --force -q >out || return 1
  grep -q 'learned with it: 256 taps, 5.3 ms, a loudspeaker' staged.html && grep -q 'Its length was given' staged.html &&
    ! grep -q 'No linear stage' staged.html || return 1
  [ -z "$browser" ] || is_well staged.html '16 drawings, 12 pictures, 6 sounds'
}

# A knob, a test take, and the same scores on the page as on the terminal
shows_printed_scores() {
  "$record" ts9 d.wav a.wav --seconds 12 --seed 4 --knob 0 >record.out && "$record" ts9 d.wav b.wav --seconds 12 --seed 4 --knob 1 >record.out &&
    "$record" ts9 d.wav c.wav --seconds 12 --seed 4 --knob 0.5 >record.out &&
    "$train" d.wav --knob 'drive & gain' --take 0=a.wav --take 1=b.wav --test-take 0.5=c.wav -o knob -e 2 -H 8 >out || return 1
  sed -n 's/^\(.*\): ESR \([0-9.]*\) .*/\1 \2/p' out >printed
  cat printed
  while read -r line; do
    esr=${line##* }
    grep -qF "<td class=\"n\">$esr (" knob.html || { echo "not on the page: $line"; return 1; }
  done <printed
  grep -qF 'drive &amp; gain 0.5' knob.html && grep -qF 'from the test recording: c.wav' knob.html && grep -qF '<summary>d.wav → c.wav' knob.html
}

# Rows of independent clips, and a take shorter than the passages that a page shows
shows_clips_and_short_takes() {
  "$train" d.wav a.wav -o rows -e 1 -H 4 --clip-frames 24000 --clip-warmup 2000 --force -q >out || return 1
  "$record" ts9 s.wav t.wav --seconds 3 --seed 5 >record.out && "$train" s.wav t.wav -o short -e 1 -H 8 --force -q >out || return 1
  [ -z "$browser" ] && return
  look_at rows.html 1000
  finds 'all well' || return 1
  look_at short.html 1000
  finds 'a sound lasts 3 s; a sound lasts 3 s'
}

# If the page can't be written, the model is written all the same
keeps_the_model() {
  : >out # Of the case before
  "$train" d.wav a.wav -o no -t 1h -H 4 --linear=0 >out 2>err &
  pid=$!
  until grep -q '^epoch ' out || ! kill -0 $pid; do sleep 0.05; done
  mkdir no.html && kill -TERM $pid # In its way only now: it looks before it begins
  wait $pid
  [ $? = 1 ] && grep -q '^grus-train: no.html: ' err && "$model" check no.json && [ -z "$(ls -A no.html)" ] || return 1
  "$train" d.wav a.wav -o without -e 1 -H 4 -q --no-report >out && ! test -e without.html && ! grep -q report out
}

shows_gates() {
  "$model" gates "$factory" d.wav >out && grep -q '^gates: ts9-gates.html$' out && needs_nothing ts9-gates.html || return 1
  [ -z "$browser" ] || is_well ts9-gates.html '4 drawings, 6 pictures, 0 sounds' || return 1
  "$model" gates knob.json d.wav --output=elsewhere.html && grep -q '<h1>knob' elsewhere.html || return 1
  "$model" gates "$factory" missing.wav 2>err
  [ $? = 2 ] && grep -q 'missing.wav: ' err || return 1
  "$model" gates "$factory" 2>err
  [ $? = 2 ] && grep -q "expected 'gates .*MODEL IN.wav'" err
}

case_of a_run_is_shown_without_error_or_network shows_a_run
case_of trials_of_a_linear_stage_are_shown shows_trials_of_a_stage
case_of a_linear_stage_is_shown shows_a_stage
case_of every_printed_score_is_shown shows_printed_scores
case_of rows_of_clips_and_short_takes_are_shown shows_clips_and_short_takes
case_of a_page_that_fails_leaves_the_model keeps_the_model
case_of gates_are_shown shows_gates
[ -n "$browser" ] || why_not='no chromium'
notices_what_is_missing() {
  sed 's/<path class="s1" d="[^"]*"/<path class="s1" d=""/' run.html >broken.html
  look_at broken.html 1000
  grep -q 'a line is not there' found && ! grep -q 'all well' found
}
case_of a_missing_line_is_noticed notices_what_is_missing
echo "1..$number"
exit $failed
