// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What the readers of all architectures share, and the small ones. Offline.

#include "train/teacher/read_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_RECEPTIVE_FIELD 1000000U ///< Of a linear model [frames]

float*
net_take(NetReader* const reader, const size_t n)
{
  if (n > reader->net->n_weights - reader->next) {
    (void)decode_fail(reader->source, STATUS_BAD_FILE, "has %zu weights; its layers need more",
                      reader->net->n_weights);
    return NULL;
  }
  float* const taken = reader->net->weights + reader->next;
  reader->next += n;
  return taken;
}

float*
net_writable(const Net* const net, const float* const taken)
{
  return net->weights + (taken - net->weights);
}

Status
net_read_whole(const DecodeSource* const source, const json_t* const value, const DecodeCount range,
               uint32_t* const number)
{
  const json_int_t n = json_integer_value(value);
  if (!json_is_integer(value) || n < (json_int_t)range.least || n > (json_int_t)range.most) {
    return decode_fail(source, STATUS_BAD_FILE, "\"%s\" should hold whole numbers, %u to %u",
                       range.key, range.least, range.most);
  }
  *number = (uint32_t)n;
  return STATUS_OK;
}

Conv
net_linear_conv(const uint32_t n_in, const uint32_t n_out)
{
  return (Conv){.n_in = n_in, .n_out = n_out, .n_taps = 1, .dilation = 1, .n_groups = 1};
}

Status
net_take_conv(NetReader* const reader, Conv* const conv, const bool has_bias)
{
  if (conv->n_in % conv->n_groups || conv->n_out % conv->n_groups) {
    return decode_fail(reader->source, STATUS_BAD_FILE,
                       "has a layer of %u to %u channels in %u groups, which don't divide them",
                       conv->n_in, conv->n_out, conv->n_groups);
  }
  const size_t n_weights = (size_t)conv->n_out * (conv->n_in / conv->n_groups) * conv->n_taps;
  conv->number = reader->net->n_convs++;
  conv->weights = net_take(reader, n_weights);
  reader->net->multiply_adds += conv->weights ? (uint32_t)n_weights : 0;
  conv->bias = conv->weights && has_bias ? net_take(reader, conv->n_out) : NULL;
  return conv->weights && (conv->bias || !has_bias) ? STATUS_OK : STATUS_BAD_FILE;
}

Status
net_new(const DecodeSource* const source, const size_t n_weights, Net** const net)
{
  if (n_weights > NET_MAX_WEIGHTS) {
    return decode_fail(source, STATUS_UNSUPPORTED, "has %zu weights; expected at most %u",
                       n_weights, NET_MAX_WEIGHTS);
  }
  Net* const made = (Net*)calloc(1, sizeof(Net));
  float* const weights = (float*)calloc(n_weights + 1, sizeof(float));
  if (!made || !weights) {
    free(made);
    free(weights);
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  made->weights = weights;
  made->n_weights = n_weights;
  *net = made;
  return STATUS_OK;
}

static Status
read_weights(const DecodeSource* const source, const json_t* const weights, const Net* const net)
{
  const size_t n = json_array_size(weights);
  Status status = STATUS_OK;
  for (size_t i = 0; i < n && !status; ++i) {
    status = decode_value(source, json_array_get(weights, i), (DecodeBlock){"\"weights\"", 1, 1},
                          &net->weights[i]);
  }
  return status;
}

static Status
read_linear(NetReader* const reader, const json_t* const config)
{
  const DecodeCount range = {"receptive_field", 1, MAX_RECEPTIVE_FIELD};
  Net* const net = reader->net;
  net->kind = NET_LINEAR;
  net->n_in = net->n_out = 1;
  net->linear = net_linear_conv(1, 1);
  Status status = decode_count(reader->source, config, range, &net->linear.n_taps);
  if (status || (status = net_take_conv(reader, &net->linear,
                                        json_is_true(json_object_get(config, "bias"))))) {
    return status;
  }
  net->receptive_field = net->linear.n_taps;
  for (uint32_t i = 0, k = net->linear.n_taps - 1; i < k; ++i, --k) { // The present comes first
    const float kept = net->weights[i];
    net->weights[i] = net->weights[k];
    net->weights[k] = kept;
  }
  return STATUS_OK;
}

/// Take mean, variance, gain, offset and epsilon, and fold them into the convolution
static Status
fold_normalisation(NetReader* const reader, Conv* const conv)
{
  const uint32_t n = conv->n_out;
  const size_t n_each = (size_t)conv->n_in / conv->n_groups * conv->n_taps;
  float* const mean = net_take(reader, 4 * (size_t)n + 1);
  float* const weights = net_writable(reader->net, conv->weights);
  if (!mean) {
    return STATUS_BAD_FILE;
  }
  for (uint32_t c = 0; c < n; ++c) {
    const float scale = mean[2 * n + c] / sqrtf(mean[4 * n] + mean[n + c]);
    for (size_t i = 0; i < n_each; ++i) {
      weights[c * n_each + i] *= scale;
    }
    mean[c] = mean[3 * n + c] - mean[c] * scale; // From here on the bias
    if (!isfinite(mean[c])) {
      return decode_fail(reader->source, STATUS_BAD_FILE, "has a variance below zero");
    }
  }
  conv->bias = mean;
  return STATUS_OK;
}

static Status
read_convnet_layer(NetReader* const reader, const json_t* const dilation, const bool is_normalised,
                   const uint32_t n_groups, Conv* const conv)
{
  const DecodeCount range = {"dilations", 1, NET_MAX_DILATION};
  Status status = net_read_whole(reader->source, dilation, range, &conv->dilation);
  if (status) {
    return status;
  }
  conv->n_taps = 2;
  conv->n_groups = n_groups;
  reader->net->receptive_field += conv->dilation;
  status = net_take_conv(reader, conv, !is_normalised);
  return status || !is_normalised ? status : fold_normalisation(reader, conv);
}

static Status
read_convnet(NetReader* const reader, const json_t* const config)
{
  const json_t* const dilations = json_object_get(config, "dilations");
  const bool is_normalised = json_is_true(json_object_get(config, "batchnorm"));
  const size_t n = json_array_size(dilations);
  Net* const net = reader->net;
  ConvNet* const convnet = &net->convnet;
  uint32_t n_channels = 0;
  uint32_t n_groups = 1;
  net->kind = NET_CONVNET;
  Status status = decode_count(reader->source, config, (DecodeCount){"channels", 1, NET_MAX_WIDTH},
                               &n_channels);
  if (status ||
      (status = decode_count_or(reader->source, config, (DecodeCount){"groups", 1, NET_MAX_WIDTH},
                                1, &n_groups)) ||
      (status = decode_count_or(reader->source, config, (DecodeCount){"in_channels", 1, 1}, 1,
                                &net->n_in)) ||
      (status = decode_count_or(reader->source, config, (DecodeCount){"out_channels", 1, 1}, 1,
                                &net->n_out)) ||
      (status = net_read_activation(reader->source, json_object_get(config, "activation"),
                                    &convnet->activation))) {
    return status;
  }
  if (n < 1 || n > NET_MAX_LAYERS) {
    return decode_fail(reader->source, STATUS_BAD_FILE, "\"dilations\" should hold 1 to %u numbers",
                       NET_MAX_LAYERS);
  }
  convnet->convs = (Conv*)calloc(n, sizeof(Conv));
  if (!convnet->convs) {
    return decode_fail(reader->source, STATUS_NO_MEMORY, "out of memory");
  }
  net->receptive_field = 1;
  for (size_t i = 0; i < n && !status; ++i) {
    convnet->convs[i] = net_linear_conv(i ? n_channels : 1, n_channels);
    status = read_convnet_layer(reader, json_array_get(dilations, i), is_normalised,
                                i ? n_groups : 1, &convnet->convs[i]);
    convnet->n_convs += !status;
  }
  convnet->head = net_linear_conv(n_channels, 1);
  return status ? status : net_take_conv(reader, &convnet->head, true);
}

Status
net_check_knobs(const DecodeSource* const source, const json_int_t n_inputs)
{
  return n_inputs == 1 ? STATUS_OK
                       : decode_fail(source, STATUS_UNSUPPORTED,
                                     "has %lld inputs; Grus can learn only from models with one, "
                                     "without knobs",
                                     (long long)n_inputs);
}

Status
net_new_chain(const DecodeSource* const source, const uint32_t n_layers, Chain* const chain)
{
  *chain = (Chain){.input_gain = 1.0F, .output_gain = 1.0F};
  chain->layers = (ChainLayer*)calloc(n_layers, sizeof(ChainLayer));
  chain->n_layers = chain->layers ? n_layers : 0;
  return chain->layers ? STATUS_OK : decode_fail(source, STATUS_NO_MEMORY, "out of memory");
}

size_t
net_number_recurrent(const NetReader* const reader, Recurrent* const layer)
{
  const uint32_t n_gates = params_n_gates(layer->cell) * layer->hidden_size;
  const uint32_t n_weights = n_gates * (layer->n_in + layer->hidden_size);
  layer->number = reader->net->n_recurrents++;
  reader->net->multiply_adds += n_weights;
  return n_weights;
}

static Status
take_lstm_layer(NetReader* const reader, const uint32_t n_in, const uint32_t n,
                ChainLayer* const layer)
{
  Recurrent* const r = &layer->recurrent;
  layer->kind = CHAIN_RECURRENT;
  *r = (Recurrent){.cell = CELL_LSTM, .n_in = n_in, .hidden_size = n};
  r->weights = net_take(reader, net_number_recurrent(reader, r));
  r->bias = r->weights ? net_take(reader, 4 * (size_t)n) : NULL;
  r->initial_state = r->bias ? net_take(reader, 2 * (size_t)n) : NULL;
  return r->initial_state ? STATUS_OK : STATUS_BAD_FILE;
}

static Status
read_lstm(NetReader* const reader, const json_t* const config)
{
  Net* const net = reader->net;
  uint32_t size = 0;
  uint32_t n_layers = 0;
  net->kind = NET_CHAIN;
  net->n_in = net->n_out = 1;
  net->receptive_field = NET_WARM_UP;
  Status status = decode_count(reader->source, config,
                               (DecodeCount){"hidden_size", 1, NET_MAX_CHANNELS}, &size);
  if (status ||
      (status = decode_count(reader->source, config,
                             (DecodeCount){"num_layers", 1, NET_MAX_RECURRENTS}, &n_layers)) ||
      (status = decode_count_or(reader->source, config, (DecodeCount){"input_size", 1, 1}, 1,
                                &net->n_in)) ||
      (status = net_new_chain(reader->source, n_layers + 1, &net->chain))) {
    return status;
  }
  for (uint32_t l = 0; l < n_layers && !status; ++l) {
    status = take_lstm_layer(reader, l ? size : 1, size, &net->chain.layers[l]);
  }
  Conv* const head = &net->chain.layers[n_layers].conv;
  *head = net_linear_conv(size, 1);
  return status ? status : net_take_conv(reader, head, true);
}

typedef Status (*ArchitectureReader)(NetReader* reader, const json_t* config);

/// Return the reader of an architecture, or NULL
static ArchitectureReader
find_reader(const char* const architecture)
{
  static const struct {
    const char* name;
    ArchitectureReader read;
  } known[] = {{"WaveNet", net_read_wavenet},
               {"ConvNet", read_convnet},
               {"Linear", read_linear},
               {"LSTM", read_lstm}};
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); ++i) {
    if (!strcmp(known[i].name, architecture)) {
      return known[i].read;
    }
  }
  return NULL;
}

/// Read weights and config, and check that all weights were taken
static Status
read_parts(NetReader* const reader, const json_t* const object)
{
  const char* const architecture = decode_text(object, "architecture");
  const ArchitectureReader read = find_reader(architecture);
  if (!read) {
    return decode_fail(reader->source, STATUS_UNSUPPORTED, DECODE_UNKNOWN_NAM, architecture);
  }
  Status status = read_weights(reader->source, json_object_get(object, "weights"), reader->net);
  if (status || (status = read(reader, json_object_get(object, "config")))) {
    return status;
  }
  return reader->next == reader->net->n_weights
             ? STATUS_OK
             : decode_fail(reader->source, STATUS_BAD_FILE, "has %zu weights; its layers need %zu",
                           reader->net->n_weights, reader->next);
}

/// Return the largest model of a container; NULL if there is none
static const json_t*
largest_submodel(const json_t* const config)
{
  const json_t* const submodels = json_object_get(config, "submodels");
  const size_t n = json_array_size(submodels);
  return n ? json_object_get(json_array_get(submodels, n - 1), "model") : NULL;
}

Status
net_read(const DecodeSource* const source, const json_t* const object, const uint32_t depth,
         Net** const net)
{
  if (depth >= NET_MAX_DEPTH) {
    return decode_fail(source, STATUS_UNSUPPORTED, "holds more than %u models in each other",
                       NET_MAX_DEPTH);
  }
  if (!strcmp(decode_text(object, "architecture"), "SlimmableContainer")) {
    return net_read(source, largest_submodel(json_object_get(object, "config")), depth + 1, net);
  }
  const json_t* const weights = json_object_get(object, "weights");
  NetReader reader = {source, NULL, 0, depth};
  if (!json_is_array(weights)) {
    return decode_fail(source, STATUS_BAD_FILE, "\"weights\" should be an array");
  }
  Status status = net_new(source, json_array_size(weights), &reader.net);
  if (status) {
    return status;
  }
  status = read_parts(&reader, object);
  if (status) {
    net_free(reader.net);
    return status;
  }
  *net = reader.net;
  return STATUS_OK;
}
