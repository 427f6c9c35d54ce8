#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Each folder includes only what rooms.txt beside this file allows it. A folder that is not in the table may include
# nothing, so a new one has to be entered; bench and tests may include everything.
# Usage: layers.sh SOURCE_ROOT
cd "$1" || exit 1
export TABLE=tests/house/rooms.txt
find cli core guitar live plugin presets train -name '*.[ch]' | sort | xargs awk '
  FNR == 1 && FILENAME == ENVIRON["TABLE"] { reading_table = 1 }
  FNR == 1 && FILENAME != ENVIRON["TABLE"] { reading_table = 0; room = FILENAME; sub("/[^/]*$", "", room) }
  reading_table && /^[a-z]/ {
    name = $1
    sub(":$", "", name)
    is_room[name] = 1
    for (i = 2; i <= NF; ++i) {
      allowed[name, $i] = 1
    }
    next
  }
  /^#include "/ {
    header = $2
    gsub("\"", "", header)
    from = header
    if (!sub("/[^/]*$", "", from)) {
      print FILENAME ": includes \"" header "\", which should be named from the root of the project"
      bad = 1
    } else if (from != room && !may_include(room, from)) {
      print FILENAME ": " (is_room[room] ? room " must not include " : room " is not in " ENVIRON["TABLE"] "; it includes ") header
      bad = 1
    }
  }
  function may_include(room, from, above) {
    if ((room, from) in allowed || (room, from "/**") in allowed) {
      return 1
    }
    above = from
    while (sub("/[^/]*$", "", above)) {
      if ((room, above "/**") in allowed) {
        return 1
      }
    }
    return 0
  }
  END { exit bad }
' $TABLE
