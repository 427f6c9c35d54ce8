// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Layers of RTNeural's JSON, in any order. Offline.
//
// Weights are laid out as Keras has them: (inputs, outputs), of a convolution (taps, inputs,
// outputs), the last tap being the present. Biases of a GRU are two rows.
//
// Source: RTNeural, RTNeural/model_loader.h, which ignores the activation of recurrent layers.

#include "core/decibel.h"
#include "core/format/gate_order.h"
#include "train/teacher/read_net.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// One layer while it is read
typedef struct {
  const DecodeSource* source;
  const json_t* object;
  uint32_t index; ///< In the file
  ChainLayer* layer;
  const Net* net; ///< NULL until the shapes are known
} LayerReader;

/// Read the last number of a member that is an array
static Status
read_last(const LayerReader* const r, const char* const key, const uint32_t most,
          uint32_t* const count)
{
  *count = decode_last(json_object_get(r->object, key));
  return *count >= 1 && *count <= most
             ? STATUS_OK
             : decode_fail(r->source, STATUS_UNSUPPORTED,
                           "layer %u: \"%s\" should end in a whole number, 1 to %u", r->index, key,
                           most);
}

static Status
read_activation(const LayerReader* const r)
{
  static const struct {
    const char* name;
    ActivationKind kind;
  } known[] = {
      {"", ACTIVATION_IDENTITY}, {"linear", ACTIVATION_IDENTITY}, {"tanh", ACTIVATION_TANH},
      {"relu", ACTIVATION_RELU}, {"sigmoid", ACTIVATION_SIGMOID}, {"elu", ACTIVATION_ELU},
  };
  const char* const name = decode_text(r->object, "activation");
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); ++i) {
    if (!strcmp(known[i].name, name)) {
      r->layer->activation.kind = known[i].kind;
      return STATUS_OK;
    }
  }
  return decode_fail(r->source, STATUS_UNSUPPORTED,
                     "layer %u has activation \"%.40s\", which Grus doesn't know", r->index, name);
}

/// Read the shape of a recurrent layer. Its activation is tanh, whether it says so or not.
static Status
read_recurrent_shape(const LayerReader* const r, const CellType cell, const uint32_t n_in)
{
  const char* const activation = decode_text(r->object, "activation");
  const json_t* const flag = json_object_get(r->object, "reset_after");
  r->layer->kind = CHAIN_RECURRENT;
  r->layer->recurrent = (Recurrent){.cell = cell, .n_in = n_in};
  if (*activation && strcmp(activation, "tanh") != 0) {
    return decode_fail(r->source, STATUS_UNSUPPORTED,
                       "layer %u has activation \"%.40s\"; expected \"tanh\" or none", r->index,
                       activation);
  }
  if (json_is_false(flag)) {
    return decode_fail(r->source, STATUS_UNSUPPORTED,
                       "layer %u is a reset-before GRU; expected one that resets after", r->index);
  }
  return read_last(r, "shape", NET_MAX_CHANNELS, &r->layer->recurrent.hidden_size);
}

/// Read the shape of a dense layer or a convolution
static Status
read_conv_shape(const LayerReader* const r, const bool is_dense, const uint32_t n_in)
{
  Conv* const conv = &r->layer->conv;
  *conv = net_linear_conv(n_in, 1);
  Status status = read_activation(r);
  if (status || (status = read_last(r, "shape", NET_MAX_CHANNELS, &conv->n_out)) || is_dense) {
    return status;
  }
  if (!decode_is_absent(json_object_get(r->object, "strides")) &&
      decode_last(json_object_get(r->object, "strides")) != 1) {
    return decode_fail(r->source, STATUS_UNSUPPORTED,
                       "layer %u: \"strides\" should end in 1: a model has one rate", r->index);
  }
  if ((status = read_last(r, "kernel_size", NET_MAX_TAPS, &conv->n_taps)) ||
      (status = read_last(r, "dilation", NET_MAX_DILATION, &conv->dilation))) {
    return status;
  }
  return decode_count_or(r->source, r->object, (DecodeCount){"groups", 1, NET_MAX_CHANNELS}, 1,
                         &conv->n_groups);
}

/// Read what kind of layer it is, and its shape
static Status
read_shape(const LayerReader* const r, const uint32_t n_in)
{
  const char* const type = decode_text(r->object, "type");
  const bool is_dense = !strcmp(type, "dense") || !strcmp(type, "time-distributed-dense");
  if (is_dense || !strcmp(type, "conv1d")) {
    return read_conv_shape(r, is_dense, n_in);
  }
  if (!strcmp(type, "gru") || !strcmp(type, "lstm")) {
    return read_recurrent_shape(r, type[0] == 'g' ? CELL_GRU_RESET_AFTER : CELL_LSTM, n_in);
  }
  if (!strcmp(type, "activation")) {
    r->layer->kind = CHAIN_ACTIVATION;
    r->layer->conv = net_linear_conv(n_in, n_in);
    return read_activation(r);
  }
  return decode_fail(r->source, STATUS_UNSUPPORTED,
                     "layer %u is of type \"%.40s\", which Grus doesn't know", r->index, type);
}

/// Return how many weights a layer has
static size_t
count_weights(const ChainLayer* const layer)
{
  const Recurrent* const r = &layer->recurrent;
  const Conv* const c = &layer->conv;
  const size_t n_gates = (size_t)params_n_gates(r->cell) * r->hidden_size;
  switch (layer->kind) {
  case CHAIN_CONV:
    return (size_t)c->n_out * (c->n_in / c->n_groups) * c->n_taps + c->n_out;
  case CHAIN_RECURRENT:
    return n_gates * (r->n_in + r->hidden_size + (r->cell == CELL_LSTM ? 1 : 2));
  case CHAIN_ACTIVATION:
    return 0;
  }
  return 0;
}

/// Where numbers of the file go: that of source s and column c to out[c * stride + s], columns of
/// gates in our order
typedef struct {
  float* out;
  size_t stride;
  const Recurrent* gates; ///< NULL: columns are as they are
} Place;

static size_t
place_column(const Place place, const uint32_t column)
{
  const Recurrent* const g = place.gates;
  return g ? gate_of_file(g->cell, column / g->hidden_size) * g->hidden_size +
                 column % g->hidden_size
           : column;
}

/// Read one row: the weights of one source
static Status
read_source(const LayerReader* const r, const json_t* const row, const DecodeBlock block,
            const Place place)
{
  float* const scratch = (float*)calloc(block.cols, sizeof(float));
  if (!scratch) {
    return decode_fail(r->source, STATUS_NO_MEMORY, "out of memory");
  }
  const Status status = decode_row(r->source, row, block, scratch);
  for (uint32_t c = 0; c < block.cols && !status; ++c) {
    place.out[place_column(place, c) * place.stride] = scratch[c];
  }
  free(scratch);
  return status;
}

static Status
read_sources(const LayerReader* const r, const json_t* const rows, const DecodeBlock block,
             const Place place)
{
  Status status = decode_check_rows(r->source, rows, block);
  for (uint32_t s = 0; s < block.rows && !status; ++s) {
    const Place at = {place.out + s, place.stride, place.gates};
    status = read_source(r, json_array_get(rows, s), block, at);
  }
  return status;
}

/// Read the weights of a layer with one tap, (inputs, outputs), or of all taps
static Status
read_kernel(const LayerReader* const r, const json_t* const kernel)
{
  const Conv* const conv = &r->layer->conv;
  const uint32_t n_in = conv->n_in / conv->n_groups;
  const bool is_dense = strcmp(decode_text(r->object, "type"), "conv1d") != 0;
  const DecodeBlock taps = {"taps of a convolution", conv->n_taps, n_in};
  const DecodeBlock block = {"weights of a layer", n_in, conv->n_out};
  float* const out = net_writable(r->net, conv->weights);
  if (is_dense) {
    return read_sources(r, kernel, block, (Place){out, n_in, NULL});
  }
  Status status = decode_check_rows(r->source, kernel, taps);
  for (uint32_t k = 0; k < conv->n_taps && !status; ++k) {
    const json_t* const rows = json_array_get(kernel, k);
    status = decode_check_rows(r->source, rows, block);
    for (uint32_t i = 0; i < n_in && !status; ++i) {
      status = read_source(
          r, json_array_get(rows, i), block,
          (Place){out + (size_t)i * conv->n_taps + k, (size_t)n_in * conv->n_taps, NULL});
    }
  }
  return status;
}

/// Read a dense layer or a convolution; a bias may be absent
static Status
read_conv(const LayerReader* const r, NetReader* const net)
{
  const json_t* const arrays = json_object_get(r->object, "weights");
  Conv* const conv = &r->layer->conv;
  Status status = net_take_conv(net, conv, true);
  if (status || (status = read_kernel(r, json_array_get(arrays, 0)))) {
    return status;
  }
  net->net->receptive_field += (conv->n_taps - 1) * conv->dilation;
  return json_array_size(arrays) < 2
             ? STATUS_OK
             : decode_row(r->source, json_array_get(arrays, 1),
                          (DecodeBlock){"biases of a layer", 1, conv->n_out},
                          net_writable(r->net, conv->bias));
}

/// Read a GRU or an LSTM: weights of the input, of the state, and biases
static Status
read_recurrent(const LayerReader* const r, NetReader* const net)
{
  const json_t* const arrays = json_object_get(r->object, "weights");
  Recurrent* const l = &r->layer->recurrent;
  const uint32_t n_gates = params_n_gates(l->cell) * l->hidden_size;
  const size_t n_sources = (size_t)l->n_in + l->hidden_size;
  const bool has_two = l->cell != CELL_LSTM;
  float* const weights = net_take(net, net_number_recurrent(net, l));
  float* const bias = weights ? net_take(net, n_gates) : NULL;
  float* const bias_h = bias && has_two ? net_take(net, n_gates) : NULL;
  if (!bias || (has_two && !bias_h)) {
    return STATUS_BAD_FILE;
  }
  l->weights = weights;
  l->bias = bias;
  l->bias_h = bias_h;
  const json_t* const biases = json_array_get(arrays, 2);
  const DecodeBlock block = {"biases of a layer", 2, n_gates};
  Status status =
      read_sources(r, json_array_get(arrays, 0), (DecodeBlock){"input weights", l->n_in, n_gates},
                   (Place){weights, n_sources, l});
  if (status || (status = read_sources(r, json_array_get(arrays, 1),
                                       (DecodeBlock){"recurrent weights", l->hidden_size, n_gates},
                                       (Place){weights + l->n_in, n_sources, l}))) {
    return status;
  }
  if (!has_two) {
    return read_source(r, biases, block, (Place){bias, 1, l});
  }
  if ((status = decode_check_rows(r->source, biases, block)) ||
      (status = read_source(r, json_array_get(biases, 0), block, (Place){bias, 1, l}))) {
    return status;
  }
  return read_source(r, json_array_get(biases, 1), block, (Place){bias_h, 1, l});
}

/// Read all shapes, and count the weights
static Status
read_shapes(const DecodeSource* const source, const json_t* const root, const json_t* const layers,
            const Chain* const chain, size_t* const n_weights)
{
  uint32_t n_in = decode_last(json_object_get(root, "in_shape"));
  Status status = net_check_knobs(source, n_in);
  for (uint32_t i = 0; i < chain->n_layers && !status; ++i) {
    const LayerReader r = {source, json_array_get(layers, i), i, &chain->layers[i], NULL};
    status = read_shape(&r, n_in);
    n_in = net_chain_width(&chain->layers[i]);
    *n_weights += status ? 0 : count_weights(&chain->layers[i]);
  }
  return status ? status
         : n_in == 1
             ? STATUS_OK
             : decode_fail(source, STATUS_UNSUPPORTED, "has %u outputs; expected one", n_in);
}

static Status
read_layers(NetReader* const net, const json_t* const layers)
{
  const Chain* const chain = &net->net->chain;
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < chain->n_layers && !status; ++i) {
    const LayerReader r = {net->source, json_array_get(layers, i), i, &chain->layers[i], net->net};
    status = r.layer->kind == CHAIN_CONV        ? read_conv(&r, net)
             : r.layer->kind == CHAIN_RECURRENT ? read_recurrent(&r, net)
                                                : STATUS_OK;
  }
  return status;
}

/// Read a level as a gain
static Status
read_gain(const DecodeSource* const source, const json_t* const root, const char* const key,
          float* const gain)
{
  double db = 0.0;
  const Status status = decode_number(source, root, key, &db);
  *gain = (float)decibel_to_gain_or_silence(db);
  return status || isfinite(*gain) ? status
                                   : decode_fail(source, STATUS_BAD_FILE,
                                                 "\"%s\" is %g dB; expected at most 770", key, db);
}

/// Read what is around the layers
static Status
read_outside(const DecodeSource* const source, const json_t* const root, Chain* const chain)
{
  uint32_t skip = 0;
  Status status = read_gain(source, root, "in_gain", &chain->input_gain);
  if (status || (status = read_gain(source, root, "out_gain", &chain->output_gain)) ||
      (status = decode_count_or(source, root, (DecodeCount){"in_skip", 0, 1}, 0, &skip))) {
    return status;
  }
  chain->skip = skip != 0;
  return STATUS_OK;
}

/// Read the linear stage, whose taps begin with the present; a convolution's end with it
static Status
read_stage(NetReader* const net, const json_t* const stage)
{
  Conv* const conv = &net->net->chain.stage;
  if (!conv->n_out) {
    return STATUS_OK;
  }
  Status status = net_take_conv(net, conv, false);
  if (status) {
    return status;
  }
  float* const weights = net_writable(net->net, conv->weights);
  status = decode_row(net->source, json_object_get(stage, "taps"),
                      (DecodeBlock){"\"taps\"", 1, conv->n_taps}, weights);
  for (uint32_t i = 0, k = conv->n_taps - 1; i < k && !status; ++i, --k) {
    const float kept = weights[i];
    weights[i] = weights[k];
    weights[k] = kept;
  }
  net->net->receptive_field += conv->n_taps - 1;
  return status;
}

/// Read everything around the layers, and all shapes; count the weights
static Status
read_outline(const DecodeSource* const source, const json_t* const root,
             const DecodeNetwork* const network, Chain* const chain, size_t* const n_weights)
{
  uint32_t n_taps = 0;
  Status status = read_outside(source, root, chain);
  if (status || (status = read_shapes(source, root, network->layers, chain, n_weights)) ||
      (status = decode_stage_size(source, network->stage, &n_taps))) {
    return status;
  }
  if (n_taps) {
    chain->stage = net_linear_conv(1, 1);
    chain->stage.n_taps = n_taps;
    *n_weights += n_taps;
  }
  return STATUS_OK;
}

/// Read everything into a net; `chain` becomes part of it
static Status
read_net(const json_t* const root, const DecodeNetwork* const network, Chain* const chain,
         NetReader* const reader)
{
  size_t n_weights = 0;
  Status status = read_outline(reader->source, root, network, chain, &n_weights);
  if (status || (status = net_new(reader->source, n_weights, &reader->net))) {
    free(chain->layers);
    return status;
  }
  Net* const net = reader->net;
  net->kind = NET_CHAIN;
  net->n_in = net->n_out = 1;
  net->receptive_field = 1;
  net->chain = *chain;
  status = read_layers(reader, network->layers);
  status = status ? status : read_stage(reader, network->stage);
  net->receptive_field += net->n_recurrents ? NET_WARM_UP : 0;
  return status;
}

Status
net_read_rtneural(const DecodeSource* const source, const json_t* const root, Net** const net)
{
  NetReader reader = {source, NULL, 0, 0};
  Chain chain = {.layers = NULL};
  DecodeNetwork network;
  if (json_number_value(json_object_get(json_object_get(root, "grus"), "version")) > 1.0) {
    return decode_fail(source, STATUS_UNSUPPORTED, "is a model of a newer Grus");
  }
  Status status = decode_network(source, root, &network);
  if (status) {
    return status;
  }
  const size_t n = json_array_size(network.layers);
  if (n < 1 || n > NET_MAX_LAYERS) {
    return decode_fail(source, STATUS_UNSUPPORTED, "has %zu layers; expected 1 to %u", n,
                       NET_MAX_LAYERS);
  }
  status = net_new_chain(source, (uint32_t)n, &chain);
  if (status) {
    return status;
  }
  status = read_net(root, &network, &chain, &reader);
  if (status) {
    net_free(reader.net);
    return status;
  }
  *net = reader.net;
  return STATUS_OK;
}
