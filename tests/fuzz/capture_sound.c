// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Captures of all formats, through to some frames of their sound. It may be wild or not even
// finite, which those who learn from it look at; it is the same however it is rendered.

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/json_seeds.h"
#include "train/teacher/teacher.h"

#include <math.h>
#include <string.h>

#define N_FRAMES 600U
#define MAX_WORK 4e7 ///< Multiply-adds, so that no input takes seconds

const size_t fuzz_json_begin = 0;

static Pool* pool;

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  fuzz_give_captures(seeds, 0);
  fuzz_give_models(seeds, 0); // Most can be learned from, too
}

static double
work_of(const TeacherInfo* const info)
{
  const double n_before = info->is_recurrent ? 24000.0 : (double)info->receptive_field;
  return (n_before + (double)N_FRAMES) * (double)info->multiply_adds;
}

static void
play_teacher(const Teacher* const teacher)
{
  static float in[N_FRAMES];
  static float out[N_FRAMES];
  static float again[N_FRAMES];
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in[i] = 0.5F * sinf(0.1F * (float)i);
  }
  fuzz_check(!teacher_render(teacher, pool, in, N_FRAMES, out));
  fuzz_check(!teacher_render(teacher, pool, in, N_FRAMES / 2, again));
  fuzz_check(!memcmp(out, again, N_FRAMES / 2 * sizeof(float)));
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  const Content content = {(char*)data, size};
  Teacher* teacher = NULL;
  if (!pool) {
    fuzz_check(!pool_new(1, &pool));
  }
  if (!teacher_parse(&content, "input.nam", &teacher, NULL)) {
    if (work_of(teacher_info(teacher)) < MAX_WORK) {
      play_teacher(teacher);
    }
    teacher_free(teacher);
  }
  return 0;
}
