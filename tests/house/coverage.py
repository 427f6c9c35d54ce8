#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Count the lines of folders that ran, in a build with counters by GCC.

Usage: coverage.py BUILD FOLDER=PERCENT...
Prints TAP, a case for each folder: so much of it ran at least. Writes BUILD/uncovered.txt: each line that did not run,
with its function. A line that is compiled several times has run if it ran in one of the programs.
"""
import collections
import json
import os
import subprocess
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
AT_ONCE = 50  # Notes that one gcov reads


def notes_below(build):
    """Return the notes of all objects: which lines there are. With ThreadSanitizer, declarations are among them."""
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(build) for name in names
                  if name.endswith(".gcno") and not folder.endswith("_threads.p"))


def reports(build):
    """Yield (file, its lines) for each object, as gcov prints them; the file from the project's folder on."""
    notes = notes_below(build)
    for begin in range(0, len(notes), AT_ONCE):
        run = subprocess.run(["gcov", "--json-format", "--stdout", *notes[begin:begin + AT_ONCE]], cwd=build, check=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in run.stdout.splitlines():
            if not line.startswith("{"):
                continue
            report = json.loads(line)
            for part in report["files"]:
                path = os.path.realpath(os.path.join(report["current_working_directory"], part["file"]))
                yield os.path.relpath(path, ROOT), part["lines"]


def count_runs(build, folders):
    """Return for each file {line: (how often it ran, its function)}."""
    runs = collections.defaultdict(dict)
    for path, lines in reports(build):
        if path.split(os.sep)[0] not in folders:
            continue
        for line in lines:
            number = line["line_number"]
            before, _ = runs[path].get(number, (0, None))
            runs[path][number] = (before + line["count"], line.get("function_name") or "")
    return runs


def write_uncovered(path, runs):
    """Write what did not run as FILE:LINE: FUNCTION: TEXT."""
    with open(path, "w", encoding="utf-8") as out:
        for name in sorted(runs):
            with open(os.path.join(ROOT, name), encoding="utf-8") as source:
                text = source.read().splitlines()
            for number, (count, function) in sorted(runs[name].items()):
                if not count:
                    out.write(f"{name}:{number}: {function}: {text[number - 1].strip()}\n")


def main():
    build = os.path.realpath(sys.argv[1])
    bounds = {folder: float(percent) for folder, percent in (bound.split("=") for bound in sys.argv[2:])}
    runs = count_runs(build, bounds)
    write_uncovered(os.path.join(build, "uncovered.txt"), runs)
    is_good = True
    print(f"1..{len(bounds)}")
    for number, (folder, bound) in enumerate(bounds.items(), 1):
        counts = [count for path, lines in runs.items() if path.startswith(folder + os.sep)
                  for count, _ in lines.values()]
        ran = 100.0 * sum(count > 0 for count in counts) / max(len(counts), 1)
        is_good = is_good and ran >= bound
        print(f"{'ok' if ran >= bound else 'not ok'} {number} - {folder}: {ran:.1f} % of {len(counts)} lines, at least {bound:g} %")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
