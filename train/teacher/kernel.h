// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The two operations that captures spend their time in, over a block of time, compiled once per
/// instruction set. Offline threads.

#ifndef GRUS_TRAIN_TEACHER_KERNEL_H
#define GRUS_TRAIN_TEACHER_KERNEL_H

#include "train/teacher/activation.h"

#include <stdbool.h>
#include <stdint.h>

/// Frames of a block: a multiple of any vector, so that a frame's place in it changes no bit
#define TEACHER_BLOCK 256U

/// out[o][t] = bias[o] + Σ_j weights[o][j] taps[j][t]
typedef struct {
  uint32_t n_rows;
  uint32_t n_taps;
  const float* weights;     ///< (n_rows, n_taps)
  const float* bias;        ///< (n_rows), or NULL: zero
  const float* const* taps; ///< (n_taps), each of TEACHER_BLOCK frames
  float* out;               ///< (n_rows, TEACHER_BLOCK)
  bool adds;                ///< To what `out` holds
} TeacherProduct;

typedef struct {
  const char* isa;
  void (*multiply)(const TeacherProduct* product);

  /// Apply an activation to one channel of a block, in place
  void (*activate)(const Activation* activation, uint32_t channel, float* x);
} TeacherKernel;

/// Return the kernel for this machine's best instruction set
const TeacherKernel* teacher_kernel(void);

#endif
