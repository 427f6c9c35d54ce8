// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does A-weighting follow the standard's formula and table?

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "tests/checks.h"
#include "train/audio/a_weighting.h"

#include <math.h>
#include <stddef.h>

static const double rates[] = {44100.0, 48000.0, 88200.0, 96000.0, 192000.0};

#define N_RATES (sizeof(rates) / sizeof(rates[0]))

/// IEC 61672-1, equation E.6 [dB], without the constant
static double
standard_db(const double f)
{
  const double f2 = f * f;
  const double h = 12194.217 * 12194.217 * f2 * f2 /
                   ((f2 + 20.598997 * 20.598997) * (f2 + 12194.217 * 12194.217) *
                    sqrt((f2 + 107.65265 * 107.65265) * (f2 + 737.86223 * 737.86223)));
  return decibel_of_gain(h);
}

/// Return the filter's gain at a frequency [dB], from its impulse response
static double
gain_db(const double frequency, const double sample_rate)
{
  const Weighting weighting = weighting_design(sample_rate);
  WeightingState state = {{0.0}};
  double re = 0.0;
  double im = 0.0;
  for (uint32_t t = 0; t < (uint32_t)(0.2 * sample_rate); ++t) {
    const double h = weighting_step(&weighting, &state, t ? 0.0 : 1.0);
    re += h * cos(2.0 * PI * frequency * t / sample_rate);
    im += h * sin(2.0 * PI * frequency * t / sample_rate);
  }
  return decibel_of_power(re * re + im * im);
}

static void
the_gain_is_within_a_fifth_of_a_db_of_the_standard(void** const state)
{
  (void)state;
  for (size_t r = 0; r < N_RATES; ++r) {
    for (double f = 20.0; f <= 16000.0; f *= fixture_is_slow() ? 1.6 : 1.05) {
      const double error = gain_db(f, rates[r]) - (standard_db(f) - standard_db(1000.0));
      if (!(fabs(error) <= (f <= 10000.0 ? 0.2 : 0.25))) {
        fail_msg("%g Hz at %g Hz: %g dB off", f, rates[r], error);
      }
    }
  }
}

/// IEC 61672-1, table 3, rounded there to 0.1 dB
static void
the_gain_agrees_with_the_standards_table(void** const state)
{
  (void)state;
  static const double table[][2] = {{31.62, -39.4}, {63.10, -26.2},  {125.9, -16.1},
                                    {251.2, -8.6},  {501.2, -3.2},   {1000.0, 0.0},
                                    {1995.3, 1.2},  {3981.1, 1.0},   {7943.3, -1.1},
                                    {10000, -2.5},  {12589.3, -4.3}, {15848.9, -6.6}};
  for (size_t r = 0; r < N_RATES; ++r) {
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); ++i) {
      check_near(gain_db(table[i][0], rates[r]), table[i][1], 0.3);
    }
  }
}

static void
every_rate_of_a_recording_gives_a_finite_filter(void** const state)
{
  (void)state;
  for (double rate = 8000.0; rate <= 768000.0; rate *= fixture_is_slow() ? 4.0 : 1.3) {
    check_below(fabs(gain_db(1000.0, rate)), 1e-3);
    assert_true(isfinite(gain_db(0.45 * rate, rate)));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_gain_is_within_a_fifth_of_a_db_of_the_standard),
      cmocka_unit_test(the_gain_agrees_with_the_standards_table),
      cmocka_unit_test(every_rate_of_a_recording_gives_a_finite_filter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
