// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Writes the field's JSON, as AIDA-X, NAM's LV2 player and Ratatouille read it: each member of the
// top object on its own line, "samplerate" as a number at the top, a test signal with its output.

#include "core/circle.h"
#include "core/format/formats.h"
#include "core/format/gate_order.h"
#include "core/format/json_build.h"
#include "core/reference.h"

#include <jansson.h>

#include <float.h>
#include <math.h>
#include <stdio.h>

#define SELF_TEST_FRAMES 2048U
#define LARGEST_INTEGER 1e15 ///< Larger numbers are written as reals

/// Return true if `is_good` says so of all sets
static bool
all_are(bool (*const is_good)(const Params*), const ModelFile* const file)
{
  bool so_far = is_good(&file->params);
  for (uint32_t i = 0; i < file->n_others; ++i) {
    so_far = so_far && is_good(&file->others[i].params);
  }
  return so_far;
}

static bool
can_be_heard(const Params* const params)
{
  return !params_stage_is_silent(params);
}

/// Return true if the shapes of all sets fit and each is the one for its rate
static bool
all_fit(const ModelFile* const file)
{
  bool so_far = file->n_others < MODEL_FILE_MAX_SETS;
  for (uint32_t i = 0; so_far && i < file->n_others; ++i) {
    const ModelSet* const set = &file->others[i];
    so_far = model_file_shapes_fit(set->params.shape, file->params.shape) &&
             model_file_set_for(file, set->sample_rate).params.values == set->params.values;
  }
  return so_far;
}

/// Encode one row of the file: the weights from source `s` in our (G*H, n_sources)
static json_t*
encode_source(const ParamsShape shape, const float* const tensor, const uint32_t n_sources,
              const uint32_t s)
{
  json_t* row = json_array();
  for (uint32_t c = 0; c < params_n_gates(shape.cell) * shape.hidden_size; ++c) {
    const uint32_t in_file = c / shape.hidden_size;
    const uint32_t gate = gate_of_file(shape.cell, in_file);
    const uint32_t r = gate * shape.hidden_size + c % shape.hidden_size;
    row = json_build_append(row, json_real((double)tensor[(size_t)r * n_sources + s]));
  }
  return row;
}

static json_t*
encode_gates(const Params* const params, const ParamsTensor tensor, const uint32_t n_sources)
{
  json_t* rows = json_array();
  for (uint32_t s = 0; s < n_sources; ++s) {
    rows = json_build_append(
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
  return s.cell == CELL_LSTM
             ? layer
             : json_build_set(layer, "reset_after", json_boolean(s.cell == CELL_GRU_RESET_AFTER));
}

static json_t*
encode_head(const Params* const params)
{
  json_t* kernel = json_array();
  for (uint32_t i = 0; i < params->shape.hidden_size; ++i) {
    const double w = (double)params_values(params, PARAMS_W_O)[i];
    kernel = json_build_append(kernel, json_pack("[f]", w));
  }
  return json_pack("{s:s, s:s, s:[n, n, i], s:[o, [f]]}", "type", "dense", "activation", "",
                   "shape", 1, "weights", kernel, (double)params_values(params, PARAMS_B_O)[0]);
}

/// Add a test signal, a sine at half of full scale from zero state, and the output of the network
/// and its linear stage; none if that is too large for a reader
static json_t*
add_self_test(json_t* const object, const Params* const params, const double sample_rate)
{
  static const double knobs[PARAMS_MAX_KNOBS] = {0.5, 0.5, 0.5, 0.5};
  double state[PARAMS_MAX_STATE] = {0};
  double past[PARAMS_MAX_TAPS] = {0};
  float x[SELF_TEST_FRAMES];
  double y[SELF_TEST_FRAMES];
  bool fits = true;
  for (uint32_t t = 0; t < SELF_TEST_FRAMES; ++t) {
    x[t] = (float)(0.5 * sin(TAU * 220.0 * t / sample_rate));
  }
  if (reference_run(params, knobs, state, x, y, SELF_TEST_FRAMES)) {
    json_decref(object);
    return NULL;
  }
  reference_stage(params, past, y, SELF_TEST_FRAMES);
  json_t* in = json_array();
  json_t* out = json_array();
  for (uint32_t t = 0; t < SELF_TEST_FRAMES; ++t) {
    in = json_build_append(in, json_real((double)x[t]));
    out = json_build_append(out, json_real(y[t]));
    fits = fits && fabs(y[t]) <= (double)FLT_MAX; // Not what is no number, either
  }
  if (!fits) {
    json_decref(in);
    json_decref(out);
    return object;
  }
  return json_build_set(json_build_set(object, "input_batch", in), "output_batch", out);
}

/// Return a number, or 0, which means unknown, for one that JSON can't express
static double
known(const double number)
{
  return isfinite(number) ? number : 0.0;
}

static json_t*
encode_metadata(const ModelFile* const file)
{
  char rate[32];
  (void)snprintf(rate, sizeof(rate), "%.0f", file->sample_rate);
  json_t* const metadata =
      json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", file->name, "samplerate", rate, "source",
                "Grus", "author", file->author, "based", file->gear, "license", file->license);
  return known(file->record.esr) > 0.0 && !model_file_has_teacher(file)
             ? json_build_set(metadata, "esr", json_real(file->record.esr))
             : metadata;
}

/// Encode a record; ratios against a capture have names of their own
static json_t*
encode_record(const ModelRecord* const r, const bool is_taught)
{
  static const char* const names[2][4] = {
      {"esr", "esr_pre_emphasis", "esr_a_weighted", "esr_worst_sound"},
      {"teacher_esr", "teacher_esr_pre_emphasis", "teacher_esr_a_weighted",
       "teacher_esr_worst_sound"}};
  const char* const* const keys = names[is_taught];
  return json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f}", keys[0], known(r->esr), keys[1],
                   known(r->esr_pre_emphasis), keys[2], known(r->esr_a_weighted), keys[3],
                   known(r->esr_worst), "seconds", known(r->seconds), "updates", known(r->updates),
                   "seed", known(r->seed));
}

static json_t*
add_text(json_t* const object, const char* const key, const char* const text)
{
  return *text ? json_build_set(object, key, json_string(text)) : object;
}

static json_t*
add_teacher(json_t* const object, const ModelFile* const file)
{
  const ModelFileTeacher* const t = &file->teacher;
  if (!model_file_has_teacher(file)) {
    return object;
  }
  json_t* teacher = add_text(json_pack("{s:s}", "hash", t->hash), "file", t->file);
  teacher = add_text(add_text(teacher, "kind", t->kind), "name", t->name);
  if (known(t->gear_esr) > 0.0) {
    teacher = json_build_set(teacher, "gear_esr", json_real(t->gear_esr));
  }
  return json_build_set(object, "teacher", teacher);
}

static json_t*
add_level(json_t* const object, const char* const key, const ModelFileLevel level)
{
  return level.is_given && isfinite(level.value)
             ? json_build_set(object, key, json_real(level.value))
             : object;
}

/// Add the loudness at the ends of each knob
static json_t*
add_knob_loudness(json_t* const object, const ModelFile* const file)
{
  const ModelFileKnobLoudness* const loudness = &file->loudness.knobs;
  json_t* knobs = json_array();
  for (uint32_t k = 0; k + 1 < file->params.shape.n_inputs; ++k) {
    const double* const ends = loudness->ends[k];
    knobs = json_build_append(knobs, json_pack("[f, f]", known(ends[0]), known(ends[1])));
  }
  return json_build_set(object, "knob_loudness", knobs);
}

static json_t*
encode_knobs(const ModelFile* const file)
{
  json_t* knobs = json_array();
  for (uint32_t k = 0; k + 1 < file->params.shape.n_inputs; ++k) {
    knobs = json_build_append(knobs, json_string(file->knobs[k]));
  }
  return knobs;
}

static json_t*
encode_extension(const ModelFile* const file)
{
  json_t* extension =
      json_pack("{s:i, s:s, s:o, s:o}", "version", 1, "cell",
                params_cell_name(file->params.shape.cell), "knobs", encode_knobs(file), "record",
                encode_record(&file->record, model_file_has_teacher(file)));
  extension = add_level(extension, "loudness", file->loudness.middle);
  if (file->loudness.knobs.is_given) {
    extension = add_knob_loudness(extension, file);
  }
  extension = add_level(extension, "input_level_dbu", file->input_dbu);
  extension = add_level(extension, "output_level_dbu", file->output_dbu);
  if (known(file->delay) != 0.0) {
    extension = json_build_set(extension, "delay", json_real(file->delay));
  }
  if (known(file->drift) != 0.0) {
    extension = json_build_set(extension, "drift", json_real(file->drift));
  }
  if (known(file->held_out) > 0.0) {
    extension = json_build_set(
        extension, "held_out",
        json_pack("{s:f, s:f}", "share", file->held_out, "clip_warmup", known(file->clip_warmup)));
  }
  if (file->lag) {
    extension = json_build_set(extension, "lag", json_integer((json_int_t)file->lag));
  }
  return add_teacher(add_text(extension, "source_hash", file->source_hash), file);
}

/// Write a whole number as an integer: some readers accept nothing else for a rate or a flag
static json_t*
encode_number(const double number)
{
  return number == floor(number) && fabs(number) <= LARGEST_INTEGER
             ? json_integer((json_int_t)number)
             : json_real(number);
}

static json_t*
encode_layers(const Params* const params)
{
  return json_pack("[o, o]", encode_recurrent_layer(params), encode_head(params));
}

/// Encode the linear stage of a set
static json_t*
encode_stage(const Params* const params)
{
  json_t* taps = json_array();
  for (uint32_t k = 0; k < params->shape.n_taps; ++k) {
    taps = json_build_append(taps, json_real((double)params_values(params, PARAMS_TAPS)[k]));
  }
  return json_pack("{s:o}", "taps", taps);
}

/// Add layers and linear stage to the `grus` object, where no other player finds half of them
static json_t*
add_staged_layers(json_t* extension, const ModelFile* const file)
{
  json_t* const stage =
      json_build_set(encode_stage(&file->params), "cabinet", json_boolean(file->stage_is_cabinet));
  extension = json_build_set(extension, "layers", encode_layers(&file->params));
  return json_build_set(extension, "stage", stage);
}

static json_t*
encode_set(const ModelSet* const set, const bool is_taught)
{
  json_t* object =
      json_pack("{s:o, s:o, s:o}", "samplerate", encode_number(set->sample_rate), "layers",
                encode_layers(&set->params), "record", encode_record(&set->record, is_taught));
  if (set->params.shape.n_taps) {
    object = json_build_set(object, "stage", encode_stage(&set->params));
  }
  return add_self_test(object, &set->params, set->sample_rate);
}

/// Add the sets for other rates to the `grus` object
static json_t*
add_sets(json_t* const extension, const ModelFile* const file)
{
  if (!file->n_others) {
    return extension;
  }
  json_t* sets = json_array();
  for (uint32_t i = 0; i < file->n_others; ++i) {
    sets = json_build_append(sets, encode_set(&file->others[i], model_file_has_teacher(file)));
  }
  return json_build_set(extension, "sets", sets);
}

/// Add a number unless it is zero, the default; some readers don't know the member
static json_t*
add_if_not_zero(json_t* const root, const char* const key, const double value)
{
  return value != 0.0 ? json_build_set(root, key, encode_number(value)) : root;
}

/// Encode all members of the top object, in the order in which they are written
static json_t*
encode_root(const ModelFile* const file)
{
  const bool has_stage = file->params.shape.n_taps > 0;
  json_t* extension = encode_extension(file);
  extension = has_stage ? add_staged_layers(extension, file) : extension;
  json_t* root =
      json_pack("{s:o, s:[n, n, i], s:o, s:o}", "samplerate", encode_number(file->sample_rate),
                "in_shape", (int)file->params.shape.n_inputs, "metadata", encode_metadata(file),
                "grus", add_sets(extension, file));
  root = has_stage ? root : json_build_set(root, "layers", encode_layers(&file->params));
  root = add_if_not_zero(root, "in_skip", file->params.shape.skip ? 1.0 : 0.0);
  root = add_if_not_zero(root, "in_gain", file->input_gain_db);
  root = add_if_not_zero(root, "out_gain", file->output_gain_db);
  return add_self_test(root, &file->params, file->sample_rate);
}

/// Write each member on a line of its own; NULL without memory
static char*
print_root(json_t* const root)
{
  JsonText text = {NULL, 0, 0, !root};
  const char* before = "{\n \"";
  const char* key = NULL;
  json_t* value = NULL;
  json_object_foreach(root, key, value)
  {
    json_text_add(&text, before);
    json_text_add(&text, key);
    json_text_add(&text, "\": ");
    json_text_add_value(&text, value);
    before = ",\n \"";
  }
  json_text_add(&text, "\n}\n");
  return json_text_finish(&text);
}

Status
model_json_encode(const ModelFile* const file, char** const text, Message* const message)
{
  if (!all_fit(file)) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: the sets of a model should have one shape and a rate each", file->name);
  }
  if (!params_shape_is_valid(file->params.shape) || !all_are(params_are_finite, file)) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: the model has weights that are not finite", file->name);
  }
  if (!all_are(can_be_heard, file)) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: the model has a linear stage that is all zero", file->name);
  }
  json_t* const root = encode_root(file);
  char* const written = print_root(root);
  json_decref(root);
  if (!written) {
    return status_fail(message, STATUS_NO_MEMORY, "%s: out of memory", file->name);
  }
  *text = written;
  return STATUS_OK;
}
