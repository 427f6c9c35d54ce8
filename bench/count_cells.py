#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Instructions and cycles a sample of the recurrent kernels on aarch64, without such a machine.

Compiles bench/play_cell.c and the kernels, runs them under qemu one instruction at a time, and counts. The
instructions of one sample, as executed, then go through llvm-mca again and again, which gives the cycles if every
load hits the first cache. Counts are the same on every machine and on every run.

Needs a cross compiler, qemu-aarch64, aarch64-linux-gnu-objdump and llvm-mca.
"""
import argparse
import collections
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCES = ["bench/play_cell.c", "core/model/cells.c", "core/params.c", "core/model/cell_kernel.c",
           "core/model/cell_gates.c"]
FRAMES = 6


def run(*command):
    return subprocess.run(command, check=True, text=True, capture_output=True).stdout


def compile_player(compiler, cpu, folder):
    # As core/meson.build compiles them
    flags = ["-std=c11", "-D_GNU_SOURCE", "-ffp-contract=fast", "-O2", "-I" + ROOT, "-DCELL_ISA=base", "-DLANES=4"]
    flags += ["-Wno-psabi", "-static"] + (["-mcpu=" + cpu] if cpu else [])
    program = os.path.join(folder, "play_cell")
    run(*compiler.split(), *flags, "-o", program, *[os.path.join(ROOT, s) for s in SOURCES], "-lm")
    return program


def disassemble(program):
    """Return address -> text of each instruction"""
    code = {}
    for line in run("aarch64-linux-gnu-objdump", "-d", "--no-show-raw-insn", program).splitlines():
        found = re.match(r" +([0-9a-f]+):\t(.*)", line)
        if found:
            code[int(found[1], 16)] = re.sub(r"\s*(//|<).*", "", found[2])
    return code


def find_function(program, cell, size, streams):
    cell = "CELL_LSTM" if cell == "lstm" else "CELL_GRU_" + cell.upper().replace("-", "_")
    for line in run("aarch64-linux-gnu-nm", "-S", program).splitlines():
        if line.endswith(f" run_{cell}_{size}_{streams}"):
            start, length = line.split()[:2]
            return int(start, 16), int(length, 16)
    sys.exit(f"count_cells.py: no kernel for {cell} of {size}")


def trace(program, arguments, function, frames):
    """Return the addresses of all instructions that the function executes"""
    with tempfile.NamedTemporaryFile("r") as log:
        start, length = function
        run("qemu-aarch64", "-singlestep", "-d", "exec,nochain", "-dfilter", f"{start:#x}+{length:#x}", "-D", log.name,
            program, *arguments, str(frames))
        return [int(m, 16) for m in re.findall(r"\[[0-9a-f]+/([0-9a-f]+)/", log.read())]


def one_sample(program, arguments, function):
    """Return the instructions of two samples, without what surrounds them"""
    short = trace(program, arguments, function, FRAMES)
    long = trace(program, arguments, function, FRAMES + 2)
    begin = len(short) // 2
    return long[begin:begin + len(long) - len(short)]


def without_targets(text):
    """llvm-mca looks at no addresses"""
    name, _, rest = text.partition("\t")
    if name in ("adr", "adrp"):
        return f"{name}\t{rest.split(',')[0]}, 0"
    if re.match(r"(b|bl|b\..*|cbn?z|tbn?z)$", name):
        return "\t".join([name, ", ".join(rest.split(",")[:-1] + ["0"])])
    return text


def cycles(mca, cpu, text):
    """Return the cycles of one run through the text after many"""
    counts = []
    for rounds in (20, 40):
        command = [*mca.split(), "-mtriple=aarch64", "-mcpu=" + cpu, f"-iterations={rounds}",
                   "-resource-pressure=false", "-instruction-info=false"]
        out = subprocess.run(command, input=text, check=True, text=True, capture_output=True).stdout
        counts.append(int(re.search(r"Total Cycles: *(\d+)", out)[1]))
    return (counts[1] - counts[0]) / 20


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cc", default="aarch64-linux-gnu-gcc")
    parser.add_argument("--cpu", default="", help="compile for this core; default: any")
    parser.add_argument("--cell", default="reset-after")
    parser.add_argument("--sizes", default="8,12,16,20,24,32,40,64")
    parser.add_argument("--streams", default="1,2")
    parser.add_argument("--mca", default="llvm-mca")
    parser.add_argument("--model", default="cortex-a72", help="llvm-mca's names of cores")
    parser.add_argument("--mix", action="store_true", help="how many there are of each instruction")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = compile_player(options.cc, options.cpu, folder)
        code = disassemble(program)
        print("cell          H streams instructions multiply-adds " + options.model)
        for streams in options.streams.split(","):
            for size in options.sizes.split(","):
                arguments = [options.cell, size, streams]
                sample = one_sample(program, arguments, find_function(program, *arguments))
                text = [without_targets(code[a]) for a in sample]
                names = collections.Counter(t.split("\t")[0] for t in text)
                figures = [f"{cycles(options.mca, m, chr(10).join(text)) / 2:10.0f}" for m in options.model.split(",")]
                print(f"{options.cell:12} {size:>3} {streams:>7} {len(sample) / 2:12.1f} "
                      f"{(names['fmla'] + names['fmls'] + names['fmadd']) / 2:13.1f}", *figures, flush=True)
                if options.mix:
                    print("   ", ", ".join(f"{n} {c / 2:g}" for n, c in names.most_common()))


if __name__ == "__main__":
    main()
