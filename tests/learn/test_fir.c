// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the trainer's linear stage filter and correlate like plain sums in double, for any number of
// taps and however the sound is cut?

#include "tests/fixtures.h"

#include "core/distance.h"
#include "core/random.h"
#include "tests/checks.h"
#include "train/learn/fir.h"
#include "train/learn/fir_step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define G BPTT_GROUP
#define N 400U ///< Frames
#define MAX_TAPS 2048U

static const uint32_t sizes[] = {1, 2, 7, 64, 129, 1000, MAX_TAPS};

#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

/// Sound of a group, taps, and what comes of both
typedef struct {
  FirTaps taps;
  FirScratch scratch;
  float values[MAX_TAPS];
  float past[MAX_TAPS * G]; ///< The last n_taps - 1 rows before the sound, then free
  float before[MAX_TAPS * G];
  float sound[N * G];
  float out[N * G];
} Fixture;

static Fixture*
new_fixture(const uint32_t n_taps, const uint32_t isa)
{
  Fixture* const f = (Fixture*)calloc(1, sizeof(Fixture));
  Random random = random_for(n_taps, 1);
  assert_int_equal(fir_taps_init(&f->taps, n_taps, N), STATUS_OK);
  assert_int_equal(fir_scratch_init(&f->scratch, &f->taps), STATUS_OK);
  f->taps.kernel = fir_kernel(isa);
  for (uint32_t k = 0; k < n_taps; ++k) {
    f->values[k] = (float)(random_between(&random, -1.0, 1.0) * exp(-5.0 * k / n_taps));
  }
  for (uint32_t i = 0; i < (n_taps - 1) * G; ++i) {
    f->past[i] = (float)random_between(&random, -1.0, 1.0);
  }
  for (uint32_t i = 0; i < N * G; ++i) {
    f->sound[i] = (float)random_between(&random, -1.0, 1.0);
  }
  memcpy(f->before, f->past, sizeof(f->past));
  memcpy(f->out, f->sound, sizeof(f->sound));
  return f;
}

static void
free_fixture(Fixture* const f)
{
  fir_taps_clear(&f->taps);
  fir_scratch_clear(&f->scratch);
  free(f);
}

/// Return what a lane played at frame `t` of the sound, or before it
static double
sample_of(const Fixture* const f, const int64_t t, const uint32_t lane)
{
  const int64_t row = t + (int64_t)f->taps.n_taps - 1;
  return (double)(t >= 0 ? f->sound[t * G + lane] : f->before[row * G + lane]);
}

/// Play the sound in chunks of `n_kept`, each run with up to `n_after` frames of the next
static void
play_chunks(Fixture* const f, const uint32_t n_kept, const uint32_t n_after)
{
  for (uint32_t t = 0; t < N; t += n_kept) {
    float y[N * G];
    const uint32_t left = N - t;
    const uint32_t kept = n_kept < left ? n_kept : left;
    const uint32_t after = n_after < left - kept ? n_after : left - kept;
    memcpy(y, f->sound + (size_t)t * G, (size_t)(kept + after) * G * sizeof(float));
    fir_taps_set(&f->taps, &f->scratch, f->values, kept + after);
    fir_play(&f->taps, &f->scratch, f->past, y, (FirChunk){kept + after, kept});
    memcpy(f->out + (size_t)t * G, y, (size_t)kept * G * sizeof(float));
  }
}

/// Compare with plain sums; return the largest difference
static double
difference_from_sums(const Fixture* const f)
{
  double largest = 0.0;
  for (uint32_t t = 0; t < N; t += 13) {
    for (uint32_t g = 0; g < G; ++g) {
      double sum = 0.0;
      for (uint32_t k = 0; k < f->taps.n_taps; ++k) {
        sum += (double)f->values[k] * sample_of(f, (int64_t)t - (int64_t)k, g);
      }
      largest = fmax(largest, distance_between(sum, (double)f->out[t * G + g]));
    }
  }
  return largest;
}

static void
chunks_of_any_length_are_filtered(void** const state)
{
  (void)state;
  static const uint32_t chunks[][2] = {{N, 0}, {256, 0}, {100, 50}, {7, 300}};
  for (uint32_t i = 0; i < N_SIZES * fir_n_kernels(); ++i) {
    for (size_t c = 0; c < sizeof(chunks) / sizeof(chunks[0]); ++c) {
      Fixture* const f = new_fixture(sizes[i % N_SIZES], (uint32_t)(i / N_SIZES));
      play_chunks(f, chunks[c][0], chunks[c][1]);
      check_at_most(difference_from_sums(f), 1e-5);
      free_fixture(f);
    }
  }
}

/// Of errors `dy`, which are zero outside the sound
static void
check_gradient(Fixture* const f, const float* const dy)
{
  float passed[N * G];
  float gradient[MAX_TAPS];
  memcpy(passed, dy, sizeof(passed));
  fir_gradient(&f->taps, &f->scratch, passed, N, gradient);
  for (uint32_t k = 0; k < f->taps.n_taps; k += 1 + k / 9) {
    double sum = 0.0;
    for (uint32_t i = 0; i < N * G; ++i) {
      sum += (double)dy[i] * sample_of(f, (int64_t)(i / G) - (int64_t)k, i % G);
    }
    check_near(gradient[k], sum, 1e-3);
  }
  for (uint32_t t = 0; t < N; t += 13) {
    double sum = 0.0;
    for (uint32_t k = 0; k < f->taps.n_taps && t + k < N; ++k) {
      sum += (double)f->values[k] * (double)dy[(size_t)(t + k) * G + 5];
    }
    check_near(passed[t * G + 5], sum, 1e-4);
  }
}

static void
gradients_are_sums_over_what_was_played(void** const state)
{
  (void)state;
  for (uint32_t i = 0; i < N_SIZES * fir_n_kernels(); ++i) {
    float dy[N * G];
    Fixture* const f = new_fixture(sizes[i % N_SIZES], (uint32_t)(i / N_SIZES));
    Random random = random_for(i, 2);
    for (uint32_t k = 0; k < N * G; ++k) {
      dy[k] = (float)random_between(&random, -1.0, 1.0);
    }
    play_chunks(f, N, 0);
    check_gradient(f, dy);
    free_fixture(f);
  }
}

/// Return how far taps are from others, as a share of those
static double
distance_of_taps(const float* const taps, const float* const others, const uint32_t n)
{
  double error = 0.0;
  double norm = 0.0;
  for (uint32_t k = 0; k < n; ++k) {
    error += pow((double)taps[k] - (double)others[k], 2.0);
    norm += pow((double)others[k], 2.0);
  }
  return sqrt(error / norm);
}

/// The gradient of errors whose bass has 400 times the power of their treble
static void
fill_gradient(const float* const taps, const float* const others, const uint32_t n,
              float* const gradient)
{
  double low[MAX_TAPS];
  double state = 0.0;
  for (uint32_t k = 0; k < n; ++k) {
    state += 0.05 * ((double)taps[k] - (double)others[k] - state);
    low[k] = state;
  }
  state = 0.0;
  for (uint32_t k = n; k-- > 0;) {
    state += 0.05 * (low[k] - state);
    gradient[k] = (float)(state + 0.0025 * ((double)taps[k] - (double)others[k]));
  }
}

static void
steps_reach_taps_of_any_level(void** const state)
{
  (void)state;
  static const uint32_t counts[] = {1, 2, 33, 512};
  for (size_t i = 0; i < 4; ++i) {
    const uint32_t n = counts[i];
    float taps[MAX_TAPS] = {i % 2 ? 100.0F : 0.01F};
    float gradient[MAX_TAPS];
    FirStep* step = NULL;
    float* const memory = (float*)calloc(fir_step_state_size(n), sizeof(float));
    Fixture* const f = new_fixture(n, 0);
    assert_int_equal(fir_step_new(n, &step), STATUS_OK);
    for (uint32_t k = 0; k < n; ++k) {
      f->values[k] *= taps[0];
    }
    const double before = distance_of_taps(taps, f->values, n);
    for (uint32_t s = 1; s <= 400; ++s) {
      fill_gradient(taps, f->values, n, gradient);
      fir_step_move(step, memory, s, gradient, 0.05 * (1.0 - s / 400.0), taps);
    }
    check_at_most(distance_of_taps(taps, f->values, n), 0.02 * fmax(before, 1.0));
    fir_step_free(step);
    free_fixture(f);
    free(memory);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(chunks_of_any_length_are_filtered),
      cmocka_unit_test(gradients_are_sums_over_what_was_played),
      cmocka_unit_test(steps_reach_taps_of_any_level),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
