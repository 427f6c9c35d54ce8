// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Neural Amp Modeler's .nam files, if they hold an LSTM of one layer: all weights in one array. Any
// thread but the audio thread.

#include "core/format/read_values.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

/// NAM's player assumes this if a file does not say [Hz]
#define CONVENTIONAL_SAMPLE_RATE 48000.0

#define ADVICE "to play it, learn from it: grus-train --teacher FILE -o NAME --install"

/// The array of weights, read from front to back
typedef struct {
  const DecodeSource* source;
  const json_t* weights;
  size_t next;
} Flat;

/// Fail unless it is an LSTM of one layer with one input and output
static Status
check_architecture(const DecodeSource* const source, const json_t* const root)
{
  const json_t* const config = json_object_get(root, "config");
  const char* const architecture = decode_text(root, "architecture");
  const char* const ones[] = {"num_layers", "input_size", "in_channels", "out_channels"};
  Status status = STATUS_OK;
  if (strcmp(architecture, "LSTM") != 0) {
    return decode_fail(source, STATUS_UNSUPPORTED,
                       "is a NAM capture (%.40s), which Grus can't play directly; " ADVICE,
                       architecture);
  }
  for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]) && !status; ++i) {
    double number = 1.0;
    status = decode_number(source, config, ones[i], &number);
    if (!status && number != 1.0) {
      return decode_fail(
          source, STATUS_UNSUPPORTED,
          "is a NAM capture (LSTM) whose \"%s\" is %g; Grus can play only 1 directly; " ADVICE,
          ones[i], number);
    }
  }
  return status;
}

/// Check the number of weights: W and b, h0 and c0, head and its bias
static Status
check_count(const DecodeSource* const source, const json_t* const weights, const ParamsShape shape)
{
  const size_t h = shape.hidden_size;
  const size_t expected = 4 * h * (1 + h) + 4 * h + 2 * h + h + 1;
  if (!json_is_array(weights) || json_array_size(weights) != expected) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "has %zu \"weights\"; an LSTM with hidden size %zu has %zu",
                       json_array_size(weights), h, expected);
  }
  return STATUS_OK;
}

/// Read the next `n` weights
static Status
take_next(Flat* const flat, const uint32_t n, float* const out)
{
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < n && !status; ++i) {
    status = decode_value(flat->source, json_array_get(flat->weights, flat->next++),
                          (DecodeBlock){"\"weights\"", 1, n}, &out[i]);
  }
  return status;
}

/// Read W (4H, 1 + H): the columns of the input, then those of the state
static Status
take_matrix(Flat* const flat, const Params* const p)
{
  const uint32_t h = p->shape.hidden_size;
  Status status = STATUS_OK;
  for (uint32_t row = 0; row < 4 * h && !status; ++row) {
    status = take_next(flat, 1, params_values(p, PARAMS_W_I) + row);
    if (!status) {
      status = take_next(flat, h, params_values(p, PARAMS_W_H) + (size_t)row * h);
    }
  }
  return status;
}

/// Read all weights. A NAM player starts from the state h0 and c0, which is read and dropped: Grus
/// starts every model in its state after endless silence, which h0 and c0 were trained to
/// approximate.
static Status
take_weights(Flat* const flat, const Params* const p)
{
  const uint32_t h = p->shape.hidden_size;
  float initial_state[PARAMS_MAX_STATE];
  Status status = take_matrix(flat, p);
  if (status || (status = take_next(flat, 4 * h, params_values(p, PARAMS_B_I))) ||
      (status = take_next(flat, 2 * h, initial_state)) ||
      (status = take_next(flat, h, params_values(p, PARAMS_W_O)))) {
    return status;
  }
  return take_next(flat, 1, params_values(p, PARAMS_B_O));
}

/// Read the metadata. NAM measures loudness in another way than core/model/loudness.h, so its value
/// is ignored and the loudness is measured later.
static Status
read_metadata(const DecodeSource* const source, const json_t* const metadata, ModelFile* const file)
{
  const char* const make = decode_text(metadata, "gear_make");
  const char* const model = decode_text(metadata, "gear_model");
  decode_copy_text(file->name, metadata, "name");
  decode_copy_text(file->author, metadata, "modeled_by");
  (void)snprintf(file->gear, MODEL_FILE_TEXT_SIZE, "%s%s%s", make, *make && *model ? " " : "",
                 model);
  text_repair(file->gear);
  const Status status = decode_level(source, metadata, "input_level_dbu", &file->input_dbu);
  return status ? status : decode_level(source, metadata, "output_level_dbu", &file->output_dbu);
}

Status
decode_nam(const DecodeSource* const source, const json_t* const root, ModelFile* const file)
{
  ParamsShape shape = {CELL_LSTM, 0, 1, false};
  Flat flat = {source, json_object_get(root, "weights"), 0};
  const DecodeCount size = {"hidden_size", 1, PARAMS_MAX_HIDDEN_SIZE};
  Status status = check_architecture(source, root);
  if (status ||
      (status = decode_count(source, json_object_get(root, "config"), size, &shape.hidden_size)) ||
      (status = check_count(source, flat.weights, shape))) {
    return status;
  }
  if (params_init(&file->params, shape)) {
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  file->sample_rate = CONVENTIONAL_SAMPLE_RATE;
  if ((status = take_weights(&flat, &file->params)) ||
      (status =
           decode_sample_rate(source, root, &file->sample_rate, &file->sample_rate_is_assumed))) {
    return status;
  }
  file->format = MODEL_FORMAT_NAM;
  return read_metadata(source, json_object_get(root, "metadata"), file);
}
