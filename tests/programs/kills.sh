#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Programs that are killed at random moments leave the old file or the new one, never half of one. Prints TAP.
# Usage: kills.sh GRUS_TRAIN GRUS_RENDER GRUS_MODEL RECORD MODEL.json
set -u
. "$(dirname "$0")/../tap.sh"
train=$(realpath "$1") render=$(realpath "$2") program=$(realpath "$3") record=$(realpath "$4") model=$(realpath "$5")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
"$record" clipper dry.wav wet.wav --seconds 6 --seed 3 >log || exit 1

# milliseconds COMMAND...: how long it takes, at least 5 of them
milliseconds() {
  begin=$(date +%s%N)
  "$@" >out 2>&1 || return 1
  took=$((($(date +%s%N) - begin) / 1000000))
  [ $took -gt 5 ] || took=5
}

prepare=: # Before each try
ending=KILL # Signal

# kills_of N CHECK COMMAND...: run it N times, kill it at a moment of its time each, and CHECK what is there. Some
# must have been killed. How long it takes differs with what else the machine does, so the next moment is later if it
# was killed, and earlier if it got through.
kills_of() {
  n=$1 check=$2
  shift 2
  milliseconds "$@" || { cat out; return 1; }
  n_killed=0
  for try in $(seq "$n"); do
    $prepare || return 1
    "$@" >out 2>&1 &
    pid=$!
    moment=$(LC_ALL=C awk -v n="$try" -v t=$took -v p=$$ 'BEGIN { srand(n + p); print t * rand() * 1.2 / 1000 - 0.003 }')
    case $moment in -*) ;; *) sleep "$moment" ;; esac # Which takes about 3 ms more
    kill -$ending $pid 2>/dev/null
    wait $pid 2>/dev/null
    if [ $? -gt 128 ]; then
      n_killed=$((n_killed + 1))
      took=$((took * 3 / 2 + 1))
    else
      took=$((took * 2 / 3))
    fi
    $check || { echo "after kill $try"; return 1; }
  done
  echo "$n_killed of $n were killed"
  [ $n_killed -gt 0 ]
}

# One that other programs see is whole; hosts find bundles by a manifest in any folder, hidden ones too
presets_are_whole() {
  for manifest in lv2/*/manifest.ttl lv2/.[!.]*/manifest.ttl; do
    [ -e "$manifest" ] || continue
    bundle=${manifest%/manifest.ttl}
    case $bundle in lv2/.*) echo "$bundle is seen by hosts"; return 1 ;; esac
    "$program" check "$bundle"/*.json >said 2>&1 || { cat said; return 1; }
    for file in manifest preset preset-stereo; do
      tail -c 3 "$bundle/$file.ttl" | grep -q '\.$' || { echo "$bundle/$file.ttl is cut"; return 1; }
    done
  done
}

model_and_preset_are_whole() {
  [ ! -e t.json ] || "$program" check t.json >said 2>&1 || { cat said; return 1; }
  # A checkpoint that is damaged refuses to be gone on with
  if [ -e t.checkpoint ]; then
    "$train" dry.wav wet.wav -o t -e 4 -H 4 --resume -q --install=lv2 >said 2>&1 || { cat said; return 1; }
  fi
  presets_are_whole
}

trains() {
  mkdir -p lv2
  kills_of 15 model_and_preset_are_whole \
    "$train" dry.wav wet.wav -o t -e 4 -H 4 --checkpoint-interval 0.001s -q --install=lv2
}

installs() {
  mkdir -p lv2
  kills_of 15 presets_are_whole "$program" install --folder=lv2 "$model"
}

nothing_is_hidden() {
  presets_are_whole && [ -z "$(ls -A polite | grep '^\.')" ] || { ls -A polite; return 1; }
}

# Only SIGKILL can leave an unfinished bundle
installs_politely() {
  mkdir -p polite && ending=TERM && kills_of 20 nothing_is_hidden "$program" install --folder=polite "$model"
}

install_again() {
  "$program" install --folder=lv2 "$model" >said
}

uninstalls() {
  mkdir -p lv2
  install_again && prepare=install_again || return 1
  kills_of 15 presets_are_whole "$program" uninstall --folder=lv2 'Drive (TS-9 style)'
}

old_or_whole() {
  [ "$(cat c.json)" = old ] || "$program" check c.json >said 2>&1 || { cat said; return 1; }
}

converts() {
  echo old >c.json
  kills_of 15 old_or_whole "$program" convert --overwrite --rate=44100 "$model" c.json
}

old_or_all_frames() {
  [ "$(wc -c <r.wav)" = 4 ] || [ "$(wc -c <r.wav)" = "$size" ] || { ls -l r.wav; return 1; }
}

renders() {
  "$render" "$model" dry.wav r.wav >/dev/null && size=$(wc -c <r.wav) && echo old >r.wav
  kills_of 15 old_or_all_frames "$render" --overwrite "$model" dry.wav r.wav
}

# What is no file is written to as it is, and stays
spares_pipes() {
  mkfifo pipe
  timeout 60 cat pipe >d.json &
  "$program" convert --rate=44100 "$model" pipe && wait && [ -p pipe ] && "$program" check d.json || return 1
  ln -s /proc/self/fd/1 link # As /dev/stdout is one
  "$program" convert --rate=44100 "$model" link >linked.json && [ -L link ] && grep -q '"layers"' linked.json
}

echo 1..7
case_of a_killed_training_leaves_whole_files trains
case_of a_killed_installation_is_not_seen installs
case_of an_installation_that_is_ended_leaves_nothing installs_politely
case_of a_killed_removal_is_not_seen uninstalls
case_of a_killed_conversion_leaves_whole_files converts
case_of a_killed_rendering_leaves_whole_files renders
case_of a_pipe_stays_one spares_pipes
exit $failed
