// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A-weighted lanes against one signal in double, and the adjoint against the definition of one.

#include "tests/fixtures.h"

#include "core/random.h"
#include "tests/checks.h"
#include "train/learn/loss_weighting.h"

#include <math.h>
#include <stddef.h>

#define G BPTT_GROUP
#define T 300U

static const double rates[] = {44100.0, 48000.0, 88200.0, 96000.0, 192000.0};

#define N_RATES (sizeof(rates) / sizeof(rates[0]))

static void
fill_random(float* const x, const size_t n, const uint64_t seed, const double offset)
{
  Random random = random_for(seed, 1);
  for (size_t i = 0; i < n; ++i) {
    x[i] = (float)(offset + random_between(&random, -0.5, 0.5));
  }
}

/// Also with an offset, which the filter removes and single precision must not bring back
static void
lanes_are_weighted_like_one_signal_in_double_chunk_by_chunk(void** const state)
{
  (void)state;
  static float x[20 * T * G];
  static float y[20 * T * G];
  for (size_t r = 0; r < N_RATES; ++r) {
    const Weighting weighting = weighting_design(rates[r]);
    WeightingLanes lanes = {{{0.0F}}};
    fill_random(x, sizeof(x) / sizeof(x[0]), r, 0.5);
    for (size_t i = 0; i < sizeof(x) / sizeof(x[0]); ++i) {
      y[i] = x[i];
    }
    for (uint32_t start = 0; start < 20 * T; start += T / 2) {
      loss_weighting_filter(&weighting, &lanes, y + (size_t)start * G, T / 2);
    }
    for (uint32_t g = 0; g < G; g += 5) {
      WeightingState one = {{0.0}};
      double error = 0.0;
      double power = 0.0;
      for (uint32_t t = 0; t < 20 * T; ++t) {
        const double expected = weighting_step(&weighting, &one, (double)x[t * G + g]);
        error += pow((double)y[t * G + g] - expected, 2.0);
        power += expected * expected;
      }
      check_at_most(10.0 * log10(error / power), -100.0);
    }
  }
}

/// ⟨A x, y⟩ = ⟨x, Aᵀ y⟩
static void
the_adjoint_is_one(void** const state)
{
  (void)state;
  static float x[T * G];
  static float ax[T * G];
  static float y[T * G];
  static float aty[T * G];
  const Weighting weighting = weighting_design(48000.0);
  WeightingLanes lanes = {{{0.0F}}};
  fill_random(x, T * G, 1, 0.0);
  fill_random(y, T * G, 2, 0.0);
  for (uint32_t i = 0; i < T * G; ++i) {
    ax[i] = x[i];
    aty[i] = y[i];
  }
  loss_weighting_filter(&weighting, &lanes, ax, T);
  loss_weighting_adjoint(&weighting, aty, T);
  for (uint32_t g = 0; g < G; ++g) {
    double a = 0.0;
    double b = 0.0;
    double norm = 0.0;
    for (uint32_t t = 0; t < T; ++t) {
      a += (double)ax[t * G + g] * (double)y[t * G + g];
      b += (double)x[t * G + g] * (double)aty[t * G + g];
      norm += (double)ax[t * G + g] * (double)ax[t * G + g];
    }
    check_near(a, b, 1e-5 * norm);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lanes_are_weighted_like_one_signal_in_double_chunk_by_chunk),
      cmocka_unit_test(the_adjoint_is_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
