#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# jalv loads and runs the plugin on a JACK server without a sound card, and opens a preset.
# Usage: jalv.sh LV2_PATH. Exit status 77: skipped.
set -u
for tool in jackd jalv jack_lsp timeout; do
  command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
lv2=$1
folder=$(mktemp -d)
server=grus$$
export JACK_NO_AUDIO_RESERVATION=1 JACK_DEFAULT_SERVER=$server JACK_NO_START_SERVER=1
core=$(find "$(pkg-config --variable=prefix lv2)/lib" -name lv2core.ttl 2>/dev/null | head -n 1)
LV2_PATH=$lv2:$(dirname "$(dirname "$core")")
export LV2_PATH

timeout 60 jackd -n $server -r --no-mlock -d dummy -r 48000 -p 256 >"$folder/jackd" 2>&1 &
jackd=$!
trap 'kill $jackd 2>/dev/null; wait $jackd 2>/dev/null; rm -rf "$folder"' EXIT

# wait_for COMMAND...: up to ten seconds
wait_for() {
  for _ in $(seq 100); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  return 1
}

if ! wait_for jack_lsp; then
  cat "$folder/jackd"
  echo "skipped: jackd does not start here"
  exit 77
fi

# Print the output ports, at first and with a preset. The preset's own ports are not checked: without an
# interface, jalv drops them for a plugin whose state it may restore while it runs.
{
  sleep 3
  echo monitors
  echo presets
  sleep 1
  echo 'preset urn:grus:preset:crunch'
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
  grep -q 'models/crunch.json: restored' "$folder/jalv" &&
  ! grep -qiE 'error|failed' "$folder/jalv"
