// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do a model's knobs follow the equations, and turn without a click?

#include "tests/core/engine/engine_rig.h"

#include "core/circle.h"
#include "core/reference.h"
#include "tests/checks.h"

#include <math.h>
#include <stdlib.h>

static uint32_t n_frames; ///< That a test plays

/// Write the engine's sound by the equations while its only knob follows `knob` (n_frames); the
/// model has settled at the first value
static void
write_reference(const Params* const params, const float* const knob, const float* const in,
                double* const out)
{
  const double coefficient = 1.0 - exp(-TAU / RATE); // DC blocker, 1 Hz
  double state[PARAMS_MAX_STATE] = {0};
  double at = (double)knob[0];
  double mean = 0.0;
  for (uint32_t t = 0; t < 20000; ++t) {
    assert_int_equal(reference_run(params, &at, state, &(float){0.0F}, &mean, 1), STATUS_OK);
  }
  for (uint32_t t = 0; t < n_frames; ++t) {
    at = (double)knob[t];
    assert_int_equal(reference_run(params, &at, state, in + t, out + t, 1), STATUS_OK);
    out[t] -= mean;
    mean += coefficient * out[t];
  }
}

/// 10 log10 of the power of a - b over that of b, in the frames from `begin` to `end`
static double
difference_db(const float* const a, const double* const b, const uint32_t begin, const uint32_t end)
{
  double error = 0.0;
  double power = 0.0;
  for (uint32_t t = begin; t < end; ++t) {
    error += pow((double)a[t] - b[t], 2.0);
    power += b[t] * b[t];
  }
  return 10.0 * log10(error / power);
}

static void
a_standing_knob_follows_the_equations(void** const state)
{
  (void)state;
  const CellType cells[3] = {CELL_GRU_RESET_BEFORE, CELL_GRU_RESET_AFTER, CELL_LSTM};
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  float* const knob = rig_new_signal();
  double* const expected = (double*)calloc(n_frames, sizeof(double));
  fixture_guitar(in, n_frames, 4);
  for (uint32_t k = 0; k < 3; ++k) {
    ModelFile file = rig_knob_file(cells[k], 1);
    EngineControls controls = rig_knobs(0.4F * (float)k, 0.1F, 0.2F, 0.3F);
    Model* model = NULL;
    assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
    model_settle(model, controls.knobs);
    Engine* const e = rig_new_engine(model);
    for (uint32_t t = 0; t < n_frames; ++t) {
      knob[t] = controls.knobs[0];
    }
    rig_run(e, &controls, in, out, n_frames);
    write_reference(&file.params, knob, in, expected);
    for (uint32_t t = 0; t < n_frames; ++t) {
      check_near(out[t], expected[t], 1e-5);
    }
    engine_free(e);
    model_file_clear(&file);
  }
  free(in);
  free(out);
  free(knob);
  free(expected);
}

/// Frames after which a test turns a knob from one end to the other
#define TURN 4800U

static void
a_moving_knob_is_as_smooth_as_one_that_moves_every_frame(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  float* const knob = rig_new_signal();
  double* const smooth = (double*)calloc(n_frames, sizeof(double));
  const uint32_t arrival = TURN + 960;      // 20 ms
  for (uint32_t t = 0; t < n_frames; ++t) { // 2.5: in the middle of a step
    knob[t] = t < TURN ? 0.0F : fminf(((float)(t - TURN) + 2.5F) / 960.0F, 1.0F);
  }
  fixture_sine(in, n_frames, 220.0, 0.5, RATE);
  for (uint32_t k = 0; k < 2; ++k) {
    ModelFile file = rig_knob_file(k ? CELL_GRU_RESET_AFTER : CELL_GRU_RESET_BEFORE, 1);
    EngineControls controls = rig_knobs(0.0F, 0.5F, 0.5F, 0.5F);
    Model* model = NULL;
    assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
    model_settle(model, controls.knobs);
    Engine* const e = rig_new_engine(model);
    rig_run(e, &controls, in, out, TURN);
    controls.knobs[0] = 1.0F;
    rig_run(e, &controls, in + TURN, out + TURN, n_frames - TURN);
    write_reference(&file.params, knob, in, smooth);
    check_at_most(difference_db(out, smooth, TURN, arrival), -50.0);
    check_at_most(difference_db(out, smooth, arrival + 2000, n_frames), -90.0);
    check_at_most(difference_db(out, smooth, TURN - 2000, TURN), -90.0);
    engine_free(e);
    model_file_clear(&file);
  }
  free(in);
  free(out);
  free(knob);
  free(smooth);
}

static void
a_turned_knob_leaves_no_click(void** const state)
{
  (void)state;
  static const float ends[2] = {0.0F, 1.0F};
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  fixture_sine(in, n_frames, 220.0, 0.5, RATE);
  for (uint32_t n_knobs = 1; n_knobs <= PARAMS_MAX_KNOBS; ++n_knobs) {
    Engine* const e = rig_new_engine(rig_new_knob_model(CELL_GRU_RESET_AFTER, n_knobs));
    double standing = 0.0;
    double moving = 0.0;
    for (uint32_t turn = 0; turn < 4; ++turn) {
      const float end = ends[turn % 2];
      const EngineControls controls = rig_knobs(end, end, end, end);
      rig_run(e, &controls, in, out, TURN);
      const double step = fixture_largest_step(out, TURN / 2);
      moving = turn > 1 ? fmax(moving, step) : moving;
      standing = fmax(standing, fixture_largest_step(out + TURN / 2, TURN / 2));
    }
    check_at_most(moving, 1.1 * standing);
    engine_free(e);
  }
  free(in);
  free(out);
}

/// Play the same for four seconds, until states and DC blockers depend on nothing but the knobs;
/// check that both sound alike then
static void
check_alike(Engine* const a, const EngineControls* const controls_a, Engine* const b,
            const EngineControls* const controls_b)
{
  float* const in = rig_new_signal();
  float* const from_a = rig_new_signal();
  float* const from_b = rig_new_signal();
  fixture_guitar(in, n_frames, 6);
  for (uint32_t t = 0; t < 4 * (uint32_t)RATE; t += n_frames) {
    rig_run(a, controls_a, in, from_a, n_frames);
    rig_run(b, controls_b, in, from_b, n_frames);
  }
  check_at_most(fixture_difference(from_a, from_b, n_frames), 1e-6);
  free(in);
  free(from_a);
  free(from_b);
}

static void
a_knob_arrives_where_it_was_turned_to(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  const EngineControls there = rig_knobs(0.2F, 1.0F, 0.0F, 0.7F);
  const EngineControls beyond = rig_knobs(NAN, 7.0F, -1.0F, INFINITY);
  Engine* const direct = rig_new_engine(rig_new_knob_model(CELL_GRU_RESET_BEFORE, 4));
  Engine* const turned = rig_new_engine(rig_new_knob_model(CELL_GRU_RESET_BEFORE, 4));
  fixture_guitar(in, n_frames, 6);
  rig_run(direct, &there, in, out, 1000);
  rig_run(turned, &rig_flat, in, out, 1000);
  rig_run(turned, &there, in, out, 5000);
  rig_run(turned, &beyond, in, out, 1000); // Not finite: it stays; too large: it stops at the end
  check_alike(turned, &beyond, direct, &there);
  check_alike(turned, &there, direct, &there);
  engine_free(direct);
  engine_free(turned);
  free(in);
  free(out);
}

static void
knobs_without_a_value_stand_in_the_middle(void** const state)
{
  (void)state;
  float block[64] = {0};
  const EngineControls none = rig_knobs(NAN, NAN, NAN, NAN);
  const EngineControls middle = rig_knobs(0.5F, 0.5F, 0.5F, 0.5F);
  Engine* const a = rig_new_engine(rig_new_knob_model(CELL_GRU_RESET_BEFORE, 4));
  Engine* const b = rig_new_engine(rig_new_knob_model(CELL_GRU_RESET_BEFORE, 4));
  rig_run(a, &none, block, block, 64);
  rig_run(b, &middle, block, block, 64);
  check_alike(a, &none, b, &middle);
  engine_free(a);
  engine_free(b);
}

static void
knobs_turned_during_a_change_of_model_reach_both(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  const EngineControls here = rig_knobs(0.6F, 0.3F, 0.0F, 0.0F);
  const EngineControls there = rig_knobs(0.2F, 1.0F, 0.0F, 0.7F);
  fixture_guitar(in, n_frames, 7);
  for (uint32_t k = 0; k < 2; ++k) { // Before the fade, and in it
    Engine* const direct = rig_new_engine(rig_new_knob_model(CELL_GRU_RESET_AFTER, 2));
    Engine* const turned = rig_new_engine(rig_new_knob_model(CELL_GRU_RESET_BEFORE, 4));
    rig_run(direct, &there, in, out, 1000);
    rig_run(turned, k ? &here : &there, in, out, 1000);
    assert_null(engine_change_model(turned, rig_new_knob_model(CELL_GRU_RESET_AFTER, 2)));
    rig_run(turned, k ? &here : &there, in, out, 64);
    rig_run(turned, &there, in, out, 5000);
    check_alike(turned, &there, direct, &there);
    engine_free(direct);
    engine_free(turned);
  }
  free(in);
  free(out);
}

int
main(void)
{
  n_frames = rig_n_frames();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_standing_knob_follows_the_equations),
      cmocka_unit_test(a_moving_knob_is_as_smooth_as_one_that_moves_every_frame),
      cmocka_unit_test(a_turned_knob_leaves_no_click),
      cmocka_unit_test(a_knob_arrives_where_it_was_turned_to),
      cmocka_unit_test(knobs_without_a_value_stand_in_the_middle),
      cmocka_unit_test(knobs_turned_during_a_change_of_model_reach_both),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
