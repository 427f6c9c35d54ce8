// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Weights about as large as those of a trained model, the same on every run.

#ifndef GRUS_BENCH_RANDOM_PARAMS_H
#define GRUS_BENCH_RANDOM_PARAMS_H

#include "core/params.h"
#include "core/random.h"

#include <math.h>

/// Fill all tensors; a linear stage dies away
static inline void
random_params_fill(Params* const params)
{
  const ParamsShape shape = params->shape;
  Random random = random_for(shape.hidden_size, shape.cell);
  const double bound = 1.5 / sqrt((double)shape.hidden_size);
  for (size_t i = 0; i < params_count(shape); ++i) {
    params->values[i] = (float)random_between(&random, -bound, bound);
  }
  for (uint32_t k = 0; k < shape.n_taps; ++k) {
    params_values(params, PARAMS_TAPS)[k] *= (float)exp(-8.0 * k / shape.n_taps);
  }
}

#endif
