// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Recurrent layers, as core/params.h has their equations. Offline.

#include "train/teacher/recurrent.h"

#include "train/teacher/kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t
count_gates(const Recurrent* const layer)
{
  return (size_t)params_n_gates(layer->cell) * layer->hidden_size;
}

Status
recurrent_init(const Recurrent* const layer, RecurrentState* const s)
{
  const size_t n_gates = count_gates(layer);
  const size_t n_sources = (size_t)layer->n_in + layer->hidden_size;
  const size_t n_state = 2 * (size_t)layer->hidden_size;
  double* const values =
      (double*)calloc(n_sources * n_gates + 2 * n_gates + n_state, sizeof(double));
  if (!values) {
    return STATUS_NO_MEMORY;
  }
  *s = (RecurrentState){.layer = layer,
                        .weights = values,
                        .input_sums = values + n_sources * n_gates,
                        .state_sums = values + (n_sources + 1) * n_gates,
                        .state = values + (n_sources + 2) * n_gates};
  for (size_t i = 0; i < n_sources * n_gates; ++i) {
    values[i % n_sources * n_gates + i / n_sources] = (double)layer->weights[i];
  }
  for (size_t i = 0; layer->initial_state && i < n_state; ++i) {
    s->state[i] = (double)layer->initial_state[i];
  }
  return STATUS_OK;
}

void
recurrent_clear(RecurrentState* const s)
{
  free(s->weights);
  s->weights = NULL;
}

static double
sigmoid(const double x)
{
  return 1.0 / (1.0 + exp(-x));
}

/// sums = bias, or zero
static void
begin_sums(const float* const bias, const size_t n, double* const sums)
{
  for (size_t i = 0; i < n; ++i) {
    sums[i] = bias ? (double)bias[i] : 0.0;
  }
}

/// sums += column x
static void
add_column(const double* restrict const column, const double x, const size_t n,
           double* restrict const sums)
{
  for (size_t i = 0; i < n; ++i) {
    sums[i] += column[i] * x;
  }
}

/// Compute W_i x + b_i and W_h h + b_h; `in` is the block's first channel at this frame
static void
sum_sources(const RecurrentState* const s, const float* const in)
{
  const Recurrent* const l = s->layer;
  const size_t n_gates = count_gates(l);
  begin_sums(l->bias, n_gates, s->input_sums);
  begin_sums(l->bias_h, n_gates, s->state_sums);
  for (uint32_t i = 0; i < l->n_in; ++i) {
    add_column(s->weights + i * n_gates, (double)in[(size_t)i * TEACHER_BLOCK], n_gates,
               s->input_sums);
  }
  for (uint32_t i = 0; i < l->hidden_size; ++i) {
    add_column(s->weights + (l->n_in + i) * n_gates, s->state[i], n_gates, s->state_sums);
  }
}

static void
step_gru(const RecurrentState* const s)
{
  const uint32_t n = s->layer->hidden_size;
  const double* const a = s->input_sums;
  const double* const b = s->state_sums;
  for (uint32_t i = 0; i < n; ++i) {
    const double r = sigmoid(a[i] + b[i]);
    const double z = sigmoid(a[n + i] + b[n + i]);
    const double candidate = tanh(a[2 * n + i] + r * b[2 * n + i]);
    s->state[i] = z * s->state[i] + (1.0 - z) * candidate;
  }
}

static void
step_lstm(const RecurrentState* const s)
{
  const uint32_t n = s->layer->hidden_size;
  const double* const a = s->input_sums;
  const double* const b = s->state_sums;
  double* const c = s->state + n;
  for (uint32_t k = 0; k < n; ++k) {
    const double i = sigmoid(a[k] + b[k]);
    const double f = sigmoid(a[n + k] + b[n + k]);
    const double g = tanh(a[2 * n + k] + b[2 * n + k]);
    const double o = sigmoid(a[3 * n + k] + b[3 * n + k]);
    c[k] = f * c[k] + i * g;
    s->state[k] = o * tanh(c[k]);
  }
}

void
recurrent_run(RecurrentState* const s, const float* const in, float* const out)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; ++t) {
    sum_sources(s, in + t);
    (s->layer->cell == CELL_LSTM ? step_lstm : step_gru)(s);
    for (uint32_t i = 0; i < s->layer->hidden_size; ++i) {
      out[(size_t)i * TEACHER_BLOCK + t] = (float)s->state[i];
    }
  }
}
