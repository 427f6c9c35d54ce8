#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# To be sourced: starts a JACK server without a sound card for the tests of jalv, until the shell ends, and leaves out
# the test where that is impossible. Needs $lv2, where the bundle is, and sets $folder, for files.
folder=$(mktemp -d)
server=grus$$
export JACK_NO_AUDIO_RESERVATION=1 JACK_DEFAULT_SERVER=$server JACK_NO_START_SERVER=1
core=$(find "$(pkg-config --variable=prefix lv2)/lib" -name lv2core.ttl 2>/dev/null | head -n 1)
LV2_PATH=$lv2:$(dirname "$(dirname "$core")")
export LV2_PATH

timeout 100 jackd -n $server -r --no-mlock -d dummy -r 48000 -p 256 >"$folder/jackd" 2>&1 &
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
