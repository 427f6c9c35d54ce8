// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is the phrase that ways are tried on as bright as it says, and is an error what one hears of it?

#include "tests/fixtures.h"

#include "core/decibel.h"
#include "core/model/resampler.h"
#include "core/model/trial.h"
#include "tests/checks.h"

#include <math.h>

#define N_FRAMES 24000U ///< Half a second at 48 kHz

static const double rates[] = {44100.0, 48000.0, 96000.0};

/// Return which part of the power of `x` lies below half of `rate`
static double
part_below(const float* const x, const double rate)
{
  static float y[N_FRAMES];
  Resampler* r = NULL;
  double all = 0.0;
  double below = 0.0;
  assert_int_equal(resampler_new(48000.0, rate, N_FRAMES, &r), STATUS_OK);
  const uint32_t n = resampler_run(r, x, N_FRAMES, y, N_FRAMES);
  resampler_free(r);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    all += (double)(x[i] * x[i]) / N_FRAMES;
    below += i < n ? (double)(y[i] * y[i]) / n : 0.0;
  }
  return below / all;
}

static void
the_phrase_is_as_bright_as_a_hard_pick(void** const state)
{
  (void)state;
  static float x[N_FRAMES];
  float peak = 0.0F;
  trial_phrase(48000.0, x, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    peak = fmaxf(peak, fabsf(x[i]));
  }
  check_near(decibel_of_gain((double)peak), -7.0, 0.5);
  check_between(1.0 - part_below(x, 6600.0), 0.12, 0.18);
  check_between(1.0 - part_below(x, 20000.0), 0.015, 0.03);
}

/// Return the error of two tones, one of them changed by `part` of a tone of `hz` and an offset
static double
error_of_tone(const double rate, const double hz, const double part, const float offset)
{
  static float a[N_FRAMES];
  static float b[N_FRAMES];
  static float more[N_FRAMES];
  double error_db = 0.0;
  fixture_sine(a, N_FRAMES, 440.0, 0.3, rate);
  fixture_sine(more, N_FRAMES, hz, 0.3 * part, rate);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    b[i] = a[i] + more[i] + offset;
  }
  assert_int_equal(trial_compare(rate, a, b, N_FRAMES, &error_db), STATUS_OK);
  return error_db;
}

static void
what_is_heard_counts_and_nothing_else(void** const state)
{
  (void)state;
  for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); ++r) {
    check_near(error_of_tone(rates[r], 100.0, 0.01, 0.0F), -40.0, 0.1);
    check_near(error_of_tone(rates[r], 15000.0, 0.01, 0.2F), -40.0, 0.1);
    check_below(error_of_tone(rates[r], 21000.0, 0.01, 0.0F), -70.0);
    check_below(error_of_tone(rates[r], 100.0, 0.0, 0.2F), -90.0);
  }
}

/// Nothing but silence is no error, and doesn't divide by zero
static void
silence_is_compared(void** const state)
{
  (void)state;
  static const float silence[N_FRAMES] = {0.0F};
  double error_db = 0.0;
  assert_int_equal(trial_compare(48000.0, silence, silence, N_FRAMES, &error_db), STATUS_OK);
  check_at_most(error_db, -100.0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_phrase_is_as_bright_as_a_hard_pick),
      cmocka_unit_test(what_is_heard_counts_and_nothing_else),
      cmocka_unit_test(silence_is_compared),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
