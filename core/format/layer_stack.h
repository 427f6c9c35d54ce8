// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Where the weights of layers in a row lie in one recurrent layer that plays them all. Private to
/// core/format.
///
/// L layers of H units are one layer of L*H units, whose recurrent matrix has blocks:
///
///     W_i = [A₀]      W_h = [U₀      ]      A_k: input weights of layer k, U_k: recurrent weights
///           [0 ]            [A₁ U₁   ]
///           [0 ]            [   A₂ U₂]      w_o = [0 0 w]
///
/// Layer k reads the state of layer k - 1 one frame late, so its own is k frames late, and the
/// output L - 1 frames. That is exact for an LSTM. A GRU of several layers has no such form: what
/// enters its candidate from W_h is multiplied by the reset gate.

#ifndef GRUS_CORE_FORMAT_LAYER_STACK_H
#define GRUS_CORE_FORMAT_LAYER_STACK_H

#include "core/params.h"

#include <stddef.h>
#include <stdint.h>

/// One layer of the file, of the `n_layers` that `params` plays
typedef struct {
  const Params* params;
  uint32_t n_layers;
  uint32_t layer;
} StackedLayer;

/// Return H
static inline uint32_t
stacked_size(const StackedLayer s)
{
  return s.params->shape.hidden_size / s.n_layers;
}

/// Return the number of inputs of the layer in the file
static inline uint32_t
stacked_n_inputs(const StackedLayer s)
{
  return s.layer ? stacked_size(s) : s.params->shape.n_inputs;
}

/// Return where row `row` (G*H) of the layer is among ours
static inline uint32_t
stacked_row(const StackedLayer s, const uint32_t row)
{
  const uint32_t size = stacked_size(s);
  return row / size * s.params->shape.hidden_size + s.layer * size + row % size;
}

/// Return row `row` of the layer's recurrent weights (G*H, H)
static inline float*
stacked_state_weights(const StackedLayer s, const uint32_t row)
{
  const size_t at = (size_t)stacked_row(s, row) * s.params->shape.hidden_size;
  return params_values(s.params, PARAMS_W_H) + at + (size_t)s.layer * stacked_size(s);
}

/// Return row `row` of the layer's input weights (G*H, stacked_n_inputs())
static inline float*
stacked_input_weights(const StackedLayer s, const uint32_t row)
{
  return s.layer ? stacked_state_weights(s, row) - stacked_size(s)
                 : params_values(s.params, PARAMS_W_I) +
                       (size_t)stacked_row(s, row) * s.params->shape.n_inputs;
}

/// Return the weights of the head (H), which reads the last layer
static inline float*
stacked_head(const Params* const params, const uint32_t n_layers)
{
  return params_values(params, PARAMS_W_O) +
         (n_layers - 1) * (params->shape.hidden_size / n_layers);
}

#endif
