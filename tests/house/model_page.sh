#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# The man page of model files names every member that Grus writes, and no other; it is valid.
# Usage: model_page.sh SOURCE_ROOT
root=$1
page=$root/man/grus.5
# All literals that can be names, without what stands behind a name
written=$(grep -ohE '"[a-z_]+"' "$root/core/format/write_rtneural.c" "$root/core/format/write_guitarml.c" | tr -d '"' |
  grep -vxE 'dense|gru|lstm' | sort -u)
paged=$(sed -nE 's/^\.It Cm ([a-z_ ,]*[a-z_]).*/\1/p' "$page" | sed 's/ , /\n/g' | sort -u)
if [ -z "$written" ] || [ "$written" != "$paged" ]; then
  echo "$page names other members than core/format writes:"
  printf '%s\n%s\n' "$written" "$paged" | sort | uniq -u
  exit 1
fi
! command -v mandoc >/dev/null || mandoc -Tlint -Wwarning "$page"
