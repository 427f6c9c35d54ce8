#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Count the cases of test runs, name those that did not pass, and end with one line.

Usage: summary.py [--parts FOLDER] LOG...
LOG is Meson's testlog.json, or a file of TAP ending in .tap. FOLDER has a file for each part of the run: the seconds
that it took by the clock, and those of the processors as the shell's "times" prints them.
Exit status: 1 if a case failed, or none ran.
"""
import argparse
import json
import os
import re
import sys

CASE = re.compile(r"^(ok|not ok) \d+ *-? *([^#\n]*)(#.*)?$", re.MULTILINE)
TIME = re.compile(r"(\d+)m([\d.]+)s")
N_SLOWEST = 10
N_LAST_LINES = 30


def cases(test):
    """Yield (name, result) for each case of a program: those it printed as TAP, or itself."""
    own = [(name.strip(), "SKIP" if "SKIP" in (note or "").upper() else "OK" if word == "ok" else "FAIL")
           for word, name, note in CASE.findall(test.get("stdout") or "")]
    good = test["result"] in ("OK", "SKIP")
    if not own or (not good and all(result != "FAIL" for _, result in own)):
        yield "the program", test["result"]  # It crashed, leaked, or has no cases
    yield from own


def read_log(path):
    """Return the tests of a log; nothing where it is missing or empty."""
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as log:
        if path.endswith(".tap"):
            text = log.read()
            name = os.path.basename(path)[:-len(".tap")]
            return [{"name": name, "stdout": text, "result": "OK"}] if CASE.search(text) else []
        return [json.loads(line) for line in log]


def print_slowest(runs):
    """Print the tests that took longest, by the clock; runs is a list of (path, test)."""
    timed = sorted(((test["duration"], test["name"], path) for path, test in runs if "duration" in test), reverse=True)
    print("\nSlowest tests [s]")
    for duration, name, path in timed[:N_SLOWEST]:
        print(f"{duration:6.0f}  {name:20s} {path}")


def print_parts(folder):
    """Print what each part of the run took."""
    print("\nParts                  [min]  on processors [min]")
    total = 0.0
    for name in sorted(os.listdir(folder)):
        if "." in name:
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as part:
            text = part.read()
        clock = float(text.split()[0]) / 60
        processors = sum(float(m) + float(s) / 60 for m, s in TIME.findall(text))
        total += processors
        print(f"{name:20s} {clock:7.1f} {processors:20.1f}")
    print(f"{'together':28s} {total:20.1f}\n")


def print_failed(runs):
    """Print how the tests that failed ended, without the cases that passed."""
    for path, test in runs:
        if all(result in ("OK", "SKIP") for _, result in cases(test)):
            continue
        print(f"\n{test['name']} in {path}:")
        for stream in ("stdout", "stderr"):
            lines = [line for line in (test.get(stream) or "").splitlines() if not line.startswith("ok ")]
            print("\n".join("    " + line for line in lines[-N_LAST_LINES:]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--parts")
    parser.add_argument("logs", nargs="+")
    options = parser.parse_args()
    passed, failed, skipped, runs = 0, [], [], []
    for path in options.logs:
        found = read_log(path)
        if not found:
            failed.append(f"{path}: no test ran")
        runs += [(path, test) for test in found]
    for _, test in runs:
        for name, result in cases(test):
            if result == "OK":
                passed += 1
            else:
                (skipped if result == "SKIP" else failed).append(f"{test['name']}: {name}")
    print_slowest(runs)
    if options.parts:
        print_parts(options.parts)
    print_failed(runs)
    for name in skipped:
        print("skipped", name)
    for name in failed:
        print("FAILED", name)
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
