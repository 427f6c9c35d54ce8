#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# jalv loads and runs the plugin on a JACK server without a sound card, and opens a preset.
# Usage: jalv.sh LV2_PATH [PRESET_URI MODEL]. Exit status 77: skipped.
set -u
for tool in jackd jalv jack_lsp timeout; do
  command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
lv2=$1 preset=${2:-urn:grus:preset:crunch} model=${3:-models/crunch.json}
# shellcheck source=tests/plugin/jack.sh
. "$(dirname "$0")/jack.sh"

# Print the output ports, at first and with a preset. The preset's own ports are not checked: without an
# interface, jalv drops them for a plugin whose state it may restore while it runs.
{
  sleep 3
  echo monitors
  echo presets
  sleep 1
  echo "preset $preset"
  sleep 2
  echo 'set output_level 2'
  echo controls
  echo monitors
  sleep 1
} | timeout 30 stdbuf -oL jalv urn:grus:mono >"$folder/jalv" 2>&1 &
client=$!
if ! wait_for sh -c 'jack_lsp | grep -q "Grus:out"'; then
  echo "the ports of the plugin did not appear"
  cat "$folder/jalv"
  exit 1
fi
wait $client
cat "$folder/jalv"
# Loaded both times, the preset's model too, and the level arrived
[ "$(grep -c 'model_status = 1' "$folder/jalv")" = 2 ] && grep -q 'output_level = 2' "$folder/jalv" &&
  grep -q "$model: restored" "$folder/jalv" &&
  ! grep -qiE 'error|failed' "$folder/jalv"
