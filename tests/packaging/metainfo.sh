#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# The descriptions for software centres are valid, name the programs that are installed, and have the releases that
# NEWS has, whose newest is this version. Prints TAP.
# Usage: metainfo.sh SOURCE_ROOT VERSION PROGRAM... -- DESCRIPTION.xml...
set -u
. "$(dirname "$0")/../tap.sh"
root=$(realpath "$1") version=$2
shift 2
programs=''
while [ "$1" != -- ]; do
  programs="$programs ${1##*/}"
  shift
done
shift
files=$(realpath "$@")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

# The names of this kind can't be in lower case; before the first release there is none to tell of
is_valid() {
  tolerated=cid-contains-uppercase-letter
  grep -q '^Grus [0-9.]* ([0-9]' "$root/NEWS" || tolerated="$tolerated\|releases-info-missing"
  for file in $files; do
    appstreamcli validate --no-net --pedantic --no-color "$file" >remarks || { cat remarks; return 1; }
    ! grep '^[EWIP]: ' remarks | grep -v "$tolerated" || return 1
    grep -q 'Validation was successful' remarks || return 1
  done
}

has_releases_of_news() {
  sed -nE 's/^Grus ([0-9.]+) \(([0-9-]+)\)$/\1 \2/p' "$root/NEWS" >news
  for file in $files; do
    sed -nE 's/.*<release version="(.*)" date="(.*)".*/\1 \2/p' "$file" | diff news - || return 1
    ! grep @ "$file" || return 1
  done
}

begins_news() {
  newest=$(sed -nE 's/^Grus ([0-9.]+) \(.*\)$/\1/p' "$root/NEWS" | head -1)
  [ "$newest" = "$version" ] || { echo "NEWS begins with $newest, meson.build says $version"; return 1; }
}

names_programs() {
  printf '%s\n' $programs | sort >installed
  # shellcheck disable=SC2086
  sed -n 's,.*<binary>\(.*\)</binary>.*,\1,p' $files | sort | diff installed -
}

echo 1..4
case_of the_newest_release_is_this_version begins_news
case_of releases_are_those_of_the_news has_releases_of_news
case_of every_program_is_named_once names_programs
command -v appstreamcli >/dev/null || why_not='no appstreamcli'
case_of descriptions_are_valid is_valid
exit $failed
