#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Every file says whose it is and under which licence, in itself or in REUSE.toml, and LICENSES has the texts of
# these licences and of no others. That is what "reuse lint" asks for, which is run too where it knows REUSE.toml.
# Usage: licences.sh SOURCE_ROOT
cd "$1" || exit 1
status=0
if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ]; then # A release may be unpacked inside a repository
  files=$(git ls-files --cached --others --exclude-standard)
else
  files=$(find . -type f ! -path './build*' ! -path './.git/*' ! -path '*/__pycache__/*' | sed 's,^\./,,')
fi

# "PATTERN ID" for each pattern of paths in REUSE.toml
annotations=$(awk '
  /^path/ { reading = 1; n = 0 }
  reading { line = $0; while (match(line, /"[^"]+"/)) { path[++n] = substr(line, RSTART + 1, RLENGTH - 2); line = substr(line, RSTART + RLENGTH) } }
  reading && /\]/ { reading = 0 }
  /^SPDX-License-Identifier/ { gsub(/.* = "|"/, ""); for (i = 1; i <= n; ++i) print path[i], $0 }
' REUSE.toml)

# licence_elsewhere FILE: the licence that REUSE.toml gives it
licence_elsewhere() {
  echo "$annotations" | while read -r pattern id; do
    # shellcheck disable=SC2254
    case $1 in $pattern) echo "$id" ;; esac
  done | tail -1
}

# Files and the licences that they name in their first lines, if they name an owner, too
named=$(printf '%s\n' "$files" | grep -v '^LICENSES/' | while read -r file; do
  [ ! -f "$file" ] || echo "$file" # One that is deleted, but not yet committed, isn't there
done | LC_ALL=C xargs awk '
  function finish() { if (file != "") print file, (owned ? id : "") }
  FNR == 1 { finish(); file = FILENAME; id = ""; owned = 0 }
  FNR > 8 { nextfile }
  /SPDX-FileCopyrightText: / { owned = 1 }
  /SPDX-License-Identifier: / { id = $0; sub(/.*SPDX-License-Identifier: */, "", id); sub(/[^A-Za-z0-9.-].*/, "", id) }
  END { finish() }')

nameless=$(echo "$named" | awk 'NF == 1')
for file in $nameless; do
  id=$(licence_elsewhere "$file")
  [ -n "$id" ] || { echo "$file: has no SPDX lines, and REUSE.toml does not name it"; status=1; }
  named="$named
$file $id"
done
used=$(echo "$named" | awk 'NF == 2 { print $2 }' | sort -u)
texts=$(ls LICENSES | sed 's/\.txt$//')
if [ "$used" != "$texts" ]; then
  echo "LICENSES should have a text for each licence in use and no others:"
  printf 'in use: %s\ntexts: %s\n' "$(echo $used)" "$(echo $texts)"
  status=1
fi
cmp LICENSE LICENSES/ISC.txt || status=1

version=$(reuse --version 2>/dev/null | sed -n 's/.*version \([0-9]*\).*/\1/p;s/^reuse \([0-9]*\).*/\1/p' | head -n 1)
[ "${version:-0}" -lt 4 ] || reuse lint || status=1
exit $status
