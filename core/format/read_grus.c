// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The `grus` object of a model file: what the field's format can't say. Any thread but the
// audio thread.

#include "core/format/read_values.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

#define NEWEST_VERSION 1
#define LARGEST_WARMUP 1e8 ///< [frames]

/// Read a ratio, which has another name if it is against a capture
static Status
read_ratio(const DecodeSource* const source, const json_t* const record, const char* const key,
           double* const ratio)
{
  char key_of_taught[64];
  (void)snprintf(key_of_taught, sizeof(key_of_taught), "teacher_%s", key);
  const Status status = decode_number(source, record, key, ratio);
  return status ? status : decode_number(source, record, key_of_taught, ratio);
}

static Status
read_record(const DecodeSource* const source, const json_t* const record, ModelRecord* const r)
{
  Status status = STATUS_OK;
  if (!decode_is_absent(record) && !json_is_object(record)) {
    return decode_fail(source, STATUS_BAD_FILE, "\"record\" should be an object");
  }
  if ((status = read_ratio(source, record, "esr", &r->esr)) ||
      (status = read_ratio(source, record, "esr_pre_emphasis", &r->esr_pre_emphasis)) ||
      (status = read_ratio(source, record, "esr_a_weighted", &r->esr_a_weighted)) ||
      (status = read_ratio(source, record, "esr_worst_sound", &r->esr_worst)) ||
      (status = decode_number(source, record, "seconds", &r->seconds)) ||
      (status = decode_number(source, record, "updates", &r->updates))) {
    return status;
  }
  return decode_number(source, record, "seed", &r->seed);
}

static Status
read_teacher(const DecodeSource* const source, const json_t* const teacher,
             ModelFileTeacher* const t)
{
  if (decode_is_absent(teacher)) {
    return STATUS_OK;
  }
  if (!json_is_object(teacher)) {
    return decode_fail(source, STATUS_BAD_FILE, "\"teacher\" should be an object");
  }
  decode_copy_text(t->hash, teacher, "hash");
  decode_copy_text(t->file, teacher, "file");
  decode_copy_text(t->kind, teacher, "kind");
  decode_copy_text(t->name, teacher, "name");
  return decode_number(source, teacher, "gear_esr", &t->gear_esr);
}

static Status
read_knobs(const DecodeSource* const source, const json_t* const knobs, ModelFile* const file)
{
  const size_t n_knobs = file->params.shape.n_inputs - 1;
  if (decode_is_absent(knobs)) {
    return STATUS_OK;
  }
  if (!json_is_array(knobs) || json_array_size(knobs) != n_knobs) {
    return decode_fail(source, STATUS_BAD_FILE, "\"knobs\" should name the model's %zu knobs",
                       n_knobs);
  }
  for (size_t k = 0; k < n_knobs; ++k) {
    const char* const knob = json_string_value(json_array_get(knobs, k));
    text_copy(file->knobs[k], MODEL_FILE_TEXT_SIZE, knob ? knob : "");
    text_repair(file->knobs[k]);
  }
  return STATUS_OK;
}

static bool
has_set_for(const ModelFile* const file, const double rate)
{
  bool is_found = file->sample_rate == rate;
  for (uint32_t i = 0; i < file->n_others; ++i) {
    is_found = is_found || file->others[i].sample_rate == rate;
  }
  return is_found;
}

/// Fail unless the set has the same shape and the file has no other for its rate
static Status
check_set(const DecodeSource* const source, const ModelSet* const set, const uint32_t lag,
          const ModelFile* const file)
{
  const ParamsShape is = set->params.shape;
  const ParamsShape main = file->params.shape;
  if (!is.n_taps != !main.n_taps) {
    return decode_fail(source, STATUS_BAD_FILE, "has %s \"stage\"; expected %s, as in the main set",
                       is.n_taps ? "a" : "no", is.n_taps ? "none" : "one");
  }
  if (!model_file_shapes_fit(is, main)) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "has a %s cell with hidden size %u; expected %s with %u, as in the main set",
                       params_cell_name(is.cell), is.hidden_size, params_cell_name(main.cell),
                       main.hidden_size);
  }
  return !lag ? STATUS_OK
              : decode_fail(source, STATUS_BAD_FILE, "has %u recurrent layers; expected one",
                            lag + 1);
}

/// Read one set for another rate; the file owns what is allocated, even on failure
static Status
read_set(const DecodeSource* const source, const json_t* const object, ModelFile* const file)
{
  ModelSet* const set = &file->others[file->n_others];
  const json_t* const stage = json_object_get(object, "stage");
  ParamsShape shape = file->params.shape;
  uint32_t lag = 0;
  if (!json_is_object(object)) {
    return decode_fail(source, STATUS_BAD_FILE, "should be an object");
  }
  Status status = decode_rate(source, json_object_get(object, "samplerate"), &set->sample_rate);
  if (!status && has_set_for(file, set->sample_rate)) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "is for %g Hz, as another set is; each has its own rate", set->sample_rate);
  }
  if (status || (status = decode_stage_size(source, stage, &shape.n_taps)) ||
      (status =
           decode_layers(source, json_object_get(object, "layers"), shape, &lag, &set->params)) ||
      (status = check_set(source, set, lag, file)) ||
      (status = decode_stage(source, stage, &set->params)) ||
      (status = read_record(source, json_object_get(object, "record"), &set->record)) ||
      (status = decode_self_test(source, object, &set->params, lag, file))) {
    return status;
  }
  ++file->n_others;
  return STATUS_OK;
}

static Status
read_sets(const DecodeSource* const source, const json_t* const sets, ModelFile* const file)
{
  Status status = STATUS_OK;
  if (decode_is_absent(sets)) {
    return STATUS_OK;
  }
  if (!json_is_array(sets) || json_array_size(sets) > MODEL_FILE_MAX_SETS - 1) {
    return decode_fail(
        source, STATUS_BAD_FILE,
        "\"sets\" should be an array of at most %u, for rates other than the main set's",
        MODEL_FILE_MAX_SETS - 1);
  }
  for (size_t i = 0; i < json_array_size(sets) && !status; ++i) {
    char part[32];
    (void)snprintf(part, sizeof(part), "set %zu: ", i + 1);
    const DecodeSource set = {source->name, part, source->message};
    status = read_set(&set, json_array_get(sets, i), file);
  }
  return status;
}

/// Read the loudness at the ends of each knob
static Status
read_knob_loudness(const DecodeSource* const source, const json_t* const knobs,
                   const uint32_t n_knobs, ModelFileKnobLoudness* const loudness)
{
  if (decode_is_absent(knobs)) {
    return STATUS_OK;
  }
  bool is_good = json_array_size(knobs) == n_knobs;
  for (uint32_t k = 0; k < n_knobs && is_good; ++k) {
    const json_t* const ends = json_array_get(knobs, k);
    is_good = json_array_size(ends) == 2;
    for (size_t i = 0; i < 2 && is_good; ++i) {
      is_good = json_is_number(json_array_get(ends, i));
      loudness->ends[k][i] = json_number_value(json_array_get(ends, i));
    }
  }
  loudness->is_given = is_good;
  return is_good ? STATUS_OK
                 : decode_fail(source, STATUS_BAD_FILE,
                               "\"knob_loudness\" should hold two numbers for each of the %u knobs",
                               n_knobs);
}

/// Read which part of the recordings the model was scored on
static Status
read_held_out(const DecodeSource* const source, const json_t* const object, ModelFile* const file)
{
  if (decode_is_absent(object)) {
    return STATUS_OK;
  }
  if (!json_is_object(object)) {
    return decode_fail(source, STATUS_BAD_FILE, "\"held_out\" should be an object");
  }
  Status status = decode_number(source, object, "share", &file->held_out);
  status = status ? status : decode_number(source, object, "clip_warmup", &file->clip_warmup);
  if (!status && !(file->held_out >= 0.0 && file->held_out <= 0.9 && file->clip_warmup >= 0.0 &&
                   file->clip_warmup <= LARGEST_WARMUP)) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "\"held_out\" should hold a share from 0 to 0.9 and a warm-up in frames");
  }
  return status;
}

/// Read whether the linear stage is a loudspeaker
static Status
read_cabinet(const DecodeSource* const source, const json_t* const stage, ModelFile* const file)
{
  const json_t* const value = json_object_get(stage, "cabinet");
  file->stage_is_cabinet = json_is_true(value);
  return decode_is_absent(value) || json_is_boolean(value)
             ? STATUS_OK
             : decode_fail(source, STATUS_BAD_FILE, "\"cabinet\" should be true or false");
}

/// Read by how many frames the output lags, unless its layers say it
static Status
read_lag(const DecodeSource* const source, const json_t* const grus, ModelFile* const file)
{
  const DecodeCount range = {"lag", 0, MODEL_FILE_MAX_LAG};
  return file->lag ? STATUS_OK : decode_count_or(source, grus, range, 0, &file->lag);
}

Status
decode_grus(const DecodeSource* const source, const json_t* const grus, ModelFile* const file)
{
  if (decode_is_absent(grus)) {
    return STATUS_OK;
  }
  double version = 0.0;
  if (!json_is_object(grus)) {
    return decode_fail(source, STATUS_BAD_FILE, "\"grus\" should be an object");
  }
  Status status = decode_number(source, grus, "version", &version);
  if (!status && (version < 1.0 || version > NEWEST_VERSION)) {
    return decode_fail(source, STATUS_UNSUPPORTED,
                       "version %g of the file is not known, only up to %d", version,
                       NEWEST_VERSION);
  }
  const char* const cell = decode_text(grus, "cell");
  if (!status && *cell && strcmp(cell, params_cell_name(file->params.shape.cell)) != 0) {
    return decode_fail(source, STATUS_BAD_FILE, "\"cell\" is \"%.40s\", but the layer is %s", cell,
                       params_cell_name(file->params.shape.cell));
  }
  if (status || (status = read_knobs(source, json_object_get(grus, "knobs"), file))) {
    return status;
  }
  if ((status = decode_level(source, grus, "loudness", &file->loudness.middle)) ||
      (status = read_knob_loudness(source, json_object_get(grus, "knob_loudness"),
                                   file->params.shape.n_inputs - 1, &file->loudness.knobs)) ||
      (status = decode_level(source, grus, "input_level_dbu", &file->input_dbu)) ||
      (status = decode_level(source, grus, "output_level_dbu", &file->output_dbu)) ||
      (status = decode_number(source, grus, "delay", &file->delay)) ||
      (status = decode_number(source, grus, "drift", &file->drift)) ||
      (status = read_held_out(source, json_object_get(grus, "held_out"), file)) ||
      (status = read_lag(source, grus, file)) ||
      (status = read_cabinet(source, json_object_get(grus, "stage"), file))) {
    return status;
  }
  decode_copy_text(file->source_hash, grus, "source_hash");
  if ((status = read_teacher(source, json_object_get(grus, "teacher"), &file->teacher))) {
    return status;
  }
  status = read_record(source, json_object_get(grus, "record"), &file->record);
  return status ? status : read_sets(source, json_object_get(grus, "sets"), file);
}
