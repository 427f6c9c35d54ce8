// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is a delay found roughly whatever else is wrong: an early end, silence, a count-in, a doubled
// frequency? The sound is bursts of noise, at a low rate so that it takes little time.

#include "tests/fixtures.h"

#include "core/random.h"
#include "tests/checks.h"
#include "train/capture/coarse_delay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE 8000.0
#define SECONDS 20U
#define N_FRAMES (SECONDS * 8000U)

static float input_samples[N_FRAMES];
static float target_samples[2 * N_FRAMES];

/// Write bursts that die away, at irregular times
static void
make_bursts(float* const samples, const uint64_t seed)
{
  Random random = random_for(seed, 0);
  double level = 0.0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    level = random_between(&random, 0.0, 1.0) < 3.0 / RATE ? 0.7 : 0.9997 * level;
    samples[i] = (float)(level * random_between(&random, -1.0, 1.0));
  }
}

/// Make the input, and a target of zeros
static int
make_input(void** const state)
{
  (void)state;
  make_bursts(input_samples, 1);
  memset(target_samples, 0, sizeof(target_samples));
  return 0;
}

/// Search as the alignment does, and return the delay; NaN if there is none
static double
find_delay(const uint32_t n_input, const uint32_t n_target)
{
  const Wav input = {.samples = input_samples, .n_frames = n_input, .sample_rate = RATE};
  const Wav target = {.samples = target_samples, .n_frames = n_target, .sample_rate = RATE};
  const CoarseSearch search = {&input, &target, 1.0, -2.0 * RATE, 2.0 * RATE};
  DelayTrend line;
  bool is_found = false;
  assert_int_equal(coarse_find(&search, &line, &is_found), STATUS_OK);
  check_near(line.drift, 0.0, 1e-6);
  return is_found ? line.delay : (double)NAN;
}

static void
a_target_that_ends_long_before_the_input_is_found(void** const state)
{
  (void)state;
  memcpy(target_samples + 70, input_samples, sizeof(input_samples));
  check_near(find_delay(N_FRAMES, N_FRAMES * 3 / 10), 70.0, 1.0);
}

static void
a_long_count_in_before_the_input_does_not_vote(void** const state)
{
  (void)state;
  memcpy(target_samples, input_samples + 110000, (N_FRAMES - 110000) * sizeof(float));
  check_near(find_delay(N_FRAMES, N_FRAMES - 110000), -110000.0, 1.0); // 13.75 s
}

static void
silence_in_the_target_does_not_vote(void** const state)
{
  (void)state;
  memcpy(target_samples + 70, input_samples, sizeof(input_samples) * 3 / 10);
  check_near(find_delay(N_FRAMES, N_FRAMES), 70.0, 1.0);
}

static void
a_count_in_before_the_target_is_found(void** const state)
{
  (void)state;
  memcpy(target_samples + 100000, input_samples, sizeof(input_samples));
  check_near(find_delay(N_FRAMES, 100000 + N_FRAMES), 100000.0, 1.0); // 12.5 s
}

static void
a_count_in_before_the_input_is_found(void** const state)
{
  (void)state;
  memset(input_samples, 0, 80000 * sizeof(float));
  memcpy(target_samples, input_samples + 80000, (N_FRAMES - 80000) * sizeof(float));
  check_near(find_delay(N_FRAMES, N_FRAMES - 80000), -80000.0, 1.0); // 10 s
}

static void
an_octave_fuzz_is_found(void** const state)
{
  (void)state;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    target_samples[i + 300] = fabsf(tanhf(8.0F * input_samples[i])) - 0.5F;
  }
  check_near(find_delay(N_FRAMES, N_FRAMES), 300.0, 1.0);
}

static void
another_recording_is_not_found(void** const state)
{
  (void)state;
  make_bursts(target_samples, 2);
  assert_true(isnan(find_delay(N_FRAMES, N_FRAMES)));
  assert_true(isnan(find_delay(N_FRAMES, 2 * N_FRAMES)));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(a_target_that_ends_long_before_the_input_is_found, make_input),
      cmocka_unit_test_setup(a_long_count_in_before_the_input_does_not_vote, make_input),
      cmocka_unit_test_setup(silence_in_the_target_does_not_vote, make_input),
      cmocka_unit_test_setup(a_count_in_before_the_target_is_found, make_input),
      cmocka_unit_test_setup(a_count_in_before_the_input_is_found, make_input),
      cmocka_unit_test_setup(an_octave_fuzz_is_found, make_input),
      cmocka_unit_test_setup(another_recording_is_not_found, make_input),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
