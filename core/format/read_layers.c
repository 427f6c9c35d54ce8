// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Finds out whether RTNeural's "layers" can be played as one recurrent layer and a head: one GRU,
// or LSTMs of one size, then a dense layer; before them perhaps another dense layer without
// activation. Any thread but the audio thread.

#include "core/format/layer_stack.h"
#include "core/format/read_layer.h"
#include "core/format/read_values.h"

#include <stdio.h>
#include <string.h>

/// Layers of a file: perhaps a dense one, then recurrent ones, then a dense one
typedef struct {
  const DecodeSource* source;
  const json_t* layers;
  uint32_t n_before; ///< 1: a dense layer comes first
  uint32_t n_recurrent;
  uint32_t n_inputs; ///< Audio and knobs
} Layers;

static FileLayer
layer_at(const Layers* const l, const uint32_t index)
{
  return (FileLayer){l->source, json_array_get(l->layers, index), index};
}

static const char*
type_at(const Layers* const l, const size_t index)
{
  return decode_text(json_array_get(l->layers, index), "type");
}

static bool
is_dense(const char* const type)
{
  return !strcmp(type, "dense") || !strcmp(type, "time-distributed-dense");
}

static bool
is_recurrent(const char* const type)
{
  return !strcmp(type, "gru") || !strcmp(type, "lstm");
}

/// Fail with a list of what is there
static Status
refuse_layers(const Layers* const l)
{
  char list[160] = "";
  size_t n = 0;
  for (size_t i = 0; i < json_array_size(l->layers) && n < sizeof(list); ++i) {
    n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%.40s", i ? ", " : "", type_at(l, i));
  }
  return decode_refuse(l->source, l->n_inputs,
                       "has the layers %s%s, which Grus can't play directly", list,
                       n < sizeof(list) ? "" : " …");
}

/// Fail for an activation other than that which Keras names
static Status
check_activation(const Layers* const l, const uint32_t index)
{
  const char* const activation = decode_text(json_array_get(l->layers, index), "activation");
  const char* const usual = is_recurrent(type_at(l, index)) ? "tanh" : "linear";
  if (!*activation || !strcmp(activation, usual)) {
    return STATUS_OK;
  }
  return decode_refuse(l->source, l->n_inputs,
                       "layer %u has activation \"%.40s\"; Grus can play only \"%s\" or none there "
                       "directly",
                       index, activation, usual);
}

/// Fail unless all layers are what their place asks for
static Status
check_layers(const Layers* const l)
{
  const uint32_t n = l->n_before + l->n_recurrent + 1;
  for (uint32_t i = 0; i < n; ++i) {
    if (!*type_at(l, i)) {
      return decode_fail(l->source, STATUS_BAD_FILE, "layer %u should be an object with a \"type\"",
                         i);
    }
  }
  bool is_right = is_dense(type_at(l, n - 1)) && is_recurrent(type_at(l, l->n_before));
  for (uint32_t i = 1; i < l->n_recurrent; ++i) { // Only LSTMs can follow each other
    is_right = is_right && !strcmp(type_at(l, l->n_before), "lstm") &&
               !strcmp(type_at(l, l->n_before + i), "lstm");
  }
  Status status = is_right ? STATUS_OK : refuse_layers(l);
  for (uint32_t i = 0; i < n && !status; ++i) {
    status = check_activation(l, i);
  }
  return status;
}

/// Find out which layers there are
static Status
find_layers(const DecodeSource* const source, const json_t* const layers, const uint32_t n_inputs,
            Layers* const l)
{
  const size_t n = json_array_size(layers);
  *l = (Layers){source, layers, 0, 0, n_inputs};
  if (n < 2) {
    return decode_fail(source, STATUS_UNSUPPORTED,
                       "has %zu layers; expected a \"gru\" or \"lstm\" and a \"dense\"", n);
  }
  if (n > 3 + MODEL_FILE_MAX_LAG) {
    return refuse_layers(l);
  }
  l->n_before = n > 2 && is_dense(type_at(l, 0)) ? 1 : 0;
  l->n_recurrent = (uint32_t)n - 1 - l->n_before;
  return check_layers(l);
}

/// Recognise reset-before by "reset_after": false and by its single row of biases
static Status
read_cell(const FileLayer* const file, CellType* const cell)
{
  const DecodeSource* const source = file->source;
  const json_t* const gru = file->object;
  if (!strcmp(decode_text(gru, "type"), "lstm")) {
    *cell = CELL_LSTM;
    return STATUS_OK;
  }
  const json_t* const flag = json_object_get(gru, "reset_after");
  if (!decode_is_absent(flag) && !json_is_boolean(flag)) {
    return decode_fail(source, STATUS_BAD_FILE, "layer %u: \"reset_after\" should be true or false",
                       file->index);
  }
  const json_t* const bias = json_array_get(json_object_get(gru, "weights"), 2);
  if (!json_is_array(bias)) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "layer %u: \"weights\" should be three arrays: of the input, of the state, "
                       "and biases, which %s",
                       file->index, bias ? "are not an array" : "are missing");
  }
  const bool before = json_is_number(json_array_get(bias, 0));
  if (!decode_is_absent(flag) && json_is_true(flag) == before) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "layer %u: \"reset_after\" is %s, but the biases have %s of numbers",
                       file->index, before ? "true" : "false", before ? "one row" : "rows");
  }
  *cell = before ? CELL_GRU_RESET_BEFORE : CELL_GRU_RESET_AFTER;
  return STATUS_OK;
}

/// Read the size of a layer before the head
static Status
read_size(const Layers* const l, const uint32_t index, uint32_t* const size)
{
  *size = decode_last(json_object_get(json_array_get(l->layers, index), "shape"));
  return *size >= 1 && *size <= PARAMS_MAX_HIDDEN_SIZE
             ? STATUS_OK
             : decode_fail(l->source, STATUS_BAD_FILE,
                           "layer %u: \"shape\" should end in a hidden size of 1 to %u", index,
                           PARAMS_MAX_HIDDEN_SIZE);
}

/// Read the part of a shape that is in the recurrent layers: of all together
static Status
read_units(const Layers* const l, ParamsShape* const shape)
{
  const uint32_t n = l->n_recurrent;
  const FileLayer first = layer_at(l, l->n_before);
  uint32_t size = 0;
  Status status = read_size(l, first.index, &size);
  for (uint32_t i = 1; i < n && !status; ++i) {
    uint32_t other = 0;
    status = read_size(l, first.index + i, &other);
    if (!status && (other != size || n * size > PARAMS_MAX_HIDDEN_SIZE || shape->skip)) {
      return decode_refuse(l->source, l->n_inputs,
                           "has %u LSTM layers; Grus can play them directly if they have one size, "
                           "at most %u units together and no skip connection",
                           n, PARAMS_MAX_HIDDEN_SIZE);
    }
  }
  shape->hidden_size = n * size;
  return status ? status : read_cell(&first, &shape->cell);
}

/// Read the dense layer that comes first, if one does
static Status
read_before(const Layers* const l, DenseBefore* const dense)
{
  const FileLayer file = layer_at(l, 0);
  dense->n_in = l->n_inputs;
  dense->n_out = 0;
  if (!l->n_before) {
    return STATUS_OK;
  }
  const Status status = read_size(l, 0, &dense->n_out);
  return status ? status : decode_dense_before(&file, dense);
}

static Status
read_weights(const Layers* const l, const Params* const params)
{
  static const DenseBefore none;
  DenseBefore before;
  Status status = read_before(l, &before);
  for (uint32_t i = 0; i < l->n_recurrent && !status; ++i) {
    const FileLayer file = layer_at(l, l->n_before + i);
    status =
        decode_recurrent(&file, i ? &none : &before, (StackedLayer){params, l->n_recurrent, i});
  }
  const FileLayer head = layer_at(l, l->n_before + l->n_recurrent);
  return status ? status : decode_head(&head, params, l->n_recurrent);
}

Status
decode_layers(const DecodeSource* const source, const json_t* const layers,
              const ParamsShape outside, uint32_t* const lag, Params* const params)
{
  Layers l;
  ParamsShape shape = outside;
  Status status = find_layers(source, layers, outside.n_inputs, &l);
  if (status || (status = read_units(&l, &shape))) {
    return status;
  }
  const FileLayer head = layer_at(&l, l.n_before + l.n_recurrent);
  if (decode_last(json_object_get(head.object, "shape")) != 1) {
    return decode_fail(source, STATUS_UNSUPPORTED,
                       "layer %u: \"shape\" should end in 1, one output", head.index);
  }
  if (params_init(params, shape)) {
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  *lag = l.n_recurrent - 1;
  return read_weights(&l, params);
}
