// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Weights of RTNeural's layers, which are Keras': rows are sources, columns are outputs or gates.
// Any thread but the audio thread.

#include "core/format/read_layer.h"

#include "core/format/gate_order.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHAT_SIZE 48U
#define MAX_GATES ((size_t)4 * PARAMS_MAX_HIDDEN_SIZE)

/// Return one of a layer's arrays of weights, and write how messages call it
static const json_t*
find_array(const FileLayer* const file, const size_t i, const char* const name,
           char what[WHAT_SIZE])
{
  (void)snprintf(what, WHAT_SIZE, "layer %u: %s", file->index, name);
  return json_array_get(json_object_get(file->object, "weights"), i);
}

/// Fail unless a layer has as many arrays of weights
static Status
check_arrays(const FileLayer* const file, const char* const kind, const size_t expected)
{
  const size_t n = json_array_size(json_object_get(file->object, "weights"));
  return n == expected ? STATUS_OK
                       : decode_fail(file->source, STATUS_BAD_FILE,
                                     "layer %u: a %s layer has %zu arrays of weights, not %zu",
                                     file->index, kind, expected, n);
}

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

/// Multiply the weights (n_out, cols) behind a dense layer by it: (n_in, cols)
static void
fold_kernel(const DenseBefore* const before, const float* const weights, const uint32_t cols,
            float* const folded)
{
  for (uint32_t c = 0; c < cols; ++c) {
    for (uint32_t i = 0; i < before->n_in; ++i) {
      double sum = 0.0;
      for (uint32_t d = 0; d < before->n_out; ++d) {
        sum += (double)before->kernel[i][d] * (double)weights[(size_t)d * cols + c];
      }
      folded[(size_t)i * cols + c] = (float)sum;
    }
  }
}

/// Add what the bias of a dense layer becomes behind its weights to `bias` (cols)
static void
add_folded_bias(const DenseBefore* const before, const float* const weights, const uint32_t cols,
                float* const bias)
{
  for (uint32_t c = 0; c < cols; ++c) {
    double sum = (double)bias[c];
    for (uint32_t d = 0; d < before->n_out; ++d) {
      sum += (double)before->bias[d] * (double)weights[(size_t)d * cols + c];
    }
    bias[c] = (float)sum;
  }
}

/// What is read of a recurrent layer before it is placed
typedef struct {
  const DenseBefore* before;
  float* input;                ///< Input weights (sources, G*H), and room for them folded
  float* state;                ///< Recurrent weights (H, G*H)
  float biases[2 * MAX_GATES]; ///< Of the input; recurrent
} RecurrentWeights;

/// Place everything
static Status
place_all(const FileLayer* const file, RecurrentWeights* const w, const StackedLayer layer)
{
  const uint32_t size = stacked_size(layer);
  const uint32_t cols = params_n_gates(layer.params->shape.cell) * size;
  float* const folded = w->input + (size_t)w->before->n_out * cols;
  if (w->before->n_out) {
    fold_kernel(w->before, w->input, cols, folded);
    add_folded_bias(w->before, w->input, cols, w->biases);
  }
  place_gates(w->before->n_out ? folded : w->input, stacked_n_inputs(layer), layer,
              stacked_input_weights);
  place_gates(w->state, size, layer, stacked_state_weights);
  place_gates(w->biases, 1, layer, place_input_bias);
  if (layer.params->shape.cell == CELL_GRU_RESET_AFTER) {
    place_gates(w->biases + cols, 1, layer, place_recurrent_bias);
  }
  return params_are_finite(layer.params)
             ? STATUS_OK
             : decode_fail(file->source, STATUS_BAD_FILE,
                           "layer %u and the one before it make a number too large for a weight",
                           file->index);
}

/// Read all arrays: biases are [G*H], or of reset-after [2][3H], input bias and recurrent bias
static Status
read_arrays(const FileLayer* const file, RecurrentWeights* const w, const StackedLayer layer)
{
  const DecodeSource* const source = file->source;
  const uint32_t size = stacked_size(layer);
  const uint32_t cols = params_n_gates(layer.params->shape.cell) * size;
  const uint32_t n_sources = w->before->n_out ? w->before->n_out : stacked_n_inputs(layer);
  char what[WHAT_SIZE];
  const json_t* array = find_array(file, 0, "input weights", what);
  Status status = decode_block(source, array, (DecodeBlock){what, n_sources, cols}, w->input);
  if (status) {
    return status;
  }
  array = find_array(file, 1, "recurrent weights", what);
  if ((status = decode_block(source, array, (DecodeBlock){what, size, cols}, w->state))) {
    return status;
  }
  array = find_array(file, 2, "biases", what);
  return (layer.params->shape.cell == CELL_GRU_RESET_AFTER ? decode_block : decode_row)(
      source, array, (DecodeBlock){what, 2, cols}, w->biases);
}

Status
decode_recurrent(const FileLayer* const file, const DenseBefore* const before,
                 const StackedLayer layer)
{
  const size_t cols = (size_t)params_n_gates(layer.params->shape.cell) * stacked_size(layer);
  const size_t n_input = (size_t)before->n_out + stacked_n_inputs(layer);
  Status status = check_arrays(file, "recurrent", 3);
  if (status) {
    return status;
  }
  RecurrentWeights w = {.before = before};
  w.input = (float*)calloc((n_input + stacked_size(layer)) * cols, sizeof(float));
  if (!w.input) {
    return decode_fail(file->source, STATUS_NO_MEMORY, "out of memory");
  }
  w.state = w.input + n_input * cols;
  status = read_arrays(file, &w, layer);
  status = status ? status : place_all(file, &w, layer);
  free(w.input);
  return status;
}

/// Read a dense layer's weights, then its biases
static Status
read_dense(const FileLayer* const file, DecodeBlock block, float* const kernel, float* const bias)
{
  char what[WHAT_SIZE];
  Status status = check_arrays(file, "dense", 2);
  if (status) {
    return status;
  }
  const json_t* array = find_array(file, 0, "weights", what);
  block.what = what;
  if ((status = decode_block(file->source, array, block, kernel))) {
    return status;
  }
  array = find_array(file, 1, "biases", what);
  return decode_row(file->source, array, block, bias);
}

Status
decode_dense_before(const FileLayer* const file, DenseBefore* const dense)
{
  float rows[(1 + PARAMS_MAX_KNOBS) * PARAMS_MAX_HIDDEN_SIZE];
  const Status status =
      read_dense(file, (DecodeBlock){"", dense->n_in, dense->n_out}, rows, dense->bias);
  for (uint32_t i = 0; i < dense->n_in && !status; ++i) {
    memcpy(dense->kernel[i], rows + (size_t)i * dense->n_out, dense->n_out * sizeof(float));
  }
  return status;
}

Status
decode_head(const FileLayer* const file, const Params* const params, const uint32_t n_layers)
{
  return read_dense(file, (DecodeBlock){"", params->shape.hidden_size / n_layers, 1},
                    stacked_head(params, n_layers), params_values(params, PARAMS_B_O));
}
