// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the resampler keep what both rates can hold, on time, and remove the rest?

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/distance.h"
#include "core/model/resampler.h"
#include "tests/checks.h"

#include <math.h>
#include <stdlib.h>

#define SECONDS 1U

static const double pairs[][2] = {{44100.0, 48000.0},  {48000.0, 44100.0},  {48000.0, 88200.0},
                                  {192000.0, 44100.0}, {44100.0, 192000.0}, {48000.0, 47999.0}};

/// Resample a sine in blocks of `block`; return how many frames came
static uint32_t
resample_sine(const double in, const double out, const double hz, const uint32_t block,
              float* const y)
{
  const uint32_t n = (uint32_t)in * SECONDS;
  Resampler* r = NULL;
  float x[256];
  uint32_t n_out = 0;
  assert_int_equal(resampler_new(in, out, 256, &r), STATUS_OK);
  for (uint32_t i = 0; i < n; i += block) {
    const uint32_t k = n - i < block ? n - i : block;
    for (uint32_t j = 0; j < k; ++j) {
      x[j] = (float)(0.5 * sin(TAU * hz * (i + j) / in));
    }
    n_out += resampler_run(r, x, k, y + n_out, resampler_max_out(r));
  }
  resampler_free(r);
  return n_out;
}

static void
frequencies_that_both_rates_can_hold_stay_unchanged(void** const state)
{
  (void)state;
  float* const y = (float*)calloc(200000, sizeof(float));
  for (size_t p = 0; p < sizeof(pairs) / sizeof(pairs[0]); ++p) {
    const double slower = fmin(pairs[p][0], pairs[p][1]);
    for (double hz = 50.0; hz < 0.449 * slower; hz += fixture_is_slow() ? 9999.0 : 3333.0) {
      const uint32_t n = resample_sine(pairs[p][0], pairs[p][1], hz, 64, y);
      check_above(n, 0.98 * pairs[p][1] * SECONDS);
      double worst = 0.0;
      for (uint32_t k = n / 8; k < n; ++k) {
        worst = fmax(worst, distance_between((double)y[k], 0.5 * sin(TAU * hz * k / pairs[p][1])));
      }
      check_below(worst, 0.5 * 5.6e-5); // -85 dB
    }
  }
  free(y);
}

static void
aliases_are_85_db_down(void** const state)
{
  (void)state;
  float* const y = (float*)calloc(200000, sizeof(float));
  for (size_t p = 0; p < sizeof(pairs) / sizeof(pairs[0]); ++p) {
    if (pairs[p][1] >= pairs[p][0]) {
      continue;
    }
    for (double hz = 0.551 * pairs[p][1]; hz < pairs[p][0] / 2.0;
         hz += fixture_is_slow() ? 8555.0 : 1711.0) {
      const uint32_t n = resample_sine(pairs[p][0], pairs[p][1], hz, 64, y);
      double peak = 0.0;
      for (uint32_t k = n / 8; k < n; ++k) {
        peak = fmax(peak, fabs((double)y[k]));
      }
      check_below(peak, 0.5 * 5.6e-5);
    }
  }
  free(y);
}

static void
any_split_gives_the_same_bits(void** const state)
{
  (void)state;
  float* const a = (float*)calloc(200000, sizeof(float));
  float* const b = (float*)calloc(200000, sizeof(float));
  for (size_t p = 0; p < sizeof(pairs) / sizeof(pairs[0]); ++p) {
    const uint32_t n = resample_sine(pairs[p][0], pairs[p][1], 997.0, 256, a);
    assert_int_equal(resample_sine(pairs[p][0], pairs[p][1], 997.0, 7, b), n);
    assert_memory_equal(a, b, n * sizeof(float));
  }
  free(a);
  free(b);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(frequencies_that_both_rates_can_hold_stay_unchanged),
      cmocka_unit_test(aliases_are_85_db_down),
      cmocka_unit_test(any_split_gives_the_same_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
