// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Initial weights: uniform in ±1/√H, the field's habit (torch.nn.GRU).

#include "train/init.h"

#include "core/random.h"

#include <math.h>

void
init_params(const Params* const params, const uint64_t seed)
{
  Random random = random_for(seed, 0);
  const size_t count = params_count(params->shape);
  const double bound = 1.0 / sqrt((double)params->shape.hidden_size);
  for (size_t i = 0; i < count; ++i) {
    params->values[i] = (float)random_between(&random, -bound, bound);
  }
}
