// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does a model play the right weights at a host's rate, and the same sound in every way?

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "core/format/model_file_io.h"
#include "core/model/loudness.h"
#include "core/reference.h"
#include "tests/checks.h"

#include <math.h>
#include <samplerate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_FRAMES 2000U

/// Play a guitar with the model made of `file` for `sample_rate`; return the rate of its set
static double
play_guitar(const ModelFile* const file, const double sample_rate, float out[N_FRAMES])
{
  Model* model = NULL;
  fixture_guitar(out, N_FRAMES, 3);
  assert_int_equal(model_new(file, (ModelUse){sample_rate, 1, 1}, &model), STATUS_OK);
  model_run(model, (const float*[]){out}, (float*[]){out}, N_FRAMES);
  const double rate = model_rate_plan(model).own_rate;
  model_free(model);
  return rate;
}

static void
a_model_plays_the_set_that_fits_the_host(void** const state)
{
  (void)state;
  float main_out[N_FRAMES];
  float other_out[N_FRAMES];
  float out[N_FRAMES];
  ModelFile file = fixture_model_file(CELL_GRU_RESET_BEFORE, 8, 1);
  ModelFile other = fixture_model_file(CELL_GRU_RESET_BEFORE, 8, 2);
  (void)play_guitar(&file, 48000.0, main_out);
  (void)play_guitar(&other, 48000.0, other_out);
  file.others[0] = (ModelSet){44100.0, other.params, other.record};
  file.n_others = 1;
  check_equal(play_guitar(&file, 48000.0, out), 48000.0);
  assert_memory_equal(out, main_out, sizeof(out));
  check_equal(play_guitar(&file, 44100.0, out), 44100.0);
  assert_memory_equal(out, other_out, sizeof(out));
  check_equal(play_guitar(&file, 88200.0, out), 44100.0);
  check_equal(play_guitar(&file, 96000.0, out), 48000.0);
  check_equal(play_guitar(&file, 32000.0, out), 48000.0);
  model_file_clear(&file); // And with it the weights of the other set
}

#define SECONDS 1U

/// Return what a model plays of `n` frames and then silence, without its latency; the caller frees
/// both
static float*
play_all(Model* const model, float* const x, const uint32_t n)
{
  const uint32_t latency = model_latency(model);
  float* const y = (float*)calloc(n + latency, sizeof(float));
  assert_non_null(y);
  for (uint32_t i = 0, k = 1; i < n + latency; i += k, k = 1 + k * 37 % 301) {
    k = n + latency - i < k ? n + latency - i : k;
    model_run(model, (const float* const[]){x + i}, (float* const[]){y + i}, k);
  }
  memmove(y, y + latency, n * sizeof(float));
  return y;
}

/// Return what a model plays of the reference phrase, or of a soft tone if `hz` isn't 0
static float*
play_sound(Model* const model, const double rate, const double hz, uint32_t* const n_frames)
{
  const uint32_t n = (uint32_t)(SECONDS * rate);
  float* const x = (float*)calloc(n + model_latency(model), sizeof(float));
  assert_non_null(x);
  if (hz > 0.0) {
    fixture_sine(x, n, hz, 0.1, rate);
  } else {
    loudness_phrase(rate, x, n);
  }
  float* const y = play_all(model, x, n);
  free(x);
  *n_frames = n;
  return y;
}

/// Error of one sound against another [dB], without the first tenth
static double
error_db(const float* const a, const float* const b, const uint32_t n)
{
  double error = 0.0;
  double power = 0.0;
  double mean = 0.0;
  for (uint32_t i = n / 10; i < n; ++i) {
    mean += (double)b[i] / (0.9 * n);
  }
  for (uint32_t i = n / 10; i < n; ++i) {
    error += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    power += ((double)b[i] - mean) * ((double)b[i] - mean);
  }
  return decibel_of_power(error / power + 1e-20);
}

/// Weights like those of trained models: slow and fast units, and a lively candidate
static ModelFile
trained_like(const uint32_t seed)
{
  ModelFile file =
      fixture_model_file(seed % 2 ? CELL_GRU_RESET_BEFORE : CELL_GRU_RESET_AFTER, 16, seed);
  const uint32_t hidden_size = file.params.shape.hidden_size;
  for (uint32_t i = 0; i < hidden_size; ++i) {
    params_values(&file.params, PARAMS_B_I)[hidden_size + i] += (float)(i % 4) - 1.0F;
  }
  return file;
}

static Model*
model_by(const ModelFile* const file, const RatePlan plan)
{
  Model* model = NULL;
  assert_int_equal(model_new_by(file, plan, 1, &model), STATUS_OK);
  return model;
}

static Model*
model_at(const ModelFile* const file, const double rate, const uint32_t oversampling)
{
  Model* model = NULL;
  assert_int_equal(model_new(file, (ModelUse){rate, 1, oversampling}, &model), STATUS_OK);
  return model;
}

/// Return the error of a way against the model between resamplers, which test_resampler tests
static double
error_of_way(const ModelFile* const file, Model* const model, const double rate)
{
  Model* const other = model_by(file, rate_plan_resampled(file->sample_rate, rate, 1));
  uint32_t n = 0;
  float* const a = play_sound(model, rate, 0.0, &n);
  float* const b = play_sound(other, rate, 0.0, &n);
  const double error = error_db(a, b, n);
  model_free(other);
  free(a);
  free(b);
  return error;
}

static ModelFile
factory_model(const char* const name)
{
  char path[256];
  ModelFile file = {0};
  (void)snprintf(path, sizeof(path), "%s/%s.json", GRUS_FACTORY_MODELS, name);
  assert_int_equal(model_file_read(path, &file, NULL), STATUS_OK);
  return file;
}

/// The factory's models, without their sets for other rates
static void
a_model_sounds_the_same_at_twice_its_rate(void** const state)
{
  (void)state;
  static const char* const names[] = {"crunch", "ts9"};
  for (uint32_t k = fixture_is_slow() ? 1 : 0; k < 2; ++k) {
    ModelFile file = factory_model(names[k]);
    const ModelFile main_set = {.params = file.params, .sample_rate = 48000.0};
    Model* const model = model_at(&main_set, 96000.0, 1);
    assert_int_equal(model_rate_plan(model).method, RATE_DELAYED);
    assert_int_equal(model_latency(model), 0);
    check_at_most(error_of_way(&main_set, model, 96000.0), -60.0);
    model_free(model);
    model_file_clear(&file);
  }
}

#define N_EXACT 24000U

/// Return what the equations make of `x` in double precision, after two seconds of silence
static void
play_equations(const ModelFile* const file, const float* const x, float* const y)
{
  static const float silence[N_EXACT] = {0.0F};
  static const double knobs[PARAMS_MAX_KNOBS] = {0.5, 0.5, 0.5, 0.5};
  static double out[N_EXACT];
  static float in[N_EXACT];
  double rest[PARAMS_MAX_STATE] = {0.0};
  for (uint32_t i = 0; i < N_EXACT; ++i) {
    in[i] = (float)((double)x[i] * decibel_to_gain(file->input_gain_db));
  }
  for (uint32_t turn = 0; turn < 5; ++turn) {
    assert_int_equal(
        reference_run(&file->params, knobs, rest, turn < 4 ? silence : in, out, N_EXACT),
        STATUS_OK);
  }
  for (uint32_t i = 0; i < N_EXACT; ++i) {
    y[i] = (float)(out[i] * decibel_to_gain(file->output_gain_db));
  }
}

/// Trained networks amplify rounding more than random ones do (doc/performance.md)
static void
a_trained_model_follows_its_equations(void** const state)
{
  (void)state;
  static const char* const names[] = {"muff", "ts9", "crunch", "lead"};
  for (uint32_t k = 0; k < (fixture_is_slow() ? 1 : 4); ++k) {
    static float x[N_EXACT];
    static float y[N_EXACT];
    static float expected[N_EXACT];
    ModelFile file = factory_model(names[k]);
    Model* const model = model_by(&file, rate_plan(48000.0, 48000.0, 1));
    fixture_guitar(x, N_EXACT, 3);
    model_run(model, (const float* const[]){x}, (float* const[]){y}, N_EXACT);
    play_equations(&file, x, expected);
    check_at_most(error_db(y, expected, N_EXACT), -80.0);
    model_free(model);
    model_file_clear(&file);
  }
}

static void
a_model_sounds_right_at_a_rate_in_between(void** const state)
{
  (void)state;
  const uint32_t n_models = fixture_is_slow() ? 1 : 6;
  uint32_t n_good = 0;
  for (uint32_t seed = 1; seed <= n_models; ++seed) {
    ModelFile file = trained_like(seed);
    file.sample_rate = 44100.0;
    Model* const model = model_at(&file, 48000.0, 1);
    n_good += error_of_way(&file, model, 48000.0) <= -40.0;
    model_free(model);
    model_file_clear(&file);
  }
  assert_int_equal(n_good, n_models);
}

/// Return the error against the sound at the model's own rate, resampled by another library. A low
/// tone, too soft to alias
static double
error_against_own(const ModelFile* const file, Model* const model, const double rate)
{
  Model* const own = model_at(file, file->sample_rate, 1);
  uint32_t n = 0;
  uint32_t n_own = 0;
  float* const y = play_sound(model, rate, 440.0, &n);
  float* const at_own = play_sound(own, file->sample_rate, 440.0, &n_own);
  float* const expected = (float*)calloc(n + 64, sizeof(float));
  SRC_DATA data = {.data_in = at_own,
                   .data_out = expected,
                   .input_frames = (long)n_own,
                   .output_frames = (long)n,
                   .src_ratio = rate / file->sample_rate};
  assert_int_equal(src_simple(&data, SRC_SINC_BEST_QUALITY, 1), 0);
  const double error = error_db(y, expected, (uint32_t)data.output_frames_gen - 1000);
  free(y);
  free(at_own);
  free(expected);
  model_free(own);
  return error;
}

static void
a_slower_host_gets_resamplers_and_their_latency(void** const state)
{
  (void)state;
  ModelFile file = trained_like(1);
  Model* const model = model_at(&file, 44100.0, 1);
  assert_int_equal(model_rate_plan(model).method, RATE_RESAMPLED);
  assert_in_range(model_latency(model), 20, 100);
  check_at_most(error_against_own(&file, model, 44100.0), -60.0);
  model_free(model);
  model_file_clear(&file);
}

/// Three layers of LSTM in one: each reads the one before it, and the head the last
static ModelFile
stack_of_layers(void)
{
  ModelFile file = fixture_model_file(CELL_LSTM, 12, 5);
  for (uint32_t row = 0; row < 4 * 12; ++row) {
    const uint32_t layer = row % 12 / 4;
    for (uint32_t from = 0; from < 12; ++from) {
      if (from / 4 != layer && from / 4 + 1 != layer) {
        params_values(&file.params, PARAMS_W_H)[row * 12 + from] = 0.0F;
      }
    }
    params_values(&file.params, PARAMS_W_I)[row] *= layer ? 0.0F : 1.0F;
  }
  for (uint32_t i = 0; i < 8; ++i) {
    params_values(&file.params, PARAMS_W_O)[i] = 0.0F;
  }
  file.lag = 2;
  return file;
}

/// A frame less or more would be an error of -30 dB at least; interpolated, a fraction remains
static void
the_lag_of_layers_is_part_of_the_latency(void** const state)
{
  (void)state;
  static const ModelUse uses[] = {
      {48000.0, 1, 2}, {44100.0, 1, 1}, {96000.0, 1, 1}, {88200.0, 1, 1}, {44100.0, 1, 2}};
  ModelFile file = stack_of_layers();
  ModelFile plain = file;
  plain.lag = 0;
  for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); ++i) {
    Model* const model = model_at(&file, uses[i].sample_rate, uses[i].oversampling);
    Model* const without = model_at(&plain, uses[i].sample_rate, uses[i].oversampling);
    check_above(model_latency(model), model_latency(without));
    check_at_most(error_against_own(&file, model, uses[i].sample_rate), -45.0);
    model_free(model);
    model_free(without);
  }
  Model* const own = model_at(&file, 48000.0, 1);
  assert_int_equal(model_latency(own), 2);
  model_free(own);
  model_file_clear(&file);
}

static void
oversampling_keeps_the_sound_and_reports_its_latency(void** const state)
{
  (void)state;
  static const double hosts[] = {48000.0, 44100.0, 96000.0};
  ModelFile file = trained_like(2);
  for (uint32_t k = fixture_is_slow() ? 4 : 0; k < 6; k += fixture_is_slow() ? 4 : 1) {
    Model* const model = model_at(&file, hosts[k % 3], k < 3 ? 2 : 4);
    check_above(model_latency(model), 0);
    check_at_most(error_of_way(&file, model, hosts[k % 3]), -40.0); // Aliases are the difference
    model_free(model);
  }
  model_file_clear(&file);
}

/// A candidate that inverts its state times 0.98 rings when it is interpolated at a bad place
static void
an_unstable_way_is_not_used(void** const state)
{
  (void)state;
  ModelFile file = {.sample_rate = 48000.0};
  assert_int_equal(params_init(&file.params, (ParamsShape){CELL_GRU_RESET_AFTER, 2, 1, false, 0}),
                   STATUS_OK);
  for (uint32_t i = 0; i < 2; ++i) {
    params_values(&file.params, PARAMS_B_I)[i] = 20.0F;      // r = 1
    params_values(&file.params, PARAMS_B_I)[2 + i] = -20.0F; // z = 0
    params_values(&file.params, PARAMS_W_H)[(4 + i) * 2 + i] = -0.98F;
    params_values(&file.params, PARAMS_W_I)[4 + i] = 1.0F;
    params_values(&file.params, PARAMS_W_O)[i] = 1.0F;
  }
  Model* const model = model_at(&file, 88200.0, 1);
  assert_int_equal(rate_plan(48000.0, 88200.0, 1).method, RATE_INTERPOLATED);
  assert_int_equal(model_rate_plan(model).method, RATE_RESAMPLED);
  model_free(model);
  model_file_clear(&file);
}

/// A network of two units whose state turns by `hz` at 44.1 kHz in each step and keeps `keep` of
/// itself: a resonance, soft enough not to alias
static ModelFile
resonant_at(const double hz, const float keep)
{
  ModelFile file = {.sample_rate = 44100.0};
  assert_int_equal(params_init(&file.params, (ParamsShape){CELL_GRU_RESET_AFTER, 2, 1, true, 0}),
                   STATUS_OK);
  const float across = keep * (float)cos(TAU * hz / 44100.0);
  const float along = keep * (float)sin(TAU * hz / 44100.0);
  float* const w_h = params_values(&file.params, PARAMS_W_H);
  for (uint32_t i = 0; i < 2; ++i) {
    params_values(&file.params, PARAMS_B_I)[i] = 20.0F;      // r = 1
    params_values(&file.params, PARAMS_B_I)[2 + i] = -20.0F; // z = 0
    w_h[(4 + i) * 2 + i] = across;
    w_h[(4 + i) * 2 + 1 - i] = i ? along : -along;
  }
  params_values(&file.params, PARAMS_W_I)[4] = 0.01F;
  params_values(&file.params, PARAMS_W_O)[0] = 10.0F;
  return file;
}

/// Interpolation of the state lowers a resonance near 10 kHz, which dark playing doesn't excite
static void
a_bright_model_is_resampled(void** const state)
{
  (void)state;
  ModelFile bright = resonant_at(9500.0, 0.9F);
  ModelFile dark = resonant_at(950.0, 0.9F);
  Model* const resampled = model_at(&bright, 48000.0, 1);
  Model* const interpolated = model_at(&dark, 48000.0, 1);
  assert_int_equal(model_rate_plan(resampled).method, RATE_RESAMPLED);
  assert_int_equal(model_latency(resampled), 68);
  assert_int_equal(model_rate_plan(interpolated).method, RATE_INTERPOLATED);
  assert_int_equal(model_latency(interpolated), 0);
  model_free(resampled);
  model_free(interpolated);
  model_file_clear(&bright);
  model_file_clear(&dark);
}

/// A clipper without memory: any way changes nothing but its aliases
static void
aliasing_is_no_reason_to_resample(void** const state)
{
  (void)state;
  ModelFile file = {.sample_rate = 44100.0};
  assert_int_equal(params_init(&file.params, (ParamsShape){CELL_GRU_RESET_AFTER, 1, 1, false, 0}),
                   STATUS_OK);
  params_values(&file.params, PARAMS_B_I)[1] = -20.0F; // z = 0
  params_values(&file.params, PARAMS_W_I)[2] = 50.0F;
  params_values(&file.params, PARAMS_W_O)[0] = 0.5F;
  Model* const model = model_at(&file, 48000.0, 1);
  assert_int_equal(model_rate_plan(model).method, RATE_INTERPOLATED);
  model_free(model);
  model_file_clear(&file);
}

/// A unit that forgets its start within seconds, so slowly that rounding is of the same size
static void
a_slow_model_comes_to_rest(void** const state)
{
  (void)state;
  ModelFile file = {.sample_rate = 48000.0};
  assert_int_equal(params_init(&file.params, (ParamsShape){CELL_GRU_RESET_AFTER, 1, 1, false, 0}),
                   STATUS_OK);
  params_values(&file.params, PARAMS_B_I)[1] = (float)log(48000.0); // z = 1 - 1 / 48001
  params_values(&file.params, PARAMS_B_I)[2] = 1.0F;
  params_values(&file.params, PARAMS_W_O)[0] = 1.0F;
  Model* const model = model_at(&file, 48000.0, 1);
  // Half a step of a float, 2^-25, is lost in each frame: the state may stop 48001 * 2^-25 away
  check_near(model_rest_output(model), tanh(1.0), 2e-3);
  model_free(model);
  model_file_clear(&file);
}

/// The way is chosen with one channel; two start from the same rest
static void
two_channels_play_what_one_plays(void** const state)
{
  (void)state;
  ModelFile files[] = {fixture_model_file(CELL_LSTM, 8, 1), trained_like(2)};
  for (uint32_t k = 0; k < 2; ++k) {
    float x[N_FRAMES];
    float y[3][N_FRAMES];
    Model* two = NULL;
    files[k].sample_rate = 44100.0;
    Model* const one = model_at(&files[k], 48000.0, 1);
    assert_int_equal(model_new(&files[k], (ModelUse){48000.0, 2, 1}, &two), STATUS_OK);
    fixture_guitar(x, N_FRAMES, 3);
    model_run(one, (const float* const[]){x}, (float* const[]){y[0]}, N_FRAMES);
    model_run(two, (const float* const[]){x, x}, (float* const[]){y[1], y[2]}, N_FRAMES);
    check_at_most(fixture_difference(y[0], y[1], N_FRAMES), 1e-5);
    check_at_most(fixture_difference(y[0], y[2], N_FRAMES), 1e-5);
    model_free(one);
    model_free(two);
    model_file_clear(&files[k]);
  }
}

static void
every_way_starts_at_rest(void** const state)
{
  (void)state;
  static const double rates[] = {44100.0, 48000.0, 88200.0, 96000.0, 192000.0};
  ModelFile file = trained_like(3);
  for (uint32_t k = 0; k < 15; k += fixture_is_slow() ? 7 : 1) {
    Model* const model = model_at(&file, rates[k % 5], 1U << k / 5);
    float y[4096] = {0.0F};
    model_run(model, (const float* const[]){y}, (float* const[]){y}, 4096);
    for (uint32_t i = 0; i < 4096; ++i) {
      check_near(y[i], model_rest_output(model), 1e-4F);
    }
    model_free(model);
  }
  model_file_clear(&file);
}

static void
impossible_uses_are_refused(void** const state)
{
  (void)state;
  static const ModelUse uses[] = {
      {48000.0, 0, 1}, {48000.0, 3, 1}, {48000.0, 1, 3}, {0.0, 1, 1}, {(double)NAN, 1, 1}};
  ModelFile file = trained_like(3);
  for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); ++i) {
    Model* model = NULL;
    assert_int_equal(model_new(&file, uses[i], &model), STATUS_BAD_ARGUMENT);
  }
  model_file_clear(&file);
}

static void
rates_that_are_too_far_apart_are_refused(void** const state)
{
  (void)state;
  ModelFile file = trained_like(3);
  Model* model = NULL;
  file.sample_rate = 768000.0;
  assert_int_equal(model_new(&file, (ModelUse){8000.0, 1, 1}, &model), STATUS_UNSUPPORTED);
  assert_null(model);
  assert_int_equal(model_new(&file, (ModelUse){96000.0, 1, 1}, &model), STATUS_OK);
  model_free(model);
  model_file_clear(&file);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_model_plays_the_set_that_fits_the_host),
      cmocka_unit_test(a_model_sounds_the_same_at_twice_its_rate),
      cmocka_unit_test(a_trained_model_follows_its_equations),
      cmocka_unit_test(a_model_sounds_right_at_a_rate_in_between),
      cmocka_unit_test(a_slower_host_gets_resamplers_and_their_latency),
      cmocka_unit_test(the_lag_of_layers_is_part_of_the_latency),
      cmocka_unit_test(oversampling_keeps_the_sound_and_reports_its_latency),
      cmocka_unit_test(an_unstable_way_is_not_used),
      cmocka_unit_test(a_bright_model_is_resampled),
      cmocka_unit_test(aliasing_is_no_reason_to_resample),
      cmocka_unit_test(a_slow_model_comes_to_rest),
      cmocka_unit_test(two_channels_play_what_one_plays),
      cmocka_unit_test(every_way_starts_at_rest),
      cmocka_unit_test(impossible_uses_are_refused),
      cmocka_unit_test(rates_that_are_too_far_apart_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
