// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Model files of all formats, written and read again: they stay the same.

#include "core/format/formats.h"
#include "core/format/model_file_io.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/json_seeds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const size_t fuzz_json_begin = 0;

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  fuzz_give_models(seeds, 0);
}

/// Check that two numbers are the same to as many digits as are written
static void
check_near(const double a, const double b)
{
  fuzz_check(fabs(a - b) <= 1e-8 * fabs(a));
}

static void
check_same_level(const ModelFileLevel a, const ModelFileLevel b)
{
  fuzz_check(a.is_given == b.is_given);
  check_near(a.value, b.value);
}

static void
check_same_record(const ModelRecord* const a, const ModelRecord* const b)
{
  check_near(a->esr, b->esr);
  check_near(a->esr_pre_emphasis, b->esr_pre_emphasis);
  check_near(a->esr_a_weighted, b->esr_a_weighted);
  check_near(a->esr_worst, b->esr_worst);
  check_near(a->seconds, b->seconds);
  check_near(a->updates, b->updates);
  check_near(a->seed, b->seed);
}

/// Check that the weights are the same, bit by bit
static void
check_same_params(const Params* const a, const Params* const b)
{
  fuzz_check(params_shapes_are_equal(a->shape, b->shape));
  fuzz_check(!memcmp(a->values, b->values, params_count(a->shape) * sizeof(float)));
}

static void
check_same_sets(const ModelFile* const a, const ModelFile* const b)
{
  check_near(a->sample_rate, b->sample_rate);
  check_same_params(&a->params, &b->params);
  check_same_record(&a->record, &b->record);
  fuzz_check(a->n_others == b->n_others);
  for (uint32_t i = 0; i < a->n_others; ++i) {
    check_near(a->others[i].sample_rate, b->others[i].sample_rate);
    check_same_params(&a->others[i].params, &b->others[i].params);
    check_same_record(&a->others[i].record, &b->others[i].record);
  }
}

static void
check_same_sound(const ModelFile* const a, const ModelFile* const b)
{
  fuzz_check(a->lag == b->lag && a->stage_is_cabinet == b->stage_is_cabinet);
  check_near(a->input_gain_db, b->input_gain_db);
  check_near(a->output_gain_db, b->output_gain_db);
  check_same_level(a->input_dbu, b->input_dbu);
  check_same_level(a->output_dbu, b->output_dbu);
  check_same_level(a->loudness.middle, b->loudness.middle);
  fuzz_check(a->loudness.knobs.is_given == b->loudness.knobs.is_given);
  for (uint32_t i = 0; i + 1 < a->params.shape.n_inputs; ++i) {
    check_near(a->loudness.knobs.ends[i][0], b->loudness.knobs.ends[i][0]);
    check_near(a->loudness.knobs.ends[i][1], b->loudness.knobs.ends[i][1]);
  }
}

static void
check_same_story(const ModelFile* const a, const ModelFile* const b)
{
  fuzz_check(!strcmp(a->name, b->name) && !strcmp(a->author, b->author));
  fuzz_check(!strcmp(a->gear, b->gear) && !strcmp(a->license, b->license));
  fuzz_check(!strcmp(a->source_hash, b->source_hash));
  for (uint32_t i = 0; i + 1 < a->params.shape.n_inputs; ++i) {
    fuzz_check(!strcmp(a->knobs[i], b->knobs[i]));
  }
  fuzz_check(!strcmp(a->teacher.hash, b->teacher.hash));
  if (model_file_has_teacher(a)) {
    fuzz_check(!strcmp(a->teacher.file, b->teacher.file));
    fuzz_check(!strcmp(a->teacher.kind, b->teacher.kind));
    fuzz_check(!strcmp(a->teacher.name, b->teacher.name));
    check_near(a->teacher.gear_esr, b->teacher.gear_esr);
  }
  check_near(a->delay, b->delay);
  check_near(a->drift, b->drift);
  check_near(a->held_out, b->held_out);
  check_near(a->held_out > 0.0 ? a->clip_warmup : 0.0, b->clip_warmup);
}

/// Write a model, and check that it is read as what it was, and written as it was
static void
check_written(const ModelFile* const file)
{
  ModelFile again = {0};
  char* text = NULL;
  char* text_again = NULL;
  Message message = {""};
  const Status status = model_json_encode(file, &text, &message);
  if (status) {
    fuzz_check(status == STATUS_UNSUPPORTED);
    fuzz_check_message(&message);
    return;
  }
  fuzz_check(!model_json_decode(text, strlen(text), "again.json", &again, &message));
  check_same_sets(file, &again);
  check_same_sound(file, &again);
  check_same_story(file, &again);
  fuzz_check(!model_json_encode(&again, &text_again, &message) && !strcmp(text, text_again));
  free(text);
  free(text_again);
  model_file_clear(&again);
}

/// The same as GuitarML's players read it
static void
check_written_for_others(const ModelFile* const file)
{
  ModelFile again = {0};
  char* text = NULL;
  Message message = {""};
  if (model_json_encode_guitarml(file, &text, &message)) {
    fuzz_check_message(&message);
    return;
  }
  fuzz_check(!model_json_decode(text, strlen(text), "again.json", &again, &message));
  free(text);
  model_file_clear(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  ModelFile file = {0};
  if (model_file_parse((const char*)data, size, "input.json", &file, NULL)) {
    return 0;
  }
  check_written(&file);
  check_written_for_others(&file);
  model_file_clear(&file);
  return 0;
}
