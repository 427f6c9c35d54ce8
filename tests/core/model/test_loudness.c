// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is the loudness that is stated for a model right?

#include "tests/fixtures.h"

#include "core/decibel.h"
#include "core/model/loudness.h"
#include "tests/checks.h"

#include <math.h>
#include <stdlib.h>

#define SECONDS 2U

static float*
phrase_at(const double rate)
{
  const uint32_t n = (uint32_t)(SECONDS * rate);
  float* const samples = (float*)calloc(n, sizeof(float));
  assert_non_null(samples);
  loudness_phrase(rate, samples, n);
  return samples;
}

static double
measure_lufs(const double rate, const float* const samples)
{
  double lufs = 0.0;
  assert_int_equal(loudness_measure(rate, samples, (uint32_t)(SECONDS * rate), &lufs), STATUS_OK);
  return lufs;
}

/// BS.1770: a sine of 997 Hz at full scale in one channel is -3.01 LUFS
static void
a_sine_is_as_loud_as_the_standard_says(void** const state)
{
  (void)state;
  static float samples[SECONDS * 192000];
  static const double rates[] = {44100.0, 48000.0, 96000.0, 192000.0};
  for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); ++r) {
    fixture_sine(samples, SECONDS * (uint32_t)rates[r], 997.0, 0.1, rates[r]);
    check_near(measure_lufs(rates[r], samples), -23.01, 0.1);
  }
}

static void
the_phrase_is_the_same_at_every_rate(void** const state)
{
  (void)state;
  static const double rates[] = {44100.0, 48000.0, 96000.0};
  for (size_t r = 0; r < 3; ++r) {
    float* const samples = phrase_at(rates[r]);
    float peak = 0.0F;
    for (uint32_t i = 0; i < (uint32_t)(SECONDS * rates[r]); ++i) {
      peak = fmaxf(peak, fabsf(samples[i]));
    }
    check_near(decibel_of_gain((double)peak), -9.0, 0.1);
    check_near(measure_lufs(rates[r], samples), -26.87, 0.05);
    free(samples);
  }
}

static void
silence_has_a_lowest_loudness(void** const state)
{
  (void)state;
  static float samples[SECONDS * 48000];
  check_equal(measure_lufs(48000.0, samples), LOUDNESS_SILENCE);
}

static void
samples_that_are_not_finite_count_as_silence(void** const state)
{
  (void)state;
  static float samples[SECONDS * 48000];
  const float bad[] = {NAN, INFINITY, -INFINITY};
  for (size_t i = 0; i < 3; ++i) {
    fixture_sine(samples, SECONDS * 48000, 997.0, 0.1, 48000.0);
    samples[100] = bad[i];
    check_equal(measure_lufs(48000.0, samples), LOUDNESS_SILENCE);
  }
}

static void
too_few_frames_count_as_silence(void** const state)
{
  (void)state;
  static float samples[10000];
  double lufs = 0.0;
  fixture_sine(samples, 10000, 997.0, 0.5, 48000.0);
  assert_int_equal(loudness_measure(48000.0, samples, 10000, &lufs), STATUS_OK); // Below 400 ms
  check_equal(lufs, LOUDNESS_SILENCE);
  lufs = 0.0;
  assert_int_equal(loudness_measure(48000.0, samples, 0, &lufs), STATUS_OK);
  check_equal(lufs, LOUDNESS_SILENCE);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sine_is_as_loud_as_the_standard_says),
      cmocka_unit_test(the_phrase_is_the_same_at_every_rate),
      cmocka_unit_test(silence_has_a_lowest_loudness),
      cmocka_unit_test(samples_that_are_not_finite_count_as_silence),
      cmocka_unit_test(too_few_frames_count_as_silence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
