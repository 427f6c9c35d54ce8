// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Initial weights: uniform in ±1/√H, as usual (torch.nn.GRU), except for two things. The
// candidate's recurrent weights are orthogonal, so that what circulates neither grows nor fades
// (Saxe et al., ICLR 2014). And half of the units begin with update gates that hold their state for
// up to a thousand frames, so that the slow parts of a circuit are within reach of the first
// gradients (chrono initialisation: Tallec and Ollivier, ICLR 2018). Median ESR of five seeds after
// 16 s on one core, simulated overdrive: 0.0058 without either, 0.0047 with memory alone, 0.0031
// with both.
//
// Knobs have weights like any input. Neither knob weights a tenth as large nor biases that
// compensate for a knob's middle position learn better (one knob, three settings, up to eight
// seeds).

#include "train/learn/first_weights.h"

#include "core/circle.h"
#include "core/random.h"

#include <math.h>
#include <stddef.h>

#define LONGEST_MEMORY 1000.0 ///< [frames]

/// A number from the normal distribution (Box and Muller)
static double
random_normal(Random* const random)
{
  const double u = 1.0 - random_between(random, 0.0, 1.0);
  const double v = random_between(random, 0.0, 1.0);
  return sqrt(-2.0 * log(u)) * cos(TAU * v);
}

/// Take from `row` what lies along `other`, both of length `n`
static void
make_orthogonal(float* const row, const float* const other, const uint32_t n)
{
  double along = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    along += (double)row[i] * (double)other[i];
  }
  for (uint32_t i = 0; i < n; ++i) {
    row[i] -= (float)(along * (double)other[i]);
  }
}

static void
scale_to_one(float* const row, const uint32_t n)
{
  double sum = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    sum += (double)row[i] * (double)row[i];
  }
  for (uint32_t i = 0; i < n; ++i) {
    row[i] *= (float)(1.0 / sqrt(sum));
  }
}

/// Fill `matrix` (n, n) with a random rotation (Gram and Schmidt)
static void
fill_orthogonal(float* const matrix, const uint32_t n, Random* const random)
{
  for (uint32_t r = 0; r < n; ++r) {
    float* const row = matrix + (size_t)r * n;
    for (uint32_t c = 0; c < n; ++c) {
      row[c] = (float)random_normal(random);
    }
    for (uint32_t pass = 0; pass < 2; ++pass) { // The second corrects rounding errors
      for (uint32_t k = 0; k < r; ++k) {
        make_orthogonal(row, matrix + (size_t)k * n, n);
      }
      scale_to_one(row, n);
    }
  }
}

/// Let every other unit hold its state for 1 to LONGEST_MEMORY frames
static void
give_memory(const Params* const params, Random* const random)
{
  const uint32_t n = params->shape.hidden_size;
  float* const update_bias = params_values(params, PARAMS_B_I) + n;
  for (uint32_t i = 0; i < n; i += 2) {
    const double memory = pow(LONGEST_MEMORY, random_between(random, 0.0, 1.0));
    update_bias[i] = (float)log(1.0 + memory);
  }
}

void
first_weights_draw(const Params* const params, const uint64_t seed)
{
  Random random = random_for(seed, 0);
  const uint32_t n = params->shape.hidden_size;
  const size_t count = params_tensor(params->shape, PARAMS_TAPS).offset;
  const double bound = 1.0 / sqrt((double)n);
  for (size_t i = 0; i < count; ++i) {
    params->values[i] = (float)random_between(&random, -bound, bound);
  }
  fill_orthogonal(params_values(params, PARAMS_W_H) + (size_t)2 * n * n, n, &random);
  give_memory(params, &random);
  if (params->shape.n_taps) {
    params_values(params, PARAMS_TAPS)[0] = 1.0F;
  }
}
