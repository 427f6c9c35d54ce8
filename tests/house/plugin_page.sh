#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# The man page of the plugin names every port of the table of controls and every parameter, as hosts do, and is valid.
# Usage: plugin_page.sh SOURCE_ROOT
root=$1
page=$root/man/grus.7
named=$(
  {
    sed -nE 's/^(CONTROL|SETTING|METER|TRIGGER)\([A-Z_0-9]*, "([a-z_0-9]*)", "([^"]*)", ".*/\3 (\2)/p' "$root/core/engine/controls.def"
    awk '/^<urn:grus:/ { uri = $1 } /a lv2:Parameter/ { is_parameter = 1 }
      is_parameter && /rdfs:label/ { sub(/.*label "/, ""); sub(/".*/, ""); gsub(/[<>]/, "", uri)
        print $0 " (" uri ")"; is_parameter = 0 }' "$root/ttl/parameters.ttl"
  } | sort
)
paged=$(sed -n 's/^\.It \(.*\) Pq Cm \(.*\)$/\1 (\2)/p' "$page" | sort)
if [ -z "$named" ] || [ "$named" != "$paged" ]; then
  echo "$page has other ports and parameters than hosts see:"
  printf '%s\n%s\n' "$named" "$paged" | sort | uniq -u
  exit 1
fi
! command -v mandoc >/dev/null || mandoc -Tlint -Wwarning "$page"
