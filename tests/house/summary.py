#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Count the cases in Meson's JUnit logs, name those that did not pass, and end with one line.

Usage: summary.py LOG.xml...   Exit status: 1 if one failed, or none ran.
"""
import sys
import xml.etree.ElementTree


def main():
    passed, failed, skipped = 0, [], []
    for path in sys.argv[1:]:
        for suite in xml.etree.ElementTree.parse(path).iter("testsuite"):
            cases = list(suite.iter("testcase"))
            for case in cases:
                name = f"{suite.get('name')}: {case.get('name')}"
                if case.find("failure") is not None or case.find("error") is not None:
                    failed.append(name)
                elif case.find("skipped") is not None:
                    skipped.append(name)
                else:
                    passed += 1
            if not cases and (int(suite.get("errors", 0)) or int(suite.get("failures", 0))):
                failed.append(suite.get("name"))
    for name in skipped:
        print("skipped", name)
    for name in failed:
        print("FAILED", name)
    print(f"{passed} passed, {len(failed)} failed" + (f", {len(skipped)} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
