// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What PyTorch computed (tests/learn/data/make_torch_vectors.py).

#ifndef GRUS_TESTS_LEARN_TORCH_VECTORS_H
#define GRUS_TESTS_LEARN_TORCH_VECTORS_H

#include "core/params.h"

#include <stdint.h>

typedef struct {
  uint32_t frames;
  uint32_t batch;
  Params params;
  double loss;
  float* x;         ///< (frames, batch)
  float* target;    ///< (frames, batch)
  float* h0;        ///< (H, batch)
  double* y;        ///< (frames, batch)
  double* gradient; ///< (params_count())
} TorchVectors;

/// Read the file in the folder GRUS_TEST_DATA
TorchVectors torch_vectors_read(void);

void torch_vectors_clear(TorchVectors* vectors);

#endif
