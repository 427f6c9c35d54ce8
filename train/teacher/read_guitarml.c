// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// GuitarML's models of several recurrent layers, as PyTorch stores them: "rec.weight_ih_l1" …, and
// a linear head. Offline.

#include "train/teacher/read_net.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define KEY_SIZE 32U

/// What "model_data" says
typedef struct {
  CellType cell;
  uint32_t size;
  uint32_t n_layers;
  uint32_t skip;
} Shape;

static Status
read_cell(const DecodeSource* const source, const json_t* const data, CellType* const cell)
{
  const char* const model = decode_text(data, "model");
  const char* const type = decode_text(data, "unit_type");
  *cell = strcmp(type, "LSTM") != 0 ? CELL_GRU_RESET_AFTER : CELL_LSTM;
  if (*model && strcmp(model, "SimpleRNN") != 0) {
    return decode_fail(source, STATUS_UNSUPPORTED,
                       "\"model\" is \"%.40s\"; Grus can learn from \"SimpleRNN\"", model);
  }
  return *cell == CELL_LSTM || !strcmp(type, "GRU")
             ? STATUS_OK
             : decode_fail(source, STATUS_UNSUPPORTED,
                           "\"unit_type\" is \"%.40s\"; Grus can learn from \"GRU\" and \"LSTM\"",
                           type);
}

static Status
read_shape(const DecodeSource* const source, const json_t* const data, Shape* const shape)
{
  const DecodeCount size = {"hidden_size", 1, NET_MAX_CHANNELS};
  uint32_t one = 1;
  Status status = read_cell(source, data, &shape->cell);
  if (status ||
      (status = net_check_knobs(source, json_integer_value(json_object_get(data, "input_size")))) ||
      (status = decode_count(source, data, (DecodeCount){"output_size", 1, 1}, &one)) ||
      (status = decode_count(source, data, size, &shape->size)) ||
      (status = decode_count_or(source, data, (DecodeCount){"num_layers", 1, NET_MAX_RECURRENTS}, 1,
                                &shape->n_layers))) {
    return status;
  }
  return decode_count(source, data, (DecodeCount){"skip", 0, 1}, &shape->skip);
}

static size_t
count_weights(const Shape* const s)
{
  const size_t n_gates = (size_t)params_n_gates(s->cell) * s->size;
  const size_t n_biases = s->cell == CELL_LSTM ? 1 : 2;
  return n_gates * (1 + s->size + n_biases) +
         (s->n_layers - 1) * n_gates * (2 * s->size + n_biases) + s->size + 1;
}

/// Which rows go where: each to the next place of `stride` numbers
typedef struct {
  DecodeBlock block;
  float* out;
  size_t stride;
} Rows;

static Status
read_rows(const DecodeSource* const source, const json_t* const rows, const Rows to)
{
  Status status = decode_check_rows(source, rows, to.block);
  for (uint32_t i = 0; i < to.block.rows && !status; ++i) {
    status = decode_row(source, json_array_get(rows, i), to.block, to.out + i * to.stride);
  }
  return status;
}

/// Read the weights of the input and of the state, which lie beside each other
static Status
read_matrices(const DecodeSource* const source, const json_t* const dict, const Recurrent* const l,
              float* const weights)
{
  const uint32_t n_gates = params_n_gates(l->cell) * l->hidden_size;
  const size_t stride = (size_t)l->n_in + l->hidden_size;
  char key[KEY_SIZE];
  (void)snprintf(key, sizeof(key), "rec.weight_ih_l%u", l->number);
  const Status status = read_rows(source, json_object_get(dict, key),
                                  (Rows){{key, n_gates, l->n_in}, weights, stride});
  (void)snprintf(key, sizeof(key), "rec.weight_hh_l%u", l->number);
  return status ? status
                : read_rows(source, json_object_get(dict, key),
                            (Rows){{key, n_gates, l->hidden_size}, weights + l->n_in, stride});
}

static Status
read_biases(const DecodeSource* const source, const json_t* const dict, const Recurrent* const l,
            float* const bias, float* const bias_h)
{
  const uint32_t n_gates = params_n_gates(l->cell) * l->hidden_size;
  char key[KEY_SIZE];
  (void)snprintf(key, sizeof(key), "rec.bias_ih_l%u", l->number);
  const Status status =
      decode_row(source, json_object_get(dict, key), (DecodeBlock){key, 1, n_gates}, bias);
  (void)snprintf(key, sizeof(key), "rec.bias_hh_l%u", l->number);
  return status ? status
                : decode_row(source, json_object_get(dict, key), (DecodeBlock){key, 1, n_gates},
                             bias_h);
}

/// Add up the two biases of an LSTM: only their sum matters
static Status
add_biases(const DecodeSource* const source, const Recurrent* const l, float* const bias,
           const float* const bias_h)
{
  for (uint32_t i = 0; i < 4 * l->hidden_size; ++i) {
    bias[i] += bias_h[i];
    if (!isfinite(bias[i])) {
      return decode_fail(source, STATUS_BAD_FILE,
                         "rec.bias_ih_l%u and rec.bias_hh_l%u add up to a number too large for a "
                         "weight",
                         l->number, l->number);
    }
  }
  return STATUS_OK;
}

static Status
read_layer(NetReader* const reader, const json_t* const dict, Recurrent* const l)
{
  float both[4 * NET_MAX_CHANNELS];
  const size_t n_gates = (size_t)params_n_gates(l->cell) * l->hidden_size;
  float* const weights = net_take(reader, net_number_recurrent(reader, l));
  float* const bias = weights ? net_take(reader, n_gates) : NULL;
  float* const bias_h = l->cell == CELL_LSTM ? both : bias ? net_take(reader, n_gates) : NULL;
  if (!bias || !bias_h) {
    return STATUS_BAD_FILE;
  }
  l->weights = weights;
  l->bias = bias;
  Status status = read_matrices(reader->source, dict, l, weights);
  status = status ? status : read_biases(reader->source, dict, l, bias, bias_h);
  if (l->cell == CELL_LSTM) {
    return status ? status : add_biases(reader->source, l, bias, bias_h);
  }
  l->bias_h = bias_h;
  return status;
}

/// Read the head; without "bias_fl" it has no bias
static Status
read_head(NetReader* const reader, const json_t* const root, Conv* const head)
{
  const json_t* const dict = json_object_get(root, "state_dict");
  const json_t* const flag = json_object_get(json_object_get(root, "model_data"), "bias_fl");
  Status status = net_take_conv(reader, head, true);
  if (status ||
      (status = decode_block(reader->source, json_object_get(dict, "lin.weight"),
                             (DecodeBlock){"lin.weight", 1, head->n_in},
                             net_writable(reader->net, head->weights))) ||
      json_is_false(flag)) {
    return status;
  }
  return decode_row(reader->source, json_object_get(dict, "lin.bias"),
                    (DecodeBlock){"lin.bias", 1, 1}, net_writable(reader->net, head->bias));
}

static Status
read_net(NetReader* const reader, const json_t* const root, const Shape* const shape)
{
  Net* const net = reader->net;
  net->kind = NET_CHAIN;
  net->n_in = net->n_out = 1;
  net->receptive_field = NET_WARM_UP;
  Status status = net_new_chain(reader->source, shape->n_layers + 1, &net->chain);
  net->chain.skip = shape->skip != 0;
  for (uint32_t i = 0; i < shape->n_layers && !status; ++i) {
    ChainLayer* const layer = &net->chain.layers[i];
    layer->kind = CHAIN_RECURRENT;
    layer->recurrent =
        (Recurrent){.cell = shape->cell, .n_in = i ? shape->size : 1, .hidden_size = shape->size};
    status = read_layer(reader, json_object_get(root, "state_dict"), &layer->recurrent);
  }
  if (status) {
    return status;
  }
  Conv* const head = &net->chain.layers[shape->n_layers].conv;
  *head = net_linear_conv(shape->size, 1);
  return read_head(reader, root, head);
}

Status
net_read_guitarml(const DecodeSource* const source, const json_t* const root, Net** const net)
{
  Shape shape = {CELL_LSTM, 0, 1, 0};
  NetReader reader = {source, NULL, 0, 0};
  Status status = read_shape(source, json_object_get(root, "model_data"), &shape);
  if (status || (status = net_new(source, count_weights(&shape), &reader.net))) {
    return status;
  }
  status = read_net(&reader, root, &shape);
  if (status) {
    net_free(reader.net);
    return status;
  }
  *net = reader.net;
  return STATUS_OK;
}
