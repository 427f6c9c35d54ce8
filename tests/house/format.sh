#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Every C file looks as .clang-format says (clang-format 14, Debian 12's).
cd "$1" || exit 1
command -v clang-format >/dev/null || { echo "skipped: no clang-format"; exit 77; }
case "$(clang-format --version)" in
*" version 14."*) ;;
*) echo "skipped: the layout is that of clang-format 14, here is $(clang-format --version)"; exit 77 ;;
esac
find bench cli core guitar live plugin presets tests train \( -name '*.c' -o -name '*.h' \) 2>/dev/null |
  sort | xargs clang-format --dry-run -Werror
