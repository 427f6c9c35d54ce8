#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# A program's --help and its man page name the same options, and the page is sound.
# Usage: names.sh SOURCE_ROOT PROGRAM...
root=$1
shift
status=0
for program in "$@"; do
  page=$root/man/$(basename "$program").1
  helped=$("$program" --help | grep -oE -- '--[a-z][a-z-]+' | sort -u)
  paged=$(sed 's/Fl -/--/g' "$page" | grep -oE -- '--[a-z][a-z-]+' | sort -u)
  if [ -z "$helped" ] || [ "$helped" != "$paged" ]; then
    echo "$program --help and $page name different options:"
    printf '%s\n%s\n' "$helped" "$paged" | sort | uniq -u
    status=1
  fi
  if command -v mandoc >/dev/null && ! mandoc -Tlint -Wwarning "$page"; then
    status=1
  fi
done
exit $status
