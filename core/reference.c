// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The cells as the papers write them: one loop per equation, nothing fused, libm's tanh and exp.

#include "core/reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/// Input of one step
typedef struct {
  const double* x;                  ///< (I)
  double h[PARAMS_MAX_HIDDEN_SIZE]; ///< State before the step
} StepInput;

static double
sigmoid(const double x)
{
  return 1.0 / (1.0 + exp(-x));
}

static double
dot(const float* const w, const double* const v, const uint32_t n)
{
  double sum = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    sum += (double)w[i] * v[i];
  }
  return sum;
}

/// Return W_i x + b_i in row `row`
static double
input_part(const Params* const p, const StepInput* const s, const uint32_t row)
{
  const uint32_t n_inputs = p->shape.n_inputs;
  return dot(params_values(p, PARAMS_W_I) + (size_t)row * n_inputs, s->x, n_inputs) +
         (double)params_values(p, PARAMS_B_I)[row];
}

/// Return W_h v + b_h in row `row`
static double
recurrent_part(const Params* const p, const double* const v, const uint32_t row)
{
  const uint32_t hidden_size = p->shape.hidden_size;
  const bool has_bias = p->shape.cell == CELL_GRU_RESET_AFTER;
  return dot(params_values(p, PARAMS_W_H) + (size_t)row * hidden_size, v, hidden_size) +
         (has_bias ? (double)params_values(p, PARAMS_B_H)[row] : 0.0);
}

/// Compute h' from h and x
static void
gru_step(const Params* const p, const StepInput* const s, double* const state, double* const gates)
{
  const uint32_t n = p->shape.hidden_size;
  double* const r = gates;
  double* const z = gates + n;
  double* const candidate = gates + 2 * n;
  double reset_h[PARAMS_MAX_HIDDEN_SIZE];
  for (uint32_t i = 0; i < n; ++i) {
    r[i] = sigmoid(input_part(p, s, i) + recurrent_part(p, s->h, i));
    z[i] = sigmoid(input_part(p, s, n + i) + recurrent_part(p, s->h, n + i));
    reset_h[i] = r[i] * s->h[i];
  }
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t row = 2 * n + i;
    const double recurrent = p->shape.cell == CELL_GRU_RESET_AFTER
                                 ? r[i] * recurrent_part(p, s->h, row)
                                 : recurrent_part(p, reset_h, row);
    candidate[i] = tanh(input_part(p, s, row) + recurrent);
    state[i] = z[i] * s->h[i] + (1.0 - z[i]) * candidate[i];
  }
}

/// Compute h' and c' from h, c and x
static void
lstm_step(const Params* const p, const StepInput* const s, double* const state, double* const gates)
{
  const uint32_t n = p->shape.hidden_size;
  double* const c = state + n;
  for (uint32_t i = 0; i < n; ++i) {
    for (uint32_t gate = 0; gate < 4; ++gate) {
      const uint32_t row = gate * n + i;
      const double a = input_part(p, s, row) + recurrent_part(p, s->h, row);
      gates[row] = gate == 2 ? tanh(a) : sigmoid(a);
    }
    c[i] = gates[n + i] * c[i] + gates[i] * gates[2 * n + i];
    state[i] = gates[3 * n + i] * tanh(c[i]);
  }
}

double
reference_step(const Params* const params, const double* const x, double* const state,
               double* const gates)
{
  const uint32_t n = params->shape.hidden_size;
  StepInput s = {.x = x};
  for (uint32_t i = 0; i < n; ++i) {
    s.h[i] = state[i];
  }
  (params->shape.cell == CELL_LSTM ? lstm_step : gru_step)(params, &s, state, gates);
  return dot(params_values(params, PARAMS_W_O), state, n) +
         (double)params_values(params, PARAMS_B_O)[0] + (params->shape.skip ? x[0] : 0.0);
}

Status
reference_run(const Params* const params, const double* const knobs, double* const state,
              const float* const in, double* const out, const uint32_t n_frames)
{
  const size_t n_gates = (size_t)params_n_gates(params->shape.cell) * params->shape.hidden_size;
  double* const gates = (double*)calloc(n_gates, sizeof(double));
  double x[1 + PARAMS_MAX_KNOBS] = {0.0};
  if (!gates) {
    return STATUS_NO_MEMORY;
  }
  for (uint32_t k = 1; k < params->shape.n_inputs; ++k) {
    x[k] = knobs[k - 1];
  }
  for (uint32_t t = 0; t < n_frames; ++t) {
    x[0] = (double)in[t];
    out[t] = reference_step(params, x, state, gates);
  }
  free(gates);
  return STATUS_OK;
}

void
reference_stage(const Params* const params, double* const past, double* const samples,
                const uint32_t n_frames)
{
  const uint32_t n_taps = params->shape.n_taps;
  for (uint32_t t = 0; t < n_frames && n_taps; ++t) {
    memmove(past + 1, past, (n_taps - 1) * sizeof(double));
    past[0] = samples[t];
    samples[t] = dot(params_values(params, PARAMS_TAPS), past, n_taps);
  }
}
