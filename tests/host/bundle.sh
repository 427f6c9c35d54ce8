#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# What hosts read of the bundle is valid and complete, and what they load shows one symbol. Prints TAP.
# Usage: bundle.sh LV2_PATH
set -u
lv2=$1
bundle=$lv2/grus.lv2
for tool in lv2_validate lv2info lv2bench lv2apply nm; do
  command -v $tool >/dev/null || { echo "1..0 # SKIP no $tool"; exit 0; }
done
# The vocabularies lie with LV2, wherever that is
core=$(find "$(pkg-config --variable=prefix lv2)/lib" -name lv2core.ttl 2>/dev/null | head -n 1)
specifications=$(dirname "$(dirname "$core")")
number=0
failed=0

case_of() {
  number=$((number + 1))
  if ("$2") >"$folder/log" 2>&1; then
    echo "ok $number - $1"
  else
    echo "not ok $number - $1"
    sed 's/^/# /' "$folder/log"
    failed=1
  fi
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The exit status says nothing, and much is printed when something is wrong
validates() {
  lv2_validate "$bundle"/*.ttl >"$folder/out" 2>&1
  tail -20 "$folder/out"
  grep -q 'Found 0 errors' "$folder/out"
}

is_complete() {
  LV2_PATH=$lv2:$specifications lv2info urn:grus:mono >"$folder/info" 2>"$folder/err"
  cat "$folder/info" "$folder/err"
  [ ! -s "$folder/err" ] || return 1
  for text in 'Name: *Grus' 'Author: *The Grus developers' 'Class: *Simulator Plugin' \
    'lv2core#hardRTCapable' 'ext/state#interface' 'ext/worker#interface' 'Drive (TS-9 style)' \
    'Symbol: *input_level' 'Symbol: *model_status'; do
    grep -q "$text" "$folder/info" || { echo "missing: $text"; return 1; }
  done
}

# Every file the data name is there, and every preset's model
resolves() {
  names=$(sed -n 's/.*<\([A-Za-z0-9_./-]*\.\(ttl\|so\|json\)\)>.*/\1/p' "$bundle"/*.ttl | sort -u)
  [ -n "$names" ] || return 1
  for name in $names; do
    test -s "$bundle/$name" || { echo "no $name"; return 1; }
  done
}

shows_one_symbol() {
  symbols=$(nm -D --defined-only "$bundle/grus.so" | awk '{ print $3 }')
  echo "$symbols"
  [ "$symbols" = lv2_descriptor ]
}

runs_in_lv2bench() {
  LV2_PATH=$lv2:$specifications timeout 120 lv2bench -n 96000 urn:grus:mono >"$folder/out" 2>&1
  cat "$folder/out"
  grep -q 'urn:grus:mono' "$folder/out"
}

runs_in_lv2apply() {
  command -v sox >/dev/null || return 0
  sox -n -r 48000 -c 1 -e float -b 32 "$folder/in.wav" synth 1 pluck A2 gain -6
  LV2_PATH=$lv2:$specifications timeout 120 lv2apply -i "$folder/in.wav" -o "$folder/out.wav" urn:grus:mono ||
    return 1
  sox "$folder/out.wav" -n stat 2>&1 | awk '/RMS.*amplitude/ { found = $3 > 0.01 } END { exit !found }'
}

echo 1..6
case_of the_data_are_valid validates
case_of the_data_are_complete is_complete
case_of every_file_they_name_is_there resolves
case_of the_module_shows_only_its_entry_point shows_one_symbol
case_of lv2bench_runs_it runs_in_lv2bench
case_of lv2apply_runs_it runs_in_lv2apply
exit $failed
