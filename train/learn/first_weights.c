// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Initial weights: uniform in ±1/√H, as usual (torch.nn.GRU), except for what circuits do and
// random units learn late.
//
// The candidate's recurrent weights are orthogonal, so that what circulates neither grows nor fades
// (Saxe et al., ICLR 2014). And half of the units begin with update gates that hold their state for
// up to a thousand frames, so that the slow parts of a circuit are within reach of the first
// gradients (chrono initialisation: Tallec and Ollivier, ICLR 2018).
//
// Of the other half, every other unit begins as a low-pass of the input, as tone circuits are made
// of, and the rest as a line of delays, which hands on the last frames of the input: the sums of
// both are filters. All of them learn like any other. RECIPE.md has what each gives.
//
// Knobs have weights like any input. Neither knob weights a tenth as large nor biases that
// compensate for a knob's middle position learn better (one knob, three settings, up to eight
// seeds).

#include "train/learn/first_weights.h"

#include "core/circle.h"
#include "core/random.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define LONGEST_MEMORY 1000.0 ///< [frames]
#define SLOWEST_FILTER 150.0  ///< Time constant [frames]
#define FASTEST_FILTER 1.5    ///< [frames]
#define INPUT_WEIGHT 0.5      ///< Of what is filtered or delayed, so that tanh hardly bends it
#define OPEN 4.0              ///< Bias of a gate that is as good as open
#define NO_UNIT UINT32_MAX

/// The order of gates in every tensor
enum { RESET, UPDATE, CANDIDATE };

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
  float* const update_bias = params_values(params, PARAMS_B_I) + (size_t)UPDATE * n;
  for (uint32_t i = 0; i < n; i += 2) {
    const double memory = pow(LONGEST_MEMORY, random_between(random, 0.0, 1.0));
    update_bias[i] = (float)log(1.0 + memory);
  }
}

/// Let one gate of a unit hear nothing, so that all it has is a bias
static void
fix_gate(const Params* const params, const uint32_t gate, const uint32_t unit, const double bias)
{
  const uint32_t n = params->shape.hidden_size;
  const uint32_t n_inputs = params->shape.n_inputs;
  const size_t row = (size_t)gate * n + unit;
  memset(params_values(params, PARAMS_W_H) + row * n, 0, n * sizeof(float));
  memset(params_values(params, PARAMS_W_I) + row * n_inputs, 0, n_inputs * sizeof(float));
  params_values(params, PARAMS_B_I)[row] = (float)bias;
  if (params_tensor(params->shape, PARAMS_B_H).rows) {
    params_values(params, PARAMS_B_H)[row] = 0.0F;
  }
}

/// Let the candidate of a unit be the input, and nothing else
static void
hear_input(const Params* const params, const uint32_t unit)
{
  const size_t row = (size_t)CANDIDATE * params->shape.hidden_size + unit;
  fix_gate(params, CANDIDATE, unit, 0.0);
  params_values(params, PARAMS_W_I)[row * params->shape.n_inputs] = (float)INPUT_WEIGHT;
}

/// Let a unit be the input through a low-pass of one pole, with a time constant of `frames`
static void
make_low_pass(const Params* const params, const uint32_t unit, const double frames)
{
  const double kept = exp(-1.0 / frames);
  hear_input(params, unit);
  fix_gate(params, UPDATE, unit, log(kept / (1.0 - kept)));
}

/// Let a unit be the input or, if there is a unit before it, what that one was a frame ago
static void
make_delay(const Params* const params, const uint32_t unit, const uint32_t before)
{
  const uint32_t n = params->shape.hidden_size;
  fix_gate(params, UPDATE, unit, -OPEN);
  fix_gate(params, RESET, unit, OPEN);
  if (before == NO_UNIT) {
    hear_input(params, unit);
  } else {
    fix_gate(params, CANDIDATE, unit, 0.0);
    params_values(params, PARAMS_W_H)[((size_t)CANDIDATE * n + unit) * n + before] = 1.0F;
  }
}

/// Turn the units without memory into low-passes, from the slowest to the fastest, and a line of
/// delays
static void
make_filters(const Params* const params)
{
  const uint32_t n_filters = (params->shape.hidden_size + 2) / 4;
  const double step =
      n_filters > 1 ? pow(FASTEST_FILTER / SLOWEST_FILTER, 1.0 / (n_filters - 1)) : 1.0;
  double frames = SLOWEST_FILTER;
  uint32_t before = NO_UNIT;
  for (uint32_t i = 1; i < params->shape.hidden_size; i += 4) {
    make_low_pass(params, i, frames);
    frames *= step;
  }
  for (uint32_t i = 3; i < params->shape.hidden_size; i += 4) {
    make_delay(params, i, before);
    before = i;
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
  fill_orthogonal(params_values(params, PARAMS_W_H) + (size_t)CANDIDATE * n * n, n, &random);
  give_memory(params, &random);
  make_filters(params);
  if (params->shape.n_taps) {
    params_values(params, PARAMS_TAPS)[0] = 1.0F;
  }
}
