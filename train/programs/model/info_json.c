// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One object a file; what the file doesn't say is left out.

#include "train/programs/model/info_json.h"

#include "cli/json_output.h"

/// Set a number unless it is 0, which means unknown
static void
set_known(json_t* const object, const char* const name, const double number)
{
  if (number > 0.0) {
    cli_json_set_number(object, name, number);
  }
}

static void
set_level(json_t* const object, const char* const name, const ModelFileLevel level)
{
  if (level.is_given) {
    cli_json_set_number(object, name, level.value);
  }
}

static json_t*
describe_record(const ModelRecord* const r)
{
  json_t* const object = json_object();
  set_known(object, "esr", r->esr);
  set_known(object, "esr_pre_emphasis", r->esr_pre_emphasis);
  set_known(object, "esr_a_weighted", r->esr_a_weighted);
  set_known(object, "esr_worst", r->esr_worst);
  if (r->updates > 0.0) {
    cli_json_set_number(object, "updates", r->updates);
    cli_json_set_number(object, "seconds", r->seconds);
    cli_json_set_number(object, "seed", r->seed);
  }
  return object;
}

static json_t*
describe_set(const ModelSet* const set)
{
  json_t* const object = json_object();
  cli_json_set_number(object, "sample_rate", set->sample_rate);
  cli_json_set(object, "record", describe_record(&set->record));
  return object;
}

static json_t*
describe_sets(const ModelFile* const file)
{
  json_t* const sets = json_array();
  cli_json_append(sets, describe_set(&(ModelSet){file->sample_rate, file->params, file->record}));
  for (uint32_t i = 0; i < file->n_others; ++i) {
    cli_json_append(sets, describe_set(&file->others[i]));
  }
  return sets;
}

/// Describe the cells: those of a file with several layers are one here, whose output lags
static json_t*
describe_network(const ModelFile* const file)
{
  const ParamsShape shape = file->params.shape;
  json_t* const object = json_object();
  cli_json_set_text(object, "cell", params_cell_name(shape.cell));
  cli_json_set_number(object, "hidden_size", shape.hidden_size);
  cli_json_set_number(object, "n_layers", file->lag + 1);
  cli_json_set_number(object, "n_weights", (double)(params_count(shape) - shape.n_taps));
  cli_json_set_bool(object, "skip", shape.skip);
  cli_json_set_number(object, "latency_frames", file->lag);
  return object;
}

static json_t*
describe_stage(const ModelFile* const file)
{
  json_t* const object = json_object();
  cli_json_set_number(object, "n_taps", file->params.shape.n_taps);
  cli_json_set_bool(object, "is_cabinet", file->stage_is_cabinet);
  return object;
}

static json_t*
list_knobs(const ModelFile* const file)
{
  json_t* const knobs = json_array();
  for (uint32_t k = 0; k + 1 < file->params.shape.n_inputs; ++k) {
    cli_json_append(knobs, cli_json_text(file->knobs[k]));
  }
  return knobs;
}

static json_t*
describe_teacher(const ModelFileTeacher* const t)
{
  json_t* const object = json_object();
  cli_json_set_text(object, "kind", t->kind);
  cli_json_set_text(object, "name", t->name);
  cli_json_set_text(object, "file", t->file);
  cli_json_set_text(object, "hash", t->hash);
  set_known(object, "gear_esr", t->gear_esr);
  return object;
}

/// Set what the model was learned from
static void
set_source(json_t* const object, const ModelFile* const file)
{
  if (model_file_has_teacher(file)) {
    cli_json_set(object, "learned_from", describe_teacher(&file->teacher));
  } else if (*file->source_hash) {
    json_t* const recordings = json_object();
    cli_json_set_text(recordings, "hash", file->source_hash);
    cli_json_set_number(recordings, "latency_frames", file->delay);
    cli_json_set_number(recordings, "clock_drift_ppm", 1e6 * file->drift);
    cli_json_set(object, "recordings", recordings);
  }
}

json_t*
info_model_json(const char* const path, const ModelFile* const file)
{
  json_t* const object = json_object();
  cli_json_set_text(object, "file", path);
  cli_json_set_text(object, "name", file->name);
  cli_json_set_text(object, "author", file->author);
  cli_json_set_text(object, "gear", file->gear);
  cli_json_set_text(object, "license", file->license);
  cli_json_set_text(object, "format", model_file_format_name(file->format));
  cli_json_set_bool(object, "is_played", true);
  set_source(object, file);
  cli_json_set(object, "network", describe_network(file));
  if (file->params.shape.n_taps) {
    cli_json_set(object, "linear_stage", describe_stage(file));
  }
  cli_json_set(object, "knobs", list_knobs(file));
  cli_json_set_number(object, "sample_rate", file->sample_rate);
  cli_json_set_bool(object, "sample_rate_is_assumed", file->sample_rate_is_assumed);
  cli_json_set(object, "sets", describe_sets(file));
  cli_json_set_number(object, "input_gain_db", file->input_gain_db);
  cli_json_set_number(object, "output_gain_db", file->output_gain_db);
  set_level(object, "loudness_lufs", file->loudness.middle);
  set_level(object, "input_level_dbu", file->input_dbu);
  set_level(object, "output_level_dbu", file->output_dbu);
  cli_json_set_text(object, "warning", file->warning.text);
  return object;
}

json_t*
info_capture_json(const char* const path, const TeacherInfo* const info)
{
  json_t* const object = json_object();
  json_t* const network = json_object();
  cli_json_set_text(object, "file", path);
  cli_json_set_text(object, "name", info->name);
  cli_json_set_text(object, "author", info->author);
  cli_json_set_text(object, "gear", info->gear);
  cli_json_set_text(object, "license", info->license);
  cli_json_set_text(object, "format", info->kind);
  cli_json_set_bool(object, "is_played", false);
  cli_json_set_number(network, "n_weights", info->n_weights);
  if (!info->is_recurrent) {
    cli_json_set_number(network, "receptive_field_frames", info->receptive_field);
  }
  cli_json_set(object, "network", network);
  cli_json_set_number(object, "sample_rate", info->sample_rate);
  cli_json_set_bool(object, "sample_rate_is_assumed", info->sample_rate_is_assumed);
  set_level(object, "input_level_dbu", info->input_dbu);
  set_level(object, "output_level_dbu", info->output_dbu);
  set_level(object, "loudness_db", info->loudness);
  set_known(object, "gear_esr", info->gear_esr);
  cli_json_set_text(object, "hash", info->hash);
  return object;
}
