#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Runs a program on an X server of its own, which nobody sees.
# Usage: on_screen.sh [--valgrind SUPPRESSIONS] PROGRAM [ARGUMENT...]
set -u
if [ "$1" = --valgrind ]; then
  command -v valgrind >/dev/null || { echo '1..0 # SKIP no valgrind'; exit 0; }
  suppressions=$2
  shift 2
  export GRUS_TEST_SLOWLY=1
  set -- valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect \
    --errors-for-leak-kinds=definite,indirect --error-exitcode=99 --suppressions="$suppressions" "$@"
fi
command -v Xvfb >/dev/null || { echo '1..0 # SKIP no Xvfb'; exit 0; }
folder=$(mktemp -d)
mkfifo "$folder/number"
Xvfb -displayfd 3 -screen 0 2400x1600x24 -nolisten tcp 3>"$folder/number" >"$folder/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$folder"' EXIT
if ! read -r number <"$folder/number"; then
  sed 's/^/# /' "$folder/log"
  echo '1..0 # SKIP Xvfb does not start here'
  exit 0
fi
DISPLAY=:$number "$@"
