// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Are sounds scored right whose errors are known?

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "core/random.h"
#include "tests/checks.h"
#include "train/audio/score.h"

#include <math.h>

#define RATE 48000.0
#define SEGMENT 2400U
#define N_SEGMENTS 100U
#define FRAMES (N_SEGMENTS * SEGMENT)

static float target[FRAMES];
static float output[FRAMES];

/// Noise, and an output `gain` times as loud
static void
write_noise(const double gain)
{
  Random random = random_for(7, 1);
  for (uint32_t i = 0; i < FRAMES; ++i) {
    target[i] = (float)random_between(&random, -0.5, 0.5);
    output[i] = (float)(gain * (double)target[i]);
  }
}

static void
scale_samples(float* const samples, const uint32_t n_frames, const double gain)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    samples[i] = (float)(gain * (double)samples[i]);
  }
}

/// The score of all frames as one take
static ScoreResult
score_all(void)
{
  Score score;
  ScoreResult result = {0};
  score_init(&score, RATE);
  score_add(&score, output, target, FRAMES);
  assert_int_equal(score_result(&score, &result), STATUS_OK);
  score_clear(&score);
  return result;
}

static void
a_tenth_too_soft_is_one_hundredth_by_every_measure(void** const state)
{
  (void)state;
  write_noise(0.9);
  const ScoreResult r = score_all();
  check_near(r.esr / 0.01, 1.0, 1e-5);
  check_near(r.esr_pre_emphasis / 0.01, 1.0, 1e-5);
  check_near(r.esr_a_weighted / 0.01, 1.0, 1e-5);
  check_near(r.esr_worst / 0.01, 1.0, 1e-5);
}

/// 5 of 100 segments are the worst; 3 of them are silent but shouldn't be
static void
a_passage_that_fails_shows_among_the_worst(void** const state)
{
  (void)state;
  write_noise(0.9);
  for (uint32_t s = 10; s < 70; s += 20) {
    scale_samples(output + (size_t)s * SEGMENT, SEGMENT, 0.0);
  }
  const ScoreResult r = score_all();
  check_near(r.esr_worst / ((3.0 + 2 * 0.01) / 5.0), 1.0, 1e-4);
  check_below(r.esr, 0.05);
}

/// Softer segments than 40 dB below the mean don't count, whatever is wrong there
static void
what_nobody_hears_is_not_among_the_worst(void** const state)
{
  const double gains[] = {0.011, 0.009};
  for (size_t i = 0; i < 2; ++i) {
    write_noise(1.0);
    scale_samples(target + (size_t)40 * SEGMENT, SEGMENT, gains[i]);
    scale_samples(output + (size_t)40 * SEGMENT, SEGMENT, 1.1 * gains[i]);
    check_near(score_all().esr_worst, i ? 0.0 : 0.01 / 5.0, 1e-5);
  }
  (void)state;
}

/// A tenth of the target is noise that the output lacks: that is what the gear does at rest
static void
noise_is_not_among_the_worst(void** const state)
{
  Random random = random_for(2, 0);
  (void)state;
  write_noise(0.9);
  for (uint32_t s = 0; s < FRAMES / SEGMENT; s += 10) {
    float* const x = target + (size_t)s * SEGMENT;
    scale_samples(output + (size_t)s * SEGMENT, SEGMENT, 0.0);
    for (uint32_t i = 0; i < SEGMENT; ++i) {
      x[i] = (float)random_between(&random, -0.01, 0.01); // 34 dB softer
    }
  }
  check_near(score_all().esr_worst / 0.01, 1.0, 0.01);
}

/// Where rests are as wrong as loud, only sound from 20 dB below the mean on counts
static void
an_output_that_roars_in_rests_is_still_judged(void** const state)
{
  (void)state;
  write_noise(0.9);
  for (uint32_t s = 0; s < FRAMES / SEGMENT; s += 10) {
    scale_samples(target + (size_t)s * SEGMENT, SEGMENT, 1e-4);
  }
  scale_samples(target + (size_t)45 * SEGMENT, SEGMENT, 0.15);
  scale_samples(output + (size_t)45 * SEGMENT, SEGMENT, 0.0);
  check_near(score_all().esr_worst / ((1.0 + 4 * 0.01) / 5.0), 1.0, 0.01);
}

/// An error at 100 Hz under a tone of 1 kHz: 19.1 dB less by A-weighting
static void
an_error_counts_as_it_is_heard(void** const state)
{
  (void)state;
  for (uint32_t i = 0; i < FRAMES; ++i) {
    const double t = i / RATE;
    target[i] = (float)(0.5 * sin(TAU * 1000.0 * t));
    output[i] = target[i] + (float)(0.05 * sin(TAU * 100.0 * t));
  }
  const ScoreResult r = score_all();
  check_near(decibel_of_power(r.esr_a_weighted / r.esr), -19.1, 0.2);
}

/// Also at the start of a take
static void
an_offset_makes_no_click(void** const state)
{
  (void)state;
  write_noise(1.0);
  for (uint32_t i = 0; i < FRAMES; ++i) {
    output[i] += 0.25F;
  }
  const ScoreResult r = score_all();
  check_above(r.esr, 0.1);
  check_below(r.esr_a_weighted, 1e-9);
}

static void
merged_scores_of_takes_equal_one_score_of_all(void** const state)
{
  (void)state;
  Score whole;
  Score merged;
  ScoreResult a = {0};
  ScoreResult b = {0};
  write_noise(0.9);
  scale_samples(output, 5 * SEGMENT / 2, 0.5);
  score_init(&whole, RATE);
  score_init(&merged, RATE);
  for (uint32_t k = 0; k < 10; ++k) {
    Score one;
    const float* const y = output + (size_t)k * FRAMES / 10;
    const float* const x = target + (size_t)k * FRAMES / 10;
    score_init(&one, RATE);
    score_add(&one, y, x, FRAMES / 10 - 7 * k);
    score_cut(&one);
    score_merge(&merged, &one, 1.0);
    score_clear(&one);
    score_add(&whole, y, x, 1000); // In two pieces in a row
    score_add(&whole, y + 1000, x + 1000, FRAMES / 10 - 7 * k - 1000);
    score_cut(&whole);
  }
  assert_int_equal(score_result(&whole, &a), STATUS_OK);
  assert_int_equal(score_result(&merged, &b), STATUS_OK);
  check_near(a.esr / b.esr, 1.0, 1e-12);
  check_near(a.esr_worst / b.esr_worst, 1.0, 1e-12);
  check_near(a.esr_pre_emphasis / b.esr_pre_emphasis, 1.0, 1e-12);
  check_near(a.esr_a_weighted / b.esr_a_weighted, 1.0, 1e-12);
  score_clear(&whole);
  score_clear(&merged);
}

static void
the_rest_of_a_take_is_a_segment_if_long_enough_or_alone(void** const state)
{
  (void)state;
  const uint32_t frames[] = {SEGMENT, 3 * SEGMENT + SEGMENT / 2 - 1, 3 * SEGMENT + SEGMENT / 2, 10};
  const size_t expected[] = {1, 3, 4, 1};
  write_noise(0.9);
  for (uint32_t k = 0; k < 4; ++k) {
    Score score;
    score_init(&score, RATE);
    score_add(&score, output, target, 5 * SEGMENT);
    score_cut(&score);
    score_cut(&score); // Nothing is open
    score_add(&score, output, target, frames[k]);
    score_cut(&score);
    assert_int_equal(score.n_segments, 5 + expected[k]);
    score_clear(&score);
  }
}

static void
nothing_to_score_is_not_a_number(void** const state)
{
  (void)state;
  Score score;
  ScoreResult r = {0};
  score_init(&score, RATE);
  assert_int_equal(score_result(&score, &r), STATUS_OK);
  assert_true(isnan(r.esr) && isnan(r.esr_a_weighted) && isnan(r.esr_worst));
  score_clear(&score);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_tenth_too_soft_is_one_hundredth_by_every_measure),
      cmocka_unit_test(a_passage_that_fails_shows_among_the_worst),
      cmocka_unit_test(what_nobody_hears_is_not_among_the_worst),
      cmocka_unit_test(noise_is_not_among_the_worst),
      cmocka_unit_test(an_output_that_roars_in_rests_is_still_judged),
      cmocka_unit_test(an_error_counts_as_it_is_heard),
      cmocka_unit_test(an_offset_makes_no_click),
      cmocka_unit_test(merged_scores_of_takes_equal_one_score_of_all),
      cmocka_unit_test(the_rest_of_a_take_is_a_segment_if_long_enough_or_alone),
      cmocka_unit_test(nothing_to_score_is_not_a_number),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
