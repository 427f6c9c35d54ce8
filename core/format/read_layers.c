// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads the weights in RTNeural's "layers". Any thread but the audio thread.

#include "core/format/gate_order.h"
#include "core/format/layer_stack.h"
#include "core/format/read_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Layers of a file, the last of which is dense
typedef struct {
  const json_t* layers;
  uint32_t n_recurrent;
  uint32_t n_inputs; ///< Audio and knobs
} Layers;

/// Move the file's (sources, G*H) to where `place` says
static void
place_gates(const float* const from, const uint32_t n_sources, const StackedLayer layer,
            float* (*const place)(StackedLayer, uint32_t))
{
  const CellType cell = layer.params->shape.cell;
  const uint32_t size = stacked_size(layer);
  const uint32_t cols = params_n_gates(cell) * size;
  for (uint32_t s = 0; s < n_sources; ++s) {
    for (uint32_t c = 0; c < cols; ++c) {
      const uint32_t row = gate_of_file(cell, c / size) * size + c % size;
      place(layer, row)[s] = from[(size_t)s * cols + c];
    }
  }
}

static float*
place_input_bias(const StackedLayer layer, const uint32_t row)
{
  return params_values(layer.params, PARAMS_B_I) + stacked_row(layer, row);
}

static float*
place_recurrent_bias(const StackedLayer layer, const uint32_t row)
{
  return params_values(layer.params, PARAMS_B_H) + stacked_row(layer, row);
}

/// Read one array of gate columns
static Status
read_gates(const DecodeSource* const source, const json_t* const rows, const DecodeBlock block,
           const StackedLayer layer, float* (*const place)(StackedLayer, uint32_t))
{
  float* const scratch = (float*)calloc((size_t)block.rows * block.cols, sizeof(float));
  if (!scratch) {
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  const Status status = decode_block(source, rows, block, scratch);
  if (!status) {
    place_gates(scratch, block.rows, layer, place);
  }
  free(scratch);
  return status;
}

/// Read the biases: [G*H], or for reset-after [2][3H], input bias and recurrent bias
static Status
read_biases(const DecodeSource* const source, const json_t* const bias, const DecodeBlock block,
            const StackedLayer layer)
{
  float both[2 * 4 * PARAMS_MAX_HIDDEN_SIZE];
  const bool has_two = layer.params->shape.cell == CELL_GRU_RESET_AFTER;
  const Status status =
      has_two ? decode_block(source, bias, block, both) : decode_row(source, bias, block, both);
  if (!status) {
    place_gates(both, 1, layer, place_input_bias);
  }
  if (!status && has_two) {
    place_gates(both + block.cols, 1, layer, place_recurrent_bias);
  }
  return status;
}

static Status
read_recurrent_layer(const DecodeSource* const source, const json_t* const weights,
                     const StackedLayer layer)
{
  const uint32_t size = stacked_size(layer);
  const uint32_t cols = params_n_gates(layer.params->shape.cell) * size;
  char what[3][48];
  Status status = STATUS_OK;
  (void)snprintf(what[0], sizeof(what[0]), "layer %u: input weights", layer.layer);
  (void)snprintf(what[1], sizeof(what[1]), "layer %u: recurrent weights", layer.layer);
  (void)snprintf(what[2], sizeof(what[2]), "layer %u: biases", layer.layer);
  if (json_array_size(weights) != 3) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "layer %u: a recurrent layer has 3 arrays of weights, not %zu", layer.layer,
                       json_array_size(weights));
  }
  status = read_gates(source, json_array_get(weights, 0),
                      (DecodeBlock){what[0], stacked_n_inputs(layer), cols}, layer,
                      stacked_input_weights);
  if (!status) {
    status = read_gates(source, json_array_get(weights, 1), (DecodeBlock){what[1], size, cols},
                        layer, stacked_state_weights);
  }
  return status ? status
                : read_biases(source, json_array_get(weights, 2), (DecodeBlock){what[2], 2, cols},
                              layer);
}

static Status
read_head(const DecodeSource* const source, const Layers* const l, const Params* const params)
{
  const uint32_t n = l->n_recurrent;
  const json_t* const weights = json_object_get(json_array_get(l->layers, n), "weights");
  char what[2][48];
  (void)snprintf(what[0], sizeof(what[0]), "layer %u: weights", n);
  (void)snprintf(what[1], sizeof(what[1]), "layer %u: biases", n);
  if (json_array_size(weights) != 2) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "layer %u: a dense layer has 2 arrays of weights, not %zu", n,
                       json_array_size(weights));
  }
  const Status status = decode_block(source, json_array_get(weights, 0),
                                     (DecodeBlock){what[0], params->shape.hidden_size / n, 1},
                                     stacked_head(params, n));
  return status ? status
                : decode_row(source, json_array_get(weights, 1), (DecodeBlock){what[1], 1, 1},
                             params_values(params, PARAMS_B_O));
}

/// Fail for a layer that isn't `expected`
static Status
refuse_layer(const DecodeSource* const source, const Layers* const l, const uint32_t index,
             const char* const expected)
{
  return decode_refuse(source, l->n_inputs,
                       "layer %u is of type \"%.40s\"; Grus can play only %s there directly", index,
                       decode_text(json_array_get(l->layers, index), "type"), expected);
}

/// Fail for an activation other than that which Keras names
static Status
check_activation(const DecodeSource* const source, const Layers* const l, const uint32_t index)
{
  const char* const activation = decode_text(json_array_get(l->layers, index), "activation");
  const char* const usual = index < l->n_recurrent ? "tanh" : "linear";
  if (!*activation || !strcmp(activation, usual)) {
    return STATUS_OK;
  }
  return decode_refuse(
      source, l->n_inputs,
      "layer %u has activation \"%.40s\"; Grus can play only \"%s\" or none there directly", index,
      activation, usual);
}

/// Fail unless a layer is recurrent, and like the first if there are several, or dense if it is the
/// last
static Status
check_layer(const DecodeSource* const source, const Layers* const l, const uint32_t index)
{
  const json_t* const layer = json_array_get(l->layers, index);
  const char* const type = decode_text(layer, "type");
  const bool is_lstm = !strcmp(type, "lstm");
  if (!json_is_object(layer) || !*type) {
    return decode_fail(source, STATUS_BAD_FILE, "layer %u should be an object with a \"type\"",
                       index);
  }
  if (index == l->n_recurrent && strcmp(type, "dense") != 0 &&
      strcmp(type, "time-distributed-dense") != 0) {
    return refuse_layer(source, l, index, "\"dense\"");
  }
  if (index < l->n_recurrent && !is_lstm && (l->n_recurrent > 1 || strcmp(type, "gru") != 0)) {
    return refuse_layer(source, l, index, l->n_recurrent > 1 ? "\"lstm\"" : "\"gru\" or \"lstm\"");
  }
  return check_activation(source, l, index);
}

static Status
check_layers(const DecodeSource* const source, const Layers* const l)
{
  if (l->n_recurrent < 1 || l->n_recurrent > 1 + MODEL_FILE_MAX_LAG) {
    return decode_fail(source, STATUS_UNSUPPORTED,
                       "has %zu layers; Grus can play one \"gru\" or any \"lstm\" before one "
                       "\"dense\"",
                       json_array_size(l->layers));
  }
  Status status = STATUS_OK;
  for (uint32_t i = 0; i <= l->n_recurrent && !status; ++i) {
    status = check_layer(source, l, i);
  }
  return status;
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

/// Read the size of one recurrent layer
static Status
read_size(const DecodeSource* const source, const Layers* const l, const uint32_t index,
          uint32_t* const size)
{
  *size = last_of_shape(json_object_get(json_array_get(l->layers, index), "shape"));
  return *size >= 1 && *size <= PARAMS_MAX_HIDDEN_SIZE
             ? STATUS_OK
             : decode_fail(source, STATUS_BAD_FILE,
                           "layer %u: \"shape\" should end in a hidden size of 1 to %u", index,
                           PARAMS_MAX_HIDDEN_SIZE);
}

/// Read the part of a shape that is in the recurrent layers: of all together
static Status
read_units(const DecodeSource* const source, const Layers* const l, ParamsShape* const shape)
{
  const uint32_t n = l->n_recurrent;
  uint32_t first = 0;
  Status status = read_size(source, l, 0, &first);
  for (uint32_t i = 1; i < n && !status; ++i) {
    uint32_t size = 0;
    status = read_size(source, l, i, &size);
    if (!status && (size != first || n * size > PARAMS_MAX_HIDDEN_SIZE || shape->skip)) {
      return decode_refuse(source, l->n_inputs,
                           "has %u LSTM layers; Grus can play them directly if they have one size, "
                           "at most %u units together and no skip connection",
                           n, PARAMS_MAX_HIDDEN_SIZE);
    }
  }
  shape->hidden_size = n * first;
  return status ? status : read_cell(source, json_array_get(l->layers, 0), &shape->cell);
}

static Status
read_weights(const DecodeSource* const source, const Layers* const l, const Params* const params)
{
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < l->n_recurrent && !status; ++i) {
    const json_t* const weights = json_object_get(json_array_get(l->layers, i), "weights");
    status = read_recurrent_layer(source, weights, (StackedLayer){params, l->n_recurrent, i});
  }
  return status ? status : read_head(source, l, params);
}

Status
decode_layers(const DecodeSource* const source, const json_t* const layers,
              const ParamsShape outside, uint32_t* const lag, Params* const params)
{
  const size_t n = json_array_size(layers);
  const Layers l = {layers, n > 1 && n < UINT32_MAX ? (uint32_t)n - 1 : 0, outside.n_inputs};
  ParamsShape shape = outside;
  Status status = check_layers(source, &l);
  if (status || (status = read_units(source, &l, &shape))) {
    return status;
  }
  if (last_of_shape(json_object_get(json_array_get(layers, l.n_recurrent), "shape")) != 1) {
    return decode_fail(source, STATUS_UNSUPPORTED,
                       "layer %u: \"shape\" should end in 1, one output", l.n_recurrent);
  }
  if (params_init(params, shape)) {
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  *lag = l.n_recurrent - 1;
  return read_weights(source, &l, params);
}
