// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads the weights in RTNeural's "layers". Any thread but the audio thread.

#include "core/format/gate_order.h"
#include "core/format/read_values.h"

#include <stdlib.h>
#include <string.h>

/// Convert the file's (sources, G*H) to our (G*H, sources)
static void
transpose_gates(const float* const from, const ParamsShape shape, const uint32_t n_sources,
                float* const to)
{
  const uint32_t cols = params_n_gates(shape.cell) * shape.hidden_size;
  for (uint32_t s = 0; s < n_sources; ++s) {
    for (uint32_t c = 0; c < cols; ++c) {
      const uint32_t gate = gate_of_file(shape.cell, c / shape.hidden_size);
      const uint32_t row = gate * shape.hidden_size + c % shape.hidden_size;
      to[(size_t)row * n_sources + s] = from[(size_t)s * cols + c];
    }
  }
}

/// Read one array of gate columns into a tensor
static Status
read_gates(const DecodeSource* const source, const json_t* const rows, const DecodeBlock block,
           const ParamsShape shape, float* const tensor)
{
  float* const scratch = (float*)calloc((size_t)block.rows * block.cols, sizeof(float));
  if (!scratch) {
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  const Status status = decode_block(source, rows, block, scratch);
  if (!status) {
    transpose_gates(scratch, shape, block.rows, tensor);
  }
  free(scratch);
  return status;
}

/// Read the biases: [G*H], or for reset-after [2][3H], input bias and recurrent bias
static Status
read_biases(const DecodeSource* const source, const json_t* const bias, const Params* const params)
{
  const ParamsShape s = params->shape;
  const uint32_t cols = params_n_gates(s.cell) * s.hidden_size;
  if (s.cell != CELL_GRU_RESET_AFTER) {
    json_t* const rows = json_pack("[O]", bias);
    const Status status = rows ? read_gates(source, rows, (DecodeBlock){"layer 0: biases", 1, cols},
                                            s, params_values(params, PARAMS_B_I))
                               : decode_fail(source, STATUS_NO_MEMORY, "out of memory");
    json_decref(rows);
    return status;
  }
  float both[2 * 3 * PARAMS_MAX_HIDDEN_SIZE];
  const Status status = decode_block(source, bias, (DecodeBlock){"layer 0: biases", 2, cols}, both);
  if (!status) {
    transpose_gates(both, s, 1, params_values(params, PARAMS_B_I));
    transpose_gates(both + cols, s, 1, params_values(params, PARAMS_B_H));
  }
  return status;
}

static Status
read_recurrent_layer(const DecodeSource* const source, const json_t* const weights,
                     const Params* const params)
{
  const ParamsShape s = params->shape;
  const uint32_t cols = params_n_gates(s.cell) * s.hidden_size;
  Status status = STATUS_OK;
  if (json_array_size(weights) != 3) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "layer 0: a recurrent layer has 3 arrays of weights, not %zu",
                       json_array_size(weights));
  }
  status = read_gates(source, json_array_get(weights, 0),
                      (DecodeBlock){"layer 0: input weights", s.n_inputs, cols}, s,
                      params_values(params, PARAMS_W_I));
  if (!status) {
    status = read_gates(source, json_array_get(weights, 1),
                        (DecodeBlock){"layer 0: recurrent weights", s.hidden_size, cols}, s,
                        params_values(params, PARAMS_W_H));
  }
  return status ? status : read_biases(source, json_array_get(weights, 2), params);
}

static Status
read_head(const DecodeSource* const source, const json_t* const weights, const Params* const params)
{
  if (json_array_size(weights) != 2) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "layer 1: a dense layer has 2 arrays of weights, not %zu",
                       json_array_size(weights));
  }
  const DecodeBlock kernel = {"layer 1: weights", params->shape.hidden_size, 1};
  const Status status =
      decode_block(source, json_array_get(weights, 0), kernel, params_values(params, PARAMS_W_O));
  return status ? status
                : decode_row(source, json_array_get(weights, 1),
                             (DecodeBlock){"layer 1: biases", 1, 1},
                             params_values(params, PARAMS_B_O));
}

/// Fail unless layer `index` has one of the two types, and no activation but that which Keras names
static Status
check_layer(const DecodeSource* const source, const json_t* const layer, const size_t index,
            const char* const types[2])
{
  const char* const type = decode_text(layer, "type");
  const char* const activation = decode_text(layer, "activation");
  static const char* const usual[] = {"tanh", "linear"};
  if (!json_is_object(layer) || !*type) {
    return decode_fail(source, STATUS_BAD_FILE, "layer %zu should be an object with a \"type\"",
                       index);
  }
  if (strcmp(type, types[0]) != 0 && strcmp(type, types[1]) != 0) {
    return decode_fail(
        source, STATUS_UNSUPPORTED,
        "layer %zu is of type \"%.40s\"; Grus plays one \"gru\" or \"lstm\" layer and one "
        "\"dense\"",
        index, type);
  }
  if (*activation && strcmp(activation, usual[index]) != 0) {
    return decode_fail(source, STATUS_UNSUPPORTED,
                       "layer %zu has activation \"%.40s\"; expected \"%s\" or none", index,
                       activation, usual[index]);
  }
  return STATUS_OK;
}

static Status
check_layers(const DecodeSource* const source, const json_t* const layers)
{
  static const char* const recurrent[2] = {"gru", "lstm"};
  static const char* const head[2] = {"dense", "time-distributed-dense"};
  if (json_array_size(layers) != 2) {
    const char* const first = decode_text(json_array_get(layers, 0), "type");
    return decode_fail(
        source, STATUS_UNSUPPORTED,
        "has %zu layers%s%.40s%s; Grus plays one \"gru\" or \"lstm\" layer and one \"dense\"",
        json_array_size(layers), first[0] ? ", beginning with \"" : "", first,
        first[0] ? "\"" : "");
  }
  const Status status = check_layer(source, json_array_get(layers, 0), 0, recurrent);
  return status ? status : check_layer(source, json_array_get(layers, 1), 1, head);
}

/// Recognise reset-before by "reset_after": false and by its single row of biases
static Status
read_cell(const DecodeSource* const source, const json_t* const gru, CellType* const cell)
{
  if (!strcmp(decode_text(gru, "type"), "lstm")) {
    *cell = CELL_LSTM;
    return STATUS_OK;
  }
  const json_t* const flag = json_object_get(gru, "reset_after");
  if (!decode_is_absent(flag) && !json_is_boolean(flag)) {
    return decode_fail(source, STATUS_BAD_FILE, "layer 0: \"reset_after\" should be true or false");
  }
  const json_t* const bias = json_array_get(json_object_get(gru, "weights"), 2);
  if (!json_is_array(bias)) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "layer 0: \"weights\" should be three arrays: of the input, of the state, "
                       "and biases, which %s",
                       bias ? "are not an array" : "are missing");
  }
  const bool before = json_is_number(json_array_get(bias, 0));
  if (!decode_is_absent(flag) && json_is_true(flag) == before) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "layer 0: \"reset_after\" is %s, but the biases have %s of numbers",
                       before ? "true" : "false", before ? "one row" : "rows");
  }
  *cell = before ? CELL_GRU_RESET_BEFORE : CELL_GRU_RESET_AFTER;
  return STATUS_OK;
}

/// Return the last element of a shape, the only one that matters, or 0
static uint32_t
last_of_shape(const json_t* const shape)
{
  const size_t n = json_array_size(shape);
  const json_int_t last = n ? json_integer_value(json_array_get(shape, n - 1)) : 0;
  return last > 0 && last < UINT32_MAX ? (uint32_t)last : 0;
}

/// Read the part of a shape that is in the recurrent layer
static Status
read_units(const DecodeSource* const source, const json_t* const gru, ParamsShape* const shape)
{
  shape->hidden_size = last_of_shape(json_object_get(gru, "shape"));
  if (shape->hidden_size < 1 || shape->hidden_size > PARAMS_MAX_HIDDEN_SIZE) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "layer 0: \"shape\" should end in a hidden size of 1 to %u",
                       PARAMS_MAX_HIDDEN_SIZE);
  }
  return read_cell(source, gru, &shape->cell);
}

Status
decode_layers(const DecodeSource* const source, const json_t* const layers,
              const ParamsShape outside, Params* const params)
{
  ParamsShape shape = outside;
  Status status = check_layers(source, layers);
  if (status || (status = read_units(source, json_array_get(layers, 0), &shape))) {
    return status;
  }
  if (last_of_shape(json_object_get(json_array_get(layers, 1), "shape")) != 1) {
    return decode_fail(source, STATUS_UNSUPPORTED,
                       "layer 1: \"shape\" should end in 1, one output");
  }
  if (params_init(params, shape)) {
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  status =
      read_recurrent_layer(source, json_object_get(json_array_get(layers, 0), "weights"), params);
  return status ? status
                : read_head(source, json_object_get(json_array_get(layers, 1), "weights"), params);
}
