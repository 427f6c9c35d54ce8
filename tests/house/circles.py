#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Check that no module includes, through others, itself. A module is X.c with X.h.

Usage: circles.py SOURCE_ROOT
Exit status: 1 if there is a circle, which is printed.
"""
import pathlib
import re
import sys

ROOMS = ("bench", "cli", "core", "guitar", "live", "plugin", "presets", "train")
INCLUDE = re.compile(r'^#include "([^"]+)\.h"', re.MULTILINE)


def read_includes(root):
    """Return the modules that each module includes, by their paths without extension."""
    includes = {}
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.[ch]")):
            module = str(path.relative_to(root).with_suffix(""))
            found = INCLUDE.findall(path.read_text(encoding="utf-8"))
            includes.setdefault(module, set()).update(name for name in found if name != module)
    return includes


def find_circle(includes):
    """Return the modules of a circle, the first again at the end; nothing where there is none."""
    done = set()
    for start in includes:
        way = [(start, iter(sorted(includes[start])))]
        while way:
            module, rest = way[-1]
            following = next(rest, None)
            names = [name for name, _ in way]
            if following is None:
                done.add(module)
                way.pop()
            elif following in names:
                return names[names.index(following):] + [following]
            elif following in includes and following not in done:
                way.append((following, iter(sorted(includes[following]))))
    return []


def main():
    includes = read_includes(pathlib.Path(sys.argv[1]))
    if not includes:
        sys.exit(f"circles.py: no modules in {sys.argv[1]}")
    circle = find_circle(includes)
    if circle:
        sys.exit("A circle of includes: " + " -> ".join(circle))


if __name__ == "__main__":
    main()
