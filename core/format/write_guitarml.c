// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Writes the JSON that GuitarML's players read: the main set alone, with PyTorch's shapes and gate
// orders, which are also ours. They ignore rate, lag and metadata, which go where read_guitarml.c
// looks for them. Any thread but the audio thread.

#include "core/format/formats.h"
#include "core/format/json_build.h"

#include <jansson.h>

static json_t*
encode_row(const float* const values, const uint32_t n)
{
  json_t* row = json_array();
  for (uint32_t i = 0; i < n; ++i) {
    row = json_build_append(row, json_real((double)values[i]));
  }
  return row;
}

static json_t*
encode_matrix(const Params* const params, const ParamsTensor which)
{
  const Tensor tensor = params_tensor(params->shape, which);
  json_t* rows = json_array();
  for (uint32_t r = 0; r < tensor.rows; ++r) {
    rows = json_build_append(
        rows, encode_row(params_values(params, which) + (size_t)r * tensor.cols, tensor.cols));
  }
  return rows;
}

/// Encode the recurrent bias. Readers add up an LSTM's two biases, so the first holds the sum and
/// this one is zero.
static json_t*
encode_recurrent_bias(const Params* const params)
{
  static const float zeros[4 * PARAMS_MAX_HIDDEN_SIZE] = {0.0F};
  const bool has_own = params->shape.cell == CELL_GRU_RESET_AFTER;
  return encode_row(has_own ? params_values(params, PARAMS_B_H) : zeros,
                    params_n_gates(params->shape.cell) * params->shape.hidden_size);
}

static json_t*
encode_data(const ParamsShape shape, const uint32_t lag)
{
  json_t* const data =
      json_pack("{s:s, s:i, s:i, s:i, s:s, s:i, s:i, s:b}", "model", "SimpleRNN", "input_size",
                (int)shape.n_inputs, "skip", shape.skip ? 1 : 0, "output_size", 1, "unit_type",
                shape.cell == CELL_LSTM ? "LSTM" : "GRU", "num_layers", 1, "hidden_size",
                (int)shape.hidden_size, "bias_fl", 1);
  return lag ? json_build_set(data, "lag", json_integer((json_int_t)lag)) : data;
}

static json_t*
encode_dict(const Params* const params)
{
  const uint32_t rows = params_n_gates(params->shape.cell) * params->shape.hidden_size;
  return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "rec.weight_ih_l0",
                   encode_matrix(params, PARAMS_W_I), "rec.weight_hh_l0",
                   encode_matrix(params, PARAMS_W_H), "rec.bias_ih_l0",
                   encode_row(params_values(params, PARAMS_B_I), rows), "rec.bias_hh_l0",
                   encode_recurrent_bias(params), "lin.weight", encode_matrix(params, PARAMS_W_O),
                   "lin.bias", encode_row(params_values(params, PARAMS_B_O), 1));
}

static Status
check_writable(const ModelFile* const file, Message* const message)
{
  if (file->params.shape.cell == CELL_GRU_RESET_BEFORE) {
    return status_fail(message, STATUS_UNSUPPORTED,
                       "%s: uses the reset-before cell, which GuitarML's players can't play; "
                       "train a model with --cell=reset-after",
                       file->name);
  }
  if (file->input_gain_db != 0.0 || file->output_gain_db != 0.0) {
    return status_fail(message, STATUS_UNSUPPORTED,
                       "%s: has gains, for which GuitarML has no place; they should be part of "
                       "the weights",
                       file->name);
  }
  if (file->params.shape.n_taps) {
    return status_fail(message, STATUS_UNSUPPORTED,
                       "%s: has a linear stage, for which GuitarML has no place; it should be an "
                       "impulse response beside the model",
                       file->name);
  }
  return params_are_finite(&file->params)
             ? STATUS_OK
             : status_fail(message, STATUS_BAD_ARGUMENT,
                           "%s: the model has weights that are not finite", file->name);
}

Status
model_json_encode_guitarml(const ModelFile* const file, char** const text, Message* const message)
{
  const Status status = check_writable(file, message);
  if (status) {
    return status;
  }
  json_t* const root =
      json_pack("{s:o, s:o, s:f, s:{s:s, s:s, s:s, s:s}}", "model_data",
                encode_data(file->params.shape, file->lag), "state_dict",
                encode_dict(&file->params), "samplerate", file->sample_rate, "metadata", "name",
                file->name, "author", file->author, "based", file->gear, "license", file->license);
  JsonText written = {NULL, 0, 0, false};
  json_text_add_value(&written, root);
  json_decref(root);
  *text = json_text_finish(&written);
  return *text ? STATUS_OK
               : status_fail(message, STATUS_NO_MEMORY, "%s: out of memory", file->name);
}
