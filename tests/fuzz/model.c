// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Model files of all formats: what can be read makes sense, and what can't is refused with the
// reason.

#include "core/format/model_file_io.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/json_seeds.h"

#include <math.h>

const size_t fuzz_json_begin = 0;

/// Pass on what can be read, as all first inputs should be
static void
check_seed(const char* const name, const void* const bytes, const size_t size, void* const context)
{
  ModelFile file = {0};
  Message message = {""};
  if (model_file_parse((const char*)bytes, size, name, &file, &message)) {
    fuzz_fail(message.text, 0, "a model");
  }
  model_file_clear(&file);
  fuzz_give((const FuzzSeeds*)context, name, bytes, size);
}

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  FuzzSeeds passed_on = *seeds;
  fuzz_give_models(&(FuzzSeeds){check_seed, &passed_on}, 0);
}

static bool
may_be_rate(const double rate)
{
  return rate >= MODEL_FILE_MIN_RATE && rate <= MODEL_FILE_MAX_RATE;
}

static void
check_record(const ModelRecord* const record)
{
  const double numbers[] = {record->esr,     record->esr_pre_emphasis, record->esr_a_weighted,
                            record->seconds, record->esr_worst,        record->updates,
                            record->seed};
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); ++i) {
    fuzz_check(isfinite(numbers[i]));
  }
}

static void
check_params(const Params* const params)
{
  fuzz_check(params_shape_is_valid(params->shape));
  fuzz_check(params_are_finite(params));
}

static void
check_texts(const ModelFile* const file)
{
  const char* const texts[] = {file->name,         file->author,       file->gear,
                               file->license,      file->source_hash,  file->teacher.hash,
                               file->teacher.file, file->teacher.kind, file->teacher.name,
                               file->warning.text};
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); ++i) {
    fuzz_check_text(texts[i]);
  }
  for (size_t i = 0; i < PARAMS_MAX_KNOBS; ++i) {
    fuzz_check_text(file->knobs[i]);
  }
}

static void
check_file(const ModelFile* const file)
{
  const double numbers[] = {file->input_gain_db,   file->output_gain_db, file->delay,
                            file->drift,           file->held_out,       file->clip_warmup,
                            file->teacher.gear_esr};
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); ++i) {
    fuzz_check(isfinite(numbers[i]));
  }
  fuzz_check(may_be_rate(file->sample_rate) && file->lag <= MODEL_FILE_MAX_LAG);
  fuzz_check(!file->loudness.middle.is_given || isfinite(file->loudness.middle.value));
  fuzz_check(!file->input_dbu.is_given || isfinite(file->input_dbu.value));
  fuzz_check(!file->output_dbu.is_given || isfinite(file->output_dbu.value));
  fuzz_check(file->n_others < MODEL_FILE_MAX_SETS);
  check_params(&file->params);
  check_record(&file->record);
  for (uint32_t i = 0; i < file->n_others; ++i) {
    fuzz_check(may_be_rate(file->others[i].sample_rate));
    fuzz_check(model_file_shapes_fit(file->params.shape, file->others[i].params.shape));
    check_params(&file->others[i].params);
    check_record(&file->others[i].record);
  }
  check_texts(file);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  ModelFile file = {0};
  Message message = {""};
  if (model_file_parse((const char*)data, size, "input.json", &file, &message)) {
    fuzz_check_message(&message);
    return 0;
  }
  check_file(&file);
  model_file_clear(&file);
  return 0;
}
