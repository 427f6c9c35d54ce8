// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do the computed cabinets sound like loudspeakers, and are the files in presets/ made of them?

#include "presets/circuits/speaker.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "tests/checks.h"
#include "train/audio/wav.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

/// Return the level of a response at a frequency [dB]
static double
level_at(const float* const x, const double hz)
{
  double re = 0.0;
  double im = 0.0;
  for (uint32_t i = 0; i < SPEAKER_FRAMES; ++i) {
    re += (double)x[i] * cos(TAU * hz / SPEAKER_RATE * i);
    im += (double)x[i] * sin(TAU * hz / SPEAKER_RATE * i);
  }
  return decibel_of_power(re * re + im * im);
}

/// Return the mean level between two frequencies [dB]
static double
mean_level(const float* const x, const double from, const double to)
{
  double sum = 0.0;
  uint32_t n = 0;
  for (double hz = from; hz < to; hz *= 1.05) {
    sum += level_at(x, hz);
    ++n;
  }
  return sum / n;
}

/// A guitar's loudspeaker carries from 80 Hz to 5 kHz, strongest around 2.5 kHz
static void
each_cabinet_has_the_range_of_a_guitar_speaker(void** const state)
{
  (void)state;
  assert_int_equal(speaker_count(), 3);
  for (size_t i = 0; i < speaker_count(); ++i) {
    float x[SPEAKER_FRAMES];
    speaker_respond(i, x);
    const double presence = mean_level(x, 2000.0, 3500.0);
    check_above(presence, mean_level(x, 200.0, 800.0) + 4.0);
    check_above(mean_level(x, 90.0, 180.0), presence - 8.0);
    check_below(mean_level(x, 20.0, 40.0), presence - 20.0);
    check_below(mean_level(x, 8000.0, 16000.0), presence - 25.0);
    check_at_most(fabs(mean_level(x, 80.0, 1000.0)), 3.0); // About as loud as without
  }
}

static void
nothing_comes_early_and_the_end_is_silent(void** const state)
{
  (void)state;
  for (size_t i = 0; i < speaker_count(); ++i) {
    float x[SPEAKER_FRAMES];
    uint32_t loudest = 0;
    speaker_respond(i, x);
    for (uint32_t k = 0; k < SPEAKER_FRAMES; ++k) {
      loudest = fabsf(x[k]) > fabsf(x[loudest]) ? k : loudest;
    }
    check_below(loudest, 16); // A third of a millisecond
    check_below(fabsf(x[loudest]), 1.0F);
    check_below(fabsf(x[SPEAKER_FRAMES - 1]), 1e-6F);
  }
}

static void
the_files_hold_what_is_computed(void** const state)
{
  (void)state;
  for (size_t i = 0; i < speaker_count(); ++i) {
    float x[SPEAKER_FRAMES];
    char path[1024];
    Wav wav = {0};
    (void)snprintf(path, sizeof(path), "%s/%s.wav", GRUS_FACTORY_CABINETS, speaker_name(i));
    speaker_respond(i, x);
    assert_int_equal(wav_read(path, 0, &wav, NULL), STATUS_OK);
    assert_int_equal(wav.n_frames, SPEAKER_FRAMES);
    check_equal(wav.sample_rate, SPEAKER_RATE);
    for (uint32_t k = 0; k < SPEAKER_FRAMES; ++k) {
      check_near(wav.samples[k], x[k], 2e-7F); // 24 bits
    }
    wav_clear(&wav);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_cabinet_has_the_range_of_a_guitar_speaker),
      cmocka_unit_test(nothing_comes_early_and_the_end_is_silent),
      cmocka_unit_test(the_files_hold_what_is_computed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
