#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Ardour makes a session with the plugin and a user's preset; the session moves, the preset and its model are
# deleted; Ardour opens it elsewhere and exports what grus-render plays.
# Usage: ardour.sh LV2_PATH GRUS_RENDER GRUS_MODEL MODEL.json. Exit status 77: skipped.
set -u
lv2=$1 render=$2 grus_model=$3 model=$4
here=$(dirname "$0")
lua='' export=''
for version in '' 7 8 9; do
  command -v "ardour$version-lua" >/dev/null && lua=ardour$version-lua
  command -v "ardour$version-export" >/dev/null && export=ardour$version-export
done
[ -n "$lua" ] && [ -n "$export" ] || { echo "skipped: no Ardour with its Lua console"; exit 77; }
for tool in sox python3 timeout; do
  command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
core=$(find "$(pkg-config --variable=prefix lv2)/lib" -name lv2core.ttl 2>/dev/null | head -n 1)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder/home" LV2_PATH="$lv2:$folder/own:$(dirname "$(dirname "$core")")"
mkdir -p "$HOME" "$folder/own"

# A preset with the user's own model
sed 's/"name":"[^"]*"/"name":"Mine"/' "$model" >"$folder/mine.json"
"$grus_model" install --folder="$folder/own" "$folder/mine.json" || exit 1

n_frames=96000
sox -n -r 48000 -c 1 -e float -b 32 "$folder/in.wav" synth 2 pluck A2 gain -6
timeout 120 "$lua" "$here/ardour.lua" "$folder/session" Mine >"$folder/log" 2>&1
if ! grep -q '^saved' "$folder/log"; then
  cat "$folder/log"
  exit 1
fi
cp "$folder/in.wav" "$folder/session/interchange/session/audiofiles/"
python3 "$here/ardour_region.py" "$folder/session/session.ardour" in.wav $n_frames || exit 1

# Elsewhere, with only the session left
mv "$folder/session" "$folder/moved"
rm "$folder/mine.json"
"$grus_model" uninstall --folder="$folder/own" Mine || exit 1
[ -z "$(ls -A "$folder/own")" ] || exit 1
# On a busy machine ardour7-export aborts or hangs in one run of five, also with a session that holds no plugin at all.
# A file counts only if the export came to its end.
for attempt in 1 2 3 4 5 6; do
  timeout 30 "$export" -b float -o "$folder/out.wav" "$folder/moved" session >"$folder/log" 2>&1 && break
  echo "attempt $attempt: Ardour's export ended with status $?"
done
cat "$folder/log"

# Its panner takes 3 dB from a track in the middle. Sample by sample: grus-render would take DC from a target that it
# didn't write.
"$render" "$model" "$folder/in.wav" "$folder/expected.wav" --input-level=-3 --output-level=-4 || exit 1
sox "$folder/out.wav" "$folder/mono.wav" remix 1 && sox "$folder/expected.wav" -n stat 2>&1 | grep 'RMS *amplitude' &&
  sox -m -v 1 "$folder/mono.wav" -v -1 "$folder/expected.wav" -n stat 2>&1 |
  awk '/Maximum amplitude/ { most = $3 } /Minimum amplitude/ { least = -$3 }
    END { print "largest difference", most, least; exit !(most != "" && most < 1e-5 && least < 1e-5) }'
