// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// An input's level is its peak, which says how far gear is driven. A target may have clicks, and as
// much silence as it likes: neither counts for much in its level.

#include "train/learn/scale.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

static double
input_peak(const Dataset* const dataset)
{
  float peak = 0.0F;
  for (uint32_t c = 0; c < dataset->n_clips; ++c) {
    const float* const input = dataset->clips[c].input;
    for (uint32_t t = 0; t < dataset->warmup + dataset->length; ++t) {
      peak = fmaxf(peak, fabsf(input[t]));
    }
  }
  return (double)peak;
}

static double
target_level(const Dataset* const dataset)
{
  double squares = 0.0;
  double fourth_powers = 0.0;
  for (uint32_t c = 0; c < dataset->n_clips; ++c) {
    const float* const target = dataset->clips[c].target;
    for (uint32_t t = 0; t < dataset->warmup + dataset->length; ++t) {
      const double square = (double)target[t] * (double)target[t];
      squares += square;
      fourth_powers += square * square;
    }
  }
  return sqrt(fourth_powers / squares);
}

/// Return the gain from one level to another; silence stays as it is
static float
gain_between(const double from, const double to)
{
  const float gain = (float)(to / from);
  return isfinite(gain) && gain > 0.0F ? gain : 1.0F;
}

Scale
scale_find(const Dataset* const dataset)
{
  return (Scale){
      gain_between(input_peak(dataset), SCALE_INPUT_PEAK),
      gain_between(target_level(dataset), SCALE_TARGET_LEVEL),
  };
}

static void
multiply(float* const values, const size_t n, const size_t stride, const double factor)
{
  for (size_t i = 0; i < n; ++i) {
    values[i * stride] = (float)(factor * (double)values[i * stride]);
  }
}

static void
multiply_weights(const Params* const params, const double input, const double output)
{
  const ParamsShape shape = params->shape;
  const size_t n_rows = (size_t)params_n_gates(shape.cell) * shape.hidden_size;
  multiply(params_values(params, PARAMS_W_I), n_rows, shape.n_inputs, input);
  multiply(params_values(params, PARAMS_W_O), shape.hidden_size, 1, output);
  multiply(params_values(params, PARAMS_B_O), 1, 1, output);
}

void
scale_enter(const Params* const params, const Scale scale)
{
  multiply_weights(params, 1.0 / (double)scale.input, (double)scale.target);
}

void
scale_leave(const Params* const params, const Scale scale)
{
  multiply_weights(params, (double)scale.input, 1.0 / (double)scale.target);
}
