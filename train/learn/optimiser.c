// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The update rules.

#include "train/learn/optimiser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BETA_MEAN 0.9
#define BETA_VARIANCE 0.99 ///< Shorter than the usual 0.999: chunks of a few ms give many steps
#define EPSILON 1e-8F
#define STAGE_RATE 1.0 ///< Of the linear stage, of the learning rate

static Status
init_soap(Optimiser* const o, const ParamsShape shape)
{
  const Status status = soap_new(shape, &o->soap);
  if (!status) {
    o->state = soap_state(o->soap);
    o->state_size = soap_state_size(o->soap);
  }
  return status;
}

static Status
init_stage(Optimiser* const o, const uint32_t n_taps)
{
  o->stage_state_size = fir_step_state_size(n_taps);
  o->stage_state = (float*)calloc(o->stage_state_size, sizeof(float));
  return o->stage_state ? fir_step_new(n_taps, &o->stage) : STATUS_NO_MEMORY;
}

Status
optimiser_init(Optimiser* const optimiser, const OptimiserType type, const ParamsShape shape)
{
  Optimiser o = {.type = type, .count = params_tensor(shape, PARAMS_TAPS).offset};
  Status status = STATUS_OK;
  switch (type) {
  case OPTIMISER_SOAP:
    status = init_soap(&o, shape);
    break;
  case OPTIMISER_ADAM:
    o.state_size = 2 * o.count;
    o.state = (float*)calloc(o.state_size, sizeof(float));
    status = o.state ? STATUS_OK : STATUS_NO_MEMORY;
    break;
  case OPTIMISER_SGD:
    break;
  }
  if (!status && shape.n_taps) {
    status = init_stage(&o, shape.n_taps);
  }
  if (status) {
    optimiser_clear(&o);
  } else {
    *optimiser = o;
  }
  return status;
}

void
optimiser_clear(Optimiser* const optimiser)
{
  fir_step_free(optimiser->stage);
  free(optimiser->stage_state);
  if (optimiser->soap) {
    soap_free(optimiser->soap);
  } else {
    free(optimiser->state);
  }
  *optimiser = (Optimiser){0};
}

void
optimiser_reset(Optimiser* const optimiser)
{
  optimiser->steps = 0;
  if (optimiser->soap) {
    soap_reset(optimiser->soap);
  } else if (optimiser->state) {
    memset(optimiser->state, 0, optimiser->state_size * sizeof(float));
  }
  if (optimiser->stage) {
    memset(optimiser->stage_state, 0, optimiser->stage_state_size * sizeof(float));
  }
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
adam_step(const Optimiser* const o, const float* const gradient, const double learning_rate,
          float* const values)
{
  float* const mean = o->state;
  float* const variance = o->state + o->count;
  const float rate = (float)(learning_rate / (1.0 - pow(BETA_MEAN, (double)o->steps)));
  const float scale = (float)(1.0 / (1.0 - pow(BETA_VARIANCE, (double)o->steps)));
  for (size_t i = 0; i < o->count; ++i) {
    const float g = gradient[i];
    mean[i] = (float)BETA_MEAN * mean[i] + (float)(1.0 - BETA_MEAN) * g;
    variance[i] = (float)BETA_VARIANCE * variance[i] + (float)(1.0 - BETA_VARIANCE) * g * g;
    values[i] -= rate * mean[i] / (sqrtf(scale * variance[i]) + EPSILON);
  }
}

void
optimiser_step(Optimiser* const optimiser, const float* const gradient, const double learning_rate,
               float* const values)
{
  ++optimiser->steps;
  switch (optimiser->type) {
  case OPTIMISER_SOAP:
    soap_step(optimiser->soap, optimiser->steps, gradient, learning_rate, values);
    break;
  case OPTIMISER_ADAM:
    adam_step(optimiser, gradient, learning_rate, values);
    break;
  case OPTIMISER_SGD:
    for (size_t i = 0; i < optimiser->count; ++i) {
      values[i] -= (float)learning_rate * gradient[i];
    }
    break;
  }
  if (optimiser->stage) {
    fir_step_move(optimiser->stage, optimiser->stage_state, optimiser->steps,
                  gradient + optimiser->count, STAGE_RATE * learning_rate,
                  values + optimiser->count);
  }
}
