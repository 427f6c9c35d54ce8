// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The update rules.

#include "train/optimiser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BETA_MEAN 0.9
#define BETA_VARIANCE 0.99 ///< Shorter than the usual 0.999: chunks of a few ms give many steps
#define EPSILON 1e-8F

Status
optimiser_init(Optimiser* const optimiser, const OptimiserType type, const size_t count)
{
  Optimiser o = {.type = type, .count = count, .mean_left = 1.0, .variance_left = 1.0};
  o.mean = (float*)calloc(count, sizeof(float));
  o.variance = (float*)calloc(count, sizeof(float));
  if (!o.mean || !o.variance) {
    optimiser_clear(&o);
    return STATUS_NO_MEMORY;
  }
  *optimiser = o;
  return STATUS_OK;
}

void
optimiser_clear(Optimiser* const optimiser)
{
  free(optimiser->mean);
  free(optimiser->variance);
  *optimiser = (Optimiser){0};
}

void
optimiser_reset(Optimiser* const optimiser)
{
  memset(optimiser->mean, 0, optimiser->count * sizeof(float));
  memset(optimiser->variance, 0, optimiser->count * sizeof(float));
  optimiser->mean_left = 1.0;
  optimiser->variance_left = 1.0;
}

double
optimiser_clip(float* const gradient, const size_t count, const double max_norm)
{
  double sum = 0.0;
  for (size_t i = 0; i < count; ++i) {
    sum += (double)gradient[i] * (double)gradient[i];
  }
  const double norm = sqrt(sum);
  if (norm > max_norm) {
    for (size_t i = 0; i < count; ++i) {
      gradient[i] *= (float)(max_norm / norm);
    }
  }
  return norm;
}

static void
adam_step(Optimiser* const o, const float* const gradient, const double learning_rate,
          float* const values)
{
  o->mean_left *= BETA_MEAN;
  o->variance_left *= BETA_VARIANCE;
  const float rate = (float)(learning_rate / (1.0 - o->mean_left));
  const float scale = (float)(1.0 / (1.0 - o->variance_left));
  for (size_t i = 0; i < o->count; ++i) {
    const float g = gradient[i];
    o->mean[i] = (float)BETA_MEAN * o->mean[i] + (float)(1.0 - BETA_MEAN) * g;
    o->variance[i] = (float)BETA_VARIANCE * o->variance[i] + (float)(1.0 - BETA_VARIANCE) * g * g;
    values[i] -= rate * o->mean[i] / (sqrtf(scale * o->variance[i]) + EPSILON);
  }
}

void
optimiser_step(Optimiser* const optimiser, const float* const gradient, const double learning_rate,
               float* const values)
{
  switch (optimiser->type) {
  case OPTIMISER_ADAM:
    adam_step(optimiser, gradient, learning_rate, values);
    break;
  case OPTIMISER_SGD:
    for (size_t i = 0; i < optimiser->count; ++i) {
      values[i] -= (float)learning_rate * gradient[i];
    }
    break;
  }
}
