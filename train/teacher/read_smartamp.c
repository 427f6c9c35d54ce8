// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The WaveNet of GuitarML's SmartAmp, which PedalNet writes, too. Offline.
//
// Of each layer, with input u, and y the output of all:
//
//     (z₁, z₂) = conv(u)
//     p = tanh(z₁) ⊙ σ(z₂)
//     y ← y + mix(p)
//     u ← u + residual(p)
//
// That is a WaveNet of NAM without a condition. The file holds variables by layer, -1 being the
// input, and name, as TensorFlow lays them out: (taps, inputs, outputs), in quotes.
//
// Source: Damskägg et al., "Real-time modeling of audio distortion circuits with deep learning",
// SMC 2019, in the form of GuitarML's SmartGuitarAmp, src/WaveNet.cpp, and PedalNetRT, model.py.

#include "train/teacher/read_net.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_VARIABLES (4 * (NET_MAX_LAYERS + 2)) ///< At most four of a layer

/// A file while it is read
typedef struct {
  NetReader* reader;
  const json_t* root;
  uint32_t n_channels;
  uint32_t n_taps;
  uint32_t n_layers;
  bool is_gated;
  Activation activation;
  Activation gate;
} SmartAmp;

static Status
read_activation(const DecodeSource* const source, SmartAmp* const s)
{
  static const struct {
    const char* name;
    bool is_gated;
    ActivationKind activation;
    ActivationKind gate;
  } known[] = {
      {"gated", true, ACTIVATION_TANH, ACTIVATION_SIGMOID},
      {"softgated", true, ACTIVATION_SOFTSIGN, ACTIVATION_SOFTSIGN},
      {"tanh", false, ACTIVATION_TANH, ACTIVATION_IDENTITY},
      {"sigmoid", false, ACTIVATION_SIGMOID, ACTIVATION_IDENTITY},
      {"relu", false, ACTIVATION_RELU, ACTIVATION_IDENTITY},
      {"softsign", false, ACTIVATION_SOFTSIGN, ACTIVATION_IDENTITY},
      {"linear", false, ACTIVATION_IDENTITY, ACTIVATION_IDENTITY},
  };
  const char* const name = decode_text(s->root, "activation");
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); ++i) {
    if (!strcmp(known[i].name, name)) {
      s->is_gated = known[i].is_gated;
      s->activation.kind = known[i].activation;
      s->gate.kind = known[i].gate;
      return STATUS_OK;
    }
  }
  return decode_fail(source, STATUS_UNSUPPORTED, "has the activation \"%.40s\"; expected \"gated\"",
                     name);
}

static Status
read_shape(const DecodeSource* const source, SmartAmp* const s)
{
  const size_t n = json_array_size(json_object_get(s->root, "dilations"));
  uint32_t one = 1;
  Status status = read_activation(source, s);
  if (status ||
      (status = decode_count(source, s->root, (DecodeCount){"input_channels", 1, 1}, &one)) ||
      (status = decode_count(source, s->root, (DecodeCount){"output_channels", 1, 1}, &one)) ||
      (status = decode_count(source, s->root, (DecodeCount){"residual_channels", 1, NET_MAX_WIDTH},
                             &s->n_channels)) ||
      (status = decode_count(source, s->root, (DecodeCount){"filter_width", 1, NET_MAX_TAPS},
                             &s->n_taps))) {
    return status;
  }
  s->n_layers = (uint32_t)n;
  if (json_array_size(json_object_get(s->root, "variables")) > MAX_VARIABLES) {
    return decode_fail(source, STATUS_BAD_FILE, "\"variables\" should hold at most %u",
                       MAX_VARIABLES);
  }
  return n >= 1 && n <= NET_MAX_LAYERS
             ? STATUS_OK
             : decode_fail(source, STATUS_UNSUPPORTED, "\"dilations\" should hold 1 to %u numbers",
                           NET_MAX_LAYERS);
}

/// Return how many weights the shape needs
static size_t
count_weights(const SmartAmp* const s)
{
  const size_t c = s->n_channels;
  const size_t z = s->is_gated ? 2 * c : c;
  const size_t layer = c * z * s->n_taps + z + c * c + c;
  return 2 * c + s->n_layers * (layer + c) + 1;
}

/// Which variable of the file
typedef struct {
  int layer;
  const char* name;
} VariableKey;

static const json_t*
find_variable(const json_t* const variables, const VariableKey key)
{
  size_t i = 0;
  json_t* variable = NULL;
  json_array_foreach(variables, i, variable)
  {
    const json_t* const layer = json_object_get(variable, "layer_idx");
    if (json_is_integer(layer) && json_integer_value(layer) == key.layer &&
        !strcmp(decode_text(variable, "name"), key.name)) {
      return json_object_get(variable, "data");
    }
  }
  return NULL;
}

/// Read a number, which may be in quotes
static bool
read_number(const json_t* const value, float* const number)
{
  const char* const text = json_string_value(value);
  json_t* const parsed = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
  const json_t* const read = text ? parsed : value;
  const bool is_number = json_is_number(read);
  *number = (float)json_number_value(read);
  json_decref(parsed);
  return is_number && isfinite(*number);
}

/// Read `n` numbers of a variable
static Status
read_variable(const SmartAmp* const s, const VariableKey key, const size_t n, float* const out)
{
  const json_t* const data = find_variable(json_object_get(s->root, "variables"), key);
  if (json_array_size(data) != n) {
    return decode_fail(s->reader->source, STATUS_BAD_FILE,
                       "layer %d: \"%s\" has %zu numbers; expected %zu", key.layer, key.name,
                       json_array_size(data), n);
  }
  for (size_t i = 0; i < n; ++i) {
    if (!read_number(json_array_get(data, i), &out[i])) {
      return decode_fail(s->reader->source, STATUS_BAD_FILE,
                         "layer %d: \"%s\" should hold nothing but finite numbers", key.layer,
                         key.name);
    }
  }
  return STATUS_OK;
}

/// Read (taps, inputs, outputs) into (outputs, inputs, taps)
static Status
read_kernel(const SmartAmp* const s, const VariableKey key, const Conv* const conv,
            float* const weights)
{
  const size_t n_in = conv->n_in;
  const size_t n_out = conv->n_out;
  const size_t n = conv->n_taps * n_in * n_out;
  float* const data = (float*)calloc(n, sizeof(float));
  if (!data) {
    return decode_fail(s->reader->source, STATUS_NO_MEMORY, "out of memory");
  }
  const Status status = read_variable(s, key, n, data);
  for (size_t i = 0; i < n && !status; ++i) {
    const size_t tap = i / (n_in * n_out);
    weights[(i % n_out * n_in + i / n_out % n_in) * conv->n_taps + tap] = data[i];
  }
  free(data);
  return status;
}

/// Read the weights and the bias of a convolution whose shape is set
static Status
read_conv(const SmartAmp* const s, const VariableKey kernel, const char* const bias,
          Conv* const conv)
{
  const Net* const net = s->reader->net;
  const Status taken = net_take_conv(s->reader, conv, true);
  const Status status =
      taken ? taken : read_kernel(s, kernel, conv, net_writable(net, conv->weights));
  return status ? status
                : read_variable(s, (VariableKey){kernel.layer, bias}, conv->n_out,
                                net_writable(net, conv->bias));
}

static Status
read_layer(const SmartAmp* const s, const uint32_t l, WavenetLayer* const layer)
{
  const json_t* const dilation = json_array_get(json_object_get(s->root, "dilations"), l);
  layer->mode = s->is_gated ? GATE_GATED : GATE_NONE;
  layer->activation = s->activation;
  layer->gate = s->gate;
  layer->bottleneck = s->n_channels;
  layer->conv = net_linear_conv(s->n_channels, s->is_gated ? 2 * s->n_channels : s->n_channels);
  layer->conv.n_taps = s->n_taps;
  Status status =
      net_read_whole(s->reader->source, dilation, (DecodeCount){"dilations", 1, NET_MAX_DILATION},
                     &layer->conv.dilation);
  if (status) {
    return status;
  }
  layer->layer1x1 = net_linear_conv(s->n_channels, s->n_channels);
  s->reader->net->receptive_field += (s->n_taps - 1) * layer->conv.dilation;
  status = read_conv(s, (VariableKey){(int)l, "W_conv"}, "b_conv", &layer->conv);
  return status ? status : read_conv(s, (VariableKey){(int)l, "W_out"}, "b_out", &layer->layer1x1);
}

/// Read the mix of all layers: each adds its part to the head, which only adds the bias
static Status
read_mix(const SmartAmp* const s, WavenetArray* const array)
{
  static const float one = 1.0F;
  Net* const net = s->reader->net;
  const size_t n = (size_t)s->n_layers * s->n_channels;
  float* const mix = net_take(s->reader, n + 1);
  const int layer = (int)s->n_layers;
  if (!mix) {
    return STATUS_BAD_FILE;
  }
  for (uint32_t l = 0; l < s->n_layers; ++l) {
    Conv* const part = &array->layers[l].head1x1;
    *part = net_linear_conv(s->n_channels, 1);
    part->weights = mix + (size_t)l * s->n_channels;
    part->number = net->n_convs++;
  }
  array->n_to_head = 1;
  array->head = net_linear_conv(1, 1);
  array->head.weights = &one;
  array->head.bias = mix + n;
  array->head.number = net->n_convs++;
  const Status status = read_variable(s, (VariableKey){layer, "W"}, n, mix);
  return status ? status : read_variable(s, (VariableKey){layer, "b"}, 1, mix + n);
}

static Status
read_array(const SmartAmp* const s, WavenetArray* const array)
{
  array->layers = (WavenetLayer*)calloc(s->n_layers, sizeof(WavenetLayer));
  if (!array->layers) {
    return decode_fail(s->reader->source, STATUS_NO_MEMORY, "out of memory");
  }
  array->n_layers = s->n_layers;
  array->n_channels = s->n_channels;
  array->n_condition = 1;
  array->rechannel = net_linear_conv(1, s->n_channels);
  Status status = read_conv(s, (VariableKey){-1, "W"}, "b", &array->rechannel);
  for (uint32_t l = 0; l < s->n_layers && !status; ++l) {
    status = read_layer(s, l, &array->layers[l]);
  }
  return status ? status : read_mix(s, array);
}

static Status
read_wavenet(const SmartAmp* const s)
{
  Net* const net = s->reader->net;
  net->kind = NET_WAVENET;
  net->n_in = net->n_out = 1;
  net->receptive_field = 1;
  net->wavenet.scale = 1.0F;
  net->wavenet.arrays = (WavenetArray*)calloc(1, sizeof(WavenetArray));
  if (!net->wavenet.arrays) {
    return decode_fail(s->reader->source, STATUS_NO_MEMORY, "out of memory");
  }
  net->wavenet.n_arrays = 1;
  return read_array(s, net->wavenet.arrays);
}

Status
net_read_smartamp(const DecodeSource* const source, const json_t* const root, Net** const net)
{
  NetReader reader = {source, NULL, 0, 0};
  SmartAmp s = {.reader = &reader, .root = root};
  Status status = read_shape(source, &s);
  if (status || (status = net_new(source, count_weights(&s), &reader.net))) {
    return status;
  }
  status = read_wavenet(&s);
  if (status) {
    net_free(reader.net);
    return status;
  }
  *net = reader.net;
  return STATUS_OK;
}
