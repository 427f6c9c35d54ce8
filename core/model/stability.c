// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The Jacobian comes from finite differences of the double-precision reference. A disturbance
// starts from seeded random values and is kept at length 1; its growth is measured once the fast
// modes have decayed. Any thread but the audio thread.

#include "core/model/stability.h"

#include "core/model/recurrence.h"
#include "core/random.h"
#include "core/reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIFFERENCE 1e-5
#define N_WARMUP 2000U
#define N_STEPS 4000U
#define MAX_PAST 48U

/// A small deviation from the rest state, and what moves it
typedef struct {
  uint32_t n_state;
  double* jacobian; ///< (n_state, n_state), transposed: columns lie together
  double* past;     ///< (MAX_PAST, n_state), a ring
  double* mixed;    ///< (n_state)
  double taps[RECURRENCE_TAPS];
  uint32_t skip;
  uint32_t newest;
} Disturbance;

static void
clear_disturbance(Disturbance* const d)
{
  free(d->jacobian);
  free(d->past);
  free(d->mixed);
}

/// Take one step from `state` in silence
static Status
step_from(const Params* const params, const double* const knobs, double* const state)
{
  const float silence = 0.0F;
  double out = 0.0;
  return reference_run(params, knobs, state, &silence, &out, 1);
}

static Status
fill_jacobian(Disturbance* const d, const Params* const params, const double* const knobs,
              const double* const rest)
{
  double up[PARAMS_MAX_STATE];
  double down[PARAMS_MAX_STATE];
  Status status = STATUS_OK;
  for (uint32_t j = 0; !status && j < d->n_state; ++j) {
    memcpy(up, rest, d->n_state * sizeof(double));
    memcpy(down, rest, d->n_state * sizeof(double));
    up[j] += DIFFERENCE;
    down[j] -= DIFFERENCE;
    status = step_from(params, knobs, up);
    status = status ? status : step_from(params, knobs, down);
    for (uint32_t i = 0; i < d->n_state; ++i) {
      d->jacobian[(size_t)j * d->n_state + i] = (up[i] - down[i]) / (2.0 * DIFFERENCE);
    }
  }
  return status;
}

static double*
past_of(const Disturbance* const d, const uint32_t steps_back)
{
  return d->past + (size_t)((d->newest + MAX_PAST - steps_back) % MAX_PAST) * d->n_state;
}

static void
step_disturbance(Disturbance* const d)
{
  memset(d->mixed, 0, d->n_state * sizeof(double));
  for (uint32_t k = 0; k < RECURRENCE_TAPS; ++k) {
    const double* const past = past_of(d, d->skip + k);
    for (uint32_t i = 0; i < d->n_state; ++i) {
      d->mixed[i] += d->taps[k] * past[i];
    }
  }
  d->newest = (d->newest + 1) % MAX_PAST;
  double* const next = past_of(d, 0);
  memset(next, 0, d->n_state * sizeof(double));
  for (uint32_t j = 0; j < d->n_state; ++j) {
    const double* const column = d->jacobian + (size_t)j * d->n_state;
    for (uint32_t i = 0; i < d->n_state; ++i) {
      next[i] += column[i] * d->mixed[j];
    }
  }
}

/// Scale the whole past to length 1; return the logarithm of its length
static double
normalise_past(Disturbance* const d)
{
  const size_t n = (size_t)MAX_PAST * d->n_state;
  double sum = 0.0;
  for (size_t i = 0; i < n; ++i) {
    sum += d->past[i] * d->past[i];
  }
  const double length = sqrt(sum);
  for (size_t i = 0; length > 0.0 && i < n; ++i) {
    d->past[i] /= length;
  }
  return length > 0.0 ? log(length) : -(double)INFINITY;
}

/// Return the mean growth per step, as a logarithm
static double
measure_growth(Disturbance* const d)
{
  Random random = random_for(1, 9);
  double sum = 0.0;
  for (size_t i = 0; i < (size_t)MAX_PAST * d->n_state; ++i) {
    d->past[i] = random_between(&random, -1.0, 1.0);
  }
  for (uint32_t t = 0; t < N_WARMUP + N_STEPS; ++t) {
    step_disturbance(d);
    if (t % MAX_PAST == 0 || t + 1 == N_WARMUP || t + 1 == N_WARMUP + N_STEPS) {
      const double length = normalise_past(d);
      sum = t < N_WARMUP ? 0.0 : sum + length;
    }
  }
  return sum / N_STEPS;
}

Status
stability_check(const Params* const params, const double* const knobs, const double* const rest,
                const double delay, bool* const is_stable)
{
  const ParamsShape shape = params->shape;
  const uint32_t n_state = shape.hidden_size * (shape.cell == CELL_LSTM ? 2 : 1);
  Disturbance d = {.n_state = n_state,
                   .jacobian = (double*)calloc((size_t)n_state * n_state, sizeof(double)),
                   .past = (double*)calloc((size_t)MAX_PAST * n_state, sizeof(double)),
                   .mixed = (double*)calloc(n_state, sizeof(double))};
  if (!d.jacobian || !d.past || !d.mixed) {
    clear_disturbance(&d);
    return STATUS_NO_MEMORY;
  }
  d.skip = recurrence_taps(delay, d.taps);
  const Status status = fill_jacobian(&d, params, knobs, rest);
  if (!status) {
    *is_stable = measure_growth(&d) < 0.0;
  }
  clear_disturbance(&d);
  return status;
}
