// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// WaveNets of all file versions, by what is there rather than by the version. Offline.

#include "train/teacher/read_net.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ARRAYS 8U

/// What all layers of an array share
typedef struct {
  NetReader* reader;
  const json_t* config;
  WavenetArray* array;
  uint32_t bottleneck;
  uint32_t n_head1x1; ///< 0: there is none
  bool has_layer1x1;
} ArrayReader;

static Status
read_member(const ArrayReader* const r, const char* const key, const uint32_t most,
            uint32_t* const count)
{
  return decode_count(r->reader->source, r->config, (DecodeCount){key, 1, most}, count);
}

static Status
read_optional(const ArrayReader* const r, const json_t* const object, const char* const key,
              const uint32_t otherwise, uint32_t* const count)
{
  return decode_count_or(r->reader->source, object, (DecodeCount){key, 1, NET_MAX_WIDTH}, otherwise,
                         count);
}

/// Return the value for one layer: an array has one for each, anything else is for all. NULL if it
/// is absent.
static const json_t*
value_for(const json_t* const value, const uint32_t layer)
{
  return json_is_array(value) ? json_array_get(value, layer) : value;
}

static Status
read_mode(const ArrayReader* const r, const json_t* const value, GateMode* const mode)
{
  static const char* const modes[] = {"none", "gated", "blended"};
  const char* const name = json_string_value(value);
  if (decode_is_absent(value)) {
    *mode = json_is_true(json_object_get(r->config, "gated")) ? GATE_GATED : GATE_NONE;
    return STATUS_OK;
  }
  for (size_t i = 0; name && i < sizeof(modes) / sizeof(modes[0]); ++i) {
    if (!strcmp(name, modes[i])) {
      *mode = (GateMode)i;
      return STATUS_OK;
    }
  }
  return decode_fail(r->reader->source, STATUS_UNSUPPORTED,
                     "\"gating_mode\" should be none, gated or blended");
}

/// Read the activations of a layer, and how the second half of its channels acts on the first
static Status
read_gate(const ArrayReader* const r, const uint32_t l, WavenetLayer* const layer)
{
  static const Activation sigmoid = {.kind = ACTIVATION_SIGMOID};
  const DecodeSource* const source = r->reader->source;
  const json_t* const gate = value_for(json_object_get(r->config, "secondary_activation"), l);
  Status status =
      read_mode(r, value_for(json_object_get(r->config, "gating_mode"), l), &layer->mode);
  layer->gate = sigmoid;
  if (!status && layer->mode != GATE_NONE && !decode_is_absent(gate)) {
    status = net_read_activation(source, gate, &layer->gate);
  }
  return status
             ? status
             : net_read_activation(source, value_for(json_object_get(r->config, "activation"), l),
                                   &layer->activation);
}

static const char* const film_keys[N_FILMS] = {
    [FILM_CONV_PRE] = "conv_pre_film",
    [FILM_CONV_POST] = "conv_post_film",
    [FILM_MIXIN_PRE] = "input_mixin_pre_film",
    [FILM_MIXIN_POST] = "input_mixin_post_film",
    [FILM_ACTIVATION_PRE] = "activation_pre_film",
    [FILM_ACTIVATION_POST] = "activation_post_film",
    [FILM_LAYER1X1_POST] = "layer1x1_post_film",
    [FILM_HEAD1X1_POST] = "head1x1_post_film",
};

/// Return true if an object, such as {"active": true}, switches something on; absent, it is off
static bool
is_active(const json_t* const object, const bool otherwise)
{
  const json_t* const active = json_object_get(object, "active");
  return json_is_object(object) ? (active ? json_is_true(active) : true) : otherwise;
}

/// Take the weights of one modulation of a signal of `width` channels, if there is one
static Status
take_film(const ArrayReader* const r, const FilmPlace place, const uint32_t width, Film* const film)
{
  const json_t* const object = json_object_get(r->config, film_keys[place]);
  const json_t* const shift = json_object_get(object, "shift");
  film->is_active = is_active(object, false);
  film->has_shift = !shift || json_is_true(shift);
  if (!film->is_active) {
    return STATUS_OK;
  }
  if (!width) {
    return decode_fail(r->reader->source, STATUS_BAD_FILE, "has \"%s\" without what it follows",
                       film_keys[place]);
  }
  film->conv = net_linear_conv(r->array->n_condition, (film->has_shift ? 2 : 1) * width);
  const Status status = read_optional(r, object, "groups", 1, &film->conv.n_groups);
  return status ? status : net_take_conv(r->reader, &film->conv, true);
}

static Status
take_films(const ArrayReader* const r, WavenetLayer* const layer)
{
  const uint32_t z = layer->conv.n_out;
  const uint32_t widths[N_FILMS] = {
      [FILM_CONV_PRE] = r->array->n_channels,
      [FILM_CONV_POST] = z,
      [FILM_MIXIN_PRE] = r->array->n_condition,
      [FILM_MIXIN_POST] = z,
      [FILM_ACTIVATION_PRE] = z,
      [FILM_ACTIVATION_POST] = r->bottleneck,
      [FILM_LAYER1X1_POST] = layer->layer1x1.n_out,
      [FILM_HEAD1X1_POST] = layer->head1x1.n_out,
  };
  Status status = STATUS_OK;
  for (int i = 0; i < N_FILMS && !status; ++i) {
    status = take_film(r, (FilmPlace)i, widths[i], &layer->films[i]);
  }
  return status;
}

/// Take a linear layer from the activation, if `n_out` isn't zero
static Status
take_1x1(const ArrayReader* const r, const char* const key, const uint32_t n_out, Conv* const conv)
{
  if (!n_out) {
    return STATUS_OK;
  }
  *conv = net_linear_conv(r->bottleneck, n_out);
  const Status status =
      read_optional(r, json_object_get(r->config, key), "groups", 1, &conv->n_groups);
  return status ? status : net_take_conv(r->reader, conv, true);
}

/// Take the convolution of a layer and the one of its condition
static Status
take_inputs(const ArrayReader* const r, const uint32_t l, WavenetLayer* const layer)
{
  const WavenetArray* const array = r->array;
  const uint32_t n = layer->mode == GATE_NONE ? r->bottleneck : 2 * r->bottleneck;
  const json_t* const sizes = json_object_get(r->config, "kernel_sizes");
  const json_t* const taps =
      sizes ? value_for(sizes, l) : json_object_get(r->config, "kernel_size");
  const json_t* const dilation = json_array_get(json_object_get(r->config, "dilations"), l);
  layer->conv = net_linear_conv(array->n_channels, n);
  layer->mixin = net_linear_conv(array->n_condition, n);
  Status status = net_read_whole(
      r->reader->source, taps, (DecodeCount){"kernel_size", 1, NET_MAX_TAPS}, &layer->conv.n_taps);
  if (status ||
      (status = net_read_whole(r->reader->source, dilation,
                               (DecodeCount){"dilations", 1, NET_MAX_DILATION},
                               &layer->conv.dilation)) ||
      (status = read_optional(r, r->config, "groups_input", 1, &layer->conv.n_groups)) ||
      (status = read_optional(r, r->config, "groups_input_mixin", 1, &layer->mixin.n_groups)) ||
      (status = net_take_conv(r->reader, &layer->conv, true))) {
    return status;
  }
  return net_take_conv(r->reader, &layer->mixin, false);
}

static Status
read_layer(const ArrayReader* const r, const uint32_t l)
{
  WavenetLayer* const layer = &r->array->layers[l];
  layer->bottleneck = r->bottleneck;
  Status status = read_gate(r, l, layer);
  if (status || (status = take_inputs(r, l, layer)) ||
      (status =
           take_1x1(r, "layer1x1", r->has_layer1x1 ? r->array->n_channels : 0, &layer->layer1x1)) ||
      (status = take_1x1(r, "head1x1", r->n_head1x1, &layer->head1x1)) ||
      (status = take_films(r, layer))) {
    return status;
  }
  r->reader->net->receptive_field += (layer->conv.n_taps - 1) * layer->conv.dilation;
  return STATUS_OK;
}

/// Read the head of an array: an object, or the two members of old files
static Status
read_array_head(const ArrayReader* const r)
{
  const DecodeSource* const source = r->reader->source;
  const json_t* const head = json_object_get(r->config, "head");
  Conv* const conv = &r->array->head;
  bool has_bias = json_is_true(json_object_get(r->config, "head_bias"));
  uint32_t n_out = 0;
  *conv = net_linear_conv(r->array->n_to_head, 1);
  Status status = STATUS_OK;
  if (json_is_object(head)) {
    has_bias = json_is_true(json_object_get(head, "bias"));
    status = decode_count(source, head, (DecodeCount){"out_channels", 1, NET_MAX_WIDTH}, &n_out);
    if (status ||
        (status = decode_count(source, head, (DecodeCount){"kernel_size", 1, NET_MAX_TAPS},
                               &conv->n_taps)) ||
        (status = decode_count_or(source, head, (DecodeCount){"head_dilation", 1, NET_MAX_DILATION},
                                  1, &conv->dilation))) {
      return status;
    }
  } else if ((status = read_member(r, "head_size", NET_MAX_WIDTH, &n_out))) {
    return status;
  }
  conv->n_out = n_out;
  r->reader->net->receptive_field += (conv->n_taps - 1) * conv->dilation;
  return net_take_conv(r->reader, conv, has_bias);
}

/// Read the widths of an array
static Status
read_widths(ArrayReader* const r, uint32_t* const n_in)
{
  const json_t* const head1x1 = json_object_get(r->config, "head1x1");
  WavenetArray* const array = r->array;
  Status status = read_member(r, "input_size", NET_MAX_WIDTH, n_in);
  if (status || (status = read_member(r, "condition_size", NET_MAX_WIDTH, &array->n_condition)) ||
      (status = read_member(r, "channels", NET_MAX_WIDTH, &array->n_channels)) ||
      (status = read_optional(r, r->config, "bottleneck", array->n_channels, &r->bottleneck))) {
    return status;
  }
  r->has_layer1x1 = is_active(json_object_get(r->config, "layer1x1"), true);
  if (is_active(head1x1, false)) {
    status = read_optional(r, head1x1, "out_channels", array->n_channels, &r->n_head1x1);
  }
  array->n_to_head = r->n_head1x1 ? r->n_head1x1 : r->bottleneck;
  return status;
}

/// Allocate the layers
static Status
allocate_layers(const ArrayReader* const r, uint32_t* const n_layers)
{
  const json_t* const dilations = json_object_get(r->config, "dilations");
  const size_t n = json_array_size(dilations);
  if (n < 1 || n > NET_MAX_LAYERS) {
    return decode_fail(r->reader->source, STATUS_UNSUPPORTED,
                       "\"dilations\" should hold 1 to %u numbers", NET_MAX_LAYERS);
  }
  r->array->layers = (WavenetLayer*)calloc(n, sizeof(WavenetLayer));
  *n_layers = (uint32_t)n;
  return r->array->layers ? STATUS_OK
                          : decode_fail(r->reader->source, STATUS_NO_MEMORY, "out of memory");
}

static Status
read_array(NetReader* const reader, const json_t* const config, WavenetArray* const array)
{
  ArrayReader r = {.reader = reader, .config = config, .array = array};
  uint32_t n_in = 0;
  uint32_t n_layers = 0;
  Status status = read_widths(&r, &n_in);
  if (status || (status = allocate_layers(&r, &n_layers))) {
    return status;
  }
  if (!r.has_layer1x1 && r.bottleneck != array->n_channels) {
    return decode_fail(reader->source, STATUS_BAD_FILE,
                       "has %u channels and a bottleneck of %u without \"layer1x1\"",
                       array->n_channels, r.bottleneck);
  }
  array->rechannel = net_linear_conv(n_in, array->n_channels);
  status = net_take_conv(reader, &array->rechannel, false);
  for (uint32_t l = 0; l < n_layers && !status; ++l) {
    status = read_layer(&r, l);
    array->n_layers += !status;
  }
  return status ? status : read_array_head(&r);
}

/// Check that each array gets what the one before gives
static Status
check_arrays(const NetReader* const reader)
{
  const Net* const net = reader->net;
  const Wavenet* const w = &net->wavenet;
  const uint32_t n_condition = w->condition ? w->condition->n_out : net->n_in;
  for (uint32_t a = 0; a < w->n_arrays; ++a) {
    const WavenetArray* const array = &w->arrays[a];
    const uint32_t n_in = a ? w->arrays[a - 1].n_channels : net->n_in;
    if (array->rechannel.n_in != n_in || array->n_condition != n_condition ||
        (a && w->arrays[a - 1].head.n_out != array->n_to_head)) {
      return decode_fail(reader->source, STATUS_BAD_FILE,
                         "has arrays of layers whose channels don't fit together");
    }
  }
  return STATUS_OK;
}

static Status
read_arrays(NetReader* const reader, const json_t* const layers)
{
  Wavenet* const w = &reader->net->wavenet;
  const size_t n = json_array_size(layers);
  Status status = STATUS_OK;
  if (n < 1 || n > MAX_ARRAYS) {
    return decode_fail(reader->source, STATUS_UNSUPPORTED,
                       "\"layers\" should hold 1 to %u arrays of layers", MAX_ARRAYS);
  }
  w->arrays = (WavenetArray*)calloc(n, sizeof(WavenetArray));
  if (!w->arrays) {
    return decode_fail(reader->source, STATUS_NO_MEMORY, "out of memory");
  }
  w->n_arrays = (uint32_t)n;
  for (size_t a = 0; a < n && !status; ++a) {
    status = read_array(reader, json_array_get(layers, a), &w->arrays[a]);
  }
  return status ? status : check_arrays(reader);
}

/// Read one convolution of the head behind the arrays
static Status
read_head_conv(NetReader* const reader, const json_t* const size, Conv* const conv)
{
  const DecodeCount range = {"kernel_sizes", 1, NET_MAX_TAPS};
  const Status status = net_read_whole(reader->source, size, range, &conv->n_taps);
  if (status) {
    return status;
  }
  reader->net->receptive_field += conv->n_taps - 1;
  return net_take_conv(reader, conv, true);
}

/// Read the head behind the arrays, if there is one
static Status
read_head(NetReader* const reader, const json_t* const object)
{
  const DecodeSource* const source = reader->source;
  WavenetHead* const head = &reader->net->wavenet.head;
  const json_t* const sizes = json_object_get(object, "kernel_sizes");
  const size_t n = json_array_size(sizes);
  uint32_t n_in = reader->net->n_out;
  uint32_t n_channels = 0;
  if (decode_is_absent(object)) {
    return STATUS_OK;
  }
  if (n < 1 || n > NET_MAX_LAYERS) {
    return decode_fail(source, STATUS_UNSUPPORTED, "\"kernel_sizes\" should hold 1 to %u numbers",
                       NET_MAX_LAYERS);
  }
  Status status =
      decode_count(source, object, (DecodeCount){"channels", 1, NET_MAX_WIDTH}, &n_channels);
  if (status ||
      (status = decode_count(source, object, (DecodeCount){"out_channels", 1, NET_MAX_WIDTH},
                             &reader->net->n_out)) ||
      (status =
           net_read_activation(source, json_object_get(object, "activation"), &head->activation))) {
    return status;
  }
  head->convs = (Conv*)calloc(n, sizeof(Conv));
  if (!head->convs) {
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  for (size_t i = 0; i < n && !status; ++i) {
    const uint32_t n_out = i + 1 < n ? n_channels : reader->net->n_out;
    head->convs[i] = net_linear_conv(n_in, n_out);
    status = read_head_conv(reader, json_array_get(sizes, i), &head->convs[i]);
    head->n_convs += !status;
    n_in = n_out;
  }
  return status;
}

/// Read the model that makes the condition, if there is one
static Status
read_condition(NetReader* const reader, const json_t* const object)
{
  Net* const net = reader->net;
  if (decode_is_absent(object)) {
    return STATUS_OK;
  }
  const Status status =
      net_read(reader->source, object, reader->depth + 1, &net->wavenet.condition);
  if (status) {
    return status;
  }
  net->receptive_field += net->wavenet.condition->receptive_field - 1;
  net->multiply_adds += net->wavenet.condition->multiply_adds;
  return net->wavenet.condition->n_in == net->n_in
             ? STATUS_OK
             : decode_fail(reader->source, STATUS_BAD_FILE,
                           "\"condition_dsp\" has %u inputs; expected %u",
                           net->wavenet.condition->n_in, net->n_in);
}

Status
net_read_wavenet(NetReader* const reader, const json_t* const config)
{
  Net* const net = reader->net;
  Wavenet* const w = &net->wavenet;
  net->kind = NET_WAVENET;
  net->receptive_field = 1;
  Status status = decode_count_or(reader->source, config,
                                  (DecodeCount){"in_channels", 1, NET_MAX_WIDTH}, 1, &net->n_in);
  if (status || (status = read_condition(reader, json_object_get(config, "condition_dsp"))) ||
      (status = read_arrays(reader, json_object_get(config, "layers")))) {
    return status;
  }
  net->n_out = w->arrays[w->n_arrays - 1].head.n_out;
  status = read_head(reader, json_object_get(config, "head"));
  const float* const scale = status ? NULL : net_take(reader, 1);
  w->scale = scale ? *scale : 0.0F;
  return status ? status : scale ? STATUS_OK : STATUS_BAD_FILE;
}
