// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Writes the field's JSON, as AIDA-X, NAM's LV2 player and Ratatouille read it: each member of the
// top object on its own line, "samplerate" as a number at the top, a test signal with its output.
// Nine digits are enough to read back the same float.

#include "core/circle.h"
#include "core/format/formats.h"
#include "core/format/gate_order.h"
#include "core/reference.h"

#include <jansson.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SELF_TEST_FRAMES 2048U
#define NUMBER_FORMAT (JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9))

/// Return true if the weights of all sets are finite
static bool
all_are_finite(const ModelFile* const file)
{
  bool so_far = params_are_finite(&file->params);
  for (uint32_t i = 0; i < file->n_others; ++i) {
    so_far = so_far && params_are_finite(&file->others[i].params);
  }
  return so_far;
}

/// Return true if all sets have one shape and each is the one for its rate
static bool
all_fit(const ModelFile* const file)
{
  bool so_far = file->n_others < MODEL_FILE_MAX_SETS;
  for (uint32_t i = 0; so_far && i < file->n_others; ++i) {
    const ModelSet* const set = &file->others[i];
    so_far = params_shapes_are_equal(set->params.shape, file->params.shape) &&
             model_file_set_for(file, set->sample_rate).params.values == set->params.values;
  }
  return so_far;
}

/// Encode one row of the file: the weights from source `s` in our (G*H, n_sources)
static json_t*
encode_source(const ParamsShape shape, const float* const tensor, const uint32_t n_sources,
              const uint32_t s)
{
  json_t* const row = json_array();
  for (uint32_t c = 0; c < params_n_gates(shape.cell) * shape.hidden_size; ++c) {
    const uint32_t in_file = c / shape.hidden_size;
    const uint32_t gate = gate_of_file(shape.cell, in_file);
    const uint32_t r = gate * shape.hidden_size + c % shape.hidden_size;
    (void)json_array_append_new(row, json_real((double)tensor[(size_t)r * n_sources + s]));
  }
  return row;
}

static json_t*
encode_gates(const Params* const params, const ParamsTensor tensor, const uint32_t n_sources)
{
  json_t* const rows = json_array();
  for (uint32_t s = 0; s < n_sources; ++s) {
    (void)json_array_append_new(
        rows, encode_source(params->shape, params_values(params, tensor), n_sources, s));
  }
  return rows;
}

static json_t*
encode_biases(const Params* const params)
{
  json_t* const input = encode_source(params->shape, params_values(params, PARAMS_B_I), 1, 0);
  if (params->shape.cell != CELL_GRU_RESET_AFTER) {
    return input;
  }
  return json_pack("[o, o]", input,
                   encode_source(params->shape, params_values(params, PARAMS_B_H), 1, 0));
}

static json_t*
encode_recurrent_layer(const Params* const params)
{
  const ParamsShape s = params->shape;
  json_t* const layer =
      json_pack("{s:s, s:s, s:[n, n, i], s:[o, o, o]}", "type",
                s.cell == CELL_LSTM ? "lstm" : "gru", "activation", "", "shape", (int)s.hidden_size,
                "weights", encode_gates(params, PARAMS_W_I, s.n_inputs),
                encode_gates(params, PARAMS_W_H, s.hidden_size), encode_biases(params));
  if (s.cell != CELL_LSTM) {
    (void)json_object_set_new(layer, "reset_after", json_boolean(s.cell == CELL_GRU_RESET_AFTER));
  }
  return layer;
}

static json_t*
encode_head(const Params* const params)
{
  json_t* const kernel = json_array();
  for (uint32_t i = 0; i < params->shape.hidden_size; ++i) {
    const double w = (double)params_values(params, PARAMS_W_O)[i];
    (void)json_array_append_new(kernel, json_pack("[f]", w));
  }
  return json_pack("{s:s, s:s, s:[n, n, i], s:[o, [f]]}", "type", "dense", "activation", "",
                   "shape", 1, "weights", kernel, (double)params_values(params, PARAMS_B_O)[0]);
}

/// Add a test signal, a sine at half of full scale from zero state, and the network's output
static Status
add_self_test(json_t* const object, const Params* const params, const double sample_rate)
{
  static const double knobs[PARAMS_MAX_KNOBS] = {0.5, 0.5, 0.5, 0.5};
  double state[PARAMS_MAX_STATE] = {0};
  float x[SELF_TEST_FRAMES];
  double y[SELF_TEST_FRAMES];
  json_t* const in = json_array();
  json_t* const out = json_array();
  for (uint32_t t = 0; t < SELF_TEST_FRAMES; ++t) {
    x[t] = (float)(0.5 * sin(TAU * 220.0 * t / sample_rate));
  }
  const Status status = reference_run(params, knobs, state, x, y, SELF_TEST_FRAMES);
  for (uint32_t t = 0; t < SELF_TEST_FRAMES && !status; ++t) {
    (void)json_array_append_new(in, json_real((double)x[t]));
    (void)json_array_append_new(out, json_real(y[t]));
  }
  (void)json_object_set_new(object, "input_batch", in);
  (void)json_object_set_new(object, "output_batch", out);
  return status;
}

static json_t*
encode_metadata(const ModelFile* const file)
{
  char rate[32];
  (void)snprintf(rate, sizeof(rate), "%.0f", file->sample_rate);
  json_t* const metadata =
      json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", file->name, "samplerate", rate, "source",
                "Grus", "author", file->author, "based", file->gear, "license", file->license);
  if (file->record.esr > 0.0) {
    (void)json_object_set_new(metadata, "esr", json_real(file->record.esr));
  }
  return metadata;
}

static json_t*
encode_record(const ModelRecord* const r)
{
  return json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "esr", r->esr, "esr_pre_emphasis",
                   r->esr_pre_emphasis, "esr_a_weighted", r->esr_a_weighted, "esr_worst",
                   r->esr_worst, "seconds", r->seconds, "updates", r->updates, "seed", r->seed);
}

static void
encode_level(json_t* const object, const char* const key, const ModelFileLevel level)
{
  if (level.is_given) {
    (void)json_object_set_new(object, key, json_real(level.value));
  }
}

static json_t*
encode_extension(const ModelFile* const file)
{
  json_t* const knobs = json_array();
  for (uint32_t k = 0; k + 1 < file->params.shape.n_inputs; ++k) {
    (void)json_array_append_new(knobs, json_string(file->knobs[k]));
  }
  json_t* const extension = json_pack("{s:i, s:s, s:o, s:o}", "version", 1, "cell",
                                      params_cell_name(file->params.shape.cell), "knobs", knobs,
                                      "record", encode_record(&file->record));
  encode_level(extension, "loudness", file->loudness);
  encode_level(extension, "input_level_dbu", file->input_dbu);
  encode_level(extension, "output_level_dbu", file->output_dbu);
  if (file->delay != 0.0) {
    (void)json_object_set_new(extension, "delay", json_real(file->delay));
  }
  if (*file->source_hash) {
    (void)json_object_set_new(extension, "source_hash", json_string(file->source_hash));
  }
  return extension;
}

/// Write a whole number as an integer: some readers accept nothing else for a rate or a flag
static json_t*
encode_number(const double rate)
{
  return rate == floor(rate) ? json_integer((json_int_t)rate) : json_real(rate);
}

static json_t*
encode_layers(const Params* const params)
{
  return json_pack("[o, o]", encode_recurrent_layer(params), encode_head(params));
}

static Status
append_set(json_t* const sets, const ModelSet* const set)
{
  json_t* const object =
      json_pack("{s:o, s:o, s:o}", "samplerate", encode_number(set->sample_rate), "layers",
                encode_layers(&set->params), "record", encode_record(&set->record));
  if (!object || json_array_append_new(sets, object)) {
    return STATUS_NO_MEMORY;
  }
  return add_self_test(object, &set->params, set->sample_rate);
}

/// Add the sets for other rates to the `grus` object
static Status
add_sets(json_t* const root, const ModelFile* const file)
{
  if (!file->n_others) {
    return STATUS_OK;
  }
  json_t* const sets = json_array();
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < file->n_others && !status; ++i) {
    status = append_set(sets, &file->others[i]);
  }
  const int failed = json_object_set_new(json_object_get(root, "grus"), "sets", sets);
  return failed ? STATUS_NO_MEMORY : status;
}

/// Add a number unless it is zero, the default; some readers don't know the member
static void
add_if_not_zero(json_t* const root, const char* const key, const double value)
{
  if (value != 0.0) {
    (void)json_object_set_new(root, key, encode_number(value));
  }
}

/// Encode all members of the top object except the test signal, in the order in which they are
/// written
static json_t*
encode_root(const ModelFile* const file)
{
  json_t* const root =
      json_pack("{s:o, s:[n, n, i], s:o, s:o, s:o}", "samplerate", encode_number(file->sample_rate),
                "in_shape", (int)file->params.shape.n_inputs, "metadata", encode_metadata(file),
                "grus", encode_extension(file), "layers", encode_layers(&file->params));
  if (root) {
    add_if_not_zero(root, "in_skip", file->params.shape.skip ? 1.0 : 0.0);
    add_if_not_zero(root, "in_gain", file->input_gain_db);
    add_if_not_zero(root, "out_gain", file->output_gain_db);
  }
  return root;
}

static Status
print_member(FILE* const stream, const char* const key, const json_t* const value,
             const bool is_first)
{
  char* const text = json_dumps(value, NUMBER_FORMAT);
  if (!text) {
    return STATUS_NO_MEMORY;
  }
  (void)fprintf(stream, "%s\n \"%s\": %s", is_first ? "{" : ",", key, text);
  free(text);
  return STATUS_OK;
}

static Status
print_root(FILE* const stream, json_t* const root)
{
  const char* key = NULL;
  json_t* value = NULL;
  bool is_first = true;
  json_object_foreach(root, key, value)
  {
    if (print_member(stream, key, value, is_first)) {
      return STATUS_NO_MEMORY;
    }
    is_first = false;
  }
  (void)fputs("\n}\n", stream);
  return STATUS_OK;
}

static Status
print_to_memory(json_t* const root, char** const text)
{
  char* buffer = NULL;
  size_t size = 0;
  FILE* const stream = root ? open_memstream(&buffer, &size) : NULL;
  if (!stream) {
    return STATUS_NO_MEMORY;
  }
  const Status status = print_root(stream, root);
  if (fclose(stream) || status) {
    free(buffer);
    return STATUS_NO_MEMORY;
  }
  *text = buffer;
  return STATUS_OK;
}

Status
model_json_encode(const ModelFile* const file, char** const text, Message* const message)
{
  if (!all_fit(file)) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%.120s: the sets of a model should have one shape and a rate each",
                       file->name);
  }
  if (!params_shape_is_valid(file->params.shape) || !all_are_finite(file)) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%.120s: the model has weights that are not finite", file->name);
  }
  json_t* const root = encode_root(file);
  Status status = root ? add_sets(root, file) : STATUS_NO_MEMORY;
  if (!status) {
    status = add_self_test(root, &file->params, file->sample_rate);
  }
  if (!status) {
    status = print_to_memory(root, text);
  }
  json_decref(root);
  return status ? status_fail(message, status, "%.120s: %s", file->name, status_text(status))
                : STATUS_OK;
}
