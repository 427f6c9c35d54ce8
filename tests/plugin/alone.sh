#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# A bundle needs no library that core/ doesn't use, plays on its machine, and stays small. Prints TAP, and sizes.
# Usage: alone.sh BUNDLE COMMAND... of play_alone
set -u
bundle=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
. "$(dirname "$0")/../tap.sh"
case_log=$folder/log tells_all=yes

# Bounds [KiB], a tenth above what was measured. How many sets of kernels there are depends on the machine.
case $(readelf -h "$bundle/grus.so" | sed -n 's/.*Machine: *//p') in
AArch64) largest_module=640 ;;
ARM) largest_module=1050 ;;
*) largest_module=1650 ;;
esac
largest_data=1530
largest_instance=275

needs_only_what_core_needs() {
  readelf -d "$bundle/grus.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*/\1/p' | grep -v '^ld-linux' | sort >"$folder/needed"
  printf '%s\n' libc libebur128 libjansson libkissfft-float libm libsamplerate libsndfile | diff - "$folder/needed"
}

# kib FILE...: together
kib() {
  cat "$@" | wc -c | awk '{ print int(($1 + 1023) / 1024) }'
}

# is_at_most WHAT SIZE BOUND
is_at_most() {
  echo "$1: $2 KiB, at most $3"
  [ "$2" -gt 0 ] && [ "$2" -le "$3" ]
}

# A module of another machine has been stripped already
is_small() {
  strip -o "$folder/grus.so" "$bundle/grus.so" 2>/dev/null || cp "$bundle/grus.so" "$folder"
  is_at_most 'grus.so' "$(kib "$folder/grus.so")" $largest_module &&
    is_at_most 'descriptions, models and cabinets' \
      "$(kib "$bundle"/*.ttl "$bundle"/models/* "$bundle"/cabinets/*)" $largest_data
}

# All of the models, and each is the one that was chosen
every_model_sounds() {
  awk '$1 == "sound"' "$folder/played"
  ls "$bundle/models" | sort >"$folder/models"
  awk '$1 == "sound" && $3 > 0.02 && $3 < 2 && $4 == 1 { print $2 }' "$folder/played" | sort | diff - "$folder/models"
}

# Those after the first: what is made once for all isn't theirs
instances_are_small() {
  is_at_most 'an instance' "$(awk '$1 == "memory" { if (++n > 1 && $3 > most) most = $3 }
    END { print int((most + 1023) / 1024) }' "$folder/played")" $largest_instance
}

echo 1..5
"$@" "$bundle" >"$folder/played" 2>"$folder/errors"
played=$?
plays() {
  cat "$folder/errors"
  return $played
}
case_of the_module_needs_only_the_libraries_of_core needs_only_what_core_needs
case_of the_module_loads_and_plays plays
case_of every_model_sounds_at_the_first_run every_model_sounds
case_of the_bundle_is_small is_small
case_of an_instance_needs_little_memory instances_are_small
exit $failed
