// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the engine silence bad samples and models that run away, and then play on?

#include "tests/core/engine/engine_rig.h"

#include "tests/checks.h"

#include <math.h>
#include <stdlib.h>

static uint32_t n_frames; ///< That a test plays

/// A model of this rate, oversampled, for an engine of RATE
static Model*
new_model_from(const double rate, const uint32_t oversampling)
{
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 16, 9);
  Model* model = NULL;
  file.sample_rate = rate;
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, oversampling}, &model), STATUS_OK);
  model_file_clear(&file);
  return model;
}

/// Play a tone with `fault` at frame 10000; check that sound comes back within 20 ms
static void
check_recovery(const float fault, Model* const model)
{
  const uint32_t back = 10064 + 960 + model_latency(model);
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  Engine* e = rig_new_engine(model);
  fixture_sine(in, n_frames, 220.0, 0.5, RATE);
  in[10000] = fault;
  rig_run_in_blocks(e, &rig_flat, in, out, 64);
  assert_int_equal(engine_guard_trips(e), 1);
  double power = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    check_at_most(fabsf(out[i]), ENGINE_OUTPUT_LIMIT);
    power += i > back && i < back + 960 ? (double)(out[i] * out[i]) / 960.0 : 0.0;
  }
  check_above(power, 1e-4);
  engine_free(e);
  free(in);
  free(out);
}

static void
a_bad_sample_is_silenced_counted_and_forgotten(void** const state)
{
  (void)state;
  check_recovery(NAN, new_model_from(RATE, 1));
  check_recovery(INFINITY, new_model_from(RATE, 1));
  check_recovery(-INFINITY, new_model_from(RATE, 1));
  check_recovery(1e20F, new_model_from(RATE, 1));
}

/// So do the filters and states of every way to the engine's rate
static void
a_bad_sample_is_forgotten_at_every_rate(void** const state)
{
  (void)state;
  check_recovery(NAN, new_model_from(RATE, 4));
  check_recovery(NAN, new_model_from(44100.0, 1));
  check_recovery(NAN, new_model_from(96000.0, 1));
}

/// Play a tone that is too loud for a moment; the answer of the model, which has 16 units and is
/// this much louder, overflows. Return the power afterwards against that before.
static double
check_return(const ModelFile* const file, const float gain)
{
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  Model* model = NULL;
  for (uint32_t i = 0; i < 16; ++i) {
    params_values(&file->params, PARAMS_W_O)[i] *= gain;
  }
  assert_int_equal(model_new(file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
  Engine* const e = rig_new_engine(model);
  fixture_sine(in, n_frames, 220.0, 1e-4, RATE);
  fixture_sine(in + n_frames / 4, 480, 220.0, 30.0, RATE);
  rig_run_in_blocks(e, &rig_flat, in, out, 64);
  assert_in_range(engine_guard_trips(e), 1, 2);
  const uint32_t back = n_frames / 4 + 480 + 64 + 960;
  double before = 0.0;
  double after = 0.0;
  for (uint32_t i = 0; i < 960; ++i) {
    before += (double)(out[n_frames / 4 - 960 + i] * out[n_frames / 4 - 960 + i]);
    after += (double)(out[back + i] * out[back + i]);
  }
  check_above(before, 0.0);
  check_above(after, 0.5 * before);
  engine_free(e);
  free(in);
  free(out);
  return after / before;
}

static void
a_model_that_ran_away_comes_back_with_the_sound(void** const state)
{
  (void)state;
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 16, 9);
  (void)check_return(&file, 1000.0F);
  model_file_clear(&file);
}

/// It would bring that back for as long as it rings
static void
a_linear_stage_forgets_what_ran_away(void** const state)
{
  (void)state;
  ModelFile file = fixture_staged_file(16, 2048, 9);
  const double ratio = check_return(&file, 10000.0F);
  check_below(ratio, fixture_is_slow() ? 1e3 : 2.0); // A short test hears DC settle
  model_file_clear(&file);
}

static void
a_model_that_runs_away_is_silenced(void** const state)
{
  (void)state;
  float buffer[64];
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 10);
  Model* model = NULL;
  for (uint32_t i = 0; i < 8; ++i) {
    params_values(&file.params, PARAMS_W_O)[i] = 3e38F;
  }
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
  Engine* const e = rig_new_engine(model);
  for (uint32_t k = 0; k < 100; ++k) {
    fixture_sine(buffer, 64, 220.0, 0.5, RATE);
    rig_run(e, &rig_flat, buffer, buffer, 64);
    for (uint32_t i = 0; i < 64; ++i) {
      check_equal(buffer[i], 0.0F);
    }
  }
  check_at_least(engine_guard_trips(e), 1);
  engine_free(e);
  model_file_clear(&file);
}

static void
nothing_is_louder_than_the_limit(void** const state)
{
  (void)state;
  float buffer[64];
  Engine* const e = rig_new_engine(NULL);
  const EngineControls loud = rig_levels(40.0F, 40.0F, true);
  fixture_sine(buffer, 64, 1000.0, 1.0, RATE);
  rig_run(e, &loud, buffer, buffer, 64);
  for (uint32_t i = 0; i < 64; ++i) {
    check_at_most(fabsf(buffer[i]), ENGINE_OUTPUT_LIMIT);
  }
  engine_free(e);
}

int
main(void)
{
  n_frames = rig_n_frames();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_bad_sample_is_silenced_counted_and_forgotten),
      cmocka_unit_test(a_bad_sample_is_forgotten_at_every_rate),
      cmocka_unit_test(a_linear_stage_forgets_what_ran_away),
      cmocka_unit_test(a_model_that_ran_away_comes_back_with_the_sound),
      cmocka_unit_test(a_model_that_runs_away_is_silenced),
      cmocka_unit_test(nothing_is_louder_than_the_limit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
