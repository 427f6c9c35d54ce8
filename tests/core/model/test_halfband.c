// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does a signal taken up and down again come back unchanged, on time, and without images?

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/distance.h"
#include "core/model/halfband.h"
#include "tests/checks.h"

#include <math.h>
#include <string.h>

#define N 8192U
#define BLOCK HALFBAND_MAX_FRAMES

static float in[N];
static float out[N];
static float fast[HALFBAND_MAX_FACTOR * N];

static void
up_and_down(const uint32_t factor)
{
  Halfband h;
  halfband_init(&h, factor);
  halfband_reset(&h, 0.0F);
  for (uint32_t i = 0; i < N; i += BLOCK) {
    halfband_up(&h, in + i, fast + factor * i, BLOCK);
    halfband_down(&h, fast + factor * i, out + i, BLOCK);
  }
}

/// Fill with a sine of `hz` times the sample rate
static void
write_sine(float* const x, const uint32_t n, const double hz)
{
  for (uint32_t i = 0; i < n; ++i) {
    x[i] = (float)(0.5 * sin(TAU * hz * i));
  }
}

/// Amplitude of a sine in a signal [linear], without the signal's ends
static double
amplitude_of(const float* const x, const uint32_t n, const double hz)
{
  double re = 0.0;
  double im = 0.0;
  double norm = 0.0;
  for (uint32_t i = n / 8; i < n - n / 8; ++i) {
    const double w = 0.5 - 0.5 * cos(TAU * (i - n / 8.0) / (0.75 * n));
    re += w * (double)x[i] * cos(TAU * hz * i);
    im += w * (double)x[i] * sin(TAU * hz * i);
    norm += w;
  }
  return 2.0 * sqrt(re * re + im * im) / norm;
}

static void
the_passband_comes_back_unchanged_and_on_time(void** const state)
{
  (void)state;
  static const double hz[] = {0.001, 0.02, 0.1, 0.25, 0.4, 0.415};
  for (uint32_t factor = 2; factor <= 4; factor *= 2) {
    const uint32_t late = halfband_latency(factor);
    for (size_t f = 0; f < sizeof(hz) / sizeof(hz[0]); ++f) {
      write_sine(in, N, hz[f]);
      up_and_down(factor);
      double worst = 0.0;
      for (uint32_t i = 200; i < N; ++i) {
        worst = fmax(worst, distance_between((double)out[i], (double)in[i - late]));
      }
      check_below(worst, 0.5 * 3e-4); // -70 dB, at the edge of the passband
    }
  }
}

static void
images_are_85_db_down(void** const state)
{
  (void)state;
  for (uint32_t factor = 2; factor <= 4; factor *= 2) {
    for (double hz = 0.02; hz < 0.42; hz += 0.09) {
      write_sine(in, N, hz);
      up_and_down(factor);
      for (uint32_t k = 1; k < factor; ++k) {
        check_below(amplitude_of(fast, factor * N, (k - hz) / factor), 0.5 * 5.6e-5);
      }
    }
  }
}

static void
aliases_are_85_db_down(void** const state)
{
  (void)state;
  for (uint32_t factor = 2; factor <= 4; factor *= 2) {
    for (double hz = 0.59; hz < factor / 2.0; hz += 0.13) {
      Halfband h;
      if (fabs(hz - 1.5) < 0.09) { // Folds to above 0.42, beyond the passband
        continue;
      }
      halfband_init(&h, factor);
      write_sine(fast, factor * N, hz / factor);
      for (uint32_t i = 0; i < N; i += BLOCK) {
        halfband_down(&h, fast + factor * i, out + i, BLOCK);
      }
      double peak = 0.0;
      for (uint32_t i = 200; i < N; ++i) {
        peak = fmax(peak, fabs((double)out[i]));
      }
      check_below(peak, 0.5 * 5.6e-5);
    }
  }
}

static void
any_split_gives_the_same_bits(void** const state)
{
  (void)state;
  static float whole[N];
  for (uint32_t factor = 2; factor <= 4; factor *= 2) {
    Halfband h;
    fixture_guitar(in, N, 1);
    up_and_down(factor);
    memcpy(whole, out, sizeof(out));
    halfband_init(&h, factor);
    for (uint32_t i = 0, n = 1; i < N; i += n, n = 1 + n * 37 % BLOCK) {
      n = N - i < n ? N - i : n;
      halfband_up(&h, in + i, fast, n);
      halfband_down(&h, fast, out + i, n);
    }
    assert_memory_equal(whole, out, sizeof(out));
  }
}

static void
a_constant_stays_constant(void** const state)
{
  (void)state;
  for (uint32_t factor = 2; factor <= 4; factor *= 2) {
    Halfband h;
    halfband_init(&h, factor);
    halfband_reset(&h, 0.25F);
    for (uint32_t i = 0; i < factor * BLOCK; ++i) {
      fast[i] = 0.25F;
    }
    halfband_down(&h, fast, out, BLOCK);
    for (uint32_t i = 0; i < BLOCK; ++i) {
      check_near(out[i], 0.25F, 1e-6F);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_passband_comes_back_unchanged_and_on_time),
      cmocka_unit_test(images_are_85_db_down),
      cmocka_unit_test(aliases_are_85_db_down),
      cmocka_unit_test(any_split_gives_the_same_bits),
      cmocka_unit_test(a_constant_stays_constant),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
