// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do recordings at another rate keep every moment in its place, and their sound?

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "tests/checks.h"
#include "train/audio/resample.h"
#include "train/learn/dataset_resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN 400.0 ///< At the ends, where filters reach into silence [frames of the lower rate]

/// From one rate to another [Hz]
typedef struct {
  double from;
  double to;
} Rates;

static const Rates rates[] = {{48000.0, 44100.0}, {44100.0, 48000.0},  {48000.0, 96000.0},
                              {96000.0, 44100.0}, {44100.0, 192000.0}, {192000.0, 8000.0}};

#define N_RATES (sizeof(rates) / sizeof(rates[0]))

static Wav
new_wav(const double sample_rate, const uint64_t n_frames)
{
  const Wav wav = {.samples = (float*)calloc((size_t)n_frames, sizeof(float)),
                   .n_frames = n_frames,
                   .sample_rate = sample_rate};
  assert_non_null(wav.samples);
  return wav;
}

/// The samples of a wav from new_wav()
static float*
samples_of(const Wav* const wav)
{
  return (float*)(uintptr_t)wav->samples;
}

/// Free a wav from new_wav(), which has no file
static void
free_wav(Wav* const wav)
{
  free(samples_of(wav));
  *wav = (Wav){0};
}

static Wav
new_sine(const double sample_rate, const uint64_t n_frames, const double hz)
{
  const Wav wav = new_wav(sample_rate, n_frames);
  fixture_sine(samples_of(&wav), (uint32_t)n_frames, hz, 0.5, sample_rate);
  return wav;
}

/// Resample a whole recording, which is cleared; the caller clears the result
static Wav
resample_wav(Wav* const original, const double sample_rate)
{
  Wav wav = {0};
  assert_int_equal(resample_one(original, sample_rate, &wav, NULL), STATUS_OK);
  free_wav(original);
  return wav;
}

/// How a sound differs from a sine of half of full scale
typedef struct {
  double delay; ///< [frames]
  double db;    ///< Of the difference, against the sine
} Deviation;

/// Compare `n` samples with a sine that starts at `first_cycles`
static Deviation
compare_with_sine(const float* const samples, const uint32_t n, const double cycles_per_frame,
                  const double first_cycles)
{
  double ys = 0.0; // Sums of products of the samples, sine and cosine
  double yc = 0.0;
  double ss = 0.0;
  double sc = 0.0;
  double error = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    const double s = sin(2.0 * PI * (first_cycles + cycles_per_frame * i));
    const double c = cos(2.0 * PI * (first_cycles + cycles_per_frame * i));
    const double y = (double)samples[i];
    ys += y * s;
    yc += y * c;
    ss += s * s;
    sc += s * c;
    error += (y - 0.5 * s) * (y - 0.5 * s);
  }
  const double cc = n - ss;
  const double lag = atan2(sc * ys - ss * yc, cc * ys - sc * yc); // Of the closest sine
  return (Deviation){lag / (2.0 * PI * cycles_per_frame), decibel_of_power(error / (0.25 * ss))};
}

/// Compare a resampled sine, except its ends, with the sine itself
static void
check_sine(const Rates r, const double hz)
{
  const double seconds = fixture_is_slow() ? 0.25 : 2.5; // More than a block
  Wav original = new_sine(r.from, (uint64_t)(seconds * r.from), hz);
  Wav wav = resample_wav(&original, r.to);
  check_equal(wav.sample_rate, r.to);
  check_at_most(fabs((double)wav.n_frames - seconds * r.to), 1.0);
  const uint32_t margin = (uint32_t)ceil(MARGIN * fmax(r.to / r.from, 1.0));
  const Deviation d = compare_with_sine(wav.samples + margin, (uint32_t)wav.n_frames - 2 * margin,
                                        hz / r.to, hz / r.to * margin);
  if (!(fabs(d.delay) <= 0.01 && d.db <= -90.0)) {
    fail_msg("%g Hz from %g to %g Hz: late by %g frames, error %.1f dB", hz, r.from, r.to, d.delay,
             d.db);
  }
  wav_clear(&wav);
}

static void
a_sine_stays_aligned_and_unchanged(void** const state)
{
  (void)state;
  for (size_t i = 0; i < N_RATES; ++i) {
    const double lower = fmin(rates[i].from, rates[i].to);
    check_sine(rates[i], 0.02 * lower);
    check_sine(rates[i], 0.21 * lower);
    check_sine(rates[i], 0.45 * lower);
  }
}

static void
frequencies_that_the_lower_rate_cannot_hold_are_removed(void** const state)
{
  (void)state;
  Wav original = new_sine(48000.0, 12000, 23000.0);
  Wav wav = resample_wav(&original, 44100.0);
  for (uint64_t i = 400; i + 400 < wav.n_frames; ++i) {
    check_below(fabsf(wav.samples[i]), 0.5e-4F); // It would alias to 21.1 kHz
  }
  wav_clear(&wav);
}

static void
an_impulse_stays_where_it_was(void** const state)
{
  (void)state;
  for (size_t i = 0; i < N_RATES; ++i) {
    const uint32_t place = 8000;
    Wav original = new_wav(rates[i].from, (uint64_t)2 * place);
    samples_of(&original)[place] = 1.0F;
    Wav wav = resample_wav(&original, rates[i].to);
    double moment = 0.0;
    double power = 0.0;
    for (uint64_t t = 0; t < wav.n_frames; ++t) {
      const double p = (double)wav.samples[t] * (double)wav.samples[t];
      moment += p * (double)t;
      power += p;
    }
    check_near(moment / power, place * rates[i].to / rates[i].from, 0.01);
    wav_clear(&wav);
  }
}

static void
the_first_and_last_frames_are_there(void** const state)
{
  (void)state;
  for (size_t i = 0; i < N_RATES; ++i) {
    Wav original = new_wav(rates[i].from, fixture_is_slow() ? 9000 : 70000);
    for (uint64_t t = 0; t < original.n_frames; ++t) {
      samples_of(&original)[t] = 1.0F;
    }
    Wav wav = resample_wav(&original, rates[i].to);
    const uint64_t edge = (uint64_t)ceil(40.0 * fmax(rates[i].to / rates[i].from, 1.0));
    for (uint64_t t = edge; t + edge < wav.n_frames; ++t) {
      check_near(wav.samples[t], 1.0F, 0.02F); // It rings because of the silence beyond
    }
    wav_clear(&wav);
  }
}

/// The clips of a resampled take lie at the same times
static void
check_take(const Rates r)
{
  const double hz = 997.0;
  Wav input = new_sine(r.from, (uint64_t)(1.6 * r.from), hz);
  Wav target = new_sine(r.from, (uint64_t)(1.6 * r.from), hz);
  Dataset dataset = {0};
  Dataset held = {0};
  Dataset clips = {0};
  Resampled s = resample_begin(r.to, 0);
  Take take = {.name = "take", .input = &input, .target = &target};
  assert_int_equal(dataset_cut(&take, 1, (ClipLayout){0, 0}, &dataset, NULL), STATUS_OK);
  assert_int_equal(dataset_split(&dataset, 0.2, &held, NULL), STATUS_OK);
  assert_int_equal(resample_add(&s, &input, NULL), STATUS_OK);
  assert_int_equal(resample_add(&s, &target, NULL), STATUS_OK);
  assert_int_equal(dataset_resample(&held, &s, &clips, NULL), STATUS_OK);
  assert_int_equal(clips.n_clips, held.n_clips);
  check_equal(clips.sample_rate, r.to);
  check_equal(held.sample_rate, r.from);
  check_at_most(fabs(clips.warmup / r.to - held.warmup / r.from), 1.0 / r.to);
  check_at_most(fabs(clips.length / r.to - held.length / r.from), 3.0 / r.to);
  for (uint32_t i = 0; i < clips.n_clips; ++i) {
    const double at = (double)(clips.clips[i].input - s.wavs[0].samples);
    const double was = (double)(held.clips[i].input - input.samples);
    check_near(at / r.to, was / r.from, 0.5 / r.to + 1e-9);
    check_equal(clips.clips[i].target - s.wavs[1].samples, (ptrdiff_t)at);
    check_at_most(at + clips.warmup + clips.length, s.wavs[0].n_frames);
  }
  dataset_clear(&clips);
  dataset_clear(&held);
  dataset_clear(&dataset);
  resample_clear(&s);
  free_wav(&input);
  free_wav(&target);
}

static void
clips_of_a_take_are_the_same_moments(void** const state)
{
  (void)state;
  for (size_t i = 0; i < N_RATES; ++i) {
    if (!fixture_is_slow() || i == 0) {
      check_take(rates[i]);
    }
  }
}

/// Check that a row of clips, each a sine of its own, is the same at the other rate
static void
check_row(const Rates r, const uint32_t clip_frames, const uint32_t clip_warmup)
{
  const double hz = 0.02 * fmin(r.from, r.to);
  Wav wav = new_wav(r.from, 5 * (uint64_t)clip_frames);
  Dataset dataset = {0};
  Dataset clips = {0};
  Resampled s = resample_begin(r.to, clip_frames);
  for (uint32_t i = 0; i < 5; ++i) {
    fixture_sine(samples_of(&wav) + (size_t)i * clip_frames, clip_frames, hz, 0.5, r.from);
  }
  const ClipLayout layout = {clip_frames, clip_warmup};
  Take take = {.name = "take", .input = &wav, .target = &wav};
  assert_int_equal(dataset_cut(&take, 1, layout, &dataset, NULL), STATUS_OK);
  assert_int_equal(resample_add(&s, &wav, NULL), STATUS_OK);
  assert_int_equal(dataset_resample(&dataset, &s, &clips, NULL), STATUS_OK);
  assert_int_equal(clips.n_clips, 5);
  check_at_least(clips.warmup, clip_warmup * r.to / r.from - 0.5);
  for (uint32_t i = 0; i < 5; ++i) {
    const float* const scored = clips.clips[i].target + clips.warmup;
    const Deviation d =
        compare_with_sine(scored, clips.length, hz / r.to, hz / r.to * clips.warmup);
    if (!(fabs(d.delay) <= 0.01 && d.db <= -60.0)) {
      fail_msg("clip %u from %g to %g Hz: late by %g frames, error %.1f dB", i, r.from, r.to,
               d.delay, d.db);
    }
    assert_true(scored + clips.length <= s.wavs[0].samples + s.wavs[0].n_frames);
  }
  dataset_clear(&clips);
  dataset_clear(&dataset);
  resample_clear(&s);
  free_wav(&wav);
}

static void
independent_clips_are_resampled_one_by_one(void** const state)
{
  (void)state;
  for (size_t i = 0; i < N_RATES; i += fixture_is_slow() ? 5 : 1) {
    check_row(rates[i], 9050, 1000);
    check_row(rates[i], 9001, 0);
  }
}

static void
independent_clips_do_not_leak_into_each_other(void** const state)
{
  (void)state;
  Wav wav = new_wav(44100.0, 3 * 3001);
  for (uint32_t i = 0; i < 3001; ++i) {
    samples_of(&wav)[i] = 1.0F;
    samples_of(&wav)[i + 2 * 3001] = -1.0F;
  }
  Resampled s = resample_begin(48000.0, 3001);
  assert_int_equal(resample_add(&s, &wav, NULL), STATUS_OK);
  const uint32_t begin = (uint32_t)round(3001.0 * 48000.0 / 44100.0);
  const uint32_t end = (uint32_t)round(6002.0 * 48000.0 / 44100.0);
  for (uint32_t i = begin; i < end; ++i) {
    check_equal(s.wavs[0].samples[i], 0.0F);
  }
  check_near(s.wavs[0].samples[begin - 300], 1.0F, 1e-2F);
  check_near(s.wavs[0].samples[end + 300], -1.0F, 1e-2F);
  resample_clear(&s);
  free_wav(&wav);
}

static void
impossible_rates_and_lengths_are_refused(void** const state)
{
  (void)state;
  Message message = {""};
  Wav wav = new_wav(100.0, 200);
  const Wav none = {.sample_rate = 48000.0};
  Resampled s = resample_begin(48000.0, 0);
  assert_int_equal(resample_add(&s, &none, NULL), STATUS_OK);
  assert_int_equal(s.n_wavs, 0);
  assert_int_equal(resample_add(&s, &wav, &message), STATUS_UNSUPPORTED);
  assert_non_null(strstr(message.text, "100 Hz can't be resampled to 48000 Hz"));
  resample_clear(&s);
  wav.sample_rate = 48000.0;
  Dataset dataset = {0};
  Dataset clips = {0};
  s = resample_begin(8000.0, 100);
  Take take = {.name = "take", .input = &wav, .target = &wav};
  assert_int_equal(dataset_cut(&take, 1, (ClipLayout){100, 10}, &dataset, NULL), STATUS_OK);
  assert_int_equal(resample_add(&s, &wav, NULL), STATUS_OK);
  assert_int_equal(dataset_resample(&dataset, &s, &clips, &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, "clips of 100 frames"));
  dataset_clear(&dataset);
  resample_clear(&s);
  free_wav(&wav);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sine_stays_aligned_and_unchanged),
      cmocka_unit_test(frequencies_that_the_lower_rate_cannot_hold_are_removed),
      cmocka_unit_test(an_impulse_stays_where_it_was),
      cmocka_unit_test(the_first_and_last_frames_are_there),
      cmocka_unit_test(clips_of_a_take_are_the_same_moments),
      cmocka_unit_test(independent_clips_are_resampled_one_by_one),
      cmocka_unit_test(independent_clips_do_not_leak_into_each_other),
      cmocka_unit_test(impossible_rates_and_lengths_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
