// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The table of tensors.

#include "core/params.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char*
params_cell_name(const CellType cell)
{
  switch (cell) {
  case CELL_GRU_RESET_BEFORE:
    return "reset-before";
  case CELL_GRU_RESET_AFTER:
    return "reset-after";
  case CELL_LSTM:
    return "lstm";
  }
  return "unknown";
}

bool
params_shape_is_valid(const ParamsShape shape)
{
  return shape.hidden_size >= 1 && shape.hidden_size <= PARAMS_MAX_HIDDEN_SIZE &&
         shape.n_inputs >= 1 && shape.n_inputs <= 1 + PARAMS_MAX_KNOBS &&
         shape.n_taps <= PARAMS_MAX_TAPS;
}

bool
params_shapes_are_equal(const ParamsShape a, const ParamsShape b)
{
  return a.cell == b.cell && a.hidden_size == b.hidden_size && a.n_inputs == b.n_inputs &&
         a.skip == b.skip && a.n_taps == b.n_taps;
}

Tensor
params_tensor(const ParamsShape shape, const ParamsTensor tensor)
{
  const uint32_t gates = params_n_gates(shape.cell) * shape.hidden_size;
  Tensor table[PARAMS_N_TENSORS] = {
      [PARAMS_W_I] = {"w_i", gates, shape.n_inputs, 0},
      [PARAMS_W_H] = {"w_h", gates, shape.hidden_size, 0},
      [PARAMS_B_I] = {"b_i", gates, 1, 0},
      [PARAMS_B_H] = {"b_h", shape.cell == CELL_GRU_RESET_AFTER ? gates : 0, 1, 0},
      [PARAMS_W_O] = {"w_o", 1, shape.hidden_size, 0},
      [PARAMS_B_O] = {"b_o", 1, 1, 0},
      [PARAMS_TAPS] = {"taps", shape.n_taps ? 1 : 0, shape.n_taps, 0},
  };
  for (uint32_t t = 1; t <= tensor; ++t) {
    table[t].offset = table[t - 1].offset + (size_t)table[t - 1].rows * table[t - 1].cols;
  }
  return table[tensor];
}

size_t
params_count(const ParamsShape shape)
{
  return params_tensor(shape, PARAMS_TAPS).offset + shape.n_taps;
}

Status
params_init(Params* const params, const ParamsShape shape)
{
  assert(params_shape_is_valid(shape));
  float* const values = (float*)calloc(params_count(shape), sizeof(float));
  if (!values) {
    return STATUS_NO_MEMORY;
  }
  *params = (Params){.shape = shape, .values = values};
  for (uint32_t t = 0; t < PARAMS_N_TENSORS; ++t) {
    params->tensors[t] = values + params_tensor(shape, (ParamsTensor)t).offset;
  }
  return STATUS_OK;
}

Status
params_copy_with_taps(const Params* const from, const uint32_t n_taps, Params* const to)
{
  ParamsShape shape = from->shape;
  shape.n_taps = n_taps;
  const Status status = params_init(to, shape);
  if (!status) {
    const size_t n = params_count(n_taps < from->shape.n_taps ? shape : from->shape);
    memcpy(to->values, from->values, n * sizeof(float));
  }
  return status;
}

void
params_change_rate(Params* const params, const double ratio)
{
  const uint32_t hidden_size = params->shape.hidden_size;
  assert(params->shape.cell != CELL_LSTM);
  for (uint32_t i = hidden_size; i < 2 * hidden_size; ++i) {
    params_values(params, PARAMS_B_I)[i] += (float)log(ratio);
  }
}

bool
params_are_finite(const Params* const params)
{
  const size_t count = params_count(params->shape);
  for (size_t i = 0; i < count; ++i) {
    if (!isfinite(params->values[i])) {
      return false;
    }
  }
  return true;
}

bool
params_stage_is_silent(const Params* const params)
{
  bool is_silent = params->shape.n_taps > 0;
  for (uint32_t k = 0; k < params->shape.n_taps; ++k) {
    is_silent = is_silent && params_values(params, PARAMS_TAPS)[k] == 0.0F;
  }
  return is_silent;
}

void
params_clear(Params* const params)
{
  free(params->values);
  params->values = NULL;
}
