// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// GuitarML's JSON, which Proteus and NeuralPi play: the training program's own parameters, with
// PyTorch's shapes and gate orders, which are also ours: r, z, n (reset-after) and i, f, g, o. Any
// thread but the audio thread.

#include "core/format/read_values.h"

#include <math.h>
#include <string.h>

/// The format doesn't store a rate; its players run at this one [Hz]
#define CONVENTIONAL_SAMPLE_RATE 44100.0

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

/// Fail unless there is one layer, both as declared and in the weights
static Status
check_layers(const DecodeSource* const source, const json_t* const root)
{
  const json_t* const data = json_object_get(root, "model_data");
  double n_layers = 1.0;
  const Status status = decode_number(source, data, "num_layers", &n_layers);
  if (status) {
    return status;
  }
  if (n_layers != 1.0 || json_object_get(json_object_get(root, "state_dict"), "rec.weight_ih_l1")) {
    return decode_fail(source, STATUS_UNSUPPORTED,
                       "has several recurrent layers (\"num_layers\" is %g); Grus plays one: train "
                       "a model of one layer from its recordings",
                       n_layers);
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

static Status
read_shape(const DecodeSource* const source, const json_t* const data, ParamsShape* const shape)
{
  uint32_t n_outputs = 1;
  uint32_t skip = 0;
  Status status = check_text(source, data, "model", "SimpleRNN");
  if (status || (status = read_cell(source, data, &shape->cell)) ||
      (status =
           decode_check_knobs(source, json_integer_value(json_object_get(data, "input_size")))) ||
      (status = decode_count(source, data, (DecodeCount){"input_size", 1, 1 + PARAMS_MAX_KNOBS},
                             &shape->n_inputs)) ||
      (status = decode_count(source, data, (DecodeCount){"hidden_size", 1, PARAMS_MAX_HIDDEN_SIZE},
                             &shape->hidden_size)) ||
      (status = decode_count(source, data, (DecodeCount){"output_size", 1, 1}, &n_outputs)) ||
      (status = decode_count(source, data, (DecodeCount){"skip", 0, 1}, &skip))) {
    return status;
  }
  shape->skip = skip != 0;
  return STATUS_OK;
}

/// Read one bias of the recurrent layer
static Status
read_bias(const DecodeSource* const source, const json_t* const dict, const char* const key,
          const ParamsShape shape, float* const out)
{
  const uint32_t rows = params_n_gates(shape.cell) * shape.hidden_size;
  return decode_row(source, json_object_get(dict, key), (DecodeBlock){key, 1, rows}, out);
}

/// Add up the two biases of an LSTM: only their sum matters
static Status
read_biases(const DecodeSource* const source, const json_t* const dict, const Params* const p)
{
  const ParamsShape s = p->shape;
  float* const b_i = params_values(p, PARAMS_B_I);
  float recurrent[4 * PARAMS_MAX_HIDDEN_SIZE] = {0.0F};
  Status status = read_bias(source, dict, "rec.bias_ih_l0", s, b_i);
  if (status || s.cell == CELL_GRU_RESET_AFTER) {
    return status ? status
                  : read_bias(source, dict, "rec.bias_hh_l0", s, params_values(p, PARAMS_B_H));
  }
  status = read_bias(source, dict, "rec.bias_hh_l0", s, recurrent);
  for (uint32_t i = 0; i < 4 * s.hidden_size; ++i) {
    b_i[i] += recurrent[i];
    if (!status && !isfinite(b_i[i])) {
      return decode_fail(source, STATUS_BAD_FILE,
                         "rec.bias_ih_l0 and rec.bias_hh_l0 add up to a "
                         "number too large for a weight");
    }
  }
  return status;
}

/// Without "bias_fl" the head has no bias
static Status
read_head(const DecodeSource* const source, const json_t* const root, const Params* const p)
{
  const json_t* const dict = json_object_get(root, "state_dict");
  const json_t* const flag = json_object_get(json_object_get(root, "model_data"), "bias_fl");
  const Status status = decode_block(source, json_object_get(dict, "lin.weight"),
                                     (DecodeBlock){"lin.weight", 1, p->shape.hidden_size},
                                     params_values(p, PARAMS_W_O));
  if (status || json_is_false(flag)) {
    return status;
  }
  return decode_row(source, json_object_get(dict, "lin.bias"), (DecodeBlock){"lin.bias", 1, 1},
                    params_values(p, PARAMS_B_O));
}

static Status
read_weights(const DecodeSource* const source, const json_t* const root, const Params* const p)
{
  const json_t* const dict = json_object_get(root, "state_dict");
  const uint32_t rows = params_n_gates(p->shape.cell) * p->shape.hidden_size;
  Status status = decode_block(source, json_object_get(dict, "rec.weight_ih_l0"),
                               (DecodeBlock){"rec.weight_ih_l0", rows, p->shape.n_inputs},
                               params_values(p, PARAMS_W_I));
  if (status ||
      (status = decode_block(source, json_object_get(dict, "rec.weight_hh_l0"),
                             (DecodeBlock){"rec.weight_hh_l0", rows, p->shape.hidden_size},
                             params_values(p, PARAMS_W_H)))) {
    return status;
  }
  status = read_biases(source, dict, p);
  return status ? status : read_head(source, root, p);
}

Status
decode_guitarml(const DecodeSource* const source, const json_t* const root, ModelFile* const file)
{
  ParamsShape shape = {CELL_GRU_RESET_AFTER, 0, 0, false};
  Status status = check_layers(source, root);
  if (status || (status = read_shape(source, json_object_get(root, "model_data"), &shape))) {
    return status;
  }
  if (params_init(&file->params, shape)) {
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  file->sample_rate = CONVENTIONAL_SAMPLE_RATE;
  if ((status = read_weights(source, root, &file->params)) ||
      (status =
           decode_sample_rate(source, root, &file->sample_rate, &file->sample_rate_is_assumed))) {
    return status;
  }
  file->format = MODEL_FORMAT_GUITARML;
  decode_metadata(json_object_get(root, "metadata"), file);
  return STATUS_OK;
}
