#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Count the cases in Meson's logs, name those that did not pass, and end with one line.

Usage: summary.py LOG...   LOG is a testlog.json. Exit status: 1 if one failed, or none ran.
"""
import json
import os
import re
import sys

CASE = re.compile(r"^(ok|not ok) \d+ *-? *([^#\n]*)(#.*)?$", re.MULTILINE)


def cases(test):
    """Yield (name, result) for each case of a program: those it printed as TAP, or itself."""
    own = [(name.strip(), "SKIP" if "SKIP" in (note or "").upper() else "OK" if word == "ok" else "FAIL")
           for word, name, note in CASE.findall(test.get("stdout") or "")]
    good = test["result"] in ("OK", "SKIP")
    if not own or (not good and all(result != "FAIL" for _, result in own)):
        yield "the program", test["result"]  # It crashed, leaked, or has no cases
    yield from own


def main():
    passed, failed, skipped = 0, [], []
    for path in sys.argv[1:]:
        if not os.path.exists(path):
            failed.append(f"{path}: no test ran")
            continue
        with open(path, encoding="utf-8") as log:
            for test in map(json.loads, log):
                for name, result in cases(test):
                    if result == "OK":
                        passed += 1
                    else:
                        (skipped if result == "SKIP" else failed).append(f"{test['name']}: {name}")
    for name in skipped:
        print("skipped", name)
    for name in failed:
        print("FAILED", name)
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
