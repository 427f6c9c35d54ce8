// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Compiled once per instruction set (PEAK_KERNEL, LANES).

#include "bench/peak.h"
#include "core/lanes.h"

#define N_SUMS 12U
#define N_VECTORS (16384U / sizeof(Lanes)) ///< Half of the smallest first cache
#define LOADS_A_TIME 16U

extern const PeakKernel PEAK_KERNEL;

/// Keep the compiler from dropping what was computed
static void
keep_value(Lanes v)
{
  __asm__ volatile("" : "+m"(v));
}

static double
multiply_and_add(const uint32_t n_rounds)
{
  Lanes sums[N_SUMS];
  Lanes factor = lanes_splat(0.999F);
  __asm__ volatile("" : "+m"(factor)); // Not known when compiling
#pragma GCC unroll 12
  for (uint32_t k = 0; k < N_SUMS; ++k) {
    sums[k] = lanes_splat((float)k);
  }
  for (uint32_t i = 0; i < n_rounds; ++i) {
#pragma GCC unroll 12
    for (uint32_t k = 0; k < N_SUMS; ++k) {
      sums[k] = sums[k] * factor + factor;
    }
  }
#pragma GCC unroll 12
  for (uint32_t k = 1; k < N_SUMS; ++k) {
    sums[0] += sums[k];
  }
  keep_value(sums[0]);
  return (double)n_rounds * N_SUMS * LANES;
}

static double
load_memory(const uint32_t n_rounds)
{
  static Lanes memory[N_VECTORS];
  Lanes sums[LOADS_A_TIME];
  for (uint32_t v = 0; v < N_VECTORS; ++v) { // Pages never written to would all be the same one
    memory[v] = lanes_splat(1.0F);
  }
#pragma GCC unroll 16
  for (uint32_t k = 0; k < LOADS_A_TIME; ++k) {
    sums[k] = lanes_splat(0.0F);
  }
  for (uint32_t i = 0; i < n_rounds; ++i) {
    __asm__ volatile("" : "+m"(memory)); // Read again
    for (uint32_t v = 0; v < N_VECTORS; v += LOADS_A_TIME) {
#pragma GCC unroll 16
      for (uint32_t k = 0; k < LOADS_A_TIME; ++k) {
        sums[k] += memory[v + k];
      }
    }
  }
#pragma GCC unroll 16
  for (uint32_t k = 1; k < LOADS_A_TIME; ++k) {
    sums[0] += sums[k];
  }
  keep_value(sums[0]);
  return (double)n_rounds * sizeof(memory);
}

const PeakKernel PEAK_KERNEL = {multiply_and_add, load_memory};
