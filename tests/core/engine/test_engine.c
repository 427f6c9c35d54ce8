// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the engine play its model, the same in every way it can be run?

#include "tests/core/engine/engine_rig.h"

#include "core/decibel.h"
#include "tests/checks.h"

#include <math.h>
#include <stdlib.h>

static uint32_t n_frames; ///< That a test plays

static void
any_split_into_blocks_gives_the_same_bits(void** const state)
{
  (void)state;
  static const uint32_t blocks[] = {1, 2, 3, 5, 16, 63, 64, 65, 127, 480, 1000, 4095, 4096};
  static const uint32_t sizes[] = {8, 13, 16, 40};
  float* const in = rig_new_signal();
  float* const whole = rig_new_signal();
  float* const out = rig_new_signal();
  const EngineControls controls = rig_levels(3.0F, -4.0F, true);
  fixture_guitar(in, n_frames, 1);
  for (size_t s = 0; s < (fixture_is_slow() ? 2 : sizeof(sizes) / sizeof(sizes[0])); ++s) {
    for (size_t b = 0; b < sizeof(blocks) / sizeof(blocks[0]); b += fixture_is_slow() ? 5 : 1) {
      const CellType cell = b % 2 ? CELL_GRU_RESET_AFTER : CELL_GRU_RESET_BEFORE;
      Engine* const one = rig_new_engine(fixture_model(cell, sizes[s], 1));
      Engine* const many = rig_new_engine(fixture_model(cell, sizes[s], 1));
      rig_run(one, &controls, in, whole, n_frames);
      rig_run_in_blocks(many, &controls, in, out, blocks[b]);
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
  float* const in = rig_new_signal();
  float* const whole = rig_new_signal();
  float* const out = rig_new_signal();
  fixture_guitar(in, n_frames, 2);
  for (uint32_t k = 0; k < 2; ++k) {
    Engine* const e = rig_new_engine(rig_new_knob_model(CELL_GRU_RESET_AFTER, 1));
    float* const y = k ? out : whole;
    rig_run(e, &rig_flat, in, y, 100);
    assert_null(engine_change_model(e, rig_new_knob_model(CELL_GRU_RESET_BEFORE, 4)));
    const EngineControls louder = {
        6.0F, -6.0F, false, {0.0F, 0.9F, 1.0F, 0.25F}, .cabinet_enabled = true};
    for (uint32_t i = 100, block = 1; i < n_frames;
         i += block, block = k ? 1 + (block * 37) % 301 : n_frames) {
      block = n_frames - i < block ? n_frames - i : block;
      rig_run(e, &louder, in + i, y + i, block);
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
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  Engine* a = rig_new_engine(fixture_model(CELL_GRU_RESET_AFTER, 16, 3));
  Engine* b = rig_new_engine(fixture_model(CELL_GRU_RESET_AFTER, 16, 3));
  fixture_guitar(in, n_frames, 3);
  rig_run_in_blocks(a, &rig_flat, in, out, 256);
  rig_run_in_blocks(b, &rig_flat, in, in, 256);
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
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  float* const bare = rig_new_signal();
  Model* const m = fixture_model(CELL_GRU_RESET_BEFORE, 16, 4);
  Engine* e = rig_new_engine(fixture_model(CELL_GRU_RESET_BEFORE, 16, 4));
  fixture_sine(in, n_frames, 440.0, 0.5, RATE);
  rig_run_in_blocks(e, &rig_flat, in, out, 64);
  model_run(m, (const float*[]){in}, (float*[]){bare}, n_frames);
  // The DC blocker of 1 Hz takes the mean and turns a tone of 440 Hz by 1/440: -53 dB
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
  check_below(decibel_of_power(error / power), fixture_is_slow() ? -45.0 : -50.0);
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
  float* const buffer = rig_new_signal();
  Engine* e = rig_new_engine(fixture_model(CELL_GRU_RESET_AFTER, 16, 5));
  check_above(fabsf(model_rest_output(engine_model(e))), 0.01F); // Otherwise the test shows nothing
  rig_run_in_blocks(e, &rig_flat, buffer, buffer, 64);
  for (uint32_t i = 0; i < n_frames; ++i) {
    check_below(fabsf(buffer[i]), 1e-5F); // -100 dBFS
  }
  engine_free(e);
  free(buffer);
}

static void
stereo_is_two_monos_of_one_model(void** const state)
{
  (void)state;
  float* const x[] = {rig_new_signal(), rig_new_signal()};
  float* const y[] = {rig_new_signal(), rig_new_signal()};
  float* const mono = rig_new_signal();
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
    const EngineControls controls = rig_levels(3.0F, -2.0F, true);
    engine_run(both, &controls, (const float* const*)x, y, n_frames);
    for (uint32_t c = 0; c < 2; ++c) {
      Engine* const one = rig_new_engine(fixture_model((CellType)k, 16, 7));
      rig_run(one, &controls, x[c], mono, n_frames);
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

static void
the_gate_listens_to_what_comes_in(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  Engine* const e = rig_new_engine(fixture_model(CELL_GRU_RESET_AFTER, 8, 4));
  EngineControls controls = rig_levels(40.0F, 0.0F, true); // Loud after the input level, not before
  controls.gate_db = -40.0F;
  fixture_sine(in, n_frames, 220.0, 0.001, RATE);
  rig_run(e, &controls, in, out, n_frames);
  check_equal(out[n_frames - 1], 0.0F);
  check_equal(out[n_frames - 50], 0.0F);
  engine_free(e);
  free(in);
  free(out);
}

static void
the_threads_floating_point_mode_is_restored(void** const state)
{
  (void)state;
  float buffer[64] = {0};
  Engine* const e = rig_new_engine(fixture_model(CELL_GRU_RESET_AFTER, 8, 1));
  volatile float tiny = 1e-38F;
  volatile const float tenth = 0.1F;
  rig_run(e, &rig_flat, buffer, buffer, 64);
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

int
main(void)
{
  n_frames = rig_n_frames();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_split_into_blocks_gives_the_same_bits),
      cmocka_unit_test(random_splits_during_fades_give_the_same_bits),
      cmocka_unit_test(in_place_equals_out_of_place),
      cmocka_unit_test(the_engine_plays_the_model),
      cmocka_unit_test(silence_gives_silence_whatever_the_model_rests_at),
      cmocka_unit_test(stereo_is_two_monos_of_one_model),
      cmocka_unit_test(the_gate_listens_to_what_comes_in),
      cmocka_unit_test(the_threads_floating_point_mode_is_restored),
      cmocka_unit_test(absurd_rates_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
