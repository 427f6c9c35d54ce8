# shellcheck shell=sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Folders that programs work in, and what they hold before and after; source this. Needs $render, $program, $signal and
# $model, and dry.wav and wet.wav in the present folder.

# state: every file, and what is in it, but how long a training took
state() {
  (cd work && find . -mindepth 1 ! -name '*.json' \( -type f -exec md5sum {} + -o -printf '%p %y\n' \) &&
    find . -name '*.json' | while read -r file; do echo "$(timeless "$file" | md5sum) $file"; done) | sort
}

timeless() {
  sed 's/"seconds":[-+0-9.e]*//' "$1"
}

# back_to FOLDER: what was there before
back_to() {
  chmod -R u+w work tmp && rm -rf work tmp && cp -a "$1" work && mkdir tmp
}

prepare() {
  rm -rf old && mkdir -p old/lv2 && cp "$model" old/m.json && cp dry.wav wet.wav old
}

# A result of the same kind is there already
with_old_results() {
  [ -e results ] || make_results || return 1
  rm -rf old && cp -a results old
}

make_results() {
  prepare && (cd old && "$render" m.json dry.wav o.wav && "$program" convert --rate=44100 m.json c.json &&
    "$program" gates m.json dry.wav --output=g.html && "$signal" --seconds=61 s.wav && "$program" install --folder=lv2 m.json) >log2 && cp -a old results
}
