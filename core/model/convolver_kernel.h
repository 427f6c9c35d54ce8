// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The inner loops of a convolver, compiled once per instruction set.

#ifndef GRUS_CORE_MODEL_CONVOLVER_KERNEL_H
#define GRUS_CORE_MODEL_CONVOLVER_KERNEL_H

#include "core/realtime.h"

#include <stdint.h>

#define CONVOLVER_HEAD 128U ///< Taps of the plain sum
#define CONVOLVER_BAND 16U  ///< Bins of a band, whose real parts come before the imaginary ones

typedef struct {
  /// Write `n` frames of the plain sum over `head` (CONVOLVER_HEAD), whose last tap comes first;
  /// the first frame is the last of the CONVOLVER_HEAD frames at `x`. `n` doesn't affect the bits
  /// of a frame.
  void (*run_head)(const float* head, const float* x, float* y, uint32_t n) RT;

  /// Add the products of `n` consecutive bands of `x` and `h` (n, 2, CONVOLVER_BAND) to `sum` (2,
  /// CONVOLVER_BAND)
  void (*add_products)(const float* x, const float* h, uint32_t n, float* sum) RT;
} ConvolverKernel;

/// Return how many instruction sets this processor has kernels for
uint32_t convolver_kernel_count(void);

/// Return one of them; the last is the fastest
ConvolverKernel convolver_kernel(uint32_t isa);

#endif
