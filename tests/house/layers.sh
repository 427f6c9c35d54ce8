#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Each folder includes only what the table of rooms in doc/design.md allows. A folder that isn't in the table may include
# nothing, so a new one has to be entered; bench and tests may include everything.
# Usage: layers.sh SOURCE_ROOT
cd "$1" || exit 1
export TABLE=doc/design.md
find cli core guitar live plugin presets train -name '*.[ch]' | sort | xargs awk '
  FNR == 1 {
    room = FILENAME
    sub("/[^/]*$", "", room)
  }
  FILENAME == ENVIRON["TABLE"] {
    if (/^\| [a-z]+[a-z\/]* \|/ && split($0, cell, " *[|] *") >= 4) {
      is_room[cell[2]] = 1
      n = split(cell[3], names, ", ")
      for (i = 1; i <= n; ++i) {
        allowed[cell[2], names[i]] = 1
      }
    }
    next
  }
  /^#include "/ {
    header = $2
    gsub("\"", "", header)
    from = header
    if (!sub("/[^/]*$", "", from)) {
      report("includes \"" header "\"; name it from the root of the project")
    } else if (from != room && !is_room[room]) {
      report(room " is not in the table of " ENVIRON["TABLE"])
    } else if (from != room && !may_include(from)) {
      report(room " must not include " header)
    }
  }
  function may_include(from) {
    if ((room, from) in allowed || (room, from "/**") in allowed) {
      return 1
    }
    while (sub("/[^/]*$", "", from)) {
      if ((room, from "/**") in allowed) {
        return 1
      }
    }
    return 0
  }
  function report(what) {
    print FILENAME ": " what
    bad = 1
  }
  END {
    for (name in is_room) {
      ++n_rooms
    }
    if (!n_rooms) {
      print ENVIRON["TABLE"] " has no table of rooms"
      bad = 1
    }
    exit bad
  }
' $TABLE
