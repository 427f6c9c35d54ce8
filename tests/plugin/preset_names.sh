#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# A host lists and plays installed presets, whatever their names and so their models' files are called. Prints TAP.
# Usage: preset_names.sh LV2_PATH LV2_PLAY GRUS_RENDER GRUS_MODEL RECORD MODEL.json
set -u
. "$(dirname "$0")/../tap.sh"
lv2=$1 play=$(realpath "$2") render=$(realpath "$3") program=$(realpath "$4") record=$(realpath "$5") model=$(realpath "$6")
core=$(find "$(pkg-config --variable=prefix lv2)/lib" -name lv2core.ttl 2>/dev/null | head -n 1)
[ -n "$core" ] || { echo "1..0 # SKIP no LV2 specifications"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
export LV2_PATH="$lv2:$folder/own:$(dirname "$(dirname "$core")")"
mkdir own
"$record" clipper dry.wav wet.wav --seconds 2 --seed 3 >log || exit 1

plays() {
  "$render" "$model" dry.wav expected.wav >/dev/null || return 1
  while read -r name; do
    escaped=$(printf '%s' "$name" | sed 's/[\\"]/\\&/g')
    NAME=$escaped awk '{ i = match($0, /"name":"[^"]*"/)
      if (i) $0 = substr($0, 1, i - 1) "\"name\":\"" ENVIRON["NAME"] "\"" substr($0, i + RLENGTH)
      print }' "$model" >named.json
    "$program" install --folder=own named.json || return 1
    "$play" --preset "$name" --target expected.wav dry.wav out.wav >out 2>&1 || { cat out; return 1; }
    cat out
    sed -n 's/.*target: ESR \([0-9.]*\) .*/\1/p' out | awk '{ good = $1 < 1e-9 } END { exit !good }' || return 1
  done <<EOF
plexi
Drive 100 % (TS-9 style)
日本 Übersteuert
JCM "800" <hot>
one/two\three#four?
EOF
}

echo 1..1
case_of presets_of_all_names_are_played plays
exit $failed
