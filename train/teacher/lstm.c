// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The forward pass of LSTMs in a row, in double precision. Offline.
//
//     (i, f, g, o) = W [x, h] + b
//     c ← σ(f) ⊙ c + σ(i) ⊙ tanh(g)
//     h ← σ(o) ⊙ tanh(c)

#include "train/teacher/stream.h"

#include <math.h>
#include <string.h>

/// Hidden state, then cell state, of one layer
static double*
state_of(const Stream* const s, const uint32_t layer)
{
  return s->state + 2 * (size_t)layer * s->net->lstm.hidden_size;
}

void
stream_reset_lstm(Stream* const stream)
{
  const LstmNet* const net = &stream->net->lstm;
  const uint32_t n = net->hidden_size;
  for (uint32_t l = 0; l < net->n_layers; ++l) {
    double* const h = state_of(stream, l);
    for (uint32_t i = 0; i < n; ++i) {
      h[i] = (double)net->layers[l].hidden[i];
      h[n + i] = (double)net->layers[l].cell[i];
    }
  }
}

static double
sigmoid(const double x)
{
  return 1.0 / (1.0 + exp(-x));
}

/// Return one row of W [x, h] + b
static double
sum_row(const LstmLayer* const layer, const uint32_t row, const uint32_t hidden_size,
        const double* const x, const double* const h)
{
  const float* const w = layer->weights + (size_t)row * (layer->n_in + hidden_size);
  double sum = (double)layer->bias[row];
  for (uint32_t i = 0; i < layer->n_in; ++i) {
    sum += (double)w[i] * x[i];
  }
  for (uint32_t i = 0; i < hidden_size; ++i) {
    sum += (double)w[layer->n_in + i] * h[i];
  }
  return sum;
}

/// Take one step with input `x`
static void
step_layer(const LstmLayer* const layer, const uint32_t n, const double* const x, double* const h)
{
  double next[NET_MAX_CHANNELS];
  double* const c = h + n;
  for (uint32_t k = 0; k < n; ++k) {
    const double i = sum_row(layer, k, n, x, h);
    const double f = sum_row(layer, n + k, n, x, h);
    const double g = sum_row(layer, 2 * n + k, n, x, h);
    const double o = sum_row(layer, 3 * n + k, n, x, h);
    c[k] = sigmoid(f) * c[k] + sigmoid(i) * tanh(g);
    next[k] = sigmoid(o) * tanh(c[k]);
  }
  memcpy(h, next, n * sizeof(double));
}

static float
step_net(const Stream* const s, const float sample)
{
  const LstmNet* const net = &s->net->lstm;
  const double input = (double)sample;
  const double* x = &input;
  for (uint32_t l = 0; l < net->n_layers; ++l) {
    step_layer(&net->layers[l], net->hidden_size, x, state_of(s, l));
    x = state_of(s, l);
  }
  double sum = (double)net->bias[0];
  for (uint32_t k = 0; k < net->hidden_size; ++k) {
    sum += (double)net->weights[k] * x[k];
  }
  return (float)sum;
}

void
stream_run_lstm(Stream* const stream, const float* const in, float* const out)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; ++t) {
    out[t] = step_net(stream, in[t]);
  }
}
