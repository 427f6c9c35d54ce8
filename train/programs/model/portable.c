// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "train/programs/model/portable.h"

#include "core/decibel.h"

#include <stddef.h>
#include <string.h>

#define EPSILON 0.002F
#define SHUT (-20.0F)
#define OPEN 20.0F

/// How a network changes
typedef struct {
  ParamsShape shape; ///< New shape
  float input_gain;
  float output_gain;
  bool has_unit; ///< The first added unit stands for the skip connection
} NetworkChange;

/// Return the smallest size that players know and that holds `n` units, or 0
static uint32_t
size_for(const uint32_t n)
{
  static const uint32_t sizes[] = {8, 12, 16, 20, 24, 32, 40, 64, 80};
  for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
    if (sizes[i] >= n) {
      return sizes[i];
    }
  }
  return 0;
}

/// Copy a tensor of gates, unit by unit, into one with more units; `n` columns count
static void
copy_gates(const Params* const from, const Params* const to, const ParamsTensor which,
           const uint32_t n)
{
  const uint32_t old_size = from->shape.hidden_size;
  const uint32_t new_size = to->shape.hidden_size;
  const uint32_t old_stride = params_tensor(from->shape, which).cols;
  const uint32_t new_stride = params_tensor(to->shape, which).cols;
  for (uint32_t row = 0; row < params_tensor(from->shape, which).rows; ++row) {
    const uint32_t new_row = row / old_size * new_size + row % old_size;
    memcpy(params_values(to, which) + (size_t)new_row * new_stride,
           params_values(from, which) + (size_t)row * old_stride, n * sizeof(float));
  }
}

/// Make unit `unit` hold ε x, and set its weight in the head
static void
set_skip_unit(const Params* const p, const uint32_t unit, const NetworkChange change)
{
  const uint32_t h = p->shape.hidden_size;
  const uint32_t candidate = 2 * h + unit; // n, or g
  float* const b_i = params_values(p, PARAMS_B_I);
  if (p->shape.cell == CELL_LSTM) {
    b_i[unit] = OPEN;
    b_i[h + unit] = SHUT;
    b_i[3 * h + unit] = OPEN;
  } else {
    b_i[h + unit] = SHUT;
  }
  params_values(p, PARAMS_W_I)[(size_t)candidate * p->shape.n_inputs] = EPSILON * change.input_gain;
  params_values(p, PARAMS_W_O)[unit] = change.output_gain / EPSILON;
}

/// Multiply the weights of input and output by the gains
static void
scale_weights(const Params* const p, const NetworkChange change)
{
  const Tensor w_i = params_tensor(p->shape, PARAMS_W_I);
  for (uint32_t row = 0; row < w_i.rows; ++row) {
    params_values(p, PARAMS_W_I)[(size_t)row * w_i.cols] *= change.input_gain;
  }
  for (uint32_t i = 0; i < p->shape.hidden_size; ++i) {
    params_values(p, PARAMS_W_O)[i] *= change.output_gain;
  }
  params_values(p, PARAMS_B_O)[0] *= change.output_gain;
}

/// Added units are silent: all weights to and from them are zero
static Status
change_network(Params* const p, const NetworkChange change)
{
  Params changed = {.values = NULL};
  ParamsShape shape = change.shape;
  const uint32_t old_size = p->shape.hidden_size;
  shape.n_taps = p->shape.n_taps;
  const Status status = params_init(&changed, shape);
  if (status) {
    return status;
  }
  copy_gates(p, &changed, PARAMS_W_I, p->shape.n_inputs);
  copy_gates(p, &changed, PARAMS_W_H, old_size);
  copy_gates(p, &changed, PARAMS_B_I, 1);
  copy_gates(p, &changed, PARAMS_B_H, 1);
  memcpy(params_values(&changed, PARAMS_W_O), params_values(p, PARAMS_W_O),
         old_size * sizeof(float));
  params_values(&changed, PARAMS_B_O)[0] = params_values(p, PARAMS_B_O)[0];
  memcpy(params_values(&changed, PARAMS_TAPS), params_values(p, PARAMS_TAPS),
         p->shape.n_taps * sizeof(float));
  scale_weights(&changed, change);
  if (change.has_unit) {
    set_skip_unit(&changed, old_size, change);
  }
  params_clear(p);
  *p = changed;
  return STATUS_OK;
}

/// Decide how the networks have to change
static Status
plan_change(const ModelFile* const file, const PortableNeeds needs, NetworkChange* const change,
            const char* name, Message* const message)
{
  const ParamsShape shape = file->params.shape;
  const float input_gain = (float)decibel_to_gain_or_silence(file->input_gain_db);
  const float output_gain = (float)decibel_to_gain_or_silence(file->output_gain_db);
  const bool has_gains = file->input_gain_db != 0.0 || file->output_gain_db != 0.0;
  *change = (NetworkChange){shape, input_gain, output_gain,
                            shape.skip && (needs.without_skip || has_gains)};
  if (shape.cell == CELL_GRU_RESET_BEFORE) {
    return status_fail(
        message, STATUS_UNSUPPORTED,
        "%s: uses the reset-before cell, which AIDA-X and GuitarML can't play; train "
        "with --cell reset-after",
        name);
  }
  const uint32_t least = shape.hidden_size + (change->has_unit ? 1 : 0);
  change->shape.skip = shape.skip && !change->has_unit;
  change->shape.hidden_size = needs.in_known_size ? size_for(least) : least;
  return params_shape_is_valid(change->shape)
             ? STATUS_OK
             : status_fail(message, STATUS_UNSUPPORTED,
                           "%s: needs %u units%s, more than other players know", name, least,
                           change->has_unit ? ", one of them for its skip connection" : "");
}

Status
portable_make(ModelFile* const file, const PortableNeeds needs, const char* const name,
              Message* const message)
{
  NetworkChange change;
  Status status = plan_change(file, needs, &change, name, message);
  if (status) {
    return status;
  }
  status = change_network(&file->params, change);
  for (uint32_t i = 0; i < file->n_others && !status; ++i) {
    status = change_network(&file->others[i].params, change);
  }
  file->input_gain_db = 0.0;
  file->output_gain_db = 0.0;
  return status ? status_fail(message, status, "%s: %s", name, status_text(status)) : STATUS_OK;
}
