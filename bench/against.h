// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What another program takes for a sample, to compare with: text with a line for each hidden size,
///
///     # GRU and a dense layer, one stream
///     16 51.2
///
/// SIZE and NANOSECONDS. Empty lines and what follows a # are skipped.

#ifndef GRUS_BENCH_AGAINST_H
#define GRUS_BENCH_AGAINST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define AGAINST_MAX_SIZES 16U
#define AGAINST_FAULT_SIZE 128U

/// One line
typedef struct {
  uint32_t hidden_size;
  double ns; ///< A sample
} AgainstFigure;

typedef struct {
  AgainstFigure figures[AGAINST_MAX_SIZES];
  size_t n;
} Against;

/// Read all lines. Return false and say in `fault` what is wrong if there are none, or one is not
/// as above.
bool against_read(FILE* text, Against* against, char fault[AGAINST_FAULT_SIZE]);

#endif
