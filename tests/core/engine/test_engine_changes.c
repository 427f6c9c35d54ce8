// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do bypass, another model and another cabinet come without a click?

#include "tests/core/engine/engine_rig.h"

#include "core/circle.h"
#include "tests/checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint32_t n_frames; ///< That a test plays

static void
bypass_is_exact_and_fades(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  Engine* e = rig_new_engine(fixture_model(CELL_GRU_RESET_AFTER, 16, 6));
  const EngineControls off = rig_levels(6.0F, 6.0F, false);
  const EngineControls on = rig_levels(6.0F, 6.0F, true);
  fixture_sine(in, n_frames, 100.0, 0.5, RATE);
  rig_run(e, &on, in, out, n_frames / 2);
  const double step = fixture_largest_step(out, n_frames / 2);
  rig_run(e, &off, in + n_frames / 2, out + n_frames / 2, n_frames / 2);
  for (uint32_t i = n_frames / 2 + 960; i < n_frames; ++i) {
    check_equal(out[i], in[i]);
  }
  check_at_most(fixture_largest_step(out, n_frames), 1.1 * step + 0.01);
  engine_free(e);
  free(in);
  free(out);
}

/// Play a click through a bypassed engine; return when it comes out minus the latency [frames]
static double
click_offset(const double own_rate, const double host_rate, const uint32_t oversampling)
{
  enum { LONGEST = 16384 };
  static float sound[LONGEST];
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 1, 4);
  const EngineControls off = rig_levels(0.0F, 0.0F, false);
  Engine* e = NULL;
  Model* model = NULL;
  file.sample_rate = own_rate;
  assert_int_equal(engine_new(host_rate, 1, &e), STATUS_OK);
  assert_int_equal(model_new(&file, (ModelUse){host_rate, 1, oversampling}, &model), STATUS_OK);
  model_file_clear(&file);
  assert_null(engine_change_model(e, model));
  engine_reset(e);
  memset(sound, 0, sizeof(sound));
  sound[0] = 1.0F;
  const uint32_t n = engine_latency(e) + 100;
  check_at_most(n, LONGEST);
  engine_run(e, &off, (const float* const[]){sound}, (float* const[]){sound}, n);
  uint32_t at = 0;
  while (at < n && sound[at] < 0.5F) {
    ++at;
  }
  const double offset = (double)at - engine_latency(e);
  engine_free(e);
  return offset;
}

static void
bypass_is_as_late_as_the_slowest_model(void** const state)
{
  (void)state;
  static const double rates[][2] = {{8000.0, 44100.0},   {8000.0, 96000.0},  {8000.0, 192000.0},
                                    {8000.0, 384000.0},  {8000.0, 768000.0}, {11025.0, 192000.0},
                                    {48000.0, 192000.0}, {48000.0, 8000.0},  {96000.0, 44100.0}};
  for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); ++i) {
    for (uint32_t oversampling = fixture_is_slow() ? 4 : 1; oversampling <= 4; oversampling *= 2) {
      check_equal(click_offset(rates[i][0], rates[i][1], oversampling), 0.0);
    }
  }
}

/// Hosts compensate for one latency, so bypass must be as late as the model
static void
bypass_is_as_late_as_the_model(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 4);
  Model* model = NULL;
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 2}, &model), STATUS_OK);
  Engine* const e = rig_new_engine(model);
  const uint32_t late = engine_latency(e);
  const EngineControls off = rig_levels(0.0F, 0.0F, false);
  check_above(late, 0);
  fixture_guitar(in, n_frames, 1);
  rig_run_in_blocks(e, &off, in, out, 100);
  assert_memory_equal(in, out + late, (n_frames - late) * sizeof(float));
  // Another latency comes without a click
  fixture_sine(in, n_frames, 220.0, 0.5, RATE);
  rig_run_in_blocks(e, &off, in, out, 64);
  assert_null(engine_change_model(e, fixture_model(CELL_GRU_RESET_AFTER, 8, 4)));
  rig_run_in_blocks(e, &off, in, out, 64);
  assert_int_equal(engine_latency(e), 0);
  check_at_most(fixture_largest_step(out + 64, n_frames - 64),
                1.02 * fixture_largest_step(in, n_frames));
  engine_free(e);
  model_file_clear(&file);
  free(in);
  free(out);
}

static void
a_change_of_model_leaves_no_click_and_no_gap(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  float* const old = rig_new_signal();
  float* const fresh = rig_new_signal();
  Engine* e = rig_new_engine(fixture_model(CELL_GRU_RESET_AFTER, 16, 7));
  Engine* a = rig_new_engine(fixture_model(CELL_GRU_RESET_AFTER, 16, 7));
  Engine* b = rig_new_engine(fixture_model(CELL_GRU_RESET_BEFORE, 20, 8));
  fixture_sine(in, n_frames, 220.0, 0.8, RATE);
  rig_run_in_blocks(a, &rig_flat, in, old, 64);
  rig_run_in_blocks(b, &rig_flat, in, fresh, 64);
  rig_run(e, &rig_flat, in, out, 4800);
  assert_null(engine_change_model(e, fixture_model(CELL_GRU_RESET_BEFORE, 20, 8)));
  for (uint32_t i = 4800; i < n_frames; i += 64) {
    rig_run(e, &rig_flat, in + i, out + i, n_frames - i < 64 ? n_frames - i : 64);
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
  Engine* const e = rig_new_engine(fixture_model(CELL_GRU_RESET_AFTER, 8, 1));
  Model* const second = fixture_model(CELL_GRU_RESET_AFTER, 8, 2);
  Model* const third = fixture_model(CELL_GRU_RESET_AFTER, 8, 3);
  Model* const fourth = fixture_model(CELL_GRU_RESET_AFTER, 8, 4);
  assert_null(engine_change_model(e, second));
  rig_run(e, &rig_flat, buffer, buffer, 64);
  assert_ptr_equal(engine_model(e), second); // Fading in
  assert_null(engine_change_model(e, third));
  assert_ptr_equal(engine_change_model(e, fourth), third);
  model_free(third);
  for (uint32_t i = 0; i < 100; ++i) {
    rig_run(e, &rig_flat, buffer, buffer, 64);
  }
  assert_ptr_equal(engine_model(e), second); // The first is not taken out yet: the fourth waits
  model_free(engine_take_retired(e));
  rig_run(e, &rig_flat, buffer, buffer, 64);
  assert_ptr_equal(engine_model(e), fourth);
  engine_free(e); // While it fades; Valgrind sees that no model leaks
}

/// A cabinet with an impulse of one sample
static Convolver*
new_tap(const float gain, const uint32_t n_channels)
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
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  Engine* const e = rig_new_engine(NULL);
  EngineControls controls = rig_flat;
  controls.cabinet_gain_db = -6.0206F;
  fixture_sine(in, n_frames, 220.0, 0.5, RATE);
  const uint32_t part = n_frames / 4 / 64 * 64;
  rig_run(e, &controls, in, out, part); // No cabinet: its level changes nothing
  assert_memory_equal(in, out, part * sizeof(float));
  assert_null(engine_change_cabinet(e, new_tap(0.5F, 1)));
  rig_run(e, &controls, in + part, out + part, part);
  check_near(out[2 * part - 1], 0.25F * in[2 * part - 1], 1e-5F);
  controls.cabinet_enabled = false;
  rig_run(e, &controls, in + 2 * part, out + 2 * part, part);
  check_equal(out[3 * part - 1], in[3 * part - 1]); // Off passes the sound bit for bit
  controls.cabinet_enabled = true;
  assert_null(engine_change_cabinet(e, NULL));
  rig_run(e, &controls, in + 3 * part, out + 3 * part, part);
  check_equal(out[4 * part - 1], in[4 * part - 1]);
  convolver_free(engine_take_retired_cabinet(e));
  check_at_most(fixture_largest_step(out, 4 * part), 1.02 * fixture_largest_step(in, n_frames));
  engine_free(e);
  free(in);
  free(out);
}

/// A room: the sound itself and strong reflections every 7 ms; the second half of a phase apart if
/// `is_other`
static Convolver*
new_room(const bool is_other)
{
  enum { N = 9600, SPACE = 336 };
  static float samples[N];
  const Impulse impulse = {{samples, NULL}, 1, N, RATE};
  Convolver* convolver = NULL;
  memset(samples, 0, sizeof(samples));
  for (uint32_t i = 0; i < N; i += SPACE) {
    samples[i] = (is_other && i % (2 * SPACE) ? -0.5F : 0.5F) * expf(-2.0F * (float)i / N);
  }
  assert_int_equal(convolver_new(&impulse, 1, &convolver), STATUS_OK);
  return convolver;
}

/// Return the largest step in what is played from now on
static double
step_of_part(Engine* const e, const EngineControls* const controls, const uint32_t n)
{
  static double phase = 1.5; // The crest, where a cut is a step
  float* const x = rig_new_signal();
  for (uint32_t i = 0; i < n; ++i) {
    x[i] = (float)(0.2 * sin(phase));
    phase += TAU * 110.0 / RATE;
  }
  rig_run(e, controls, x, x, n);
  const double step = fixture_largest_step(x, n);
  free(x);
  return step;
}

/// Each reflection would repeat the start of the sound in a convolver with an empty past
static void
a_room_comes_and_goes_without_a_tick(void** const state)
{
  (void)state;
  EngineControls controls = rig_flat;
  Engine* const e = rig_new_engine(NULL);
  const double dry = step_of_part(e, &controls, n_frames);
  double wet[2];
  for (uint32_t k = 0; k < 2; ++k) { // Steady, without a change in it
    assert_null(engine_change_cabinet(e, new_room(k)));
    (void)step_of_part(e, &controls, n_frames);
    convolver_free(engine_take_retired_cabinet(e));
    wet[k] = step_of_part(e, &controls, n_frames);
  }
  const double steady = fmax(dry, fmax(wet[0], wet[1]));
  for (uint32_t k = 0; k < 8; ++k) {
    assert_null(engine_change_cabinet(e, new_room(k % 2)));
    check_at_most(step_of_part(e, &controls, n_frames), 1.1 * steady);
    convolver_free(engine_take_retired_cabinet(e));
    controls.cabinet_enabled = false;
    check_at_most(step_of_part(e, &controls, n_frames), 1.1 * steady);
    controls.cabinet_enabled = true;
    check_at_most(step_of_part(e, &controls, n_frames), 1.1 * steady);
  }
  engine_free(e);
}

int
main(void)
{
  n_frames = rig_n_frames();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bypass_is_exact_and_fades),
      cmocka_unit_test(bypass_is_as_late_as_the_model),
      cmocka_unit_test(bypass_is_as_late_as_the_slowest_model),
      cmocka_unit_test(a_change_of_model_leaves_no_click_and_no_gap),
      cmocka_unit_test(a_newer_model_replaces_one_that_waits),
      cmocka_unit_test(a_cabinet_comes_and_goes_without_a_click),
      cmocka_unit_test(a_room_comes_and_goes_without_a_tick),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
