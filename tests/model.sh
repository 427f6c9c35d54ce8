#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# grus-model: what it says of files, and how presets come and go. Prints TAP.
# Usage: model.sh GRUS_MODEL MODEL.json
set -u
. "$(dirname "$0")/tap.sh"
program=$(realpath "$1") model=$(realpath "$2")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
export HOME="$folder/home"
mkdir -p "$HOME"

# refuses STATUS TEXT COMMAND...
refuses() {
  status=$1 text=$2
  shift 2
  "$@" >out 2>&1
  [ $? = "$status" ] && grep -q "$text" out || { cat out; return 1; }
}

informs() {
  "$program" info "$model" >out || return 1
  cat out
  grep -q 'reset-before, hidden size 16' out && grep -q 'weights for  48000 Hz' out &&
    grep -q 'weights for  44100 Hz' out
}

checks() {
  "$program" check "$model" | grep -q ': sound$' || return 1
  # One weight wrong: the file's own test sees it
  sed '0,/"weights":\[\[\[/s//"weights":[[[1/' "$model" >wrong.json
  refuses 2 'does not pass its own test' "$program" check wrong.json &&
    refuses 2 'nothing.json' "$program" check nothing.json
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

chooses_folders() {
  mkdir own
  "$program" install --folder=own "$model" && [ "$("$program" list --folder=own | wc -l)" = 1 ] &&
    refuses 2 'No such file' "$program" list --folder=missing
}

refuses_commands() {
  refuses 2 'expected info, check' "$program" dance x && refuses 2 'expected info' "$program" info &&
    refuses 2 'Usage' "$program" && refuses 2 'unrecognized' "$program" list --nonsense
}

echo 1..5
case_of a_file_is_described informs
case_of a_damaged_file_is_found checks
case_of a_preset_is_installed_listed_and_removed comes_and_goes
case_of another_folder_can_be_chosen chooses_folders
case_of bad_commands_are_refused_with_what_would_be_right refuses_commands
exit $failed
