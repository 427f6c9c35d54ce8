// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is what captures are listened to with as guitarists record, and never twice the same?

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "tests/checks.h"
#include "train/capture/etude.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE 48000.0
#define N_BARS 24U ///< Two sweeps or noises among them
#define BLOCK 2400U

static const Etude etude = {RATE, 1};

/// All bars, played once for all tests
static struct {
  uint32_t n_bar;
  uint32_t n_frames;
  float* samples;
} played;

static void
play(const Etude* const what, const uint32_t bar, float* const out)
{
  assert_int_equal(etude_play(what, bar, out), STATUS_OK);
}

static int
play_all(void** const state)
{
  (void)state;
  played.n_bar = etude_bar_frames(&etude);
  played.n_frames = N_BARS * played.n_bar;
  played.samples = (float*)calloc(played.n_frames, sizeof(float));
  assert_non_null(played.samples);
  for (uint32_t i = 0; i < N_BARS; ++i) {
    play(&etude, i, played.samples + (size_t)i * played.n_bar);
  }
  return 0;
}

static int
free_all(void** const state)
{
  (void)state;
  free(played.samples);
  return 0;
}

static double
power_of(const float* const samples, const uint32_t n)
{
  double sum = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    sum += (double)samples[i] * (double)samples[i];
  }
  return sum / n;
}

/// Return the power above `hz`, after two one-pole filters
static double
treble_of(const float* const samples, const uint32_t n, const double hz)
{
  const double part = 1.0 - exp(-TAU * hz / RATE);
  double low[2] = {0.0, 0.0};
  double sum = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    double x = (double)samples[i];
    for (uint32_t k = 0; k < 2; ++k) {
      low[k] += part * (x - low[k]);
      x -= low[k];
    }
    sum += x * x;
  }
  return sum / n;
}

static void
a_bar_depends_on_seed_and_number_alone(void** const state)
{
  (void)state;
  const size_t size = played.n_bar * sizeof(float);
  const Etude other = {RATE, 2};
  float* const again = (float*)calloc(played.n_bar, sizeof(float));
  play(&etude, 7, again);
  assert_memory_equal(again, played.samples + (size_t)7 * played.n_bar, size);
  assert_memory_not_equal(again, played.samples + (size_t)8 * played.n_bar, size);
  memset(again, 0, size);
  play(&other, 7, again);
  assert_memory_not_equal(again, played.samples + (size_t)7 * played.n_bar, size);
  free(again);
}

static void
the_playing_is_as_loud_as_recordings_and_never_clips(void** const state)
{
  (void)state;
  double peak = 0.0;
  for (uint32_t i = 0; i < played.n_frames; ++i) {
    peak = fmax(peak, fabs((double)played.samples[i]));
  }
  check_between(decibel_of_gain(peak), -3.0, -0.099);
  check_between(decibel_of_power(power_of(played.samples, played.n_frames)), -26.0, -16.0);
}

static void
there_are_soft_passages_but_hardly_any_silence(void** const state)
{
  (void)state;
  const uint32_t n_blocks = played.n_frames / BLOCK;
  uint32_t n_silent = 0;
  uint32_t n_soft = 0;
  for (uint32_t i = 0; i < n_blocks; ++i) {
    const double db = decibel_of_power(power_of(played.samples + (size_t)i * BLOCK, BLOCK) + 1e-20);
    n_silent += db < -80.0;
    n_soft += db > -80.0 && db < -35.0;
  }
  check_below((double)n_silent / n_blocks, 0.06);
  check_between((double)n_soft / n_blocks, 0.1, 0.4);
}

static void
the_treble_is_as_weak_as_a_guitars(void** const state)
{
  (void)state;
  const double share = treble_of(played.samples, played.n_frames, 5000.0) /
                       power_of(played.samples, played.n_frames);
  check_between(decibel_of_power(share), -38.0, -28.0);
}

static void
every_rate_has_bars_of_the_same_length(void** const state)
{
  (void)state;
  static const double rates[] = {8000.0, 44100.0, 96000.0};
  for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); ++i) {
    const Etude at = {rates[i], 1};
    const uint32_t n = etude_bar_frames(&at);
    float* const out = (float*)calloc(n, sizeof(float));
    check_near(n / rates[i], ETUDE_BAR_SECONDS, 1e-3);
    play(&at, 3, out);
    check_near(decibel_of_power(power_of(out, n)),
               decibel_of_power(power_of(played.samples + (size_t)3 * played.n_bar, played.n_bar)),
               2.0);
    free(out);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_bar_depends_on_seed_and_number_alone),
      cmocka_unit_test(the_playing_is_as_loud_as_recordings_and_never_clips),
      cmocka_unit_test(there_are_soft_passages_but_hardly_any_silence),
      cmocka_unit_test(the_treble_is_as_weak_as_a_guitars),
      cmocka_unit_test(every_rate_has_bars_of_the_same_length),
  };
  return cmocka_run_group_tests(tests, play_all, free_all);
}
