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
# shellcheck source=tests/plugin/jack.sh
. "$(dirname "$0")/jack.sh"
export XDG_STATE_HOME="$folder"

timeout 60 jalv.gtk3 urn:grus:mono >"$folder/jalv" 2>&1 &
client=$!
"$probe"
result=$?
kill $client 2>/dev/null
wait $client 2>/dev/null
cat "$folder/jalv"
[ $result = 0 ] && ! grep -qiE 'X Error|BadWindow|segmentation' "$folder/jalv"
