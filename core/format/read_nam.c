// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Neural Amp Modeler's .nam files, if they hold an LSTM: all weights in one array. Any thread but
// the audio thread.

#include "core/format/layer_stack.h"
#include "core/format/read_values.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

/// NAM's player assumes this if a file does not say [Hz]
#define CONVENTIONAL_SAMPLE_RATE 48000.0

/// The array of weights, read from front to back
typedef struct {
  const DecodeSource* source;
  const json_t* weights;
  size_t next;
} Flat;

/// Layers of one width, as the file has them
typedef struct {
  uint32_t n_layers;
  uint32_t size;
} Layers;

/// Return what players call a WaveNet: A1 has two arrays of layers, A2 one whose layers each have
/// their own kernel
static const char*
name_wavenet(const json_t* const config)
{
  const json_t* const arrays = json_object_get(config, "layers");
  const size_t n = json_array_size(arrays);
  return n == 2                                                                 ? "A1"
         : n == 1 && json_object_get(json_array_get(arrays, 0), "kernel_sizes") ? "A2"
                                                                                : "WaveNet";
}

void
decode_nam_kind(const json_t* const root, char kind[MODEL_FILE_KIND_SIZE])
{
  const char* const architecture = decode_text(root, "architecture");
  const char* const name = !strcmp(architecture, "SlimmableContainer") ? "A2"
                           : !strcmp(architecture, "WaveNet")
                               ? name_wavenet(json_object_get(root, "config"))
                               : architecture;
  (void)snprintf(kind, MODEL_FILE_KIND_SIZE, "NAM capture (%.40s)", name);
  text_repair(kind);
}

/// Return true for what NAM's own player plays, which grus-train learns from
static bool
is_architecture(const char* const name)
{
  static const char* const known[] = {"WaveNet", "SlimmableContainer", "LSTM", "ConvNet", "Linear"};
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); ++i) {
    if (!strcmp(name, known[i])) {
      return true;
    }
  }
  return false;
}

/// Fail unless it is an LSTM with one input and output
static Status
check_architecture(const DecodeSource* const source, const json_t* const root)
{
  const json_t* const config = json_object_get(root, "config");
  const char* const architecture = decode_text(root, "architecture");
  const char* const ones[] = {"input_size", "in_channels", "out_channels"};
  Status status = STATUS_OK;
  if (!is_architecture(architecture)) {
    return decode_fail(source, STATUS_UNSUPPORTED, DECODE_UNKNOWN_NAM, architecture);
  }
  if (strcmp(architecture, "LSTM") != 0) {
    char kind[MODEL_FILE_KIND_SIZE];
    decode_nam_kind(root, kind);
    return decode_refuse(source, 1, "is a %s, which Grus can't play directly", kind);
  }
  for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]) && !status; ++i) {
    double number = 1.0;
    status = decode_number(source, config, ones[i], &number);
    if (!status && number != 1.0) {
      return decode_fail(source, STATUS_UNSUPPORTED,
                         "is a NAM capture (LSTM) whose \"%s\" is %g; Grus can play only 1",
                         ones[i], number);
    }
  }
  return status;
}

static Status
read_layers(const DecodeSource* const source, const json_t* const config, Layers* const layers)
{
  const DecodeCount size = {"hidden_size", 1, PARAMS_MAX_HIDDEN_SIZE};
  const DecodeCount n_layers = {"num_layers", 1, 1 + MODEL_FILE_MAX_LAG};
  Status status = decode_count(source, config, size, &layers->size);
  if (status || (status = decode_count_or(source, config, n_layers, 1, &layers->n_layers))) {
    return status;
  }
  return layers->n_layers * layers->size <= PARAMS_MAX_HIDDEN_SIZE
             ? STATUS_OK
             : decode_refuse(source, 1,
                             "is a NAM capture (LSTM) with %u layers of %u units; Grus can play up "
                             "to %u units directly",
                             layers->n_layers, layers->size, PARAMS_MAX_HIDDEN_SIZE);
}

/// Check the number of weights: of each layer W and b, h0 and c0; head and its bias
static Status
check_count(const DecodeSource* const source, const json_t* const weights, const Layers layers)
{
  const size_t h = layers.size;
  const size_t first = 4 * h * (1 + h) + 4 * h + 2 * h;
  const size_t other = 4 * h * (h + h) + 4 * h + 2 * h;
  const size_t expected = first + (layers.n_layers - 1) * other + h + 1;
  if (!json_is_array(weights) || json_array_size(weights) != expected) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "has %zu \"weights\"; an LSTM with %u layer%s of hidden size %zu has %zu",
                       json_array_size(weights), layers.n_layers, layers.n_layers == 1 ? "" : "s",
                       h, expected);
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

/// Read W (4H, I + H), the columns of the input, then those of the state; then b (4H)
static Status
take_gates(Flat* const flat, const StackedLayer layer)
{
  const uint32_t n_rows = 4 * stacked_size(layer);
  float* const b = params_values(layer.params, PARAMS_B_I);
  Status status = STATUS_OK;
  for (uint32_t row = 0; row < n_rows && !status; ++row) {
    status = take_next(flat, stacked_n_inputs(layer), stacked_input_weights(layer, row));
    if (!status) {
      status = take_next(flat, stacked_size(layer), stacked_state_weights(layer, row));
    }
  }
  for (uint32_t row = 0; row < n_rows && !status; ++row) {
    status = take_next(flat, 1, b + stacked_row(layer, row));
  }
  return status;
}

/// Read all weights. A NAM player starts from the state h0 and c0, which is read and dropped: Grus
/// starts every model in its state after endless silence, which h0 and c0 were trained to
/// approximate.
static Status
take_weights(Flat* const flat, const uint32_t n_layers, const Params* const p)
{
  const uint32_t size = p->shape.hidden_size / n_layers;
  float initial_state[PARAMS_MAX_STATE];
  Status status = STATUS_OK;
  for (uint32_t layer = 0; layer < n_layers && !status; ++layer) {
    status = take_gates(flat, (StackedLayer){p, n_layers, layer});
    status = status ? status : take_next(flat, 2 * size, initial_state);
  }
  status = status ? status : take_next(flat, size, stacked_head(p, n_layers));
  return status ? status : take_next(flat, 1, params_values(p, PARAMS_B_O));
}

/// Read the metadata. NAM measures loudness in another way than core/model/loudness.h, so its value
/// is ignored and the loudness is measured later.
static Status
read_metadata(const DecodeSource* const source, const json_t* const metadata, ModelFile* const file)
{
  decode_copy_text(file->name, metadata, "name");
  decode_copy_text(file->author, metadata, "modeled_by");
  decode_nam_gear(file->gear, metadata);
  decode_license(file->license, metadata);
  const Status status = decode_level(source, metadata, "input_level_dbu", &file->input_dbu);
  return status ? status : decode_level(source, metadata, "output_level_dbu", &file->output_dbu);
}

Status
decode_nam(const DecodeSource* const source, const json_t* const root, ModelFile* const file)
{
  Layers layers = {0, 0};
  Flat flat = {source, json_object_get(root, "weights"), 0};
  Status status = check_architecture(source, root);
  if (status || (status = read_layers(source, json_object_get(root, "config"), &layers)) ||
      (status = check_count(source, flat.weights, layers))) {
    return status;
  }
  const ParamsShape shape = {CELL_LSTM, layers.n_layers * layers.size, 1, false, 0};
  if (params_init(&file->params, shape)) {
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  file->sample_rate = CONVENTIONAL_SAMPLE_RATE;
  if ((status = take_weights(&flat, layers.n_layers, &file->params)) ||
      (status =
           decode_sample_rate(source, root, &file->sample_rate, &file->sample_rate_is_assumed))) {
    return status;
  }
  file->format = MODEL_FORMAT_NAM;
  file->lag = layers.n_layers - 1;
  return read_metadata(source, json_object_get(root, "metadata"), file);
}
