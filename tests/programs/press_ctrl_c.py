#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Run a program in a terminal of its own, and press Ctrl-C there once a process that it started catches it.

Usage: press_ctrl_c.py COMMAND... Prints what the terminal shows, with a line for each time a line is begun again.
"""
import os
import pty
import select
import sys
import time


def child_catches(pid):
    """Return whether the only child of a process catches SIGINT."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            child = file.read().split()[0]
        with open(f"/proc/{child}/status", encoding="ascii") as file:
            caught = [line.split()[1] for line in file if line.startswith("SigCgt:")][0]
    except (OSError, IndexError):
        return False
    return int(caught, 16) & 2 != 0


def main():
    pid, terminal = pty.fork()
    if not pid:
        os.execv(sys.argv[1], sys.argv[1:])
    pressed = False
    while True:
        if not pressed and child_catches(pid):
            time.sleep(1.5)
            os.write(terminal, b"\x03")
            pressed = True
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                text = os.read(terminal, 65536)
            except OSError:
                break
            print(text.decode().replace("\r\033[K", "\n"), end="", flush=True)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
