#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Let Clang check that what is marked RT calls only what is marked, or what it can see to be harmless.

Usage: nonblocking.py SOURCE_ROOT BUILD_ROOT
Exit status: 0 if so, 1 if not, 77 if no Clang of version 20 or later is there.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOMS = ("core", "plugin", "live")
FIRST_VERSION = 20

# Functions of libraries that wait for nothing, though their headers don't say so
TRUSTED = (
    r"strnlen",
    r"kiss_fftr?i?",  # Their memory was set aside by kiss_fft_alloc()
    r"lv2_atom_forge_\w+",  # Into the buffer of a port
    r"LV2_Worker_Schedule::schedule_work",  # Made for the audio thread
    r"jack_(get_time|port_get_buffer|midi_get_event_count|midi_event_get)",
)

# What hosts and servers call on the audio thread: all else is found from there
ENTRIES = {
    "plugin/run.c": ("plugin_run",),
    "plugin/worker.c": ("handle_response",),
    "plugin/grus.c": ("connect_port",),
    "live/client.c": ("process_block",),
}
PLANTED = "#include <stdlib.h>\nint f(void) __attribute__((nonblocking));\nint f(void) { free(malloc(3)); return 0; }\n"


def find_clang():
    """Return the newest Clang that knows the attribute, or None."""
    names = ["clang"] + [f"clang-{version}" for version in range(FIRST_VERSION, 40)]
    found = []
    for name in names:
        if shutil.which(name):
            text = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout
            version = re.search(r"clang version (\d+)", text)
            found.append((int(version.group(1)) if version else 0, name))
    return max(found)[1] if found and max(found)[0] >= FIRST_VERSION else None


def complaints_about(clang, arguments, folder):
    """Return the lines in which Clang complains about a file."""
    command = [clang, *arguments, "-Wno-everything", "-Wfunction-effects", "-fsyntax-only", "-fno-color-diagnostics"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return [line for line in ended.stderr.splitlines() if re.search(r"(warning|error): ", line)]


def is_harmless(line):
    """Return true for what is trusted. In C, static variables have their value before the program starts."""
    called = re.search(r"must not call non-'nonblocking' function '([^']*)'", line)
    return line.find("must not have static local variables") >= 0 or (
        called and any(re.fullmatch(pattern, called.group(1)) for pattern in TRUSTED)
    )


def read_commands(source, build):
    """Return the path and the arguments of every file of the rooms, once for each instruction set."""
    commands = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = pathlib.Path(os.path.normpath(build / entry["directory"] / entry["file"])).relative_to(source)
        if path.parts[0] not in ROOMS or path.suffix != ".c" or "tests/" in entry.get("output", ""):
            continue
        words = shlex.split(entry["command"])
        kept = [word for word in words if re.match(r"-(I|isystem|D|std=|m|pthread)", word) and word not in ("-MD", "-MQ", "-MF")]
        commands[(str(path), tuple(kept))] = [*kept, str(source / path)]
    return [(path, arguments) for (path, _), arguments in commands.items()]


def has_marked_entries(source):
    """Return true if everything that hosts call is marked."""
    is_good = True
    for path, names in ENTRIES.items():
        text = (source / path).read_text(encoding="utf-8")
        for name in names:
            if not re.search(rf"^{name}\([^)]*\) RT\n\{{", text, re.MULTILINE):
                print(f"{path}: {name}() is not marked RT")
                is_good = False
    return is_good


def finds_planted(clang):
    """Return true if a mistake that was made on purpose is found."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "planted.c"
        path.write_text(PLANTED, encoding="utf-8")
        lines = complaints_about(clang, [str(path)], folder)
    found = [name for name in ("malloc", "free") if any(f"'{name}'" in line for line in lines)]
    if len(found) < 2:
        print("a planted allocation was not found")
    return len(found) == 2


def main():
    """Check all files; print what is wrong."""
    source, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    clang = find_clang()
    if not clang:
        print(f"skipped: no Clang of version {FIRST_VERSION} or later")
        return 77
    commands = read_commands(source, build)
    is_good = has_marked_entries(source) and finds_planted(clang)
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        found = pool.map(lambda command: complaints_about(clang, command[1], build), commands)
    wrong = sorted({line for lines in found for line in lines if not is_harmless(line)})
    print("\n".join(wrong))
    print(f"{clang}: {len(commands)} files, {len(wrong)} complaints")
    return 0 if is_good and commands and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
