// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The peak rates of this machine, measured in the same run as what is compared with them: clock,
/// multiply-adds and loads. One thread.

#ifndef GRUS_BENCH_MACHINE_H
#define GRUS_BENCH_MACHINE_H

#include <stddef.h>
#include <stdint.h>

/// The compiler's name and version, which GCC gives without its name
#ifdef __clang__
#define MACHINE_COMPILER __VERSION__
#else
#define MACHINE_COMPILER "GCC " __VERSION__
#endif

/// Stay on one processor; the last one, if `cpu` is negative
void machine_pin(int cpu);

/// Return the name of the processor, "unknown processor" if it can't be found out
const char* machine_name(char name[128]);

/// Return the time of a monotonic clock [s]
double machine_seconds(void);

/// Return the clock of the core [Hz]: additions that wait for each other, one a cycle
double machine_clock(void);

/// Return multiply-adds of floats a second, with the vectors of an instruction set
double machine_multiply_adds(uint32_t isa);

/// Return bytes a second that are read from the first cache
double machine_load_bandwidth(uint32_t isa);

/// Sort `values`, and return the one at `share` (0: least, 0.5: median, 1: largest)
double machine_quantile(double* values, size_t n, double share);

#endif
