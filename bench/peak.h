// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Peak rates of an instruction set's vectors: multiply-adds alone, and loads alone.

#ifndef GRUS_BENCH_PEAK_H
#define GRUS_BENCH_PEAK_H

#include <stdint.h>

typedef struct {
  double (*multiply_add)(uint32_t n_rounds); ///< Return how many multiply-adds of a float were done
  double (*load)(uint32_t n_rounds);         ///< Return how many bytes were read
} PeakKernel;

/// Return the kernel for one of core/model/cells.h's instruction sets
const PeakKernel* peak_kernel(uint32_t isa);

#endif
