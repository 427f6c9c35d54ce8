// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How is a plan divided among rates, and with which weights does a further rate start?

#include "tests/fixtures.h"

#include "core/reference.h"
#include "tests/checks.h"
#include "train/programs/train/rate_sets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/// A plan with every limit
static const TrainerConfig whole = {
    .learning_rate = 0.01, .seconds = 180.0, .epochs = 400, .n_starts = 4, .seed = 9};

/// Play a step, from zero state, into a unit that approaches its input within `seconds`
static void
play_step(const double sample_rate, const double seconds, const double ratio, double* const out,
          const uint32_t n_frames)
{
  const ParamsShape shape = {CELL_GRU_RESET_BEFORE, 1, 1, false, 0};
  Params params = {.shape = shape};
  double state[PARAMS_MAX_STATE] = {0};
  float* const in = (float*)calloc(n_frames, sizeof(float));
  assert_true(in && !params_init(&params, shape));
  for (uint32_t t = 0; t < n_frames; ++t) {
    in[t] = 1.0F;
  }
  params_values(&params, PARAMS_W_I)[2] = 0.5F;
  params_values(&params, PARAMS_B_I)[1] = (float)log(seconds * sample_rate - 1.0);
  params_values(&params, PARAMS_W_O)[0] = 1.0F;
  params_change_rate(&params, ratio);
  assert_int_equal(reference_run(&params, NULL, state, in, out, n_frames), STATUS_OK);
  params_clear(&params);
  free(in);
}

static void
a_unit_remembers_for_as_long_at_another_rate(void** const state)
{
  (void)state;
  double before[4800];
  double after[4800 * 2];
  play_step(48000.0, 0.01, 1.0, before, 4800);
  play_step(48000.0, 0.01, 2.0, after, 4800 * 2);
  for (uint32_t t = 0; t < 4800; ++t) {
    check_near(before[t], after[2 * t + 1], 1e-3);
  }
  play_step(48000.0, 0.01, 0.5, after, 2400);
  for (uint32_t t = 0; t < 2400; ++t) {
    check_near(after[t], before[2 * t + 1], 1e-3);
  }
  check_above(before[1000], 0.3); // And it isn't silent
}

static void
the_sets_share_the_time(void** const state)
{
  (void)state;
  for (uint32_t n = 1; n <= MODEL_FILE_MAX_SETS; ++n) {
    const RatesPlan plan = {&whole, 0.003, n};
    const double first = rates_config(&plan, 0, 10.0).seconds;
    double spent = 10.0;
    for (uint32_t i = 0; i < n; ++i) {
      const double seconds = rates_config(&plan, i, spent).seconds;
      check_near(seconds, i ? first / 4.0 : first, 1e-9);
      spent += seconds;
    }
    check_near(spent, 180.0, 1e-9);
  }
}

static void
time_that_one_set_leaves_goes_to_the_next(void** const state)
{
  (void)state;
  const RatesPlan plan = {&whole, 0.003, 3};
  check_equal(rates_config(&plan, 1, 20.0).seconds, 80.0);
  check_equal(rates_config(&plan, 2, 100.0).seconds, 80.0);
  const double late = rates_config(&plan, 2, 200.0).seconds; // Never 0, which would mean no limit
  check_between(late, 0.0, 0.1);
}

static void
a_further_set_takes_a_quarter_of_the_epochs_and_one_start(void** const state)
{
  (void)state;
  TrainerConfig config = whole;
  const RatesPlan plan = {&config, 0.003, 2};
  assert_int_equal(rates_config(&plan, 0, 0.0).epochs, 400);
  assert_int_equal(rates_config(&plan, 0, 0.0).n_starts, 4);
  check_equal(rates_config(&plan, 0, 0.0).learning_rate, 0.01);
  const TrainerConfig further = rates_config(&plan, 1, 0.0);
  assert_int_equal(further.epochs, 100);
  assert_int_equal(further.n_starts, 1);
  check_equal(further.learning_rate, 0.003);
  assert_int_equal(further.seed, 9);
  config.epochs = 1;
  assert_int_equal(rates_config(&plan, 1, 0.0).epochs, 1);
  config.epochs = 0;
  config.seconds = 0.0;
  assert_int_equal(rates_config(&plan, 1, 0.0).epochs, 0);
  check_equal(rates_config(&plan, 1, 5.0).seconds, 0.0);
}

static void
the_recordings_own_rate_is_trained_once(void** const state)
{
  (void)state;
  const RatesList list = {{44100, 48000, 96000}, 3};
  const RatesList full = {{44100, 48000, 88200, 96000}, 4};
  RatesList others = {.n = 0};
  Message message = {""};
  assert_int_equal(rates_besides(&list, 48000.0, &others, &message), STATUS_OK);
  assert_int_equal(others.n, 2);
  assert_int_equal(others.hz[0], 44100);
  assert_int_equal(others.hz[1], 96000);
  assert_int_equal(rates_besides(&list, 32000.0, &others, &message), STATUS_OK);
  assert_int_equal(others.n, 3);
  assert_int_equal(rates_besides(&full, 44100.0, &others, &message), STATUS_OK);
  assert_int_equal(rates_besides(&full, 32000.0, &others, &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, "32000 Hz"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_unit_remembers_for_as_long_at_another_rate),
      cmocka_unit_test(the_sets_share_the_time),
      cmocka_unit_test(time_that_one_set_leaves_goes_to_the_next),
      cmocka_unit_test(a_further_set_takes_a_quarter_of_the_epochs_and_one_start),
      cmocka_unit_test(the_recordings_own_rate_is_trained_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
