// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// GuitarML's JSON, which Proteus and NeuralPi play: the training program's own parameters, with
// PyTorch's shapes and gate orders, which are also ours: r, z, n (reset-after) and i, f, g, o. Any
// thread but the audio thread.

#include "core/format/layer_stack.h"
#include "core/format/read_values.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/// The format doesn't store a rate; its players run at this one [Hz]
#define CONVENTIONAL_SAMPLE_RATE 44100.0

#define KEY_SIZE 32U

/// One layer while it is read
typedef struct {
  const DecodeSource* source;
  const json_t* dict;
  StackedLayer layer;
  uint32_t n_rows; ///< G*H
} LayerReader;

/// Fail unless `key` is absent or `text`
static Status
check_text(const DecodeSource* const source, const json_t* const data, const char* const key,
           const char* const text)
{
  const json_t* const value = json_object_get(data, key);
  const char* const given = json_string_value(value);
  if (!decode_is_absent(value) && (!given || strcmp(given, text) != 0)) {
    return decode_fail(source, STATUS_UNSUPPORTED,
                       "\"%s\" is \"%.40s\"; of GuitarML's models Grus plays \"%s\"", key,
                       given ? given : "not a text", text);
  }
  return STATUS_OK;
}

static Status
read_cell(const DecodeSource* const source, const json_t* const data, CellType* const cell)
{
  const char* const type = decode_text(data, "unit_type");
  if (strcmp(type, "GRU") != 0 && strcmp(type, "LSTM") != 0) {
    return decode_fail(source, STATUS_UNSUPPORTED,
                       "\"unit_type\" is \"%.40s\"; Grus plays \"GRU\" and \"LSTM\"", type);
  }
  *cell = !strcmp(type, "LSTM") ? CELL_LSTM : CELL_GRU_RESET_AFTER;
  return STATUS_OK;
}

/// The network as the file describes it
typedef struct {
  ParamsShape shape; ///< Of all layers together
  uint32_t n_layers;
} Network;

/// Fail unless there are as many layers as declared, and Grus can play them as one
static Status
check_layers(const DecodeSource* const source, const json_t* const dict, const Network* const n)
{
  const char* const why = n->shape.cell != CELL_LSTM ? "GRU layers"
                          : n->shape.skip            ? "LSTM layers and a skip connection"
                          : n->shape.hidden_size > PARAMS_MAX_HIDDEN_SIZE ? "large LSTM layers"
                                                                          : NULL;
  char next[32];
  (void)snprintf(next, sizeof(next), "rec.weight_ih_l%u", n->n_layers);
  if (json_object_get(dict, next)) {
    return decode_fail(source, STATUS_BAD_FILE, "has %s, but \"num_layers\" is %u", next,
                       n->n_layers);
  }
  if (n->n_layers == 1 || !why) {
    return STATUS_OK;
  }
  return decode_refuse(source, n->shape.n_inputs,
                       "is a GuitarML model with %u %s, which Grus can't play directly",
                       n->n_layers, why);
}

static Status
read_network(const DecodeSource* const source, const json_t* const root, Network* const n)
{
  const json_t* const data = json_object_get(root, "model_data");
  ParamsShape* const shape = &n->shape;
  uint32_t n_outputs = 1;
  uint32_t skip = 0;
  uint32_t size = 0;
  Status status = check_text(source, data, "model", "SimpleRNN");
  if (status || (status = read_cell(source, data, &shape->cell)) ||
      (status =
           decode_check_knobs(source, json_integer_value(json_object_get(data, "input_size")))) ||
      (status = decode_count(source, data, (DecodeCount){"input_size", 1, 1 + PARAMS_MAX_KNOBS},
                             &shape->n_inputs)) ||
      (status = decode_count(source, data, (DecodeCount){"hidden_size", 1, PARAMS_MAX_HIDDEN_SIZE},
                             &size)) ||
      (status =
           decode_count_or(source, data, (DecodeCount){"num_layers", 1, 1 + MODEL_FILE_MAX_LAG}, 1,
                           &n->n_layers)) ||
      (status = decode_count(source, data, (DecodeCount){"output_size", 1, 1}, &n_outputs)) ||
      (status = decode_count(source, data, (DecodeCount){"skip", 0, 1}, &skip))) {
    return status;
  }
  shape->hidden_size = n->n_layers * size;
  shape->skip = skip != 0;
  return check_layers(source, json_object_get(root, "state_dict"), n);
}

/// Write the name of a layer's weights in the file
static void
format_key(char key[KEY_SIZE], const char* const what, const StackedLayer layer)
{
  (void)snprintf(key, KEY_SIZE, "rec.%s_l%u", what, layer.layer);
}

/// Read the rows of one layer's weights, each to where `place` says
static Status
read_matrix(const LayerReader* const r, const char* const what, const uint32_t n_cols,
            float* (*const place)(StackedLayer, uint32_t))
{
  char key[KEY_SIZE];
  format_key(key, what, r->layer);
  const json_t* const rows = json_object_get(r->dict, key);
  const DecodeBlock block = {key, r->n_rows, n_cols};
  Status status = decode_check_rows(r->source, rows, block);
  for (uint32_t row = 0; row < r->n_rows && !status; ++row) {
    status = decode_row(r->source, json_array_get(rows, row), block, place(r->layer, row));
  }
  return status;
}

/// Read one bias of a layer, and add it to those in `sums`
static Status
add_bias(const LayerReader* const r, const char* const what, float* const sums)
{
  char key[KEY_SIZE];
  float bias[4 * PARAMS_MAX_HIDDEN_SIZE];
  format_key(key, what, r->layer);
  const Status status =
      decode_row(r->source, json_object_get(r->dict, key), (DecodeBlock){key, 1, r->n_rows}, bias);
  for (uint32_t row = 0; row < r->n_rows && !status; ++row) {
    float* const sum = sums + stacked_row(r->layer, row);
    *sum += bias[row];
    if (!isfinite(*sum)) {
      return decode_fail(r->source, STATUS_BAD_FILE,
                         "rec.bias_ih_l%u and %s add up to a number too large for a weight",
                         r->layer.layer, key);
    }
  }
  return status;
}

/// Read one layer. Of the two biases of an LSTM only the sum matters.
static Status
read_layer(const LayerReader* const r)
{
  const Params* const p = r->layer.params;
  const bool has_two = p->shape.cell == CELL_GRU_RESET_AFTER;
  Status status = read_matrix(r, "weight_ih", stacked_n_inputs(r->layer), stacked_input_weights);
  if (status ||
      (status = read_matrix(r, "weight_hh", stacked_size(r->layer), stacked_state_weights)) ||
      (status = add_bias(r, "bias_ih", params_values(p, PARAMS_B_I)))) {
    return status;
  }
  return add_bias(r, "bias_hh", params_values(p, has_two ? PARAMS_B_H : PARAMS_B_I));
}

/// Without "bias_fl" the head has no bias
static Status
read_head(const DecodeSource* const source, const json_t* const root, const uint32_t n_layers,
          const Params* const p)
{
  const json_t* const dict = json_object_get(root, "state_dict");
  const json_t* const flag = json_object_get(json_object_get(root, "model_data"), "bias_fl");
  const Status status = decode_block(
      source, json_object_get(dict, "lin.weight"),
      (DecodeBlock){"lin.weight", 1, p->shape.hidden_size / n_layers}, stacked_head(p, n_layers));
  if (status || json_is_false(flag)) {
    return status;
  }
  return decode_row(source, json_object_get(dict, "lin.bias"), (DecodeBlock){"lin.bias", 1, 1},
                    params_values(p, PARAMS_B_O));
}

static Status
read_weights(const DecodeSource* const source, const json_t* const root, const uint32_t n_layers,
             const Params* const p)
{
  const json_t* const dict = json_object_get(root, "state_dict");
  const uint32_t n_rows = params_n_gates(p->shape.cell) * (p->shape.hidden_size / n_layers);
  Status status = STATUS_OK;
  for (uint32_t layer = 0; layer < n_layers && !status; ++layer) {
    status = read_layer(&(LayerReader){source, dict, {p, n_layers, layer}, n_rows});
  }
  return status ? status : read_head(source, root, n_layers, p);
}

Status
decode_guitarml(const DecodeSource* const source, const json_t* const root, ModelFile* const file)
{
  Network network = {{CELL_GRU_RESET_AFTER, 0, 0, false, 0}, 1};
  Status status = read_network(source, root, &network);
  if (status) {
    return status;
  }
  if (params_init(&file->params, network.shape)) {
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  file->sample_rate = CONVENTIONAL_SAMPLE_RATE;
  if ((status = read_weights(source, root, network.n_layers, &file->params)) ||
      (status = decode_count_or(source, json_object_get(root, "model_data"),
                                (DecodeCount){"lag", 0, MODEL_FILE_MAX_LAG}, network.n_layers - 1,
                                &file->lag)) ||
      (status =
           decode_sample_rate(source, root, &file->sample_rate, &file->sample_rate_is_assumed))) {
    return status;
  }
  file->format = MODEL_FORMAT_GUITARML;
  decode_metadata(json_object_get(root, "metadata"), file);
  return STATUS_OK;
}
