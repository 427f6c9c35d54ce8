// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The inner loops of a convolver in vectors, compiled once per instruction set (CONVOLVER_ISA,
// LANES). Audio thread.

#include "core/model/convolver_kernel.h"

#include "core/lanes.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define CONVOLVER_KERNEL JOIN(convolver_kernel_, CONVOLVER_ISA)

#define HEAD CONVOLVER_HEAD
#define BAND CONVOLVER_BAND
#define N_LANES (BAND / LANES)
#define GROUP (LANES == 4 ? 4U : 8U) ///< Frames that share one load of the head

extern const ConvolverKernel CONVOLVER_KERNEL;

/// Sum `n` frames of the head; `n` is known at compile time
KERNEL_INLINE void
sum_head(const float* const head, const float* const x, const uint32_t n, float* const y) RT
{
  Lanes sums[GROUP] = {{0}};
  for (uint32_t k = 0; k < HEAD; k += LANES) {
    const Lanes taps = lanes_load(head + k);
#pragma GCC unroll 8
    for (uint32_t i = 0; i < n; ++i) {
      sums[i] += taps * lanes_load(x + k + i);
    }
  }
#pragma GCC unroll 8
  for (uint32_t i = 0; i < n; ++i) {
    y[i] = lanes_sum(sums[i]);
  }
}

static void
run_head(const float* const head, const float* const x, float* const y, const uint32_t n) RT
{
  uint32_t i = 0;
  for (; i + GROUP <= n; i += GROUP) {
    sum_head(head, x + i, GROUP, y + i);
  }
  for (; i < n; ++i) {
    sum_head(head, x + i, 1, y + i);
  }
}

static void
add_products(const float* x, const float* h, const uint32_t n, float* const sum) RT
{
  Lanes real[N_LANES];
  Lanes imaginary[N_LANES];
  for (uint32_t i = 0; i < N_LANES; ++i) {
    real[i] = lanes_load(sum + i * LANES);
    imaginary[i] = lanes_load(sum + BAND + i * LANES);
  }
  for (uint32_t p = 0; p < n; ++p, x += 2 * BAND, h += 2 * BAND) {
#pragma GCC unroll 4
    for (uint32_t i = 0; i < N_LANES; ++i) {
      const Lanes x_real = lanes_load(x + i * LANES);
      const Lanes x_imaginary = lanes_load(x + BAND + i * LANES);
      const Lanes h_real = lanes_load(h + i * LANES);
      const Lanes h_imaginary = lanes_load(h + BAND + i * LANES);
      real[i] += x_real * h_real;
      real[i] -= x_imaginary * h_imaginary;
      imaginary[i] += x_real * h_imaginary;
      imaginary[i] += x_imaginary * h_real;
    }
  }
  for (uint32_t i = 0; i < N_LANES; ++i) {
    lanes_store(sum + i * LANES, real[i]);
    lanes_store(sum + BAND + i * LANES, imaginary[i]);
  }
}

const ConvolverKernel CONVOLVER_KERNEL = {run_head, add_products};
