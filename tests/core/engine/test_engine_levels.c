// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Are levels exact, are models matched, and what do the meters show?

#include "tests/core/engine/engine_rig.h"

#include "core/format/model_file_io.h"
#include "core/model/loudness.h"
#include "core/model/model_loudness.h"
#include "tests/checks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static uint32_t n_frames; ///< That a test plays

static void
levels_are_exact_and_move_without_a_step(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  Engine* e = rig_new_engine(NULL);
  EngineControls quiet = rig_levels(0.0F, -20.0F, true);
  fixture_sine(in, n_frames, 100.0, 0.5, RATE);
  rig_run(e, &rig_flat, in, out, 4800);
  rig_run(e, &quiet, in + 4800, out + 4800, n_frames - 4800);
  for (uint32_t i = 0; i < 4800; ++i) {
    check_equal(out[i], in[i]);
  }
  for (uint32_t i = 4800 + 960; i < n_frames; ++i) { // 20 ms later
    check_near(out[i], 0.1F * in[i], 1e-7F);
  }
  check_at_most(fixture_largest_step(out, n_frames), 1.05 * fixture_largest_step(in, n_frames));
  quiet.input_gain_db = -200.0F; // Below the lowest level is silence
  quiet.output_gain_db = NAN;    // Not a number: the level stays
  rig_run(e, &quiet, in, out, n_frames);
  for (uint32_t i = 4800; i < n_frames; ++i) {
    check_equal(out[i], 0.0F);
  }
  engine_free(e);
  free(in);
  free(out);
}

#define UNKNOWN ((double)NAN)

/// A model whose file gives those levels that aren't UNKNOWN
static Model*
new_levelled_model(const double loudness, const double input_dbu, const double output_dbu)
{
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 4);
  Model* model = NULL;
  file.loudness.middle = (ModelFileLevel){isfinite(loudness), loudness};
  file.input_dbu = (ModelFileLevel){isfinite(input_dbu), input_dbu};
  file.output_dbu = (ModelFileLevel){isfinite(output_dbu), output_dbu};
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
  model_file_clear(&file);
  return model;
}

/// Check that a level match is as loud as levels turned by hand
static void
check_match(Model* const model, const VoiceLevels match, const EngineControls* const same)
{
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  float* const expected = rig_new_signal();
  Engine* const matched = rig_new_engine(model);
  Engine* const turned = rig_new_engine(new_levelled_model(UNKNOWN, UNKNOWN, UNKNOWN));
  EngineControls controls = rig_flat;
  controls.levels = match;
  fixture_guitar(in, n_frames, 1);
  rig_run(matched, &controls, in, out, n_frames);
  rig_run(turned, same, in, expected, n_frames);
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
  const EngineControls down = rig_levels(0.0F, -6.0F, true);
  check_match(new_levelled_model(-12.0, UNKNOWN, UNKNOWN),
              (VoiceLevels){LEVEL_MATCH_MATCHED, 12.0F}, &down);
  const EngineControls gear = rig_levels(4.0F, -9.0F, true);
  check_match(new_levelled_model(-12.0, 8.0, 3.0), (VoiceLevels){LEVEL_MATCH_CALIBRATED, 12.0F},
              &gear);
  check_match(new_levelled_model(-12.0, UNKNOWN, UNKNOWN),
              (VoiceLevels){LEVEL_MATCH_CALIBRATED, 12.0F}, &rig_flat);
  check_match(new_levelled_model(-12.0, 8.0, 3.0), (VoiceLevels){LEVEL_MATCH_RAW, 12.0F},
              &rig_flat);
}

static void
levels_that_are_no_numbers_at_the_start_are_the_usual_ones(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  float* const expected = rig_new_signal();
  Engine* const odd = rig_new_engine(new_levelled_model(-12.0, 8.0, 3.0));
  Engine* const usual = rig_new_engine(new_levelled_model(-12.0, 8.0, 3.0));
  EngineControls none = rig_levels(NAN, NAN, true);
  EngineControls flat = rig_flat;
  none.levels = (VoiceLevels){LEVEL_MATCH_CALIBRATED, NAN};
  flat.levels = (VoiceLevels){LEVEL_MATCH_CALIBRATED, ENGINE_DEFAULT_INTERFACE_DBU};
  fixture_guitar(in, n_frames, 1);
  rig_run(odd, &none, in, out, n_frames);
  rig_run(usual, &flat, in, expected, n_frames);
  check_above(fixture_largest_step(expected, n_frames), 0.0);
  assert_memory_equal(out, expected, n_frames * sizeof(float));
  engine_free(odd);
  engine_free(usual);
  free(in);
  free(out);
  free(expected);
}

/// Return the loudness of the reference phrase through a factory model, matched, with its knob at
/// `knob` [LUFS]
static double
matched_loudness(const char* const name, const float knob)
{
  const uint32_t n = (uint32_t)(2.0 * RATE);
  float* const x = (float*)malloc(n * sizeof(float));
  char path[256];
  ModelFile file = {0};
  Model* model = NULL;
  double loudness = 0.0;
  EngineControls controls = rig_flat;
  (void)snprintf(path, sizeof(path), "%s/%s.json", GRUS_FACTORY_MODELS, name);
  assert_int_equal(model_file_read(path, &file, NULL), STATUS_OK);
  file.loudness = (ModelFileLoudness){.middle = {false, 0.0}}; // Measure all of it
  assert_int_equal(model_loudness_find(&file), STATUS_OK);
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
  model_settle(model, (const float[PARAMS_MAX_KNOBS]){knob, 0.5F, 0.5F, 0.5F});
  Engine* const e = rig_new_engine(model);
  controls.levels.match = LEVEL_MATCH_MATCHED;
  controls.output_gain_db = -20.0F; // Far from the limit
  controls.knobs[0] = knob;
  loudness_phrase(RATE, x, n);
  rig_run(e, &controls, x, x, n);
  assert_int_equal(loudness_measure(RATE, x, n, &loudness), STATUS_OK);
  engine_free(e);
  model_file_clear(&file);
  free(x);
  return loudness + 20.0;
}

static void
matched_models_are_equally_loud_wherever_their_knobs_are(void** const state)
{
  (void)state;
  static const float knobs[] = {0.7F, 0.0F, 0.2F, 0.5F, 1.0F};
  static const char* const names[] = {"crunch-gain", "ts9-drive"};
  const size_t n_names = fixture_is_slow() ? 0 : sizeof(names) / sizeof(names[0]);
  for (size_t i = 0; i < n_names; ++i) { // Seconds of sound at each of ten places
    for (size_t k = 0; k < sizeof(knobs) / sizeof(knobs[0]); ++k) {
      const double loudness = matched_loudness(names[i], knobs[k]);
      print_message("# %s at %g: %.2f LUFS\n", names[i], (double)knobs[k], loudness);
      check_at_most(fabs(loudness - VOICE_LOUDNESS), 0.6);
    }
  }
}

static void
a_change_of_the_level_match_glides(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  Engine* const e = rig_new_engine(new_levelled_model(-40.0, UNKNOWN, UNKNOWN)); // 22 dB to go
  EngineControls controls = rig_flat;
  controls.output_gain_db = -20.0F;
  fixture_sine(in, n_frames, 220.0, 0.5, RATE);
  rig_run(e, &controls, in, out, n_frames / 2);
  controls.levels.match = LEVEL_MATCH_MATCHED;
  rig_run(e, &controls, in + n_frames / 2, out + n_frames / 2, n_frames / 2);
  const double late = fixture_largest_step(out + 3 * n_frames / 4, n_frames / 4);
  check_above(late, 5.0 * fixture_largest_step(out, n_frames / 2));
  check_at_most(fixture_largest_step(out, n_frames), 1.1 * late);
  engine_free(e);
  free(in);
  free(out);
}

static void
meters_show_the_peaks_and_fall(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  Engine* const e = rig_new_engine(NULL);
  const EngineControls controls = rig_levels(0.0F, -6.0206F, true);
  in[100] = -0.8F;
  rig_run(e, &controls, in, out, 4800);
  check_near(engine_input_peak(e), 0.8F, 1e-6F);
  check_near(engine_output_peak(e), 0.4F, 1e-5F);
  rig_run(e, &controls, in + 4800, out, 4800); // A tenth of a second: 2 dB
  check_near(engine_input_peak(e), 0.8F * 0.7943F, 1e-4F);
  engine_free(e);
  free(in);
  free(out);
}

int
main(void)
{
  n_frames = rig_n_frames();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(levels_are_exact_and_move_without_a_step),
      cmocka_unit_test(models_are_matched_by_loudness_or_by_the_gear),
      cmocka_unit_test(levels_that_are_no_numbers_at_the_start_are_the_usual_ones),
      cmocka_unit_test(matched_models_are_equally_loud_wherever_their_knobs_are),
      cmocka_unit_test(a_change_of_the_level_match_glides),
      cmocka_unit_test(meters_show_the_peaks_and_fall),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
