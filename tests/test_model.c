// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Models that play: which weights they play with at a host's rate.

#include "tests/fixtures.h"

#include <math.h>
#include <string.h>

#define N_FRAMES 2000U

/// Play a guitar with the model made of `file` for `sample_rate`; return the rate of its set
static double
play(const ModelFile* const file, const double sample_rate, float out[N_FRAMES])
{
  Model* model = NULL;
  fixture_guitar(out, N_FRAMES, 3);
  assert_int_equal(model_new(file, (ModelUse){sample_rate, 1, 1}, &model), STATUS_OK);
  model_run(model, (const float*[]){out}, (float*[]){out}, N_FRAMES);
  const double rate = model_sample_rate(model);
  model_free(model);
  return rate;
}

static void
a_model_plays_the_set_that_fits_the_host(void** const state)
{
  (void)state;
  float main_out[N_FRAMES];
  float other_out[N_FRAMES];
  float out[N_FRAMES];
  ModelFile file = fixture_model_file(CELL_GRU_RESET_BEFORE, 8, 1);
  ModelFile other = fixture_model_file(CELL_GRU_RESET_BEFORE, 8, 2);
  (void)play(&file, 48000.0, main_out);
  (void)play(&other, 48000.0, other_out);
  file.others[0] = (ModelSet){44100.0, other.params, other.record};
  file.n_others = 1;
  assert_true(play(&file, 48000.0, out) == 48000.0);
  assert_memory_equal(out, main_out, sizeof(out));
  assert_true(play(&file, 44100.0, out) == 44100.0);
  assert_memory_equal(out, other_out, sizeof(out));
  assert_true(play(&file, 88200.0, out) == 44100.0);
  assert_true(play(&file, 96000.0, out) == 48000.0);
  assert_true(play(&file, 32000.0, out) == 48000.0);
  assert_memory_equal(out, main_out, sizeof(out));
  model_file_clear(&file); // And with it the weights of the other
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_model_plays_the_set_that_fits_the_host),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
