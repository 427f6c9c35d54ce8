// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Captures of all formats: what can be read makes sense, and what can't is refused with a reason.

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/json_seeds.h"
#include "train/teacher/teacher.h"

#include <math.h>

const size_t fuzz_json_begin = 0;

/// Pass on what can be read, as all first inputs should be
static void
check_seed(const char* const name, const void* const bytes, const size_t size, void* const context)
{
  const Content content = {(char*)bytes, size};
  Teacher* teacher = NULL;
  Message message = {""};
  if (teacher_parse(&content, name, &teacher, &message)) {
    fuzz_fail(message.text, 0, "a capture");
  }
  teacher_free(teacher);
  fuzz_give((const FuzzSeeds*)context, name, bytes, size);
}

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  FuzzSeeds passed_on = *seeds;
  fuzz_give_captures(&(FuzzSeeds){check_seed, &passed_on}, 0);
  fuzz_give_models(seeds, 0); // Most can be learned from, too
}

static void
check_info(const TeacherInfo* const info)
{
  fuzz_check(info->sample_rate >= MODEL_FILE_MIN_RATE && info->sample_rate <= MODEL_FILE_MAX_RATE);
  fuzz_check(isfinite(info->gear_esr));
  fuzz_check(!info->loudness.is_given || isfinite(info->loudness.value));
  fuzz_check(!info->input_dbu.is_given || isfinite(info->input_dbu.value));
  fuzz_check(!info->output_dbu.is_given || isfinite(info->output_dbu.value));
  fuzz_check(info->kind[0]);
  fuzz_check_text(info->kind);
  fuzz_check_text(info->name);
  fuzz_check_text(info->author);
  fuzz_check_text(info->gear);
  fuzz_check_text(info->license);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  const Content content = {(char*)data, size};
  Teacher* teacher = NULL;
  Message message = {""};
  if (teacher_parse(&content, "input.nam", &teacher, &message)) {
    fuzz_check_message(&message);
    return 0;
  }
  check_info(teacher_info(teacher));
  teacher_free(teacher);
  return 0;
}
