#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# The man page of the plugin names every port of the table of controls and every parameter, as hosts do, with the ranges and
# defaults that hosts see, and is valid.
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
seen=$(awk -f "$root/ttl/ports.awk" "$root/core/engine/controls.def" | sed 's/\.0 ;$/ ;/' | tr -d '"' | awk '
  $1 == "a" { is_input = $2 == "lv2:InputPort" }
  $1 == "lv2:symbol" { symbol = $2 }
  $1 == "lv2:default" { value = $2 }
  $1 == "lv2:minimum" { least = $2 }
  $1 == "lv2:maximum" { print symbol ": " least " to " $2 (is_input ? ", default " value : "") }' | sort)
ranges=$(tr -d '\\' <"$page" | awk '/^\.It .* Pq Cm [a-z_0-9]*$/ { symbol = $NF; getline; print symbol ": " $0 }' |
  sed -nE 's/^([a-z_0-9]*: -?[0-9]+ to -?[0-9]+)[^,;.]*(, default -?[0-9]+(\.[0-9]+)?)?[.;].*/\1\2/p' | sort)
named=$(grep -oE '"-?[0-9]+ is [^"]*"' "$root/core/engine/controls.def" | tr -d '"' | sort -u)
points=$(tr -d '\\' <"$page" | sed -nE 's/^.* to .*; (-?[0-9]+ is .*)\.$/\1/p' | sort -u)
if [ -z "$seen" ] || [ "$seen" != "$ranges" ] || [ "$named" != "$points" ]; then
  echo "$page gives other ranges, defaults or values than hosts see:"
  printf '%s\n%s\n' "$seen" "$ranges" | sort | uniq -u
  printf '%s\n%s\n' "$named" "$points" | sort | uniq -u
  exit 1
fi
! command -v mandoc >/dev/null || mandoc -Tlint -Wwarning "$page"
