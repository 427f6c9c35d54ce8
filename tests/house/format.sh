#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Every C file looks as .clang-format says (clang-format 14, Debian 12's), and no line of it has more
# than 100 characters: clang-format leaves long comments alone.
cd "$1" || exit 1
files=$(find bench cli core guitar live plugin presets tests train \( -name '*.c' -o -name '*.h' \) 2>/dev/null | sort)

# Bytes 200 to 277 (octal) continue a character of UTF-8
# shellcheck disable=SC2016
echo "$files" | LC_ALL=C xargs awk '
  { line = $0; gsub(/[\200-\277]/, "", line); n = length(line) }
  n > 100 { print FILENAME ":" FNR ": has " n " characters; at most 100 fit"; failed = 1 }
  END { exit failed }' || exit 1

command -v clang-format >/dev/null || { echo "skipped: no clang-format"; exit 77; }
case "$(clang-format --version)" in
*" version 14."*) ;;
*) echo "skipped: the layout is that of clang-format 14, here is $(clang-format --version)"; exit 77 ;;
esac
echo "$files" | xargs clang-format --dry-run -Werror
