# shellcheck shell=sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Opens pages in Chromium, for tests; source this, and see whether $browser is empty. Files are written to the folder
# where the test is.

browser=''
for name in chromium chromium-browser google-chrome; do
  [ -n "$browser" ] || browser=$(command -v $name)
done

# open_page PAGE WIDTH: open the page until it prints FOUND, and write what it prints and the browser complains about
# to "found"
open_page() {
  : >console # Of the page before
  "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync --disable-dev-shm-usage \
    --remote-debugging-port=0 \
    --disable-background-networking --disable-component-update --enable-logging=stderr --user-data-dir="$PWD/profile" \
    --window-size="$2",900 "file://$PWD/$1" >browser.out 2>console &
  for _ in $(seq 600); do
    grep -q FOUND console && break
    sleep 0.1
  done
  kill $!
  wait $!
  grep CONSOLE console | cut -c1-400 >found
  cat found
}

# finds TEXT: the page found TEXT and nothing else
finds() {
  [ "$(wc -l <found)" = 1 ] && grep -qF "FOUND $1" found
}
