#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# In real hosts the plugin does nothing on the audio thread that it must not do: presets, models, cabinets, knobs,
# bypass and qualities change while it plays. Prints TAP. Usage: guard.sh LV2_PATH GUARD.so
set -u
. "$(dirname "$0")/../tap.sh"
here=$(realpath "$(dirname "$0")")
lv2=$(realpath "$1") guard=$(realpath "$2")
. "$here/jack.sh"
cd "$folder" || exit 1

# A copy of the bundle, with the guard in the plugin's place
mkdir -p guarded home && cp -r "$lv2/grus.lv2" guarded && mv guarded/grus.lv2/grus.so real.so &&
  ln -s "$guard" guarded/grus.lv2/grus.so || exit 1
export LV2_PATH="$folder/guarded:$(dirname "$(dirname "$core")")" GRUS_GUARDED="$folder/real.so" GRUS_TRAP_LOG="$folder/trapped"
export HOME="$folder/home"

# under_guard COMMAND...: run a host. Symbols are bound at its start, so that the linker has nothing to do later.
under_guard() {
  rm -f trapped
  LD_BIND_NOW=1 LD_PRELOAD=$guard "$@"
}

# number_of WORD: the number before WORD in the results
number_of() {
  sed -n "s/^\(.*[^0-9]\)*\([0-9][0-9]*\) $1.*/\2/p" trapped
}

# did_nothing_forbidden: but something
did_nothing_forbidden() {
  cat trapped && [ "$(number_of blocks)" -gt 200 ] && [ "$(number_of requests)" -ge 8 ] &&
    grep -q ' 0 forbidden calls ,.*trapped 0 system calls' trapped
}

# Commands to jalv
turn_everything() {
  echo presets
  for preset in clean crunch ts9 lead power; do
    echo "preset urn:grus:preset:$preset"
    for setting in 'input_level 6' 'knob_1 0.7' 'gate -50' 'bass 5' 'treble -4' 'enabled 0' 'model_next 1' 'quality 1' \
      'model_next 0' 'cabinet 0' 'enabled 1' 'output_level -3' 'level_match 2' 'model_prev 1' 'cabinet 1' 'quality 0'; do
      sleep 0.05
      echo "set $setting"
    done
    sleep 0.5
    echo 'set model_prev 0'
  done
  sleep 0.5
  echo monitors
  sleep 0.2
}

# runs_in_jalv PLUGIN: with the trap's results in "trapped"
runs_in_jalv() {
  turn_everything | GRUS_TRAP_PLANT=${planted:-} under_guard timeout 60 stdbuf -oL jalv "$1" >jalv 2>&1
  [ -s trapped ] && grep -q 'model_status = 1' jalv || { cat jalv; return 1; }
}

is_clean_in_jalv() {
  runs_in_jalv urn:grus:mono && did_nothing_forbidden && runs_in_jalv urn:grus:stereo && did_nothing_forbidden
}

notices_planted_mistakes() {
  for planted in allocation lock call; do
    runs_in_jalv urn:grus:mono && cat trapped && ! did_nothing_forbidden || return 1
    case $planted in
    allocation) grep -q 'forbidden calls free' trapped || return 1 ;;
    lock) grep -q 'forbidden calls pthread_mutex_unlock' trapped || return 1 ;;
    call) grep -qE ' 0 forbidden calls ,.*(trapped [1-9][0-9]* system calls 1$|untrapped)' trapped || return 1 ;;
    esac
  done
}

is_clean_in_ardour() {
  under_guard timeout 120 "$lua" "$here/ardour_turn.lua" "$folder/session" >ardour 2>&1 </dev/null
  grep -q '^turned' ardour || { cat ardour; return 1; }
  did_nothing_forbidden
}

lua=''
for version in '' 7 8 9; do
  command -v "ardour$version-lua" >/dev/null && lua=ardour$version-lua
done

echo 1..3
case_of a_planted_mistake_is_noticed_in_jalv notices_planted_mistakes
case_of nothing_forbidden_is_done_in_jalv is_clean_in_jalv
[ -n "$lua" ] || why_not='no Ardour with its Lua console'
case_of nothing_forbidden_is_done_in_ardour is_clean_in_ardour
exit $failed
