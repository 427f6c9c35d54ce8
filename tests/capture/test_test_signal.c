// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is the test signal what its layout says, and is it recognised in recordings?

#include "tests/fixtures.h"

#include "core/decibel.h"
#include "core/random.h"
#include "tests/checks.h"
#include "train/capture/test_signal_find.h"
#include "train/capture/test_signal_layout.h"
#include "train/capture/test_signal_sound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t rates[] = {44100, 48000, 88200, 96000, 176400, 192000};
#define N_RATES (sizeof(rates) / sizeof(rates[0]))

static const SignalSound plain = {.level_db = -1.0, .seed = 1};

static double
to_db(const double gain)
{
  return decibel_of_gain(fmax(gain, 1e-10));
}

static uint64_t
length_of(const SignalSegment* const segment)
{
  return segment->end - segment->begin;
}

static double
peak_of(const float* const samples, const uint64_t n_frames)
{
  double peak = 0.0;
  for (uint64_t i = 0; i < n_frames; ++i) {
    peak = fmax(peak, fabs((double)samples[i]));
  }
  return peak;
}

/// Make a whole signal with a steady tone for the user's own playing
static float*
make_signal(const SignalLayout* const layout, const SignalSound* const sound)
{
  float* const out = (float*)calloc((size_t)layout->n_frames, sizeof(float));
  assert_non_null(out);
  for (uint32_t i = 0; i < layout->n_segments; ++i) {
    const SignalSegment* const s = &layout->segments[i];
    if (s->kind == SIGNAL_OWN) {
      fixture_sine(out + s->begin, (uint32_t)length_of(s), 110.0, 0.5, layout->rate);
    } else {
      assert_int_equal(signal_render(layout, i, sound, out + s->begin), STATUS_OK);
    }
  }
  return out;
}

/// A minute at 48 kHz, made once for all tests that only read it
static struct {
  SignalLayout layout;
  float* signal;
} shared;

static int
make_shared(void** const state)
{
  (void)state;
  signal_layout(48000, SIGNAL_MIN_SECONDS, 1001, &shared.layout);
  shared.signal = make_signal(&shared.layout, &plain);
  return 0;
}

static int
free_shared(void** const state)
{
  (void)state;
  free(shared.signal);
  return 0;
}

static void
check_cover(const SignalLayout* const layout)
{
  uint64_t at = 0;
  for (uint32_t i = 0; i < layout->n_segments; ++i) {
    const SignalSegment* const s = &layout->segments[i];
    assert_int_equal(s->begin, at);
    check_above(s->end, s->begin);
    check_at_most(s->level_db, 0.0);
    check_at_least(s->level_db, -40.0);
    if (s->kind == SIGNAL_PHRASE) {
      assert_in_range(length_of(s), 3 * layout->rate, 6 * layout->rate);
    }
    at = s->end;
  }
  assert_int_equal(at, layout->n_frames);
  assert_int_equal(at, (uint64_t)layout->seconds * layout->rate + layout->own_frames);
}

static void
segments_cover_the_signal_without_gap_or_overlap(void** const state)
{
  (void)state;
  for (size_t i = 0; i < N_RATES; ++i) {
    for (uint32_t seconds = SIGNAL_MIN_SECONDS; seconds <= SIGNAL_MAX_SECONDS;
         seconds += fixture_is_slow() ? 61 : 1) {
      SignalLayout layout;
      signal_layout(rates[i], seconds, seconds % 2 ? 0 : 12345, &layout);
      check_cover(&layout);
    }
  }
}

static double
begin_of(const SignalLayout* const layout, const SignalKind kind, const uint32_t number)
{
  const uint32_t index = signal_find(layout, kind, number);
  check_below(index, layout->n_segments);
  return (double)layout->segments[index].begin / layout->rate;
}

/// The times in the header, for three minutes and 7 s of the user's playing
static void
everything_starts_when_the_header_says(void** const state)
{
  (void)state;
  for (size_t i = 0; i < N_RATES; ++i) {
    SignalLayout layout;
    signal_layout(rates[i], 180, 7 * (uint64_t)rates[i], &layout);
    const double end = (double)layout.n_frames / layout.rate;
    check_equal(begin_of(&layout, SIGNAL_SILENCE, 0), 0.0);
    check_equal(begin_of(&layout, SIGNAL_CLICKS, 0), 1.0);
    check_equal(begin_of(&layout, SIGNAL_SILENCE, 1), 3.0);
    check_equal(begin_of(&layout, SIGNAL_VALIDATION, 0), 5.0);
    check_near(begin_of(&layout, SIGNAL_SWEEP, 0), 16.7, 1e-9);
    check_near(begin_of(&layout, SIGNAL_NOISE, 0), 23.6, 1e-9);
    check_near(begin_of(&layout, SIGNAL_PHRASE, 0), 29.2, 1e-9);
    check_near(end - begin_of(&layout, SIGNAL_CLICKS, 1), 17.7 + 7.0, 1e-9);
    check_near(end - begin_of(&layout, SIGNAL_OWN, 0), 15.7 + 7.0, 1e-9);
    check_near(end - begin_of(&layout, SIGNAL_VALIDATION, 1), 15.2, 1e-9);
    check_near(end - begin_of(&layout, SIGNAL_CLICKS, 2), 3.0, 1e-9);
    assert_int_equal(signal_find(&layout, SIGNAL_CLICKS, SIGNAL_N_GROUPS), layout.n_segments);
    assert_int_equal(signal_find(&layout, SIGNAL_VALIDATION, 2), layout.n_segments);
  }
}

static void
own_playing_moves_only_what_follows(void** const state)
{
  (void)state;
  SignalLayout without;
  SignalLayout with;
  signal_layout(48000, 100, 0, &without);
  signal_layout(48000, 100, 4711, &with);
  const uint32_t own = signal_find(&with, SIGNAL_OWN, 0);
  const size_t size = own * sizeof(SignalSegment);
  assert_int_equal(with.n_segments, without.n_segments + 1);
  assert_memory_equal(with.segments, without.segments, size);
  for (uint32_t i = own; i < without.n_segments; ++i) {
    assert_int_equal(with.segments[i + 1].kind, without.segments[i].kind);
    assert_int_equal(with.segments[i + 1].begin, without.segments[i].begin + 4711);
  }
}

static void
sweeps_noise_and_playing_span_40_db(void** const state)
{
  (void)state;
  static const SignalKind kinds[] = {SIGNAL_SWEEP, SIGNAL_NOISE, SIGNAL_PHRASE};
  SignalLayout layout;
  signal_layout(48000, 180, 0, &layout);
  for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); ++k) {
    double loudest = -100.0;
    double softest = 0.0;
    for (uint32_t i = 0; i < layout.n_segments; ++i) {
      if (layout.segments[i].kind == kinds[k]) {
        loudest = fmax(loudest, layout.segments[i].level_db);
        softest = fmin(softest, layout.segments[i].level_db);
      }
    }
    check_equal(loudest, 0.0);
    check_equal(softest, -40.0);
  }
}

/// Make one segment of the shared signal alone
static float*
make_segment(const uint32_t index, const SignalSound* const sound)
{
  const size_t n = (size_t)length_of(&shared.layout.segments[index]);
  float* const out = (float*)calloc(n, sizeof(float));
  assert_non_null(out);
  assert_int_equal(signal_render(&shared.layout, index, sound, out), STATUS_OK);
  return out;
}

static void
the_same_seed_makes_the_same_bits(void** const state)
{
  (void)state;
  const SignalSound other = {.level_db = -1.0, .seed = 2};
  for (uint32_t i = 0; i < shared.layout.n_segments; i += fixture_is_slow() ? 11 : 1) {
    const SignalSegment* const s = &shared.layout.segments[i];
    if (s->kind != SIGNAL_OWN) {
      const size_t size = (size_t)length_of(s) * sizeof(float);
      const bool has_chance =
          s->kind == SIGNAL_VALIDATION || s->kind == SIGNAL_NOISE || s->kind == SIGNAL_PHRASE;
      float* const again = make_segment(i, &plain);
      float* const otherwise = make_segment(i, &other);
      assert_memory_equal(again, shared.signal + s->begin, size);
      assert_int_equal(has_chance, !!memcmp(otherwise, again, size));
      free(again);
      free(otherwise);
    }
  }
}

static void
no_two_phrases_are_alike(void** const state)
{
  (void)state;
  if (fixture_is_slow()) {
    return;
  }
  SignalLayout layout;
  signal_layout(44100, 120, 0, &layout);
  const uint32_t first = signal_find(&layout, SIGNAL_PHRASE, 0);
  const uint32_t later = first + GUITAR_N_PHRASES - 1;
  assert_int_equal(layout.segments[first].phrase, layout.segments[later].phrase);
  const size_t n = (size_t)length_of(&layout.segments[first]);
  float* const a = (float*)calloc(n, sizeof(float));
  float* const b = (float*)calloc(n, sizeof(float));
  assert_int_equal(signal_render(&layout, first, &plain, a), STATUS_OK);
  assert_int_equal(signal_render(&layout, later, &plain, b), STATUS_OK);
  const double gain = peak_of(b, n) / peak_of(a, n);
  double difference = 0.0;
  for (size_t i = 0; i < n; ++i) {
    difference = fmax(difference, fabs((double)b[i] - gain * (double)a[i]));
  }
  check_above(difference, 0.1 * peak_of(b, n));
  free(a);
  free(b);
}

static void
check_peaks(const SignalLayout* const layout, const float* const signal, const double level_db)
{
  for (uint32_t i = 0; i < layout->n_segments; ++i) {
    const SignalSegment* const s = &layout->segments[i];
    const double peak = peak_of(signal + s->begin, length_of(s));
    if (s->kind == SIGNAL_SILENCE) {
      check_equal(peak, 0.0);
    } else if (s->kind != SIGNAL_OWN && fabs(to_db(peak) - level_db - s->level_db) > 0.05) {
      fail_msg("segment %u, %s: %.2f dBFS, not %.2f", i, signal_name(s), to_db(peak),
               level_db + s->level_db);
    }
  }
  check_near(to_db(peak_of(signal, layout->n_frames)), level_db, 1e-4);
}

static void
every_segment_peaks_at_its_level(void** const state)
{
  (void)state;
  check_peaks(&shared.layout, shared.signal, plain.level_db);
  if (!fixture_is_slow()) {
    SignalLayout layout;
    const SignalSound soft = {.level_db = -24.0, .seed = 7};
    signal_layout(192000, SIGNAL_MIN_SECONDS, 0, &layout);
    float* const signal = make_signal(&layout, &soft);
    check_peaks(&layout, signal, soft.level_db);
    free(signal);
  }
}

static void
every_segment_starts_and_ends_softly(void** const state)
{
  (void)state;
  for (uint32_t i = 0; i < shared.layout.n_segments; ++i) {
    const SignalSegment* const s = &shared.layout.segments[i];
    if (s->kind != SIGNAL_OWN) {
      check_below(to_db(fabs((double)shared.signal[s->begin])), -60.0);
      check_below(to_db(fabs((double)shared.signal[s->end - 1])), -80.0);
    }
  }
}

static void
the_validation_passage_comes_twice_bit_for_bit(void** const state)
{
  (void)state;
  const SignalLayout* const layout = &shared.layout;
  const float* const signal = shared.signal;
  const SignalSegment* const a = &layout->segments[signal_find(layout, SIGNAL_VALIDATION, 0)];
  const SignalSegment* const b = &layout->segments[signal_find(layout, SIGNAL_VALIDATION, 1)];
  assert_int_equal(length_of(a), length_of(b));
  assert_memory_equal(signal + a->begin, signal + b->begin, (size_t)length_of(a) * sizeof(float));
  const uint64_t third = length_of(a) / 3;
  for (uint64_t i = 0; i < 3; ++i) {
    check_above(to_db(peak_of(signal + a->begin + i * third, third)), -8.0);
  }
}

/// Check that every sample of a group is part of a click or zero
static void
check_group(const SignalLayout* const layout, const uint32_t group)
{
  static const uint32_t places[SIGNAL_N_CLICKS] = {0, 1, 4, 10, 18, 23, 25};
  static const double sizes[SIGNAL_N_CLICKS] = {1.0, -1.0, 0.5, -0.5, 1.0, -0.5, 1.0};
  const uint32_t index = signal_find(layout, SIGNAL_CLICKS, group);
  const SignalSegment* const s = &layout->segments[index];
  const uint64_t n = length_of(s);
  const double peak = decibel_to_gain(plain.level_db);
  float* const out = (float*)calloc((size_t)n, sizeof(float));
  assert_int_equal(signal_render(layout, index, &plain, out), STATUS_OK);
  for (uint32_t k = 0; k < SIGNAL_N_CLICKS; ++k) {
    const uint64_t frame = (uint64_t)round((0.25 + 0.06 * places[k]) * layout->rate);
    assert_int_equal(signal_click_frame(layout, group, k), s->begin + frame);
    check_equal(signal_click_size(k), sizes[k]);
    check_near(out[frame], peak * sizes[k], 1e-6);
    check_below(fabs((double)out[frame - 1]), fabs((double)out[frame]));
    check_equal(out[frame - 2], out[frame + 2]);
    const uint64_t reach = (uint64_t)(0.12e-3 * layout->rate) + 1;
    memset(out + frame - reach, 0, (size_t)(2 * reach + 1) * sizeof(float));
  }
  check_equal(peak_of(out, n), 0.0);
  free(out);
}

static void
clicks_peak_on_their_frames_with_silence_between(void** const state)
{
  (void)state;
  for (size_t i = 0; i < N_RATES; ++i) {
    SignalLayout layout;
    signal_layout(rates[i], 77, 0, &layout);
    for (uint32_t group = 0; group < SIGNAL_N_GROUPS; ++group) {
      check_group(&layout, group);
    }
  }
}

/// What happened to a signal before it is recognised
typedef struct {
  uint32_t rate;
  uint32_t seconds;
  double own;   ///< [s]
  double delay; ///< [s]
  double gain;
  double noise_db; ///< RMS below the signal's peak
  double cut;      ///< From the end [s]
} Treatment;

/// Return the treated signal (n_frames)
static float*
make_treated(const Treatment* const t, SignalLayout* const layout, uint64_t* const n_frames)
{
  signal_layout(t->rate, t->seconds, (uint64_t)(t->own * t->rate), layout);
  float* const signal = make_signal(layout, &plain);
  const int64_t delay = (int64_t)round(t->delay * t->rate);
  const int64_t n = (int64_t)layout->n_frames + delay - (int64_t)(t->cut * t->rate);
  const double noise = sqrt(3.0) * fabs(t->gain) * decibel_to_gain(t->noise_db - 1.0);
  float* const out = (float*)calloc((size_t)n, sizeof(float));
  Random random = random_for(3, 0);
  assert_non_null(out);
  for (int64_t i = 0; i < n; ++i) {
    const int64_t from = i - delay;
    const bool is_inside = from >= 0 && from < (int64_t)layout->n_frames;
    out[i] = (float)((is_inside ? t->gain * (double)signal[from] : 0.0) +
                     noise * random_between(&random, -1.0, 1.0));
  }
  free(signal);
  *n_frames = (uint64_t)n;
  return out;
}

static void
check_recognised(const Treatment* const t)
{
  SignalLayout wanted;
  SignalLayout layout;
  uint64_t n_frames = 0;
  int64_t delay = 0;
  float* const recording = make_treated(t, &wanted, &n_frames);
  if (!signal_recognise(recording, n_frames, t->rate, &layout, &delay)) {
    fail_msg("%u Hz, %u s, own %g s, delay %g s, gain %g, noise %g dB: not recognised", t->rate,
             t->seconds, t->own, t->delay, t->gain, t->noise_db);
  }
  assert_int_equal(delay, (int64_t)round(t->delay * t->rate));
  assert_int_equal(layout.rate, t->rate);
  assert_int_equal(layout.seconds, t->seconds);
  assert_int_equal(layout.own_frames, wanted.own_frames);
  assert_int_equal(layout.n_segments, wanted.n_segments);
  assert_memory_equal(layout.segments, wanted.segments,
                      wanted.n_segments * sizeof(wanted.segments[0]));
  free(recording);
}

static void
a_signal_is_recognised_whatever_was_done_to_it(void** const state)
{
  (void)state;
  static const Treatment treatments[] = {
      {48000, 60, 0.0, 0.0, 1.0, -200.0, 0.0},   {48000, 60, 0.0, 0.0, 1.0, -40.0, 0.0},
      {48000, 61, 13.7, 3.21, -0.1, -40.0, 0.0}, {44100, 62, 0.001, 9.9, 0.01, -40.0, 0.0},
      {44100, 90, 1.5, -1.0, -1.0, -60.0, 1.2},  {96000, 60, 5.0, 0.5, -0.3, -40.0, 1.2},
      {192000, 60, 6.0, 0.1, 0.5, -40.0, -8.0},
  };
  const size_t n = fixture_is_slow() ? 0 : sizeof(treatments) / sizeof(treatments[0]);
  for (size_t i = 0; i < n; ++i) {
    check_recognised(&treatments[i]);
  }
}

/// Wherever the last group lies in the stretches that are searched
static void
any_length_of_own_playing_is_found(void** const state)
{
  (void)state;
  SignalLayout found;
  int64_t delay = 0;
  const uint64_t end = shared.layout.n_frames - 3 * 48000; // Of all but the last group
  for (uint64_t own = 1; own < 13 * 48000; own += fixture_is_slow() ? 1000000 : 17077) {
    const uint64_t n_frames = end + 16 * 48000;
    float* const longer = (float*)calloc((size_t)n_frames, sizeof(float));
    memcpy(longer, shared.signal, (size_t)end * sizeof(float));
    memcpy(longer + end + own, shared.signal + end, 3 * 48000 * sizeof(float));
    assert_true(signal_recognise(longer, n_frames, 48000.0, &found, &delay));
    assert_int_equal(found.own_frames, shared.layout.own_frames + own);
    free(longer);
  }
}

static void
other_sounds_are_not_recognised(void** const state)
{
  (void)state;
  const uint32_t n = (fixture_is_slow() ? 3 : 70) * 48000;
  SignalLayout layout = {.rate = 1};
  int64_t delay = 17;
  float* const sound = (float*)calloc(n, sizeof(float));
  assert_false(signal_recognise(sound, n, 48000.0, &layout, &delay));
  fixture_guitar(sound, n, 1);
  assert_false(signal_recognise(sound, n, 48000.0, &layout, &delay));
  assert_false(signal_recognise(sound, 100, 48000.0, &layout, &delay));
  assert_false(signal_recognise(sound, 0, 48000.0, &layout, &delay));
  fixture_sine(sound, n, 1000.0 / 60.0, 0.9, 48000.0);
  assert_false(signal_recognise(sound, n, 48000.0, &layout, &delay));
  assert_int_equal(layout.rate, 1);
  assert_int_equal(delay, 17);
  free(sound);
}

static void
half_a_signal_is_not_recognised(void** const state)
{
  (void)state;
  if (fixture_is_slow()) {
    return;
  }
  SignalLayout found;
  int64_t delay = 0;
  const uint64_t n = shared.layout.n_frames;
  const size_t size = (size_t)n * sizeof(float);
  float* const signal = (float*)malloc(size);
  memcpy(signal, shared.signal, size);
  assert_true(signal_recognise(signal, n, 48000.0, &found, &delay));
  assert_false(signal_recognise(signal, n, 44100.0, &found, &delay));
  assert_false(signal_recognise(signal, n, 32000.0, &found, &delay));
  assert_false(signal_recognise(signal, n - 3 * 48000, 48000.0, &found, &delay));
  assert_false(signal_recognise(signal + 2 * 48000, n - 2 * 48000, 48000.0, &found, &delay));
  const uint64_t middle = signal_click_frame(&shared.layout, 1, 0);
  memset(signal + middle - 1000, 0, 2 * 48000 * sizeof(float));
  assert_false(signal_recognise(signal, n, 48000.0, &found, &delay));
  free(signal);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(segments_cover_the_signal_without_gap_or_overlap),
      cmocka_unit_test(everything_starts_when_the_header_says),
      cmocka_unit_test(own_playing_moves_only_what_follows),
      cmocka_unit_test(sweeps_noise_and_playing_span_40_db),
      cmocka_unit_test(the_same_seed_makes_the_same_bits),
      cmocka_unit_test(no_two_phrases_are_alike),
      cmocka_unit_test(every_segment_peaks_at_its_level),
      cmocka_unit_test(every_segment_starts_and_ends_softly),
      cmocka_unit_test(the_validation_passage_comes_twice_bit_for_bit),
      cmocka_unit_test(clicks_peak_on_their_frames_with_silence_between),
      cmocka_unit_test(a_signal_is_recognised_whatever_was_done_to_it),
      cmocka_unit_test(any_length_of_own_playing_is_found),
      cmocka_unit_test(other_sounds_are_not_recognised),
      cmocka_unit_test(half_a_signal_is_not_recognised),
  };
  return cmocka_run_group_tests(tests, make_shared, free_shared);
}
