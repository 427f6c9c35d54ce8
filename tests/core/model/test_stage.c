// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does a model's linear stage filter as its equation says, at every rate, from rest, and without a
// click when it is switched?

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "core/model/loudness.h"
#include "core/model/model.h"
#include "core/model/model_loudness.h"
#include "core/model/stage_taps.h"
#include "core/reference.h"
#include "tests/checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HIDDEN_SIZE 8U
#define N_TAPS 300U
#define N_FRAMES 12000U

static const double rates[] = {44100.0, 48000.0, 88200.0, 96000.0, 192000.0};

#define N_RATES (sizeof(rates) / sizeof(rates[0]))

static Model*
new_model(const ModelFile* const file, const ModelUse use)
{
  Model* model = NULL;
  assert_int_equal(model_new(file, use, &model), STATUS_OK);
  return model;
}

/// The same file without its stage, whose network it shares: to play, and not to clear
static ModelFile
bare_of(const ModelFile* const file)
{
  ModelFile bare = *file;
  bare.params.shape.n_taps = 0;
  return bare;
}

static void
play(Model* const model, const float* const in, float* const out, const uint32_t n)
{
  model_run(model, (const float* const[]){in}, (float* const[]){out}, n);
}

static void
a_model_sounds_like_its_equations(void** const state)
{
  (void)state;
  static const uint32_t lengths[] = {1, 2, 128, 129, 1024, 2048};
  for (size_t k = 0; k < sizeof(lengths) / sizeof(lengths[0]); ++k) {
    const ModelFile file = fixture_staged_file(HIDDEN_SIZE, lengths[k], k);
    const ModelFile bare = bare_of(&file);
    Model* const model = new_model(&file, (ModelUse){48000.0, 1, 1});
    Model* const network = new_model(&bare, (ModelUse){48000.0, 1, 1});
    static float in[N_FRAMES];
    static float out[N_FRAMES];
    static double right[N_FRAMES];
    double past[PARAMS_MAX_TAPS];
    fixture_guitar(in, N_FRAMES, k);
    play(model, in, out, N_FRAMES);
    play(network, in, in, N_FRAMES);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      right[i] = (double)in[i];
    }
    for (uint32_t i = 0; i < lengths[k]; ++i) {
      past[i] = (double)model_rest_output(network);
    }
    reference_stage(&file.params, past, right, N_FRAMES);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      check_near(out[i], right[i], 3e-6); // -110 dB
    }
    model_free(model);
    model_free(network);
    model_file_clear((ModelFile*)&file);
  }
}

/// A frequency response at one frequency, or a tone's phasor
typedef struct {
  double re;
  double im;
} Phasor;

/// Return the response of taps
static Phasor
response_of(const float* const taps, const uint32_t n, const double turns)
{
  Phasor sum = {0.0, 0.0};
  for (uint32_t i = 0; i < n; ++i) {
    sum.re += (double)taps[i] * cos(TAU * turns * i);
    sum.im -= (double)taps[i] * sin(TAU * turns * i);
  }
  return sum;
}

/// Return the distance of two phasors
static double
distance(const Phasor a, const Phasor b)
{
  return hypot(a.re - b.re, a.im - b.im);
}

/// Return what tone of `turns` a frame is in a model's output, without its latency, for a soft tone
/// of amplitude 1e-3, to which every network is linear
static Phasor
tone_through(Model* const model, const double turns)
{
  enum { N_BEFORE = 12000, N_MEASURED = 12000 };
  static float sound[N_BEFORE + N_MEASURED];
  Phasor sum = {0.0, 0.0};
  model_reset(model);
  for (uint32_t i = 0; i < N_BEFORE + N_MEASURED; ++i) {
    sound[i] = (float)(1e-3 * cos(TAU * turns * ((double)i + model_latency(model))));
  }
  play(model, sound, sound, N_BEFORE + N_MEASURED);
  for (uint32_t i = 0; i < N_MEASURED; ++i) {
    const double window = 1.0 - cos(TAU * (i + 0.5) / N_MEASURED);
    const double y = window * ((double)sound[N_BEFORE + i] - (double)model_rest_output(model));
    sum.re += y * cos(TAU * turns * (N_BEFORE + i));
    sum.im -= y * sin(TAU * turns * (N_BEFORE + i));
  }
  return sum;
}

static Phasor
quotient(const Phasor a, const Phasor b)
{
  const double power = b.re * b.re + b.im * b.im;
  return (Phasor){(a.re * b.re + a.im * b.im) / power, (a.im * b.re - a.re * b.im) / power};
}

/// Check that what a stage changes at a host's rate is its response; return how the model gets to
/// that rate
static RateMethod
check_filter(const ModelFile* const file, const double rate, const uint32_t oversampling)
{
  static const struct {
    double hz;
    double error_db;
  } tones[] = {
      {100.0, -70.0}, {1000.0, -70.0}, {5000.0, -64.0}, {11000.0, -54.0}, {17000.0, -40.0}};
  const ModelFile bare = bare_of(file);
  Model* const model = new_model(file, (ModelUse){rate, 1, oversampling});
  Model* const network = new_model(&bare, (ModelUse){rate, 1, oversampling});
  for (size_t i = 0; i < sizeof(tones) / sizeof(tones[0]); ++i) {
    const Phasor right = response_of(params_values(&file->params, PARAMS_TAPS), N_TAPS,
                                     tones[i].hz / file->sample_rate);
    const Phasor is = quotient(tone_through(model, tones[i].hz / rate),
                               tone_through(network, tones[i].hz / rate));
    check_below(decibel_of_gain(distance(is, right)), tones[i].error_db);
  }
  const RateMethod method = model_rate_plan(model).method;
  model_free(model);
  model_free(network);
  return method;
}

/// Taps have an energy of 1, so their response is 1 on average
static void
a_stage_filters_as_it_learned_at_every_rate(void** const state)
{
  (void)state;
  ModelFile file = fixture_staged_file(HIDDEN_SIZE, N_TAPS, 2);
  bool is_tried[RATE_RESAMPLED + 1] = {false};
  for (size_t own = 0; own < 2; ++own) {
    file.sample_rate = rates[own];
    for (size_t k = 0; k < N_RATES; ++k) {
      is_tried[check_filter(&file, rates[k], 1)] = true;
      is_tried[check_filter(&file, rates[k], own ? 2 : 4)] = true;
    }
  }
  for (int method = RATE_OWN; method <= RATE_RESAMPLED; ++method) {
    assert_true(is_tried[method]);
  }
  model_file_clear(&file);
}

static void
taps_move_exactly_to_multiples_of_their_rate(void** const state)
{
  (void)state;
  float taps[] = {0.5F, -0.25F, 0.125F};
  const Impulse from = {{taps, NULL}, 1, 3, 48000.0};
  Impulse to = {.n_channels = 0};
  assert_int_equal(stage_taps_move(&from, 48000.0, &to), STATUS_OK);
  assert_int_equal(to.n_frames, 3);
  assert_memory_equal(to.samples[0], taps, sizeof(taps));
  impulse_clear(&to);
  assert_int_equal(stage_taps_move(&from, 144000.0, &to), STATUS_OK);
  assert_int_equal(to.n_frames, 7);
  for (uint32_t i = 0; i < 7; ++i) {
    check_equal(to.samples[0][i], i % 3 ? 0.0F : taps[i / 3]);
  }
  impulse_clear(&to);
}

/// Each tap alone, among them those with little room before them
static void
a_tap_between_frames_delays_as_it_should(void** const state)
{
  (void)state;
  static const double pairs[][2] = {{44100.0, 48000.0}, {48000.0, 88200.0},  {44100.0, 96000.0},
                                    {48000.0, 44100.0}, {44100.0, 192000.0}, {32000.0, 44100.0}};
  for (size_t k = 0; k < sizeof(pairs) / sizeof(pairs[0]); ++k) {
    for (uint32_t tap = 1; tap < 60; tap += tap < 6 ? 1 : 9) {
      float taps[60] = {0.0F};
      const Impulse from = {{taps, NULL}, 1, tap + 1, pairs[k][0]};
      const uint32_t lag = stage_taps_lag(pairs[k][0], pairs[k][1]);
      Impulse to = {.n_channels = 0};
      taps[tap] = 1.0F;
      assert_int_equal(stage_taps_move(&from, pairs[k][1], &to), STATUS_OK);
      for (double hz = 500.0; hz < 14000.0; hz += 500.0) {
        const double angle = -TAU * hz * (tap / pairs[k][0] + lag / pairs[k][1]);
        const double error = distance(response_of(to.samples[0], to.n_frames, hz / pairs[k][1]),
                                      (Phasor){cos(angle), sin(angle)});
        check_below(decibel_of_gain(error), hz <= 6000.0 ? -64.0 : hz <= 12000.0 ? -54.0 : -45.0);
      }
      impulse_clear(&to);
    }
  }
}

static void
check_rest(Model* const model, const float rest)
{
  float sound[1000] = {0.0F};
  play(model, sound, sound, 1000);
  check_near(model_rest_output(model), rest, 1e-5);
  for (uint32_t i = 0; i < 1000; ++i) {
    check_near(sound[i], model_rest_output(model), 2e-6);
  }
}

/// No thump at the start or after a reset, wherever the knobs are, switched on or off
static void
a_stage_is_at_rest_from_the_first_frame(void** const state)
{
  (void)state;
  const float ends[][PARAMS_MAX_KNOBS] = {{0.0F}, {1.0F}};
  ModelFile file = {.sample_rate = 48000.0, .stage_is_cabinet = true};
  file.params =
      fixture_params((ParamsShape){CELL_GRU_RESET_BEFORE, HIDDEN_SIZE, 2, false, N_TAPS}, 3);
  const ModelFile bare = bare_of(&file);
  double sum = 0.0;
  params_values(&file.params, PARAMS_B_O)[0] = 0.5F;
  for (uint32_t i = 0; i < N_TAPS; ++i) {
    sum += (double)params_values(&file.params, PARAMS_TAPS)[i];
  }
  for (size_t k = 0; k < N_RATES; ++k) {
    Model* const model = new_model(&file, (ModelUse){rates[k], 1, 1 + k % 2});
    Model* const network = new_model(&bare, (ModelUse){rates[k], 1, 1 + k % 2});
    float sound[2000];
    for (uint32_t end = 0; end < 2; ++end) {
      model_settle(model, ends[end]);
      model_settle(network, ends[end]);
      const float rest = (float)(sum * (double)model_rest_output(network));
      check_above(fabsf(rest), 0.05);
      check_rest(model, rest);
      fixture_guitar(sound, 2000, 1);
      play(model, sound, sound, 2000);
      model_reset(model);
      model_aim_cabinet(model, end, 1.0F, 100);
      check_rest(model, rest);
    }
    model_free(model);
    model_free(network);
  }
  model_file_clear(&file);
}

/// Play two channels in blocks of `block`, switching the cabinet at frames 3000 and 6000
static void
play_switching(const ModelFile* const file, const double rate, const uint32_t block,
               float out[2][N_FRAMES])
{
  Model* const model = new_model(file, (ModelUse){rate, 2, 1});
  fixture_guitar(out[0], N_FRAMES, 4);
  fixture_guitar(out[1], N_FRAMES, 5);
  for (uint32_t i = 0, n = 0; i < N_FRAMES; i += n) {
    const uint32_t end = i < 3000 ? 3000 : i < 6000 ? 6000 : N_FRAMES;
    n = end - i < block ? end - i : block;
    if (i == 3000 || i == 6000) {
      model_aim_cabinet(model, i == 6000, i == 6000 ? 0.5F : 1.0F, 960);
    }
    float* const both[] = {out[0] + i, out[1] + i};
    model_run(model, (const float* const*)both, both, n);
  }
  model_free(model);
}

static void
blocks_of_any_size_give_the_same_bits(void** const state)
{
  (void)state;
  static float whole[2][N_FRAMES];
  static float split[2][N_FRAMES];
  ModelFile file = fixture_staged_file(HIDDEN_SIZE, N_TAPS, 6);
  file.stage_is_cabinet = true;
  for (size_t k = 0; k < N_RATES; ++k) {
    play_switching(&file, rates[k], N_FRAMES, whole);
    for (uint32_t block = 1; block < 200; block += 61) {
      play_switching(&file, rates[k], block, split);
      assert_memory_equal(split, whole, sizeof(whole));
    }
  }
  model_file_clear(&file);
}

static void
channels_are_filtered_apart(void** const state)
{
  (void)state;
  static float both[2][N_FRAMES];
  static float alone[N_FRAMES];
  const ModelFile file = fixture_staged_file(HIDDEN_SIZE, N_TAPS, 7);
  Model* const model = new_model(&file, (ModelUse){96000.0, 2, 1});
  float* const out[] = {both[0], both[1]};
  fixture_guitar(both[0], N_FRAMES, 8);
  fixture_guitar(both[1], N_FRAMES, 9);
  model_run(model, (const float* const*)out, out, N_FRAMES);
  for (uint32_t c = 0; c < 2; ++c) {
    Model* const mono = new_model(&file, (ModelUse){96000.0, 1, 1});
    fixture_guitar(alone, N_FRAMES, 8 + c);
    play(mono, alone, alone, N_FRAMES);
    check_at_most(fixture_difference(alone, both[c], N_FRAMES), 1e-5);
    model_free(mono);
  }
  check_above(fixture_difference(both[0], both[1], N_FRAMES), 0.02);
  model_free(model);
  model_file_clear((ModelFile*)&file);
}

/// Return a model's sound with its cabinet switched off 960 frames before the middle and on at the
/// middle, both within 960 frames
static void
switch_cabinet(const ModelFile* const file, float out[N_FRAMES])
{
  Model* const model = new_model(file, (ModelUse){48000.0, 1, 1});
  fixture_sine(out, N_FRAMES, 110.0, 0.3, 48000.0);
  play(model, out, out, N_FRAMES / 3);
  model_aim_cabinet(model, false, 1.0F, 960);
  play(model, out + N_FRAMES / 3, out + N_FRAMES / 3, N_FRAMES / 3);
  model_aim_cabinet(model, true, 1.0F, 960);
  play(model, out + 2 * N_FRAMES / 3, out + 2 * N_FRAMES / 3, N_FRAMES / 3);
  model_free(model);
}

static void
a_cabinet_is_switched_without_a_click(void** const state)
{
  (void)state;
  static float out[N_FRAMES];
  static float captured[N_FRAMES];
  static float without[N_FRAMES];
  ModelFile file = fixture_staged_file(HIDDEN_SIZE, N_TAPS, 10);
  const ModelFile bare = bare_of(&file);
  file.stage_is_cabinet = true;
  switch_cabinet(&bare, without);
  switch_cabinet(&file, out);
  file.stage_is_cabinet = false; // What is no cabinet plays on
  switch_cabinet(&file, captured);
  const double step =
      fmax(fixture_largest_step(captured, N_FRAMES), fixture_largest_step(without, N_FRAMES));
  check_at_most(fixture_largest_step(out, N_FRAMES), 1.1 * step);
  check_equal(fixture_difference(out, captured, N_FRAMES / 3), 0.0);
  const uint32_t back = 2 * N_FRAMES / 3 + 960;
  check_equal(fixture_difference(out + back, captured + back, N_FRAMES - back), 0.0);
  // Switched off, it is the network's sound on the stage's rest
  const uint32_t off = N_FRAMES / 3 + 960;
  const float shift = without[off] - out[off];
  for (uint32_t i = off; i < 2 * N_FRAMES / 3; ++i) {
    check_near(out[i] + shift, without[i], 2e-6);
  }
  check_above(fixture_difference(captured + off, out + off, N_FRAMES / 3 - 960), 0.02);
  model_file_clear(&file);
}

/// Half the taps, half the level
static void
a_loudness_is_measured_with_the_stage(void** const state)
{
  (void)state;
  ModelFile loud = fixture_staged_file(HIDDEN_SIZE, N_TAPS, 11);
  ModelFile soft = fixture_staged_file(HIDDEN_SIZE, N_TAPS, 11);
  for (uint32_t i = 0; i < N_TAPS; ++i) {
    params_values(&soft.params, PARAMS_TAPS)[i] *= 0.5F;
  }
  assert_int_equal(model_loudness_find(&loud), STATUS_OK);
  assert_int_equal(model_loudness_find(&soft), STATUS_OK);
  check_near(loud.loudness.middle.value - soft.loudness.middle.value, 6.02, 0.01);
  model_file_clear(&loud);
  model_file_clear(&soft);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_model_sounds_like_its_equations),
      cmocka_unit_test(a_stage_filters_as_it_learned_at_every_rate),
      cmocka_unit_test(taps_move_exactly_to_multiples_of_their_rate),
      cmocka_unit_test(a_tap_between_frames_delays_as_it_should),
      cmocka_unit_test(a_stage_is_at_rest_from_the_first_frame),
      cmocka_unit_test(blocks_of_any_size_give_the_same_bits),
      cmocka_unit_test(channels_are_filtered_apart),
      cmocka_unit_test(a_cabinet_is_switched_without_a_click),
      cmocka_unit_test(a_loudness_is_measured_with_the_stage),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
