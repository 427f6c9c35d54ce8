#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# jalv.gtk3 shows the plugin's window, whose arrow leads to the next model, and ends without a complaint when it is
# closed.
# Usage: jalv_gtk.sh LV2_PATH UI_PROBE. Exit status 77: skipped. Needs DISPLAY.
set -u
for tool in jackd jalv.gtk3 jack_lsp timeout; do
  command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
lv2=$1
probe=$2
folder=$(mktemp -d)
server=grusui$$
export JACK_NO_AUDIO_RESERVATION=1 JACK_DEFAULT_SERVER=$server JACK_NO_START_SERVER=1 XDG_STATE_HOME=$folder
core=$(find "$(pkg-config --variable=prefix lv2)/lib" -name lv2core.ttl 2>/dev/null | head -n 1)
LV2_PATH=$lv2:$(dirname "$(dirname "$core")")
export LV2_PATH

timeout 100 jackd -n $server -r --no-mlock -d dummy -r 48000 -p 256 >"$folder/jackd" 2>&1 &
jackd=$!
trap 'kill $jackd 2>/dev/null; wait $jackd 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
  jack_lsp >/dev/null 2>&1 && break
  sleep 0.1
done
if ! jack_lsp >/dev/null 2>&1; then
  cat "$folder/jackd"
  echo "skipped: jackd does not start here"
  exit 77
fi

timeout 60 jalv.gtk3 urn:grus:mono >"$folder/jalv" 2>&1 &
client=$!
"$probe"
result=$?
kill $client 2>/dev/null
wait $client 2>/dev/null
cat "$folder/jalv"
[ $result = 0 ] && ! grep -qiE 'X Error|BadWindow|segmentation' "$folder/jalv"
