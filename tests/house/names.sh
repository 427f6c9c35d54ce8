#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# A program's --help, with that of its commands, and its man page name the same options; the page is valid, and no
# line of the help is longer than 80 columns.
# Usage: names.sh SOURCE_ROOT PROGRAM...
root=$1
shift
status=0
for program in "$@"; do
  page=$root/man/$(basename "$program").1
  help=$("$program" --help)
  for command in $(echo "$help" | sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    help="$help
$("$program" "$command" --help)"
  done
  long=$(echo "$help" | awk 'length > 80')
  if [ -n "$long" ]; then
    echo "$program --help: longer than 80 columns:"
    echo "$long"
    status=1
  fi
  helped=$(echo "$help" | grep -oE -- '--[a-z][a-z-]+' | sort -u)
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
