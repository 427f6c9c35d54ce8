// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The table of controls against the engine's structure, and what players and hosts may set.

#include "tests/fixtures.h"

#include "core/engine/controls.h"
#include "tests/checks.h"

#include <math.h>
#include <string.h>

static const EngineControls defaults = ENGINE_DEFAULT_CONTROLS;

static void
defaults_of_the_table_are_those_of_the_engine(void** const state)
{
  (void)state;
  for (int i = 0; i < N_CONTROLS; ++i) {
    assert_float_equal(controls_get(&defaults, (Control)i), controls_range((Control)i).initial,
                       0.0F);
  }
}

static void
each_control_has_a_place_of_its_own(void** const state)
{
  (void)state;
  for (int i = 0; i < N_CONTROLS; ++i) {
    const ControlRange range = controls_range((Control)i);
    const float other = range.initial > range.low ? range.low : range.high;
    EngineControls controls = defaults;
    controls_set(&controls, (Control)i, other);
    for (int k = 0; k < N_CONTROLS; ++k) {
      assert_float_equal(controls_get(&controls, (Control)k),
                         (k == i ? other : controls_get(&defaults, (Control)k)), 0.0F);
    }
  }
}

static void
a_value_out_of_range_is_moved_to_the_end(void** const state)
{
  (void)state;
  for (int i = 0; i < N_CONTROLS; ++i) {
    const ControlRange range = controls_range((Control)i);
    EngineControls controls = defaults;
    controls_set(&controls, (Control)i, range.high + 1.0F);
    assert_float_equal(controls_get(&controls, (Control)i), range.high, 0.0F);
    controls_set(&controls, (Control)i, NAN);
    assert_float_equal(controls_get(&controls, (Control)i), range.high, 0.0F);
    controls_set(&controls, (Control)i, -INFINITY);
    assert_float_equal(controls_get(&controls, (Control)i), range.low, 0.0F);
  }
}

static void
switches_and_choices_take_the_nearest_value(void** const state)
{
  (void)state;
  EngineControls controls = defaults;
  controls_set(&controls, CONTROL_CABINET, 0.4F);
  assert_false(controls.cabinet_enabled);
  controls_set(&controls, CONTROL_CABINET, 0.5F);
  assert_true(controls.cabinet_enabled);
  controls_set(&controls, CONTROL_LEVEL_MATCH, 1.4F);
  assert_int_equal(controls.levels.match, LEVEL_MATCH_MATCHED);
  controls_set(&controls, CONTROL_LEVEL_MATCH, 1.5F);
  assert_int_equal(controls.levels.match, LEVEL_MATCH_CALIBRATED);
}

static void
a_raw_value_is_kept_as_the_host_gives_it(void** const state)
{
  (void)state;
  EngineControls controls = defaults;
  controls_set_raw(&controls, CONTROL_INPUT_LEVEL, 30.0F);
  assert_float_equal(controls.input_gain_db, 30.0F, 0.0F);
  controls_set_raw(&controls, CONTROL_INPUT_LEVEL, NAN);
  assert_true(isnan(controls.input_gain_db));
  controls_set_raw(&controls, CONTROL_LEVEL_MATCH, 7.0F);
  assert_int_equal(controls.levels.match, LEVEL_MATCH_CALIBRATED);
  controls_set_raw(&controls, CONTROL_LEVEL_MATCH, NAN);
  assert_int_equal(controls.levels.match, LEVEL_MATCH_RAW);
  controls_set_raw(&controls, CONTROL_ENABLED, 0.0F);
  assert_false(controls.enabled);
  controls_set_raw(&controls, CONTROL_ENABLED, 0.1F);
  assert_true(controls.enabled);
  controls_set_raw(&controls, CONTROL_ENABLED, NAN);
  assert_false(controls.enabled);
}

static void
a_control_is_found_by_the_start_of_its_name(void** const state)
{
  (void)state;
  Control control = CONTROL_ENABLED;
  assert_true(controls_find("treb", &control));
  assert_int_equal(control, CONTROL_TREBLE);
  assert_true(controls_find("cabinet", &control));
  assert_int_equal(control, CONTROL_CABINET);
  assert_true(controls_find("gain", &control));
  assert_int_equal(control, CONTROL_INPUT_LEVEL);
  assert_false(controls_find("knob", &control));
  assert_false(controls_find("", &control));
  assert_false(controls_find_name("treb", &control));
}

static void
what_is_expected_has_unit_and_names(void** const state)
{
  (void)state;
  char text[CONTROLS_EXPECTED_SIZE];
  assert_string_equal(controls_expected(CONTROL_GATE, text), "-90 to -20 dBFS (-90 is off)");
  assert_string_equal(controls_expected(CONTROL_KNOB_1, text), "0 to 1");
  assert_string_equal(controls_expected(CONTROL_LEVEL_MATCH, text),
                      "0 to 2 (0 is raw, 1 is matched, 2 is calibrated)");
  for (int i = 0; i < N_CONTROLS; ++i) {
    check_below(strlen(controls_expected((Control)i, text)), CONTROLS_EXPECTED_SIZE - 1);
    assert_non_null(strstr(controls_names(), controls_range((Control)i).name));
  }
  assert_ptr_equal(strstr(controls_names(), "input_level, knob_1, "), controls_names());
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(defaults_of_the_table_are_those_of_the_engine),
      cmocka_unit_test(each_control_has_a_place_of_its_own),
      cmocka_unit_test(a_value_out_of_range_is_moved_to_the_end),
      cmocka_unit_test(switches_and_choices_take_the_nearest_value),
      cmocka_unit_test(a_raw_value_is_kept_as_the_host_gives_it),
      cmocka_unit_test(a_control_is_found_by_the_start_of_its_name),
      cmocka_unit_test(what_is_expected_has_unit_and_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
