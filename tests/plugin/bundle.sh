#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# What hosts read of the bundle is valid and complete, and what they load shows one symbol. Prints TAP.
# Usage: bundle.sh LV2_PATH [foreign]
# A foreign bundle is for another machine: nothing runs it.
set -u
lv2=$1
bundle=$lv2/grus.lv2
for tool in lv2_validate sordi lv2info lv2bench lv2apply nm; do
  command -v $tool >/dev/null || { echo "1..0 # SKIP no $tool"; exit 0; }
done
# The vocabularies are installed with LV2
core=$(find "$(pkg-config --variable=prefix lv2)/lib" -name lv2core.ttl 2>/dev/null | head -n 1)
specifications=$(dirname "$(dirname "$core")")
path=$lv2
[ "$(realpath "$lv2")" = "$(realpath "$specifications")" ] || path=$lv2:$specifications
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
. "$(dirname "$0")/../tap.sh"
case_log=$folder/log

# Its exit status is always 0
validates() {
  lv2_validate "$bundle"/*.ttl >"$folder/out" 2>&1
  tail -20 "$folder/out"
  grep -q 'Found 0 errors' "$folder/out"
}

is_complete() {
  LV2_PATH=$path lv2info urn:grus:mono >"$folder/info" 2>"$folder/err"
  cat "$folder/info" "$folder/err"
  [ ! -s "$folder/err" ] || return 1
  for text in 'Name: *Grus' 'Author: *The Grus developers' 'Class: *Distortion Plugin' \
    'lv2core#hardRTCapable' 'ext/state#interface' 'ext/worker#interface' 'Drive (TS-9 style)' \
    'Symbol: *input_level' 'Symbol: *model_status'; do
    grep -q "$text" "$folder/info" || { echo "missing: $text"; return 1; }
  done
}

# triples FILE...: the data, one statement a line
triples() {
  for file in "$@"; do
    sordi -o ntriples "$file" 2>/dev/null
  done
}

# Every file that the data name exists, and every name of Grus', LV2's or MOD's is described there or in the
# specifications
resolves() {
  triples "$bundle"/*.ttl >"$folder/own"
  triples "$specifications"/*/*.ttl >"$folder/known"
  sed -n 's/^<\([^>]*\)>.*/\1/p' "$folder/own" "$folder/known" | sort -u >"$folder/described"
  grep -oE '<(file|urn:grus:|http://lv2plug.in/|http://moddevices.com/)[^>]*>' "$folder/own" | tr -d '<>' |
    sort -u >"$folder/named"
  grep -q '^file' "$folder/named" && grep -q '^urn' "$folder/named" && grep -q '^http' "$folder/named" || return 1
  grep '^file' "$folder/named" | sed 's,^file://,,' | while read -r file; do
    test -s "$file" || echo "no $file"
  done >"$folder/missing"
  grep -v '^file' "$folder/named" | sort | comm -23 - "$folder/described" >>"$folder/missing"
  cat "$folder/missing"
  [ ! -s "$folder/missing" ]
}

# Of the interface, too, if there is one
shows_one_symbol() {
  symbols=$(for module in "$bundle"/*.so; do
    nm -D --defined-only "$module"
  done | awk '$3 !~ /^(_edata|_end|__bss_start)$/ { print $3 }') # The linker's own
  echo "$symbols"
  [ "$symbols" = lv2_descriptor ] || [ "$symbols" = "lv2_descriptor
lv2ui_descriptor" ]
}

runs_in_lv2bench() {
  for plugin in mono stereo; do # It prints no name for what it skips
    LV2_PATH=$path timeout 120 lv2bench -n 96000 urn:grus:$plugin >"$folder/out" 2>&1
    cat "$folder/out"
    grep -q "[0-9].*urn:grus:$plugin" "$folder/out" || return 1
  done
}

runs_in_lv2apply() {
  command -v sox >/dev/null || return 0
  sox -n -r 48000 -c 1 -e float -b 32 "$folder/in.wav" synth 1 pluck A2 gain -6
  LV2_PATH=$path timeout 120 lv2apply -i "$folder/in.wav" -o "$folder/out.wav" urn:grus:mono ||
    return 1
  sox "$folder/out.wav" -n stat 2>&1 | awk '/RMS.*amplitude/ { found = $3 > 0.01 } END { exit !found }'
}

# Carla's button for files sets the path whose URI comes first in the alphabet
has_the_model_first() {
  triples "$bundle/grus.ttl" | sed -n 's/^<\([^>]*\)> .*#range> .*#Path> *\.$/\1/p' | LC_ALL=C sort >"$folder/paths"
  cat "$folder/paths"
  [ "$(wc -l <"$folder/paths")" = 2 ] && [ "$(head -n 1 "$folder/paths")" = urn:grus:model ]
}

# mod-host takes no other type of number than LV2's own
offers_the_rate() {
  triples "$bundle/grus.ttl" >"$folder/own"
  patch=http://lv2plug.in/ns/ext/patch
  for plugin in mono stereo; do
    grep -qF "<urn:grus:$plugin> <$patch#writable> <urn:grus:model-rate> ." "$folder/own" || return 1
  done
  grep '^<urn:grus:model-rate>' "$folder/own"
  grep -q '^<urn:grus:model-rate> <[^>]*#range> <http://lv2plug.in/ns/ext/atom#Float> \.$' "$folder/own" &&
    grep -q '^<urn:grus:model-rate> <[^>]*#default> "0.0"' "$folder/own" &&
    grep -q '^<urn:grus:model-rate> <[^>]*#maximum> "768000.0"' "$folder/own"
}

# In both plugins: a label, a comment and a type for each
tells_what_plays() {
  triples "$bundle/grus.ttl" >"$folder/own"
  for plugin in mono stereo; do
    sed -n "s,^<urn:grus:$plugin> <[^>]*patch#readable> \(<[^>]*>\) \.$,\1,p" "$folder/own" >"$folder/told"
    [ "$(wc -l <"$folder/told")" = 12 ] || { cat "$folder/told"; return 1; }
    while read -r parameter; do
      grep "^$parameter " "$folder/own" >"$folder/parameter"
      grep -q '#label>' "$folder/parameter" && grep -q '#comment>' "$folder/parameter" &&
        grep -qE '#range> <[^>]*atom#(String|Bool)>' "$folder/parameter" || { echo "$parameter"; return 1; }
    done <"$folder/told"
  done
}

has_two_triggers() {
  for plugin in mono stereo; do
    LV2_PATH=$path lv2info urn:grus:$plugin >"$folder/info" 2>&1
    triggers=$(awk '/Symbol:/ { symbol = $2 } /port-props#trigger/ { print symbol }' "$folder/info")
    [ "$(echo $triggers)" = 'model_previous model_next' ] || { echo "$triggers"; return 1; }
  done
}

[ "${2:-}" = foreign ] && echo 1..8 || echo 1..10
case_of the_data_are_valid validates
case_of the_data_are_complete is_complete
case_of everything_they_name_is_there resolves
case_of the_modules_show_only_their_entry_points shows_one_symbol
case_of the_model_is_the_first_path_by_uri has_the_model_first
case_of the_rate_of_models_is_a_parameter offers_the_rate
case_of what_hosts_only_read_is_described tells_what_plays
case_of two_ports_are_triggers has_two_triggers
[ "${2:-}" != foreign ] || exit $failed
case_of lv2bench_runs_it runs_in_lv2bench
case_of lv2apply_runs_it runs_in_lv2apply
exit $failed
