// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the spectral term follow its definition in double, with transforms written out and slopes by
// finite differences?

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/random.h"
#include "tests/checks.h"
#include "train/learn/bptt.h"
#include "train/learn/loss_spectral.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define G BPTT_GROUP
#define MAX SPECTRAL_MAX_SIZE
#define MAX_CHUNK 700U
#define FRAMES (MAX + MAX_CHUNK)
#define POWER 0.1
#define WEIGHT 0.25
#define N_CLIPS (G - 3)

/// Sound before a chunk and in it
typedef struct {
  float output[FRAMES * G]; ///< (FRAMES, G)
  float target[FRAMES * G];
  float dy[MAX_CHUNK * G];
  float mask[G];
  Spectral spectral;
  SpectralMemory memory;
} Fixture;

/// A tone, noise and an offset in each lane, and an output that is close to the target
static int
set_up(void** const state)
{
  Fixture* const f = (Fixture*)calloc(1, sizeof(Fixture));
  Random random = random_for(5, 1);
  for (uint32_t t = 0; t < FRAMES; ++t) {
    for (uint32_t g = 0; g < G; ++g) {
      const double tone = 0.4 * sin(0.05 * (g + 1) * t);
      f->target[t * G + g] = (float)(tone + random_between(&random, -0.1, 0.1) + 0.05);
      f->output[t * G + g] = (float)(0.9 * tone + random_between(&random, -0.1, 0.1));
    }
  }
  for (uint32_t g = 0; g < G; ++g) {
    f->mask[g] = g < N_CLIPS ? 1.0F : 0.0F;
  }
  assert_int_equal(spectral_init(&f->spectral, WEIGHT, POWER), STATUS_OK);
  assert_int_equal(spectral_memory_init(&f->memory, FRAMES), STATUS_OK);
  *state = f;
  return 0;
}

static int
tear_down(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  spectral_memory_clear(&f->memory);
  spectral_clear(&f->spectral);
  free(f);
  return 0;
}

/// The term of the last `n_frames`, after all those before them
static double
run_term(Fixture* const f, const uint32_t n_frames)
{
  const SpectralChunk chunk = {n_frames, N_CLIPS, f->mask};
  const size_t start = (size_t)(FRAMES - n_frames) * G;
  spectral_memory_reset(&f->memory);
  spectral_remember(&f->memory, f->output, f->target, FRAMES - n_frames);
  spectral_remember(&f->memory, f->output + start, f->target + start, n_frames);
  memset(f->dy, 0, sizeof(f->dy));
  return spectral_add_gradient(&f->spectral, &f->memory, &chunk, f->dy);
}

static double
window_at(const uint32_t i, const uint32_t n)
{
  const double at = (i + 0.5) / n;
  return at < 0.75 ? pow(sin(PI * at / 1.5), 2.0) : pow(sin(PI * (1.0 - at) / 0.5), 2.0);
}

/// √(|X|² + ε) of bin `k` of the `n` frames from `x`
static double
magnitude_of(const double* const x, const uint32_t n, const uint32_t k, const double unit)
{
  double re = 0.0;
  double im = 0.0;
  static double sine[MAX];
  static double window[MAX];
  static uint32_t prepared = 0;
  for (uint32_t i = 0; prepared != n && i < n; ++i) {
    sine[i] = sin(2.0 * PI * i / n);
    window[i] = window_at(i, n);
  }
  prepared = n;
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t phase = i * k % n;
    re += window[i] * x[i] * sine[(phase + n / 4) % n];
    im += window[i] * x[i] * sine[phase];
  }
  return sqrt(re * re + im * im + 1e-6 * unit);
}

/// Sum over the bins of the window that starts at `y` and `target`
static double
window_term(const double* const y, const double* const target, const uint32_t n)
{
  double energy = 0.0;
  double sum = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    energy += pow(window_at(i, n), 2.0);
  }
  const double unit = POWER * energy;
  for (uint32_t k = 1; k < n / 2; ++k) {
    const double m = magnitude_of(y, n, k, unit);
    const double expected = magnitude_of(target, n, k, unit);
    sum += pow(m - expected, 2.0) / unit + sqrt(pow(log(m / expected), 2.0) + 0.01) - 0.1;
  }
  return sum;
}

/// One lane's share in the batch's term; `y` and `target` (FRAMES) end with the chunk
static double
lane_term(const double* const y, const double* const target, const uint32_t n_frames)
{
  const uint32_t sizes[3] = {256, 1024, 2048};
  const uint32_t n_sizes = n_frames < 256 ? 1 : n_frames < 512 ? 2 : 3;
  double total = 0.0;
  for (uint32_t s = 0; s < n_sizes; ++s) {
    const uint32_t n = sizes[s];
    double sum = 0.0;
    uint32_t n_windows = 0;
    for (uint32_t past = 0; past < n_frames; past += n / 2, ++n_windows) {
      const uint32_t begin = FRAMES - past - n;
      sum += window_term(y + begin, target + begin, n);
    }
    total += sum / (n_windows * (n / 2 - 1.0)) / n_sizes;
  }
  return WEIGHT * total / N_CLIPS;
}

static void
get_lane(const float* const lanes, const uint32_t g, double* const lane)
{
  for (uint32_t t = 0; t < FRAMES; ++t) {
    lane[t] = (double)lanes[t * G + g];
  }
}

/// Check slopes by finite differences at some frames of a lane, including the last
static void
check_slopes(const Fixture* const f, const uint32_t g, const uint32_t n_frames)
{
  static double y[FRAMES];
  static double target[FRAMES];
  const uint32_t step = fixture_is_slow() ? n_frames - 1 : n_frames / 7;
  double largest = 0.0;
  get_lane(f->output, g, y);
  get_lane(f->target, g, target);
  for (uint32_t t = 0; t < n_frames; ++t) {
    largest = fmax(largest, fabs((double)f->dy[t * G + g]));
  }
  for (uint32_t t = n_frames - 1; t < n_frames; t -= step) {
    double* const moved = &y[FRAMES - n_frames + t];
    const double value = *moved;
    *moved = value + 1e-5;
    const double above = lane_term(y, target, n_frames);
    *moved = value - 1e-5;
    const double below = lane_term(y, target, n_frames);
    *moved = value;
    const double slope = (above - below) / 2e-5;
    if (!(fabs((double)f->dy[t * G + g] - slope) <= 2e-4 * largest)) {
      fail_msg("%u frames, lane %u, frame %u: %g, should be %g of %g", n_frames, g, t,
               (double)f->dy[t * G + g], slope, largest);
    }
  }
}

static void
value_and_gradient_follow_the_definition(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  static double y[FRAMES];
  static double target[FRAMES];
  const uint32_t chunks[] = {64, 150, 256, MAX_CHUNK};
  for (size_t c = 0; c < (fixture_is_slow() ? 2U : 4U); ++c) {
    const double value = run_term(f, chunks[c]);
    double expected = 0.0;
    for (uint32_t g = 0; g < N_CLIPS; ++g) {
      get_lane(f->output, g, y);
      get_lane(f->target, g, target);
      expected += lane_term(y, target, chunks[c]);
    }
    check_above(expected, 0.01);
    check_near(value, expected, 1e-4 * expected);
    check_slopes(f, 0, chunks[c]);
    check_slopes(f, N_CLIPS - 1, chunks[c]);
  }
}

static void
the_same_spectrum_costs_nothing_whatever_its_polarity(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  for (uint32_t i = 0; i < FRAMES * G; ++i) {
    f->output[i] = -f->target[i];
  }
  check_at_most(fabs(run_term(f, 512)), 1e-6);
  for (uint32_t i = 0; i < 512 * G; ++i) {
    check_at_most(fabsf(f->dy[i]), 1e-5F);
  }
}

static void
lanes_without_clips_and_short_chunks_have_no_part(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  check_above(run_term(f, SPECTRAL_MIN_CHUNK), 0.0);
  for (uint32_t t = 0; t < SPECTRAL_MIN_CHUNK; ++t) {
    for (uint32_t g = N_CLIPS; g < G; ++g) {
      check_equal(f->dy[t * G + g], 0.0F);
    }
  }
  check_equal(run_term(f, SPECTRAL_MIN_CHUNK - 1), 0.0);
}

/// In pieces, with less memory than all of them take
static void
earlier_chunks_are_remembered(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  static float gradient[256 * G];
  const double expected = run_term(f, 256);
  const SpectralChunk chunk = {256, N_CLIPS, f->mask};
  SpectralMemory memory = {0};
  memcpy(gradient, f->dy, sizeof(gradient));
  memset(f->dy, 0, sizeof(f->dy));
  assert_int_equal(spectral_memory_init(&memory, 256), STATUS_OK);
  for (uint32_t round = 0; round < 3; ++round) {
    for (uint32_t t = FRAMES % 128; t < FRAMES - 256; t += 128) {
      spectral_remember(&memory, f->output + (size_t)t * G, f->target + (size_t)t * G, 128);
    }
  }
  const size_t last = (size_t)(FRAMES - 256) * G;
  spectral_remember(&memory, f->output + last, f->target + last, 256);
  check_equal(spectral_add_gradient(&f->spectral, &memory, &chunk, f->dy), expected);
  assert_memory_equal(f->dy, gradient, sizeof(gradient));
  spectral_memory_clear(&memory);
}

static void
a_new_clip_starts_after_silence(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  const SpectralChunk chunk = {256, N_CLIPS, f->mask};
  SpectralMemory fresh = {0};
  assert_int_equal(spectral_memory_init(&fresh, 256), STATUS_OK);
  spectral_remember(&fresh, f->output, f->target, 256);
  const double expected = spectral_add_gradient(&f->spectral, &fresh, &chunk, f->dy);
  for (uint32_t round = 0; round < 2; ++round) { // More than there is room for
    spectral_remember(&f->memory, f->output, f->target, FRAMES);
  }
  spectral_memory_reset(&f->memory);
  spectral_remember(&f->memory, f->output, f->target, 256);
  check_equal(spectral_add_gradient(&f->spectral, &f->memory, &chunk, f->dy), expected);
  spectral_memory_clear(&fresh);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(value_and_gradient_follow_the_definition, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_same_spectrum_costs_nothing_whatever_its_polarity, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(lanes_without_clips_and_short_chunks_have_no_part, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(earlier_chunks_are_remembered, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_new_clip_starts_after_silence, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
