// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What a player hears of the engine: levels, knobs, bypass, changes of model, and faults.

#include "tests/fixtures.h"

#include "core/reference.h"
#include "tests/checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE 48000.0

static uint32_t n_frames = 48000; ///< That a test plays
static const EngineControls flat = ENGINE_DEFAULT_CONTROLS;

static EngineControls
levels(const float input_db, const float output_db, const bool enabled)
{
  EngineControls controls = flat;
  controls.input_gain_db = input_db;
  controls.output_gain_db = output_db;
  controls.enabled = enabled;
  return controls;
}

static EngineControls
knobs(const float a, const float b, const float c, const float d)
{
  const float values[] = {a, b, c, d};
  EngineControls controls = flat;
  memcpy(controls.knobs, values, sizeof(values));
  return controls;
}

/// Play one channel
static void
run(Engine* const e, const EngineControls* const c, const float* const in, float* const out,
    const uint32_t n)
{
  engine_run(e, c, (const float* const[]){in}, (float* const[]){out}, n);
}

static Engine*
engine_with(Model* const model)
{
  Engine* engine = NULL;
  assert_int_equal(engine_new(RATE, 1, &engine), STATUS_OK);
  if (model) {
    assert_null(engine_change_model(engine, model));
    engine_reset(engine);
  }
  return engine;
}

/// A model file with knobs; the caller clears
static ModelFile
knob_file(const CellType cell, const uint32_t n_knobs)
{
  ModelFile file = {.sample_rate = RATE};
  file.params = fixture_params((ParamsShape){cell, 12, 1 + n_knobs, true}, 5 + n_knobs);
  return file;
}

static Model*
knob_model(const CellType cell, const uint32_t n_knobs)
{
  ModelFile file = knob_file(cell, n_knobs);
  Model* model = NULL;
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
  assert_int_equal(model_n_knobs(model), n_knobs);
  model_file_clear(&file);
  return model;
}

static float*
new_signal(void)
{
  float* const samples = (float*)calloc(n_frames, sizeof(float));
  assert_non_null(samples);
  return samples;
}

static void
run_in_blocks(Engine* const e, const EngineControls* const c, const float* const in,
              float* const out, const uint32_t block)
{
  for (uint32_t i = 0; i < n_frames; i += block) {
    run(e, c, in + i, out + i, n_frames - i < block ? n_frames - i : block);
  }
}

static void
any_split_into_blocks_gives_the_same_bits(void** const state)
{
  (void)state;
  static const uint32_t blocks[] = {1, 2, 3, 5, 16, 63, 64, 65, 127, 480, 1000, 4095, 4096};
  static const uint32_t sizes[] = {8, 13, 16, 40};
  float* const in = new_signal();
  float* const whole = new_signal();
  float* const out = new_signal();
  const EngineControls controls = levels(3.0F, -4.0F, true);
  fixture_guitar(in, n_frames, 1);
  for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); ++s) {
    for (size_t b = 0; b < sizeof(blocks) / sizeof(blocks[0]); b += fixture_is_slow() ? 4 : 1) {
      const CellType cell = b % 2 ? CELL_GRU_RESET_AFTER : CELL_GRU_RESET_BEFORE;
      Engine* const one = engine_with(fixture_model(cell, sizes[s], 1));
      Engine* const many = engine_with(fixture_model(cell, sizes[s], 1));
      run(one, &controls, in, whole, n_frames);
      run_in_blocks(many, &controls, in, out, blocks[b]);
      assert_memory_equal(out, whole, n_frames * sizeof(float));
      engine_free(one);
      engine_free(many);
    }
  }
  free(in);
  free(whole);
  free(out);
}

static void
random_splits_during_fades_give_the_same_bits(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const whole = new_signal();
  float* const out = new_signal();
  fixture_guitar(in, n_frames, 2);
  for (uint32_t k = 0; k < 2; ++k) {
    Engine* const e = engine_with(knob_model(CELL_GRU_RESET_AFTER, 1));
    float* const y = k ? out : whole;
    run(e, &flat, in, y, 100);
    assert_null(engine_change_model(e, knob_model(CELL_GRU_RESET_BEFORE, 4)));
    const EngineControls louder = {
        6.0F, -6.0F, false, {0.0F, 0.9F, 1.0F, 0.25F}, .cabinet_enabled = true};
    for (uint32_t i = 100, block = 1; i < n_frames;
         i += block, block = k ? 1 + (block * 37) % 301 : n_frames) {
      block = n_frames - i < block ? n_frames - i : block;
      run(e, &louder, in + i, y + i, block);
    }
    engine_free(e);
  }
  assert_memory_equal(out, whole, n_frames * sizeof(float));
  free(in);
  free(whole);
  free(out);
}

static void
in_place_equals_out_of_place(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  Engine* a = engine_with(fixture_model(CELL_GRU_RESET_AFTER, 16, 3));
  Engine* b = engine_with(fixture_model(CELL_GRU_RESET_AFTER, 16, 3));
  fixture_guitar(in, n_frames, 3);
  run_in_blocks(a, &flat, in, out, 256);
  run_in_blocks(b, &flat, in, in, 256);
  assert_memory_equal(in, out, n_frames * sizeof(float));
  engine_free(a);
  engine_free(b);
  free(in);
  free(out);
}

static void
the_engine_plays_the_model(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  float* const bare = new_signal();
  Model* const m = fixture_model(CELL_GRU_RESET_BEFORE, 16, 4);
  Engine* e = engine_with(fixture_model(CELL_GRU_RESET_BEFORE, 16, 4));
  fixture_sine(in, n_frames, 440.0, 0.5, RATE);
  run_in_blocks(e, &flat, in, out, 64);
  model_run(m, (const float*[]){in}, (float*[]){bare}, n_frames);
  // What the DC blocker takes from a steady tone is its mean; the rest is the model, to -60 dB
  double mean = 0.0;
  double error = 0.0;
  double power = 0.0;
  for (uint32_t i = n_frames / 2; i < n_frames; ++i) {
    mean += ((double)bare[i] - (double)out[i]) / (n_frames - n_frames / 2);
  }
  for (uint32_t i = n_frames / 2; i < n_frames; ++i) {
    error += pow((double)bare[i] - mean - (double)out[i], 2.0);
    power += pow((double)out[i], 2.0);
  }
  check_above(power, 1.0);
  check_below(10.0 * log10(error / power), -40.0);
  model_free(m);
  engine_free(e);
  free(in);
  free(out);
  free(bare);
}

static void
silence_gives_silence_whatever_the_model_rests_at(void** const state)
{
  (void)state;
  float* const buffer = new_signal();
  Engine* e = engine_with(fixture_model(CELL_GRU_RESET_AFTER, 16, 5));
  check_above(fabsf(model_rest_output(engine_model(e))), 0.01F); // Or the test shows nothing
  run_in_blocks(e, &flat, buffer, buffer, 64);
  for (uint32_t i = 0; i < n_frames; ++i) {
    check_below(fabsf(buffer[i]), 1e-5F); // -100 dBFS
  }
  engine_free(e);
  free(buffer);
}

static void
levels_are_exact_and_move_without_a_step(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  Engine* e = engine_with(NULL);
  EngineControls quiet = levels(0.0F, -20.0F, true);
  fixture_sine(in, n_frames, 100.0, 0.5, RATE);
  run(e, &flat, in, out, 4800);
  run(e, &quiet, in + 4800, out + 4800, n_frames - 4800);
  for (uint32_t i = 0; i < 4800; ++i) {
    check_equal(out[i], in[i]);
  }
  for (uint32_t i = 4800 + 960; i < n_frames; ++i) { // 20 ms later
    check_near(out[i], 0.1F * in[i], 1e-7F);
  }
  check_at_most(fixture_largest_step(out, n_frames), 1.05 * fixture_largest_step(in, n_frames));
  quiet.input_gain_db = -200.0F; // Below the least level is silence
  quiet.output_gain_db = NAN;    // Not a number: the level stays
  run(e, &quiet, in, out, n_frames);
  for (uint32_t i = 4800; i < n_frames; ++i) {
    check_equal(out[i], 0.0F);
  }
  engine_free(e);
  free(in);
  free(out);
}

/// The engine's sound by the equations, while the only knob is at `knob` (n_frames); the model has
/// settled at the first of them
static void
reference_sound(const Params* const params, const float* const knob, const float* const in,
                double* const out)
{
  const double coefficient = 1.0 - exp(-6.283185307179586 / RATE); // DC blocker, 1 Hz
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
a_standing_knob_is_that_of_the_equations(void** const state)
{
  (void)state;
  const CellType cells[3] = {CELL_GRU_RESET_BEFORE, CELL_GRU_RESET_AFTER, CELL_LSTM};
  float* const in = new_signal();
  float* const out = new_signal();
  float* const knob = new_signal();
  double* const expected = (double*)calloc(n_frames, sizeof(double));
  fixture_guitar(in, n_frames, 4);
  for (uint32_t k = 0; k < 3; ++k) {
    ModelFile file = knob_file(cells[k], 1);
    EngineControls controls = knobs(0.4F * (float)k, 0.1F, 0.2F, 0.3F);
    Model* model = NULL;
    assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
    model_settle(model, controls.knobs);
    Engine* const e = engine_with(model);
    for (uint32_t t = 0; t < n_frames; ++t) {
      knob[t] = controls.knobs[0];
    }
    run(e, &controls, in, out, n_frames);
    reference_sound(&file.params, knob, in, expected);
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
a_knob_on_its_way_is_as_smooth_as_one_that_moves_every_frame(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  float* const knob = new_signal();
  double* const smooth = (double*)calloc(n_frames, sizeof(double));
  const uint32_t arrival = TURN + 960;      // 20 ms
  for (uint32_t t = 0; t < n_frames; ++t) { // 2.5: in the middle of a step
    knob[t] = t < TURN ? 0.0F : fminf(((float)(t - TURN) + 2.5F) / 960.0F, 1.0F);
  }
  fixture_sine(in, n_frames, 220.0, 0.5, RATE);
  for (uint32_t k = 0; k < 2; ++k) {
    ModelFile file = knob_file(k ? CELL_GRU_RESET_AFTER : CELL_GRU_RESET_BEFORE, 1);
    EngineControls controls = knobs(0.0F, 0.5F, 0.5F, 0.5F);
    Model* model = NULL;
    assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
    model_settle(model, controls.knobs);
    Engine* const e = engine_with(model);
    run(e, &controls, in, out, TURN);
    controls.knobs[0] = 1.0F;
    run(e, &controls, in + TURN, out + TURN, n_frames - TURN);
    reference_sound(&file.params, knob, in, smooth);
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
  float* const in = new_signal();
  float* const out = new_signal();
  fixture_sine(in, n_frames, 220.0, 0.5, RATE);
  for (uint32_t n_knobs = 1; n_knobs <= PARAMS_MAX_KNOBS; ++n_knobs) {
    Engine* const e = engine_with(knob_model(CELL_GRU_RESET_AFTER, n_knobs));
    double standing = 0.0;
    double moving = 0.0;
    for (uint32_t turn = 0; turn < 4; ++turn) {
      const float end = ends[turn % 2];
      const EngineControls controls = knobs(end, end, end, end);
      run(e, &controls, in, out, TURN);
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

/// Play the same for four seconds, in which states and DC blockers forget all but the knobs, and
/// check that both sound alike then
static void
check_alike(Engine* const a, const EngineControls* const controls_a, Engine* const b,
            const EngineControls* const controls_b)
{
  float* const in = new_signal();
  float* const from_a = new_signal();
  float* const from_b = new_signal();
  fixture_guitar(in, n_frames, 6);
  for (uint32_t t = 0; t < 4 * (uint32_t)RATE; t += n_frames) {
    run(a, controls_a, in, from_a, n_frames);
    run(b, controls_b, in, from_b, n_frames);
  }
  check_at_most(fixture_difference(from_a, from_b, n_frames), 1e-6);
  free(in);
  free(from_a);
  free(from_b);
}

static void
a_knob_that_arrives_is_where_it_was_put(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  const EngineControls there = knobs(0.2F, 1.0F, 0.0F, 0.7F);
  const EngineControls beyond = knobs(NAN, 7.0F, -1.0F, INFINITY);
  Engine* const direct = engine_with(knob_model(CELL_GRU_RESET_BEFORE, 4));
  Engine* const turned = engine_with(knob_model(CELL_GRU_RESET_BEFORE, 4));
  fixture_guitar(in, n_frames, 6);
  run(direct, &there, in, out, 1000);
  run(turned, &flat, in, out, 1000);
  run(turned, &there, in, out, 5000);
  run(turned, &beyond, in, out, 1000); // Not finite: it stays; too large: it is at the end
  check_alike(turned, &beyond, direct, &there);
  check_alike(turned, &there, direct, &there);
  engine_free(direct);
  engine_free(turned);
  free(in);
  free(out);
}

static void
knobs_nobody_gives_stand_in_the_middle(void** const state)
{
  (void)state;
  float block[64] = {0};
  const EngineControls none = knobs(NAN, NAN, NAN, NAN);
  const EngineControls middle = knobs(0.5F, 0.5F, 0.5F, 0.5F);
  Engine* const a = engine_with(knob_model(CELL_GRU_RESET_BEFORE, 4));
  Engine* const b = engine_with(knob_model(CELL_GRU_RESET_BEFORE, 4));
  run(a, &none, block, block, 64);
  run(b, &middle, block, block, 64);
  check_alike(a, &none, b, &middle);
  engine_free(a);
  engine_free(b);
}

static void
knobs_turned_during_a_change_of_model_reach_both(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  const EngineControls here = knobs(0.6F, 0.3F, 0.0F, 0.0F);
  const EngineControls there = knobs(0.2F, 1.0F, 0.0F, 0.7F);
  fixture_guitar(in, n_frames, 7);
  for (uint32_t k = 0; k < 2; ++k) { // Before the fade, and in it
    Engine* const direct = engine_with(knob_model(CELL_GRU_RESET_AFTER, 2));
    Engine* const turned = engine_with(knob_model(CELL_GRU_RESET_BEFORE, 4));
    run(direct, &there, in, out, 1000);
    run(turned, k ? &here : &there, in, out, 1000);
    assert_null(engine_change_model(turned, knob_model(CELL_GRU_RESET_AFTER, 2)));
    run(turned, k ? &here : &there, in, out, 64);
    run(turned, &there, in, out, 5000);
    check_alike(turned, &there, direct, &there);
    engine_free(direct);
    engine_free(turned);
  }
  free(in);
  free(out);
}

static void
bypass_is_exact_and_fades(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  Engine* e = engine_with(fixture_model(CELL_GRU_RESET_AFTER, 16, 6));
  const EngineControls off = levels(6.0F, 6.0F, false);
  const EngineControls on = levels(6.0F, 6.0F, true);
  fixture_sine(in, n_frames, 100.0, 0.5, RATE);
  run(e, &on, in, out, n_frames / 2);
  const double step = fixture_largest_step(out, n_frames / 2);
  run(e, &off, in + n_frames / 2, out + n_frames / 2, n_frames / 2);
  for (uint32_t i = n_frames / 2 + 960; i < n_frames; ++i) {
    check_equal(out[i], in[i]);
  }
  check_at_most(fixture_largest_step(out, n_frames), 1.1 * step + 0.01);
  engine_free(e);
  free(in);
  free(out);
}

static void
a_change_of_model_leaves_no_click_and_no_gap(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  float* const old = new_signal();
  float* const fresh = new_signal();
  Engine* e = engine_with(fixture_model(CELL_GRU_RESET_AFTER, 16, 7));
  Engine* a = engine_with(fixture_model(CELL_GRU_RESET_AFTER, 16, 7));
  Engine* b = engine_with(fixture_model(CELL_GRU_RESET_BEFORE, 20, 8));
  fixture_sine(in, n_frames, 220.0, 0.8, RATE);
  run_in_blocks(a, &flat, in, old, 64);
  run_in_blocks(b, &flat, in, fresh, 64);
  run(e, &flat, in, out, 4800);
  assert_null(engine_change_model(e, fixture_model(CELL_GRU_RESET_BEFORE, 20, 8)));
  for (uint32_t i = 4800; i < n_frames; i += 64) {
    run(e, &flat, in + i, out + i, n_frames - i < 64 ? n_frames - i : 64);
  }
  const double steps =
      fmax(fixture_largest_step(old, n_frames), fixture_largest_step(fresh, n_frames));
  check_at_most(fixture_largest_step(out, n_frames), 1.1 * steps);
  check_equal(fixture_difference(out, old, 4800), 0.0);
  check_at_most(fixture_difference(out + n_frames / 2, fresh + n_frames / 2, n_frames / 2), 0.02);
  Model* const retired = engine_take_retired(e);
  assert_non_null(retired);
  assert_null(engine_take_retired(e));
  model_free(retired);
  engine_free(e);
  engine_free(a);
  engine_free(b);
  free(in);
  free(out);
  free(old);
  free(fresh);
}

static void
a_newer_model_replaces_one_that_waits(void** const state)
{
  (void)state;
  float buffer[64] = {0};
  Engine* const e = engine_with(fixture_model(CELL_GRU_RESET_AFTER, 8, 1));
  Model* const second = fixture_model(CELL_GRU_RESET_AFTER, 8, 2);
  Model* const third = fixture_model(CELL_GRU_RESET_AFTER, 8, 3);
  Model* const fourth = fixture_model(CELL_GRU_RESET_AFTER, 8, 4);
  assert_null(engine_change_model(e, second));
  run(e, &flat, buffer, buffer, 64);
  assert_ptr_equal(engine_model(e), second); // Fading in
  assert_null(engine_change_model(e, third));
  assert_ptr_equal(engine_change_model(e, fourth), third);
  model_free(third);
  for (uint32_t i = 0; i < 100; ++i) {
    run(e, &flat, buffer, buffer, 64);
  }
  assert_ptr_equal(engine_model(e), second); // The first is not taken yet: the fourth waits
  model_free(engine_take_retired(e));
  run(e, &flat, buffer, buffer, 64);
  assert_ptr_equal(engine_model(e), fourth);
  engine_free(e); // While it fades; Valgrind sees that none is lost
}

/// A model that takes a given way to the engine's rate
static Model*
model_from(const double rate, const uint32_t oversampling)
{
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 16, 9);
  Model* model = NULL;
  file.sample_rate = rate;
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, oversampling}, &model), STATUS_OK);
  model_file_clear(&file);
  return model;
}

/// Play a tone with `fault` put in at frame 10000; check that sound comes back within 20 ms
static void
check_recovery(const float fault, Model* const model)
{
  const uint32_t back = 10064 + 960 + model_latency(model);
  float* const in = new_signal();
  float* const out = new_signal();
  Engine* e = engine_with(model);
  fixture_sine(in, n_frames, 220.0, 0.5, RATE);
  in[10000] = fault;
  run_in_blocks(e, &flat, in, out, 64);
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
  check_recovery(NAN, model_from(RATE, 1));
  check_recovery(INFINITY, model_from(RATE, 1));
  check_recovery(-INFINITY, model_from(RATE, 1));
  check_recovery(1e20F, model_from(RATE, 1));
}

/// Filters and states of every way forget it, too
static void
a_bad_sample_is_forgotten_at_every_rate(void** const state)
{
  (void)state;
  check_recovery(NAN, model_from(RATE, 4));
  check_recovery(NAN, model_from(44100.0, 1));
  check_recovery(NAN, model_from(96000.0, 1));
}

/// A tone that is too loud for a moment; the model answers with more than there is
static void
a_model_that_ran_away_comes_back_with_the_sound(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 16, 9);
  Model* model = NULL;
  for (uint32_t i = 0; i < 16; ++i) {
    params_values(&file.params, PARAMS_W_O)[i] *= 1000.0F;
  }
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
  Engine* const e = engine_with(model);
  fixture_sine(in, n_frames, 220.0, 1e-4, RATE);
  fixture_sine(in + n_frames / 4, 480, 220.0, 30.0, RATE);
  run_in_blocks(e, &flat, in, out, 64);
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
  model_file_clear(&file);
  free(in);
  free(out);
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
  Engine* const e = engine_with(model);
  for (uint32_t k = 0; k < 100; ++k) {
    fixture_sine(buffer, 64, 220.0, 0.5, RATE);
    run(e, &flat, buffer, buffer, 64);
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
  Engine* const e = engine_with(NULL);
  const EngineControls loud = levels(40.0F, 40.0F, true);
  fixture_sine(buffer, 64, 1000.0, 1.0, RATE);
  run(e, &loud, buffer, buffer, 64);
  for (uint32_t i = 0; i < 64; ++i) {
    check_at_most(fabsf(buffer[i]), ENGINE_OUTPUT_LIMIT);
  }
  engine_free(e);
}

static void
the_threads_floating_point_mode_is_given_back(void** const state)
{
  (void)state;
  float buffer[64] = {0};
  Engine* const e = engine_with(fixture_model(CELL_GRU_RESET_AFTER, 8, 1));
  volatile float tiny = 1e-38F;
  volatile const float tenth = 0.1F;
  run(e, &flat, buffer, buffer, 64);
  tiny *= tenth; // A denormal, unless they are still flushed
  check_above(tiny, 0.0F);
  engine_free(e);
}

static void
absurd_rates_are_refused(void** const state)
{
  (void)state;
  Engine* e = NULL;
  const double rates[] = {0.0, -48000.0, (double)NAN, (double)INFINITY, 1e9};
  for (size_t i = 0; i < 5; ++i) {
    assert_int_equal(engine_new(rates[i], 1, &e), STATUS_BAD_ARGUMENT);
    assert_null(e);
  }
}

/// What a model plays on both channels of a stereo engine
static void
stereo_is_two_monos_of_one_model(void** const state)
{
  (void)state;
  float* const x[] = {new_signal(), new_signal()};
  float* const y[] = {new_signal(), new_signal()};
  float* const mono = new_signal();
  for (uint32_t k = 0; k < 3; ++k) {
    ModelFile file = fixture_model_file((CellType)k, 16, 7);
    Model* model = NULL;
    Engine* both = NULL;
    assert_int_equal(model_new(&file, (ModelUse){RATE, 2, 1}, &model), STATUS_OK);
    assert_int_equal(engine_new(RATE, 2, &both), STATUS_OK);
    assert_null(engine_change_model(both, model));
    engine_reset(both);
    fixture_guitar(x[0], n_frames, 1);
    fixture_sine(x[1], n_frames, 333.0, 0.3, RATE);
    const EngineControls controls = levels(3.0F, -2.0F, true);
    engine_run(both, &controls, (const float* const*)x, y, n_frames);
    for (uint32_t c = 0; c < 2; ++c) {
      Engine* const one = engine_with(fixture_model((CellType)k, 16, 7));
      run(one, &controls, x[c], mono, n_frames);
      check_at_most(fixture_difference(mono, y[c], n_frames), 1e-5);
      engine_free(one);
    }
    engine_free(both);
    model_file_clear(&file);
  }
  for (uint32_t c = 0; c < 2; ++c) {
    free(x[c]);
    free(y[c]);
  }
  free(mono);
}

#define UNKNOWN ((double)NAN)

/// A model whose file gives its levels
static Model*
levelled_model(const double loudness, const double input_dbu, const double output_dbu)
{
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 4);
  Model* model = NULL;
  file.loudness = (ModelFileLevel){isfinite(loudness), loudness};
  file.input_dbu = (ModelFileLevel){isfinite(input_dbu), input_dbu};
  file.output_dbu = (ModelFileLevel){isfinite(output_dbu), output_dbu};
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
  model_file_clear(&file);
  return model;
}

/// Check that a level match is the same as turning the levels
static void
check_match(Model* const model, const VoiceLevels match, const EngineControls* const same)
{
  float* const in = new_signal();
  float* const out = new_signal();
  float* const expected = new_signal();
  Engine* const matched = engine_with(model);
  Engine* const turned = engine_with(levelled_model(UNKNOWN, UNKNOWN, UNKNOWN));
  EngineControls controls = flat;
  controls.levels = match;
  fixture_guitar(in, n_frames, 1);
  run(matched, &controls, in, out, n_frames);
  run(turned, same, in, expected, n_frames);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-5);
  engine_free(matched);
  engine_free(turned);
  free(in);
  free(out);
  free(expected);
}

static void
models_are_matched_by_loudness_or_by_the_gear(void** const state)
{
  (void)state;
  const EngineControls down = levels(0.0F, -6.0F, true);
  check_match(levelled_model(-12.0, UNKNOWN, UNKNOWN), (VoiceLevels){LEVEL_MATCH_MATCHED, 12.0F},
              &down);
  const EngineControls gear = levels(4.0F, -9.0F, true);
  check_match(levelled_model(-12.0, 8.0, 3.0), (VoiceLevels){LEVEL_MATCH_CALIBRATED, 12.0F}, &gear);
  check_match(levelled_model(-12.0, UNKNOWN, UNKNOWN), (VoiceLevels){LEVEL_MATCH_CALIBRATED, 12.0F},
              &flat);
  check_match(levelled_model(-12.0, 8.0, 3.0), (VoiceLevels){LEVEL_MATCH_RAW, 12.0F}, &flat);
}

static void
a_change_of_the_level_match_glides(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  Engine* const e = engine_with(levelled_model(-40.0, UNKNOWN, UNKNOWN)); // 22 dB to go
  EngineControls controls = flat;
  controls.output_gain_db = -20.0F;
  fixture_sine(in, n_frames, 220.0, 0.5, RATE);
  run(e, &controls, in, out, n_frames / 2);
  controls.levels.match = LEVEL_MATCH_MATCHED;
  run(e, &controls, in + n_frames / 2, out + n_frames / 2, n_frames / 2);
  const double late = fixture_largest_step(out + 3 * n_frames / 4, n_frames / 4);
  check_above(late, 5.0 * fixture_largest_step(out, n_frames / 2));
  check_at_most(fixture_largest_step(out, n_frames), 1.1 * late);
  engine_free(e);
  free(in);
  free(out);
}

/// A cabinet that is one tap
static Convolver*
tap(const float gain, const uint32_t n_channels)
{
  float sample = gain;
  const Impulse impulse = {{&sample, NULL}, 1, 1, RATE};
  Convolver* convolver = NULL;
  assert_int_equal(convolver_new(&impulse, n_channels, &convolver), STATUS_OK);
  return convolver;
}

static void
a_cabinet_comes_and_goes_without_a_click(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  Engine* const e = engine_with(NULL);
  EngineControls controls = flat;
  controls.cabinet_gain_db = -6.0206F;
  fixture_sine(in, n_frames, 220.0, 0.5, RATE);
  const uint32_t part = n_frames / 4 / 64 * 64;
  run(e, &controls, in, out, part); // None: its level counts for nothing
  assert_memory_equal(in, out, part * sizeof(float));
  assert_null(engine_change_cabinet(e, tap(0.5F, 1)));
  run(e, &controls, in + part, out + part, part);
  check_near(out[2 * part - 1], 0.25F * in[2 * part - 1], 1e-5F);
  controls.cabinet_enabled = false;
  run(e, &controls, in + 2 * part, out + 2 * part, part);
  check_equal(out[3 * part - 1], in[3 * part - 1]); // Off is exactly through
  controls.cabinet_enabled = true;
  assert_null(engine_change_cabinet(e, NULL));
  run(e, &controls, in + 3 * part, out + 3 * part, part);
  check_equal(out[4 * part - 1], in[4 * part - 1]);
  convolver_free(engine_take_retired_cabinet(e));
  check_at_most(fixture_largest_step(out, 4 * part), 1.02 * fixture_largest_step(in, n_frames));
  engine_free(e);
  free(in);
  free(out);
}

static void
the_gate_listens_to_what_comes_in(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  Engine* const e = engine_with(fixture_model(CELL_GRU_RESET_AFTER, 8, 4));
  EngineControls controls = levels(40.0F, 0.0F, true); // Loud after the input level, not before
  controls.gate_db = -40.0F;
  fixture_sine(in, n_frames, 220.0, 0.001, RATE);
  run(e, &controls, in, out, n_frames);
  check_equal(out[n_frames - 1], 0.0F);
  check_equal(out[n_frames - 50], 0.0F);
  engine_free(e);
  free(in);
  free(out);
}

static void
meters_show_the_peaks_and_fall(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  Engine* const e = engine_with(NULL);
  const EngineControls controls = levels(0.0F, -6.0206F, true);
  in[100] = -0.8F;
  run(e, &controls, in, out, 4800);
  check_near(engine_input_peak(e), 0.8F, 1e-6F);
  check_near(engine_output_peak(e), 0.4F, 1e-5F);
  run(e, &controls, in + 4800, out, 4800); // A tenth of a second: 2 dB
  check_near(engine_input_peak(e), 0.8F * 0.7943F, 1e-4F);
  engine_free(e);
  free(in);
  free(out);
}

/// What bypass passes on comes as late as the model does, so that hosts can make up for both at once
static void
bypass_is_as_late_as_the_model(void** const state)
{
  (void)state;
  float* const in = new_signal();
  float* const out = new_signal();
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 4);
  Model* model = NULL;
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 2}, &model), STATUS_OK);
  Engine* const e = engine_with(model);
  const uint32_t late = engine_latency(e);
  const EngineControls off = levels(0.0F, 0.0F, false);
  check_above(late, 0);
  fixture_guitar(in, n_frames, 1);
  run_in_blocks(e, &off, in, out, 100);
  assert_memory_equal(in, out + late, (n_frames - late) * sizeof(float));
  // Another latency comes without a click
  fixture_sine(in, n_frames, 220.0, 0.5, RATE);
  run_in_blocks(e, &off, in, out, 64);
  assert_null(engine_change_model(e, fixture_model(CELL_GRU_RESET_AFTER, 8, 4)));
  run_in_blocks(e, &off, in, out, 64);
  assert_int_equal(engine_latency(e), 0);
  check_at_most(fixture_largest_step(out + 64, n_frames - 64),
                1.02 * fixture_largest_step(in, n_frames));
  engine_free(e);
  model_file_clear(&file);
  free(in);
  free(out);
}

int
main(void)
{
  n_frames = fixture_is_slow() ? 12000 : n_frames;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_split_into_blocks_gives_the_same_bits),
      cmocka_unit_test(random_splits_during_fades_give_the_same_bits),
      cmocka_unit_test(in_place_equals_out_of_place),
      cmocka_unit_test(the_engine_plays_the_model),
      cmocka_unit_test(silence_gives_silence_whatever_the_model_rests_at),
      cmocka_unit_test(levels_are_exact_and_move_without_a_step),
      cmocka_unit_test(a_standing_knob_is_that_of_the_equations),
      cmocka_unit_test(a_knob_on_its_way_is_as_smooth_as_one_that_moves_every_frame),
      cmocka_unit_test(a_turned_knob_leaves_no_click),
      cmocka_unit_test(a_knob_that_arrives_is_where_it_was_put),
      cmocka_unit_test(knobs_nobody_gives_stand_in_the_middle),
      cmocka_unit_test(knobs_turned_during_a_change_of_model_reach_both),
      cmocka_unit_test(bypass_is_exact_and_fades),
      cmocka_unit_test(a_change_of_model_leaves_no_click_and_no_gap),
      cmocka_unit_test(a_newer_model_replaces_one_that_waits),
      cmocka_unit_test(a_bad_sample_is_silenced_counted_and_forgotten),
      cmocka_unit_test(a_bad_sample_is_forgotten_at_every_rate),
      cmocka_unit_test(a_model_that_ran_away_comes_back_with_the_sound),
      cmocka_unit_test(a_model_that_runs_away_is_silenced),
      cmocka_unit_test(nothing_is_louder_than_the_limit),
      cmocka_unit_test(the_threads_floating_point_mode_is_given_back),
      cmocka_unit_test(absurd_rates_are_refused),
      cmocka_unit_test(stereo_is_two_monos_of_one_model),
      cmocka_unit_test(models_are_matched_by_loudness_or_by_the_gear),
      cmocka_unit_test(a_change_of_the_level_match_glides),
      cmocka_unit_test(a_cabinet_comes_and_goes_without_a_click),
      cmocka_unit_test(the_gate_listens_to_what_comes_in),
      cmocka_unit_test(meters_show_the_peaks_and_fall),
      cmocka_unit_test(bypass_is_as_late_as_the_model),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
