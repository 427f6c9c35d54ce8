// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// RTNeural's JSON, which AIDA-X and Grus write: everything outside the layers. Any thread but the
// audio thread.

#include "core/format/read_values.h"

/// Players assume this if a file does not say [Hz]
#define CONVENTIONAL_SAMPLE_RATE 48000.0

static Status
read_skip(const DecodeSource* const source, const json_t* const root, bool* const skip)
{
  const json_t* const value = json_object_get(root, "in_skip");
  double number = json_is_true(value) ? 1.0 : 0.0;
  const Status status =
      json_is_boolean(value) ? STATUS_OK : decode_number(source, root, "in_skip", &number);
  if (!status && number != 0.0 && number != 1.0) {
    return decode_fail(source, STATUS_UNSUPPORTED, "\"in_skip\" is %g, should be 0 or 1", number);
  }
  *skip = number != 0.0;
  return status;
}

/// Read the part of a shape that is outside the layers
static Status
read_inputs(const DecodeSource* const source, const json_t* const root, ParamsShape* const shape)
{
  shape->n_inputs = decode_last(json_object_get(root, "in_shape"));
  if (shape->n_inputs < 1) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "\"in_shape\" should end in the number of inputs, 1 (audio) to %u",
                       1 + PARAMS_MAX_KNOBS);
  }
  const Status status = decode_check_knobs(source, shape->n_inputs);
  return status ? status : read_skip(source, root, &shape->skip);
}

/// Read the main set
static Status
read_network(const DecodeSource* const source, const json_t* const root, ParamsShape shape,
             ModelFile* const file)
{
  DecodeNetwork network;
  Status status = decode_network(source, root, &network);
  if (status || (status = decode_stage_size(source, network.stage, &shape.n_taps)) ||
      (status = decode_layers(source, network.layers, shape, &file->lag, &file->params))) {
    return status;
  }
  return decode_stage(source, network.stage, &file->params);
}

Status
decode_rtneural(const DecodeSource* const source, const json_t* const root, ModelFile* const file)
{
  ParamsShape shape = {CELL_GRU_RESET_AFTER, 0, 0, false, 0};
  Status status = read_inputs(source, root, &shape);
  file->sample_rate = CONVENTIONAL_SAMPLE_RATE;
  if (status || (status = read_network(source, root, shape, file)) ||
      (status = decode_number(source, root, "in_gain", &file->input_gain_db)) ||
      (status = decode_number(source, root, "out_gain", &file->output_gain_db)) ||
      (status =
           decode_sample_rate(source, root, &file->sample_rate, &file->sample_rate_is_assumed)) ||
      (status = decode_self_test(source, root, &file->params, file->lag, file)) ||
      (status = decode_grus(source, json_object_get(root, "grus"), file))) {
    return status;
  }
  file->format = json_object_get(root, "grus") ? MODEL_FORMAT_GRUS : MODEL_FORMAT_RTNEURAL;
  decode_metadata(json_object_get(root, "metadata"), file);
  return STATUS_OK;
}
