// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the cabinet play the sum over all taps? Against the same sum in double precision.

#include "tests/fixtures.h"

#include "core/decibel.h"
#include "core/model/convolver.h"
#include "core/random.h"
#include "tests/checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CALL 8192U
#define MAX_ERROR_DB (-120.0) ///< Of the largest error, against the peak

/// One tap, lengths around the ends of a block and of the head, the longest of one level and the
/// shortest of two, and long ones
static const uint32_t lengths[] = {1,    63,   64,   65,   127,  128,  129,
                                   1000, 2048, 6655, 6656, 7168, 48000};

#define N_LENGTHS (sizeof(lengths) / sizeof(lengths[0]))

static float*
new_noise(const uint32_t n, const uint64_t seed)
{
  Random random = random_for(seed, 91);
  float* const samples = (float*)calloc(n, sizeof(float));
  assert_non_null(samples);
  for (uint32_t i = 0; i < n; ++i) {
    samples[i] = (float)random_between(&random, -1.0, 1.0);
  }
  return samples;
}

/// Decaying noise; the caller clears
static Impulse
new_impulse(const uint32_t n_frames, const uint32_t n_channels)
{
  Impulse impulse = {.n_channels = n_channels, .n_frames = n_frames, .sample_rate = 48000.0};
  for (uint32_t c = 0; c < n_channels; ++c) {
    impulse.samples[c] = new_noise(n_frames, n_frames + 7 * c);
    for (uint32_t i = 0; i < n_frames; ++i) {
      impulse.samples[c][i] *= (float)exp(-3.0 * i / n_frames);
    }
  }
  return impulse;
}

static Convolver*
new_convolver(const Impulse* const impulse, const uint32_t n_channels)
{
  Convolver* convolver = NULL;
  assert_int_equal(convolver_new(impulse, n_channels, &convolver), STATUS_OK);
  return convolver;
}

/// Two streams of sound, and what the convolver makes of them
typedef struct {
  uint32_t n_frames;
  float* in[2];
  float* out[2];
} Sound;

static Sound
new_sound(const uint32_t n_frames)
{
  return (Sound){n_frames,
                 {new_noise(n_frames, 1), new_noise(n_frames, 2)},
                 {new_noise(n_frames, 3), new_noise(n_frames, 4)}};
}

static void
free_sound(const Sound* const s)
{
  for (uint32_t c = 0; c < 2; ++c) {
    free(s->in[c]);
    free(s->out[c]);
  }
}

/// Run a part of the sound
static void
run_part(Convolver* const convolver, const Sound* const s, const uint32_t first, const uint32_t n)
{
  const float* const in[2] = {s->in[0] + first, s->in[1] + first};
  float* const out[2] = {s->out[0] + first, s->out[1] + first};
  convolver_run(convolver, in, out, n);
}

/// How the next call's length is chosen
typedef enum { CALLS_OF_ONE, CALLS_OF_64, CALLS_OF_65, CALLS_SMALL, CALLS_ANY, N_CALLS } Calls;

static uint32_t
next_length(const Calls calls, Random* const random)
{
  switch (calls) {
  case CALLS_OF_ONE:
    return 1;
  case CALLS_OF_64:
    return 64;
  case CALLS_OF_65:
    return 65;
  case CALLS_SMALL:
    return random_below(random, 40);
  case CALLS_ANY:
  case N_CALLS:
    break;
  }
  return random_below(random, MAX_CALL + 1);
}

static void
run_calls(Convolver* const convolver, const Sound* const s, const Calls calls)
{
  Random random = random_for(s->n_frames, 92);
  for (uint32_t done = 0; done < s->n_frames;) {
    const uint32_t wanted = next_length(calls, &random);
    const uint32_t n = wanted < s->n_frames - done ? wanted : s->n_frames - done;
    run_part(convolver, s, done, n);
    done += n;
  }
}

/// One frame of the sum over all taps
static double
sum_at(const float* const taps, const uint32_t n_taps, const float* const in, const uint32_t frame)
{
  double sum = 0.0;
  for (uint32_t k = 0; k < n_taps && k <= frame; ++k) {
    sum += (double)taps[k] * (double)in[frame - k];
  }
  return sum;
}

/// Compare every `step`th frame with the sum
static void
check_sum(const Impulse* const impulse, const uint32_t channel, const Sound* const s,
          const uint32_t stream, const uint32_t step)
{
  double peak = 0.0;
  double error = 0.0;
  for (uint32_t i = 0; i < s->n_frames; i += step) {
    const double y = sum_at(impulse->samples[channel], impulse->n_frames, s->in[stream], i);
    peak = fmax(peak, fabs(y));
    const double e = fabs((double)s->out[stream][i] - y);
    error = e <= error ? error : e; // Not-a-number counts as larger
  }
  const double db = decibel_of_gain(error / peak);
  if (!(db <= MAX_ERROR_DB)) {
    fail_msg("%u taps, stream %u: error %.1f dB", impulse->n_frames, stream, db);
  }
}

/// Frames between those compared: so many that it doesn't take long, and all places in a block
static uint32_t
step_for(const uint32_t n_taps)
{
  const uint32_t step = n_taps <= 1000 ? 1 : n_taps <= 8192 ? 7 : 29;
  return fixture_is_slow() ? 23 * step : step;
}

static void
it_plays_the_sum_over_all_taps(void** const state)
{
  (void)state;
  for (size_t k = 0; k < N_LENGTHS; ++k) {
    Impulse impulse = new_impulse(lengths[k], 1);
    Convolver* const convolver = new_convolver(&impulse, 1);
    const Sound s = new_sound(lengths[k] + 9000);
    run_calls(convolver, &s, CALLS_ANY);
    check_sum(&impulse, 0, &s, 0, step_for(lengths[k]));
    free_sound(&s);
    convolver_free(convolver);
    impulse_clear(&impulse);
  }
}

static void
a_click_plays_the_impulse_at_once(void** const state)
{
  (void)state;
  for (size_t k = 0; k < N_LENGTHS; ++k) {
    Impulse impulse = new_impulse(lengths[k], 1);
    Convolver* const convolver = new_convolver(&impulse, 1);
    const Sound s = new_sound(lengths[k]);
    memset(s.in[0], 0, lengths[k] * sizeof(float));
    s.in[0][0] = 1.0F;
    run_calls(convolver, &s, CALLS_OF_64);
    check_equal(s.out[0][0], impulse.samples[0][0]);
    check_at_most(fixture_difference(s.out[0], impulse.samples[0], lengths[k]), 1e-6);
    free_sound(&s);
    convolver_free(convolver);
    impulse_clear(&impulse);
  }
}

static void
check_calls(const uint32_t n_taps, const Calls calls)
{
  Impulse impulse = new_impulse(n_taps, 2);
  Convolver* const convolver = new_convolver(&impulse, 2);
  const Sound whole = new_sound(fixture_is_slow() ? 9000 : 40000);
  const Sound split = new_sound(whole.n_frames);
  run_part(convolver, &whole, 0, whole.n_frames);
  convolver_reset(convolver);
  run_calls(convolver, &split, calls);
  for (uint32_t c = 0; c < 2; ++c) {
    assert_memory_equal(whole.out[c], split.out[c], whole.n_frames * sizeof(float));
  }
  free_sound(&whole);
  free_sound(&split);
  convolver_free(convolver);
  impulse_clear(&impulse);
}

static void
every_split_gives_the_same_bits(void** const state)
{
  (void)state;
  for (int calls = CALLS_OF_ONE; calls < N_CALLS; ++calls) {
    check_calls(100, (Calls)calls);
    check_calls(2048, (Calls)calls);
    check_calls(10000, (Calls)calls);
  }
}

static void
a_call_without_frames_does_nothing(void** const state)
{
  (void)state;
  Impulse impulse = new_impulse(1000, 1);
  Convolver* const convolver = new_convolver(&impulse, 1);
  const float* const in[1] = {NULL};
  float* const out[1] = {NULL};
  convolver_run(convolver, in, out, 0);
  convolver_free(convolver);
  impulse_clear(&impulse);
}

/// Run in place, in calls of 100; stream 0 goes to buffer `first`
static void
check_in_place(const uint32_t first)
{
  Impulse impulse = new_impulse(7000, 2);
  Convolver* const convolver = new_convolver(&impulse, 2);
  const Sound s = new_sound(8000);
  run_part(convolver, &s, 0, s.n_frames);
  convolver_reset(convolver);
  for (uint32_t done = 0; done < s.n_frames; done += 100) {
    float* const buffers[2] = {s.in[0] + done, s.in[1] + done};
    const float* const in[2] = {buffers[0], buffers[1]};
    float* const out[2] = {buffers[first], buffers[1 - first]};
    convolver_run(convolver, in, out, 100);
  }
  assert_memory_equal(s.in[first], s.out[0], s.n_frames * sizeof(float));
  assert_memory_equal(s.in[1 - first], s.out[1], s.n_frames * sizeof(float));
  free_sound(&s);
  convolver_free(convolver);
  impulse_clear(&impulse);
}

static void
input_and_output_may_be_the_same_buffers(void** const state)
{
  (void)state;
  check_in_place(0);
  check_in_place(1);
}

static void
two_streams_have_a_channel_each(void** const state)
{
  (void)state;
  Impulse impulse = new_impulse(7000, 2);
  Convolver* const convolver = new_convolver(&impulse, 2);
  const Sound s = new_sound(16000);
  run_calls(convolver, &s, CALLS_ANY);
  check_sum(&impulse, 0, &s, 0, step_for(7000));
  check_sum(&impulse, 1, &s, 1, step_for(7000));
  free_sound(&s);
  convolver_free(convolver);
  impulse_clear(&impulse);
}

static void
one_channel_filters_both_streams(void** const state)
{
  (void)state;
  Impulse impulse = new_impulse(7000, 1);
  Convolver* const convolver = new_convolver(&impulse, 2);
  const Sound s = new_sound(16000);
  run_calls(convolver, &s, CALLS_ANY);
  check_sum(&impulse, 0, &s, 0, step_for(7000));
  check_sum(&impulse, 0, &s, 1, step_for(7000));
  free_sound(&s);
  convolver_free(convolver);
  impulse_clear(&impulse);
}

static void
one_stream_takes_the_first_of_two_channels(void** const state)
{
  (void)state;
  Impulse impulse = new_impulse(1000, 2);
  Convolver* const convolver = new_convolver(&impulse, 1);
  const Sound s = new_sound(3000);
  run_calls(convolver, &s, CALLS_ANY);
  check_sum(&impulse, 0, &s, 0, step_for(1000));
  free_sound(&s);
  convolver_free(convolver);
  impulse_clear(&impulse);
}

static void
a_reset_forgets_the_past(void** const state)
{
  (void)state;
  static const uint32_t n_taps[] = {50, 2000, 10000};
  for (size_t k = 0; k < 3; ++k) {
    Impulse impulse = new_impulse(n_taps[k], 1);
    Convolver* const used = new_convolver(&impulse, 1);
    Convolver* const fresh = new_convolver(&impulse, 1);
    const Sound s = new_sound(20000);
    s.in[0][12000] = NAN;
    run_part(used, &s, 0, 12345);
    convolver_reset(used);
    run_part(used, &s, 12345, 7655);
    memcpy(s.out[1], s.out[0], s.n_frames * sizeof(float));
    run_part(fresh, &s, 12345, 7655);
    assert_memory_equal(s.out[1] + 12345, s.out[0] + 12345, 7655 * sizeof(float));
    free_sound(&s);
    convolver_free(used);
    convolver_free(fresh);
    impulse_clear(&impulse);
  }
}

static void
a_bad_sample_is_forgotten_in_time(void** const state)
{
  (void)state;
  static const uint32_t n_taps[] = {100, 1000, 10000};
  for (size_t k = 0; k < 3; ++k) {
    const uint32_t healed = 1000 + n_taps[k] + CONVOLVER_LINGER;
    Impulse impulse = new_impulse(n_taps[k], 1);
    Convolver* const convolver = new_convolver(&impulse, 1);
    const Sound s = new_sound(healed + 3000);
    s.in[0][1000] = NAN;
    run_part(convolver, &s, 0, s.n_frames);
    assert_true(isnan(s.out[0][1000]));
    memcpy(s.out[1], s.out[0], s.n_frames * sizeof(float));
    s.in[0][1000] = 0.0F;
    convolver_reset(convolver);
    run_part(convolver, &s, 0, s.n_frames);
    assert_memory_equal(s.out[1], s.out[0], 1000 * sizeof(float));
    assert_memory_equal(s.out[1] + healed, s.out[0] + healed, 3000 * sizeof(float));
    free_sound(&s);
    convolver_free(convolver);
    impulse_clear(&impulse);
  }
}

static void
a_bad_impulse_is_refused(void** const state)
{
  (void)state;
  Impulse impulse = new_impulse(10, 2);
  Convolver* convolver = NULL;
  assert_int_equal(convolver_new(&impulse, 0, &convolver), STATUS_BAD_ARGUMENT);
  assert_int_equal(convolver_new(&impulse, 3, &convolver), STATUS_BAD_ARGUMENT);
  const Impulse no_frames = {{impulse.samples[0], NULL}, 1, 0, 48000.0};
  assert_int_equal(convolver_new(&no_frames, 1, &convolver), STATUS_BAD_ARGUMENT);
  const Impulse no_channels = {{NULL, NULL}, 0, 10, 48000.0};
  assert_int_equal(convolver_new(&no_channels, 1, &convolver), STATUS_BAD_ARGUMENT);
  const Impulse too_many = {{impulse.samples[0], impulse.samples[1]}, 3, 10, 48000.0};
  assert_int_equal(convolver_new(&too_many, 1, &convolver), STATUS_BAD_ARGUMENT);
  assert_null(convolver);
  convolver_free(NULL);
  impulse_clear(&impulse);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_plays_the_sum_over_all_taps),
      cmocka_unit_test(a_click_plays_the_impulse_at_once),
      cmocka_unit_test(every_split_gives_the_same_bits),
      cmocka_unit_test(a_call_without_frames_does_nothing),
      cmocka_unit_test(input_and_output_may_be_the_same_buffers),
      cmocka_unit_test(two_streams_have_a_channel_each),
      cmocka_unit_test(one_channel_filters_both_streams),
      cmocka_unit_test(one_stream_takes_the_first_of_two_channels),
      cmocka_unit_test(a_reset_forgets_the_past),
      cmocka_unit_test(a_bad_sample_is_forgotten_in_time),
      cmocka_unit_test(a_bad_impulse_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
