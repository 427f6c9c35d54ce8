// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Are delay, polarity and clock drift of a recording found, and is it right once it is corrected?
// Delays are made by turning the phase of one long transform.

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "core/distance.h"
#include "core/random.h"
#include "guitar/guitar.h"
#include "tests/checks.h"
#include "train/capture/alignment.h"
#include "train/capture/corrections.h"

#include <kiss_fftr.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE 48000.0

/// A recording that this test makes
typedef struct {
  Wav wav;
  float* samples;
} Take;

static Take
new_take(const uint64_t n_frames)
{
  float* const samples = (float*)calloc((size_t)n_frames, sizeof(float));
  assert_non_null(samples);
  return (Take){{.samples = samples, .n_frames = n_frames, .sample_rate = RATE}, samples};
}

static Take
new_guitar(const uint32_t seconds, const uint64_t seed)
{
  const Take take = new_take(seconds * (uint64_t)RATE);
  double* const sound = (double*)calloc((size_t)take.wav.n_frames, sizeof(double));
  assert_non_null(sound);
  assert_int_equal(guitar_render(&(const GuitarSpec){.sample_rate = RATE,
                                                     .n_frames = (uint32_t)take.wav.n_frames,
                                                     .seed = seed},
                                 sound),
                   STATUS_OK);
  for (uint64_t i = 0; i < take.wav.n_frames; ++i) {
    take.samples[i] = (float)sound[i];
  }
  free(sound);
  return take;
}

/// Plans of one size, kept until another is needed
typedef struct {
  uint32_t size;
  kiss_fftr_cfg there;
  kiss_fftr_cfg back;
} Plans;

static Plans plans;

static int
free_plans(void** const state)
{
  (void)state;
  kiss_fftr_free(plans.there);
  kiss_fftr_free(plans.back);
  return 0;
}

static void
make_plans(const uint32_t size)
{
  if (plans.size != size) {
    (void)free_plans(NULL);
    plans.size = size;
    plans.there = kiss_fftr_alloc((int)size, 0, NULL, NULL);
    plans.back = kiss_fftr_alloc((int)size, 1, NULL, NULL);
    assert_true(plans.there && plans.back);
  }
}

/// Return a take `delay` frames later, and as much longer
static Take
new_delayed(const Take* const take, const double delay)
{
  uint32_t size = 1024;
  while (size < (double)take->wav.n_frames + fabs(delay) + 4096.0) {
    size *= 2;
  }
  const Take moved = new_take(take->wav.n_frames + (uint64_t)fmax(delay, 0.0));
  float* const frames = (float*)calloc(size, sizeof(float));
  kiss_fft_cpx* const bins = (kiss_fft_cpx*)calloc(size / 2 + 1, sizeof(kiss_fft_cpx));
  assert_true(frames && bins);
  make_plans(size);
  memcpy(frames, take->samples, (size_t)take->wav.n_frames * sizeof(float));
  kiss_fftr(plans.there, frames, bins);
  for (uint32_t k = 0; k <= size / 2; ++k) {
    const double angle = -TAU * fmod(delay * k / size, 1.0);
    const double re = (double)bins[k].r;
    const double im = (double)bins[k].i;
    bins[k].r = (float)((re * cos(angle) - im * sin(angle)) / size);
    bins[k].i = (float)((re * sin(angle) + im * cos(angle)) / size);
  }
  kiss_fftri(plans.back, bins, frames);
  memcpy(moved.samples, frames, (size_t)moved.wav.n_frames * sizeof(float));
  free(bins);
  free(frames);
  return moved;
}

/// Add noise this far below the mean power
static void
add_noise(const Take* const take, const double db, Random* const random)
{
  double power = 0.0;
  for (uint64_t i = 0; i < take->wav.n_frames; ++i) {
    power += pow((double)take->samples[i], 2.0);
  }
  const double size = sqrt(3.0 * power / (double)take->wav.n_frames) * decibel_to_gain(-db);
  for (uint64_t i = 0; i < take->wav.n_frames; ++i) {
    take->samples[i] += (float)(size * (2.0 * random_between(random, 0.0, 1.0) - 1.0));
  }
}

static Alignment
alignment_of(const Take* const input, const Take* const target)
{
  Alignment a;
  Message message = {""};
  assert_int_equal(alignment_find(&input->wav, &target->wav, &a, &message), STATUS_OK);
  return a;
}

/// The first answer: between frames, a delay sounds a little before it, as converters do
static void
check_onset(const double found, const double delay)
{
  check_between(found - delay, -3.5, 0.5);
}

/// 0 to 2 s late, noise 40 dB below
static void
two_hundred_delays_are_found_within_three_frames(void** const state)
{
  (void)state;
  Random random = random_for(7, 0);
  double worst = 0.0;
  for (uint32_t i = 0; i < (fixture_is_slow() ? 1 : 200); ++i) {
    static Take input;
    if (i % 20 == 0) {
      free(input.samples);
      input = new_guitar(3, i + 1);
    }
    const double delay = 2.0 * RATE * random_between(&random, 0.0, 1.0);
    const bool is_inverted = random_between(&random, 0.0, 1.0) < 0.5;
    const Take target = new_delayed(&input, delay);
    for (uint64_t k = 0; k < target.wav.n_frames; ++k) {
      target.samples[k] *= is_inverted ? -0.7F : 0.3F;
    }
    add_noise(&target, 40.0, &random);
    const Alignment a = alignment_of(&input, &target);
    worst = fmax(worst, fabs(a.delay - delay));
    assert_int_equal(a.is_inverted, is_inverted);
    check_onset(a.delay, delay);
    assert_true(a.is_clear);
    check_above(a.clearness, 0.7);
    free(target.samples);
  }
  print_message("# worst: %.4f frames\n", worst);
}

/// High-pass, gain, tanh and low-pass like a drive pedal, none with a delay
static void
distort_little(const Take* const take, const double gain)
{
  double low = 0.0;
  double held[2] = {0.0, 0.0};
  const double a = 1.0 - exp(-TAU * 80.0 / RATE);
  const double b = 1.0 - exp(-TAU * 5000.0 / RATE);
  for (uint64_t i = 0; i < take->wav.n_frames; ++i) {
    low += a * ((double)take->samples[i] - low);
    const double y = tanh(gain * ((double)take->samples[i] - low)) + 0.1;
    held[0] += b * (y - held[0]);
    held[1] += b * (held[0] - held[1]);
    take->samples[i] = (float)(0.5 * held[1]);
  }
}

static void
filters_and_distortion_do_not_count_as_delay(void** const state)
{
  (void)state;
  static const double gains[] = {0.1, 3.0, 10.0, 50.0};
  if (fixture_is_slow()) {
    return;
  }
  const Take input = new_guitar(12, 3);
  for (size_t i = 0; i < sizeof(gains) / sizeof(gains[0]); ++i) {
    const Take target = new_delayed(&input, 700.4);
    distort_little(&target, gains[i]);
    const Alignment a = alignment_of(&input, &target);
    print_message("# gain %g: %.3f frames, clearness %.2f\n", gains[i], a.delay - 700.4,
                  a.clearness);
    check_onset(a.delay, 700.4);
    assert_false(a.is_inverted);
    free(target.samples);
  }
  free(input.samples);
}

/// A filter of two poles: low-pass, high-pass, or a band that is added (Chamberlin)
static void
filter_twice(const Take* const take, const double hz, const double q, const double mix[3])
{
  double low = 0.0;
  double band = 0.0;
  const double f = 2.0 * sin(0.5 * TAU * hz / RATE);
  for (uint64_t i = 0; i < take->wav.n_frames; ++i) {
    low += f * band;
    const double high = (double)take->samples[i] - low - band / q;
    band += f * high;
    take->samples[i] = (float)(mix[0] * low + mix[1] * band + mix[2] * high);
  }
}

/// A metal amplifier and its cabinet: tight bass, two stages of high gain, no treble
static void
distort_much(const Take* const take)
{
  for (int stage = 0; stage < 2; ++stage) {
    filter_twice(take, 700.0, 0.7, (const double[3]){0.0, 0.0, 1.0});
    for (uint64_t i = 0; i < take->wav.n_frames; ++i) {
      take->samples[i] = (float)tanh(200.0 * (double)take->samples[i] + 0.2);
    }
    filter_twice(take, 6000.0, 0.7, (const double[3]){1.0, 0.0, 0.0});
  }
  filter_twice(take, 2500.0, 2.0, (const double[3]){1.0, 1.0, 0.2});
  filter_twice(take, 4500.0, 0.8, (const double[3]){1.0, 0.0, 0.0});
}

/// A target that is moved too far would need a model that foresees. The guitar's tone is down.
static void
high_gain_is_not_mistaken_for_delay(void** const state)
{
  (void)state;
  static const double delays[] = {0.0, 0.5, 300.0};
  if (fixture_is_slow()) {
    return;
  }
  const Take input = new_guitar(12, 4);
  filter_twice(&input, 1200.0, 0.7, (const double[3]){1.0, 0.0, 0.0});
  for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); ++i) {
    const Take target = new_delayed(&input, delays[i]);
    distort_much(&target);
    const Alignment a = alignment_of(&input, &target);
    print_message("# %g frames: %.3f, clearness %.2f\n", delays[i], a.delay, a.clearness);
    check_above(a.clearness, ALIGNMENT_UNRELATED);
    check_between(a.delay - delays[i], -3.0, CORRECTIONS_LEFT - 1.0);
    free(target.samples);
  }
  free(input.samples);
}

/// An octave fuzz answers to both signs alike: nothing of it is linear
static void
an_octave_fuzz_is_late_as_it_is(void** const state)
{
  (void)state;
  if (fixture_is_slow()) {
    return;
  }
  const Take input = new_guitar(20, 7);
  const Take target = new_delayed(&input, 300.0);
  for (uint64_t i = 0; i < target.wav.n_frames; ++i) {
    target.samples[i] = (float)fabs(tanh(8.0 * (double)target.samples[i]));
  }
  check_onset(alignment_of(&input, &target).delay, 300.0);
  free(target.samples);
  free(input.samples);
}

/// Return a part of a take, which must outlive it
static Take
part_of(const Take* const take, const uint64_t begin, const uint64_t n_frames)
{
  Take part = *take;
  part.wav.samples = part.samples = take->samples + begin;
  part.wav.n_frames = n_frames;
  return part;
}

static void
distort_some(const Take* const take)
{
  distort_little(take, 10.0);
}

/// Parts of one recording, the last one `late` frames later than the others
static void
join_parts(void (*const distort)(const Take* take), const double late, Alignment parts[3])
{
  const uint64_t n_frames = 10 * (uint64_t)RATE;
  Alignment* list[3];
  const Take input = new_guitar(30, 11);
  const Take target = new_delayed(&input, 100.0);
  const Take later = new_delayed(&input, 100.0 + late);
  distort(&target);
  distort(&later);
  for (uint32_t i = 0; i < 3; ++i) {
    const Take in = part_of(&input, i * n_frames, n_frames);
    const Take out = part_of(i == 2 ? &later : &target, i * n_frames, n_frames);
    parts[i] = alignment_of(&in, &out);
    list[i] = &parts[i];
    print_message("# part %u: %.0f frames\n", i, parts[i].delay);
  }
  alignment_join(list, 3);
  free(input.samples);
  free(target.samples);
  free(later.samples);
}

static void
takes_of_one_gear_have_one_delay(void** const state)
{
  (void)state;
  if (fixture_is_slow()) {
    return;
  }
  Alignment parts[3];
  for (uint32_t gear = 0; gear < 2; ++gear) {
    join_parts(gear ? distort_much : distort_some, 0.0, parts);
    for (uint32_t i = 0; i < 3; ++i) {
      check_equal(parts[i].delay, parts[0].delay);
      check_equal(parts[i].apart, 0.0);
    }
  }
}

static void
a_take_that_is_certainly_later_keeps_its_own_delay(void** const state)
{
  (void)state;
  static const double lates[] = {4.0, 37.0, -350.0};
  if (fixture_is_slow()) {
    return;
  }
  for (size_t i = 0; i < sizeof(lates) / sizeof(lates[0]); ++i) {
    Alignment parts[3];
    join_parts(distort_some, lates[i], parts);
    check_equal(parts[0].delay, parts[1].delay);
    check_near(parts[2].apart, lates[i], 1.0);
    check_equal(parts[2].delay, parts[0].delay + parts[2].apart);
  }
}

/// Return a take by another clock, interpolated by cubics at four times its rate
static Take
new_drifted(const Take* const take, const double delay, const double drift)
{
  const Corrections back = {-delay / (1.0 + drift), 1.0 / (1.0 + drift) - 1.0, 0.0};
  Wav made;
  assert_int_equal(corrections_apply(&take->wav, &back, take->wav.n_frames, &made, NULL),
                   STATUS_OK);
  const Take moved = new_take(made.n_frames);
  memcpy(moved.samples, made.samples, (size_t)made.n_frames * sizeof(float));
  wav_clear(&made);
  return moved;
}

static void
clocks_are_compared_to_two_millionths(void** const state)
{
  (void)state;
  static const double drifts[] = {50e-6, -50e-6, 5e-6, 0.0, -180e-6, 250e-6};
  const Take input = new_guitar(fixture_is_slow() ? 10 : 60, 5);
  for (size_t i = 0; i < (fixture_is_slow() ? 1 : 6); ++i) {
    const Take target = new_drifted(&input, 300.25, drifts[i]);
    const Alignment a = alignment_of(&input, &target);
    print_message("# drift %g ppm: %.3f found, delay %.3f\n", 1e6 * drifts[i], 1e6 * a.drift,
                  a.delay);
    check_near(a.drift, drifts[i], 2e-6);
    check_onset(a.delay, 300.25);
    free(target.samples);
  }
  free(input.samples);
}

/// What a gear does whose first answer depends on what is played, second by second [frames]
static void
a_delay_that_differs_from_note_to_note_is_no_drift(void** const state)
{
  (void)state;
  if (fixture_is_slow()) {
    return;
  }
  static const int64_t lates[] = {0, 0, 0, 0, 1, -5, -1, 3, 1, -4, -3, -4};
  const uint32_t seconds = sizeof(lates) / sizeof(lates[0]);
  const Take input = new_guitar(seconds, 3);
  const Take target = new_take(input.wav.n_frames);
  for (uint32_t i = 16; i + 16 < input.wav.n_frames; ++i) {
    target.samples[i] = input.samples[(int64_t)i - lates[i / (uint32_t)RATE]];
  }
  check_equal(alignment_of(&input, &target).drift, 0.0);
  free(target.samples);
  free(input.samples);
}

static void
a_target_that_is_early_is_found_too(void** const state)
{
  (void)state;
  const Take input = new_guitar(fixture_is_slow() ? 2 : 12, 9);
  const Take target = new_delayed(&input, -1234.75);
  check_onset(alignment_of(&input, &target).delay, -1234.75);
  free(target.samples);
  free(input.samples);
}

static void
a_header_with_the_wrong_rate_shows_as_drift(void** const state)
{
  (void)state;
  if (fixture_is_slow()) {
    return;
  }
  const Take input = new_guitar(20, 9);
  const Take target = new_drifted(&input, 0.0, 48000.0 / 44100.0 - 1.0);
  const Alignment a = alignment_of(&input, &target);
  check_near(a.drift, 48000.0 / 44100.0 - 1.0, 1e-6);
  free(target.samples);
  free(input.samples);
}

static void
unrelated_recordings_are_unclear(void** const state)
{
  (void)state;
  const uint32_t seconds = fixture_is_slow() ? 2 : 12;
  const Take input = new_guitar(seconds, 1);
  const Take other = new_guitar(seconds, 2);
  const Take noise = new_take(input.wav.n_frames);
  const Take silence = new_take(input.wav.n_frames);
  Random random = random_for(3, 0);
  for (uint64_t i = 0; i < noise.wav.n_frames; ++i) {
    noise.samples[i] = (float)random_between(&random, 0.0, 1.0) - 0.5F;
  }
  if (!fixture_is_slow()) {
    check_below(alignment_of(&input, &noise).clearness, ALIGNMENT_UNRELATED);
    check_below(alignment_of(&silence, &input).clearness, ALIGNMENT_UNRELATED);
  }
  check_below(alignment_of(&input, &silence).clearness, ALIGNMENT_UNRELATED);
  const Alignment a = alignment_of(&input, &other);
  print_message("# another player: %.3f\n", a.clearness);
  check_below(a.clearness, ALIGNMENT_UNRELATED);
  free(input.samples);
  free(other.samples);
  free(noise.samples);
  free(silence.samples);
}

static void
small_delays_and_drifts_stay(void** const state)
{
  (void)state;
  check_equal(corrections_delay(0.0), 0.0);
  check_equal(corrections_delay(9.0), 0.0);
  check_equal(corrections_delay(100.0), 100.0 - CORRECTIONS_LEFT);
  check_equal(corrections_delay(-1.0), 0.0);
  check_equal(corrections_delay(-7.0), -7.0); // It must not foresee
  check_equal(corrections_drift(1.9e-6), 0.0);
  check_equal(corrections_drift(-50e-6), -50e-6);
}

static void
a_recording_that_is_too_short_is_refused(void** const state)
{
  (void)state;
  const Take take = new_take(1000);
  Alignment a;
  Message message = {""};
  assert_int_equal(alignment_find(&take.wav, &take.wav, &a, &message), STATUS_BAD_FILE);
  assert_non_null(strstr(message.text, "second"));
  free(take.samples);
}

static void
a_corrected_sine_is_back_in_its_place(void** const state)
{
  (void)state;
  const Take take = new_take(48000);
  for (uint32_t i = 0; i < 48000; ++i) {
    take.samples[i] = (float)(0.25 + 0.5 * sin(TAU * 0.3 * (i - 10.37) * (1.0 - 1e-4)));
  }
  // Frame n was at n + 10.37 of the input's clock, which is slower
  const Corrections corrections = {10.37, 1.0 / (1.0 - 1e-4) - 1.0, 0.25};
  Wav corrected;
  assert_int_equal(corrections_apply(&take.wav, &corrections, 47900, &corrected, NULL), STATUS_OK);
  assert_int_equal(corrected.n_frames, 47900);
  double error = 0.0;
  for (uint32_t i = 100; i < 47800; ++i) {
    error = fmax(error, distance_between((double)corrected.samples[i], 0.5 * sin(TAU * 0.3 * i)));
  }
  print_message("# error %.1f dB\n", decibel_of_gain(error / 0.5));
  check_below(error, 0.5e-4);
  wav_clear(&corrected);
  free(take.samples);
}

static void
whole_delays_keep_every_bit(void** const state)
{
  (void)state;
  const Take take = new_guitar(2, 1);
  Wav corrected;
  assert_int_equal(corrections_apply(&take.wav, &(const Corrections){131.0, 0.0, 0.0}, UINT64_MAX,
                                     &corrected, NULL),
                   STATUS_OK);
  assert_int_equal(corrected.n_frames, take.wav.n_frames - 131);
  assert_memory_equal(corrected.samples, take.samples + 131,
                      (size_t)corrected.n_frames * sizeof(float));
  wav_clear(&corrected);
  assert_int_equal(
      corrections_apply(&take.wav, &(const Corrections){-3.0, 0.0, 0.0}, 1000, &corrected, NULL),
      STATUS_OK);
  assert_int_equal(corrected.n_frames, 1000);
  check_equal(corrected.samples[2], 0.0F);
  assert_memory_equal(corrected.samples + 3, take.samples, 997 * sizeof(float));
  wav_clear(&corrected);
  Message message = {""};
  assert_int_equal(
      corrections_apply(&take.wav, &(const Corrections){1e6, 0.0, 0.0}, 1000, &corrected, &message),
      STATUS_BAD_FILE);
  free(take.samples);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_hundred_delays_are_found_within_three_frames),
      cmocka_unit_test(filters_and_distortion_do_not_count_as_delay),
      cmocka_unit_test(high_gain_is_not_mistaken_for_delay),
      cmocka_unit_test(an_octave_fuzz_is_late_as_it_is),
      cmocka_unit_test(takes_of_one_gear_have_one_delay),
      cmocka_unit_test(a_take_that_is_certainly_later_keeps_its_own_delay),
      cmocka_unit_test(clocks_are_compared_to_two_millionths),
      cmocka_unit_test(a_delay_that_differs_from_note_to_note_is_no_drift),
      cmocka_unit_test(a_target_that_is_early_is_found_too),
      cmocka_unit_test(a_header_with_the_wrong_rate_shows_as_drift),
      cmocka_unit_test(unrelated_recordings_are_unclear),
      cmocka_unit_test(small_delays_and_drifts_stay),
      cmocka_unit_test(a_recording_that_is_too_short_is_refused),
      cmocka_unit_test(a_corrected_sine_is_back_in_its_place),
      cmocka_unit_test(whole_delays_keep_every_bit),
  };
  return cmocka_run_group_tests(tests, NULL, free_plans);
}
