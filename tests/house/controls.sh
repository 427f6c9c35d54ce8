#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# What grus-live prints of its controls are the rows of the table, and its man page says the same.
# Usage: controls.sh SOURCE_ROOT GRUS_LIVE
root=$1
program=$2
status=0
symbols=$(sed -n 's/^CONTROL(.*, "\([a-z_0-9]*\)", ".*/\1/p' "$root/core/engine/controls.def")
[ "$symbols" ] || { echo "no controls in the table"; exit 1; }
helped=$("$program" --help | sed '1,/^Controls:$/d; /^$/,$d; s/^ *//' | tr -s ' ')
if [ "$(echo "$helped" | cut -d ' ' -f 1)" != "$symbols" ]; then
  echo "$program --help has other controls than the table:"
  echo "$helped"
  status=1
fi
paged=$(sed -n '/^\.Ss Controls/,/^\.El/p' "$root/man/grus-live.1" |
  awk '/^\.It Cm/ { getline range; sub(/\.$/, "", range); print $3, range }')
if [ "$paged" != "$helped" ]; then
  echo "$program --help and the man page say different things of controls:"
  printf '%s\n%s\n' "$helped" "$paged" | sort | uniq -u
  status=1
fi
exit $status
