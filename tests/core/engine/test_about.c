// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does a player read the right things about a model?

#include "core/engine/about.h"
#include "tests/checks.h"
#include "tests/fixtures.h"

#include <string.h>

#define PATH "/models/Plexi 1.json"

static ModelAbout
describe_at(const ModelFile* const file, const double own_rate)
{
  ModelAbout about;
  about_model(file, PATH, own_rate, &about);
  return about;
}

static ModelAbout
describe(const ModelFile* const file)
{
  return describe_at(file, file->sample_rate);
}

static void
a_nameless_model_is_called_after_its_file(void** const state)
{
  (void)state;
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 1);
  memset(file.name, 0, sizeof(file.name));
  assert_string_equal(describe(&file).name, "Plexi 1");
  (void)strcpy(file.name, "Plexi");
  assert_string_equal(describe(&file).name, "Plexi");
  model_file_clear(&file);
}

static void
maker_and_gear_are_those_of_the_file_in_one_line(void** const state)
{
  (void)state;
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 1);
  (void)strcpy(file.author, "A. Player\n\x1b[31m");
  (void)strcpy(file.gear, "Lead 100");
  const ModelAbout about = describe(&file);
  assert_string_equal(about.maker, "A. Player  [31m");
  assert_string_equal(about.gear, "Lead 100");
  model_file_clear(&file);
}

static void
accuracy_says_what_it_was_measured_against(void** const state)
{
  (void)state;
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 1);
  assert_string_equal(describe(&file).accuracy, "");
  file.record.esr = 0.00214;
  assert_string_equal(describe(&file).accuracy, "ESR 0.0021");
  file.record.esr = 0.0000214;
  assert_string_equal(describe(&file).accuracy, "ESR 0.000021");
  (void)strcpy(file.teacher.hash, "0123456789abcdef");
  file.record.esr = 0.00214;
  assert_string_equal(describe(&file).accuracy, "ESR 0.0021 of a capture");
  file.teacher.gear_esr = 0.0105;
  assert_string_equal(describe(&file).accuracy, "ESR 0.0021 of a capture with ESR 0.0105");
  model_file_clear(&file);
}

static void
the_kind_names_cells_size_rate_and_stage(void** const state)
{
  (void)state;
  ModelFile file = fixture_staged_file(16, 1024, 1);
  file.sample_rate = 44100.0;
  ModelAbout about = describe(&file);
  assert_string_equal(about.kind, "GRU 16, 44.1 kHz, 1024 taps");
  assert_false(about.has_cabinet);
  file.stage_is_cabinet = true;
  assert_true(describe(&file).has_cabinet);
  model_file_clear(&file);
  file = fixture_model_file(CELL_LSTM, 24, 1);
  file.lag = 1; // Of two layers
  assert_string_equal(describe(&file).kind, "LSTM 2 x 12, 48 kHz");
  file.stage_is_cabinet = true; // Without a stage there is none
  assert_false(describe(&file).has_cabinet);
  model_file_clear(&file);
}

static void
a_set_for_another_rate_is_described_where_it_plays(void** const state)
{
  (void)state;
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 1);
  ModelFile other = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 2);
  file.record.esr = 0.5;
  other.record.esr = 0.25;
  file.others[0] = (ModelSet){44100.0, other.params, other.record};
  file.n_others = 1;
  assert_string_equal(describe_at(&file, 48000.0).accuracy, "ESR 0.5000");
  const ModelAbout about = describe_at(&file, 44100.0);
  assert_string_equal(about.accuracy, "ESR 0.2500");
  assert_string_equal(about.kind, "GRU 8, 44.1 kHz");
  model_file_clear(&file); // Frees the weights of the other, too
}

static void
only_knobs_that_are_there_have_names(void** const state)
{
  (void)state;
  ModelFile file = {.sample_rate = 48000.0};
  file.params = fixture_params((ParamsShape){CELL_GRU_RESET_AFTER, 8, 3, false, 0}, 1);
  (void)strcpy(file.knobs[0], "Drive");
  (void)strcpy(file.knobs[2], "Left over");
  const ModelAbout about = describe(&file);
  assert_string_equal(about.knobs[0], "Drive");
  assert_string_equal(about.knobs[1], "Knob 2");
  assert_string_equal(about.knobs[2], "");
  assert_string_equal(about.knobs[3], "");
  model_file_clear(&file);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_nameless_model_is_called_after_its_file),
      cmocka_unit_test(maker_and_gear_are_those_of_the_file_in_one_line),
      cmocka_unit_test(accuracy_says_what_it_was_measured_against),
      cmocka_unit_test(the_kind_names_cells_size_rate_and_stage),
      cmocka_unit_test(a_set_for_another_rate_is_described_where_it_plays),
      cmocka_unit_test(only_knobs_that_are_there_have_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
