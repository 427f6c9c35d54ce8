// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the playing use every level, note and chord, and is it the same every time?

#include "guitar/guitar.h"
#include "tests/checks.h"
#include "tests/circuits/probe.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECONDS 40.0
#define RATE 48000.0

static double*
render_guitar(const double rate, const double seconds, const uint64_t seed)
{
  const GuitarSpec spec = {
      .sample_rate = rate, .n_frames = (uint32_t)(seconds * rate), .seed = seed};
  double* const out = (double*)malloc((spec.n_frames + 1U) * sizeof(double));
  assert_non_null(out);
  assert_int_equal(guitar_render(&spec, out), STATUS_OK);
  return out;
}

static double
level_db(const double* const samples, const double rate, const double start, const double seconds)
{
  const uint32_t first = (uint32_t)(start * rate);
  const uint32_t n = (uint32_t)(seconds * rate);
  double power = 1e-30;
  for (uint32_t i = first; i < first + n; ++i) {
    power += samples[i] * samples[i] / n;
  }
  return 0.5 * probe_db(power);
}

static void
the_peak_is_1_db_below_full_scale(void** const state)
{
  (void)state;
  double* const out = render_guitar(RATE, SECONDS, 1);
  double peak = 0.0;
  for (uint32_t i = 0; i < SECONDS * RATE; ++i) {
    assert_true(isfinite(out[i]));
    peak = fmax(peak, fabs(out[i]));
  }
  check_near(probe_db(peak), -1.0, 0.01);
  free(out);
}

static void
the_crest_is_that_of_a_guitar(void** const state)
{
  (void)state;
  double* const out = render_guitar(RATE, SECONDS, 1);
  const double level = level_db(out, RATE, 0.0, SECONDS);
  check_between(level, -27.0, -15.0);
  free(out);
}

static void
every_level_lasts_for_some_time(void** const state)
{
  (void)state;
  enum { N_CLASSES = 9 }; // Of 6 dB, from -63 to -9 dBFS
  double* const out = render_guitar(RATE, SECONDS, 1);
  double seconds[N_CLASSES] = {0.0};
  for (double start = 0.0; start < SECONDS - 0.1; start += 0.05) {
    const double class = floor((level_db(out, RATE, start, 0.05) + 63.0) / 6.0);
    if (class >= 0.0 && class < N_CLASSES) {
      seconds[(int)class] += 0.05;
    }
  }
  for (int i = 0; i < N_CLASSES; ++i) {
    print_message("# from %d dBFS: %.2f s\n", -63 + 6 * i, seconds[i]);
    check_at_least(seconds[i], 0.3);
  }
  free(out);
}

static void
it_starts_and_ends_in_silence(void** const state)
{
  (void)state;
  double* const out = render_guitar(RATE, SECONDS, 1);
  check_below(level_db(out, RATE, 0.0, 0.24), -200.0);
  check_below(level_db(out, RATE, SECONDS - 0.4, 0.4), -100.0);
  free(out);
}

static void
a_chord_decays_by_itself(void** const state)
{
  (void)state;
  const GuitarSpec spec = {.sample_rate = RATE, .n_frames = (uint32_t)(SECONDS * RATE), .seed = 1};
  const GuitarLayout layout = guitar_layout(&spec);
  double* const out = render_guitar(RATE, SECONDS, 1);
  const double start = layout.lead_in + 8.0 * layout.phrase;
  double last = level_db(out, RATE, start + 0.1, 0.5);
  for (double at = 0.6; at < layout.phrase - 0.9; at += 0.5) {
    const double level = level_db(out, RATE, start + at, 0.5);
    check_below(level, last);
    last = level;
  }
  free(out);
}

static double
line_at(const double* const out, const double start, const double pitch)
{
  return cabs(probe_line(out + (uint32_t)(start * RATE), 2400, pitch * 0.05));
}

/// Return the fundamental `pitch`'s share of a sound; 0 if it is a harmonic of another
static double
share_of_fundamental(const double* const out, const double start, const double pitch)
{
  const double line = line_at(out, start, pitch);
  for (double divisor = 2.0; divisor <= 4.0 && pitch / divisor > 80.0; divisor += 1.0) {
    if (line_at(out, start, pitch / divisor) > 0.2 * line) {
      return 0.0;
    }
  }
  return line / pow(10.0, level_db(out, RATE, start, 0.05) / 20.0);
}

static void
the_whole_neck_is_played(void** const state)
{
  (void)state;
  const double seconds = 3.0 * GUITAR_N_PHRASES * 4.2 + 0.75;
  const GuitarSpec spec = {.sample_rate = RATE, .n_frames = (uint32_t)(seconds * RATE), .seed = 1};
  const GuitarLayout layout = guitar_layout(&spec);
  double* const out = render_guitar(RATE, seconds, 1);
  const double pitches[] = {82.407, 1318.51};
  for (size_t i = 0; i < sizeof(pitches) / sizeof(pitches[0]); ++i) {
    double largest = 0.0;
    for (uint32_t round = 0; round < layout.n_rounds; ++round) {
      const double start = layout.lead_in + (9.0 * round + 1.0) * layout.phrase;
      for (double at = start; at < start + layout.phrase - 0.1; at += 0.05) {
        largest = fmax(largest, share_of_fundamental(out, at, pitches[i]));
      }
    }
    check_above(largest, 0.3);
  }
  free(out);
}

static void
the_steps_rise_by_6_db(void** const state)
{
  (void)state;
  const GuitarSpec spec = {.sample_rate = RATE, .n_frames = (uint32_t)(SECONDS * RATE), .seed = 1};
  const GuitarLayout layout = guitar_layout(&spec);
  double* const out = render_guitar(RATE, SECONDS, 1);
  const double start = layout.lead_in + 7.0 * layout.phrase;
  const double beat = layout.phrase / 10.0;
  for (int i = 1; i < 10; ++i) {
    const double rise = level_db(out, RATE, start + i * beat, 0.7 * beat) -
                        level_db(out, RATE, start + (i - 1) * beat, 0.7 * beat);
    check_near(rise, 6.0, 3.5);
  }
  free(out);
}

static void
the_same_seed_gives_the_same_bits(void** const state)
{
  (void)state;
  const size_t size = (size_t)(12.0 * RATE) * sizeof(double);
  double* const once = render_guitar(RATE, 12.0, 5);
  double* const again = render_guitar(RATE, 12.0, 5);
  double* const other = render_guitar(RATE, 12.0, 6);
  assert_memory_equal(once, again, size);
  assert_memory_not_equal(once, other, size);
  free(once);
  free(again);
  free(other);
}

static void
the_playing_is_the_same_at_any_rate(void** const state)
{
  (void)state;
  const double seconds = 20.0;
  double* const slow = render_guitar(44100.0, seconds, 1);
  double* const fast = render_guitar(96000.0, seconds, 1);
  for (double start = 0.3; start < seconds - 1.5; start += 0.5) {
    const double difference =
        level_db(fast, 96000.0, start, 0.5) - level_db(slow, 44100.0, start, 0.5);
    check_below(fabs(difference), 1.0);
  }
  free(slow);
  free(fast);
}

static void
any_length_and_rate_is_played(void** const state)
{
  (void)state;
  const double lengths[] = {0.0, 0.001, 0.1, 1.0, 3.7};
  const double rates[] = {8000.0, 44100.0, 192000.0};
  for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); ++i) {
    for (size_t k = 0; k < sizeof(rates) / sizeof(rates[0]); ++k) {
      double* const out = render_guitar(rates[k], lengths[i], 1);
      for (uint32_t frame = 0; frame < (uint32_t)(lengths[i] * rates[k]); ++frame) {
        check_at_most(fabs(out[frame]), 1.0);
      }
      free(out);
    }
  }
}

static void
a_phrase_alone_peaks_at_full_scale_and_dies_away(void** const state)
{
  (void)state;
  const GuitarSpec spec = {.sample_rate = RATE, .n_frames = (uint32_t)(3.5 * RATE), .seed = 3};
  const uint32_t last = (uint32_t)(0.02 * RATE);
  double* const out = (double*)malloc(spec.n_frames * sizeof(double));
  for (uint32_t kind = 1; kind < GUITAR_N_PHRASES; ++kind) {
    double peak = 0.0;
    double end = 0.0;
    assert_int_equal(guitar_play(&spec, (GuitarPhrase)kind, out), STATUS_OK);
    for (uint32_t i = 0; i < spec.n_frames; ++i) {
      peak = fmax(peak, fabs(out[i]));
      end = i < spec.n_frames - last ? 0.0 : fmax(end, fabs(out[i]));
    }
    check_near(peak, 1.0, 1e-9);
    check_below(probe_db(end), -30.0);
  }
  free(out);
}

static void
another_seed_plays_a_phrase_with_other_notes(void** const state)
{
  (void)state;
  GuitarSpec spec = {.sample_rate = RATE, .n_frames = (uint32_t)RATE, .seed = 3};
  const size_t size = spec.n_frames * sizeof(double);
  double* const once = (double*)malloc(size);
  double* const again = (double*)malloc(size);
  assert_int_equal(guitar_play(&spec, GUITAR_POWER, once), STATUS_OK);
  assert_int_equal(guitar_play(&spec, GUITAR_POWER, again), STATUS_OK);
  assert_memory_equal(once, again, size);
  spec.seed = 4;
  assert_int_equal(guitar_play(&spec, GUITAR_POWER, again), STATUS_OK);
  assert_memory_not_equal(once, again, size);
  free(once);
  free(again);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_peak_is_1_db_below_full_scale),
      cmocka_unit_test(the_crest_is_that_of_a_guitar),
      cmocka_unit_test(every_level_lasts_for_some_time),
      cmocka_unit_test(it_starts_and_ends_in_silence),
      cmocka_unit_test(a_chord_decays_by_itself),
      cmocka_unit_test(the_whole_neck_is_played),
      cmocka_unit_test(the_steps_rise_by_6_db),
      cmocka_unit_test(the_same_seed_gives_the_same_bits),
      cmocka_unit_test(the_playing_is_the_same_at_any_rate),
      cmocka_unit_test(any_length_and_rate_is_played),
      cmocka_unit_test(a_phrase_alone_peaks_at_full_scale_and_dies_away),
      cmocka_unit_test(another_seed_plays_a_phrase_with_other_notes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
