// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do models that are made for other programs sound the same?

#include "tests/fixtures.h"

#include "core/decibel.h"
#include "core/reference.h"
#include "tests/checks.h"
#include "train/programs/model/portable.h"

#include <math.h>
#include <string.h>

#define N_FRAMES 2000U

static const PortableNeeds all = {true, true};
static const PortableNeeds gains_alone = {false, false};

/// Play a sine at full scale, with the file's gains, from zero state
static void
play_sine(const ModelFile* const file, const Params* const params, double out[N_FRAMES])
{
  const double knobs[PARAMS_MAX_KNOBS] = {0.2, 0.7, 0.4, 0.9};
  double state[PARAMS_MAX_STATE] = {0.0};
  double past[PARAMS_MAX_TAPS] = {0.0};
  float in[N_FRAMES];
  fixture_sine(in, N_FRAMES, 330.0, decibel_to_gain_or_silence(file->input_gain_db), 48000.0);
  assert_int_equal(reference_run(params, knobs, state, in, out, N_FRAMES), STATUS_OK);
  reference_stage(params, past, out, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    out[i] *= decibel_to_gain_or_silence(file->output_gain_db);
  }
}

/// A model, and a second set; the caller clears
static ModelFile
model_of(const ParamsShape shape)
{
  return (ModelFile){.params = fixture_params(shape, 1),
                     .sample_rate = 48000.0,
                     .n_others = 1,
                     .others = {{44100.0, fixture_params(shape, 2), {.esr = 0.1}}}};
}

/// Return how much the sound of all sets changes [dBFS]; clears the file
static double
change_db(ModelFile* const file, const PortableNeeds needs)
{
  static double before[2][N_FRAMES];
  static double after[N_FRAMES];
  double largest = 1e-12;
  play_sine(file, &file->params, before[0]);
  play_sine(file, &file->others[0].params, before[1]);
  assert_int_equal(portable_make(file, needs, "plexi", NULL), STATUS_OK);
  check_equal(file->input_gain_db, 0.0);
  check_equal(file->output_gain_db, 0.0);
  assert_true(params_shapes_are_equal(file->params.shape, file->others[0].params.shape));
  for (uint32_t set = 0; set < 2; ++set) {
    play_sine(file, set ? &file->others[0].params : &file->params, after);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      const double error = fabs(after[i] - before[set][i]);
      largest = error > largest ? error : largest;
    }
  }
  return decibel_of_gain(largest);
}

static void
a_model_that_others_know_stays_as_it_is(void** const state)
{
  (void)state;
  const CellType cells[] = {CELL_GRU_RESET_AFTER, CELL_LSTM};
  const uint32_t sizes[] = {8, 12, 16, 20, 24, 32, 40, 64, 80};
  for (uint32_t i = 0; i < 18; ++i) {
    const ParamsShape shape = {cells[i % 2], sizes[i / 2], 1 + i % 5, false, 0};
    ModelFile file = model_of(shape);
    ModelFile same = model_of(shape);
    assert_int_equal(portable_make(&file, all, "plexi", NULL), STATUS_OK);
    assert_true(params_shapes_are_equal(file.params.shape, shape));
    const size_t size = params_count(shape) * sizeof(float);
    assert_memory_equal(file.params.values, same.params.values, size);
    assert_memory_equal(file.others[0].params.values, same.others[0].params.values, size);
    model_file_clear(&file);
    model_file_clear(&same);
  }
}

static void
units_that_fill_up_a_size_are_silent(void** const state)
{
  (void)state;
  const uint32_t sizes[][2] = {{1, 8}, {9, 12}, {13, 16}, {33, 40}, {41, 64}, {79, 80}};
  for (uint32_t i = 0; i < (fixture_is_slow() ? 6 : 12); ++i) {
    const CellType cell = i % 2 ? CELL_LSTM : CELL_GRU_RESET_AFTER;
    ModelFile file = model_of((ParamsShape){cell, sizes[i / 2][0], 1 + i % 3, false, 7 * (i % 3)});
    check_below(change_db(&file, all), -220.0);
    assert_int_equal(file.params.shape.hidden_size, sizes[i / 2][1]);
    model_file_clear(&file);
  }
}

static void
gains_become_part_of_the_weights(void** const state)
{
  (void)state;
  const double gains[][2] = {{6.0, -9.0}, {-12.0, 0.0}, {0.0, 3.0}, {-90.0, 0.0}, {3.0, -90.0}};
  for (uint32_t i = 0; i < 10; ++i) {
    const CellType cell = i % 2 ? CELL_LSTM : CELL_GRU_RESET_AFTER;
    ModelFile file = model_of((ParamsShape){cell, 5, 2, false, 0});
    file.input_gain_db = gains[i / 2][0];
    file.output_gain_db = gains[i / 2][1];
    check_below(change_db(&file, gains_alone), -115.0); // Rounding of the weights
    assert_int_equal(file.params.shape.hidden_size, 5);
    model_file_clear(&file);
  }
}

/// The bounds in train/programs/model/portable.h, at full scale
static void
a_skip_connection_becomes_a_unit(void** const state)
{
  (void)state;
  for (uint32_t i = 0; i < 6; ++i) {
    const CellType cell = i % 2 ? CELL_LSTM : CELL_GRU_RESET_AFTER;
    ModelFile file = model_of((ParamsShape){cell, i < 4 ? 8 : 11, 1 + i % 3, true, 0});
    const double db = change_db(&file, all);
    if (!(db < (cell == CELL_LSTM ? -110.5 : -116.0)) || file.params.shape.skip ||
        file.params.shape.hidden_size != 12) {
      fail_msg("%.2f dB, size %u", db, file.params.shape.hidden_size);
    }
    model_file_clear(&file);
  }
}

/// Both gains act on what skips the network
static void
a_skip_connection_with_gains_becomes_a_unit_in_any_size(void** const state)
{
  (void)state;
  for (uint32_t i = 0; i < 2; ++i) {
    const CellType cell = i % 2 ? CELL_LSTM : CELL_GRU_RESET_AFTER;
    ModelFile file = model_of((ParamsShape){cell, 8, 1, true, 0});
    file.input_gain_db = -6.0;
    file.output_gain_db = 3.0;
    check_below(change_db(&file, gains_alone), -90.0);
    assert_int_equal(file.params.shape.hidden_size, 9);
    assert_false(file.params.shape.skip);
    model_file_clear(&file);
  }
  ModelFile file = model_of((ParamsShape){CELL_GRU_RESET_AFTER, 8, 1, true, 0});
  check_below(change_db(&file, gains_alone), -220.0);
  assert_true(file.params.shape.skip); // GuitarML has it
  model_file_clear(&file);
}

static void
check_refused(const ParamsShape shape, const char* const fault)
{
  ModelFile file = model_of(shape);
  Message message = {""};
  assert_int_equal(portable_make(&file, all, "plexi", &message), STATUS_UNSUPPORTED);
  assert_non_null(strstr(message.text, "plexi: "));
  assert_non_null(strstr(message.text, fault));
  model_file_clear(&file);
}

static void
what_others_cannot_play_is_refused(void** const state)
{
  (void)state;
  check_refused((ParamsShape){CELL_GRU_RESET_BEFORE, 8, 1, false, 0}, "--cell reset-after");
  check_refused((ParamsShape){CELL_GRU_RESET_AFTER, 81, 1, false, 0}, "needs 81 units");
  check_refused((ParamsShape){CELL_GRU_RESET_AFTER, 80, 1, true, 0}, "one of them for its skip");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_model_that_others_know_stays_as_it_is),
      cmocka_unit_test(units_that_fill_up_a_size_are_silent),
      cmocka_unit_test(gains_become_part_of_the_weights),
      cmocka_unit_test(a_skip_connection_becomes_a_unit),
      cmocka_unit_test(a_skip_connection_with_gains_becomes_a_unit_in_any_size),
      cmocka_unit_test(what_others_cannot_play_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
