// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does a valve stage rest, amplify, clip and recover as its schematic says?

#include "core/random.h"
#include "presets/circuits/triode.h"
#include "tests/checks.h"
#include "tests/circuits/network.h"
#include "tests/circuits/probe.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const TriodeStageParts parts = {
    .supply = 325.0,
    .c_in = 47e-9,
    .r_series = 22e3,
    .r_leak = 1e6,
    .r_grid = 70e3,
    .r_plate = 100e3,
    .r_cathode = 1.5e3,
    .c_cathode = 25e-6,
    .c_load = 100e-9,
    .r_load = 100e3,
};

static double
step_stage(void* const stage, const double input)
{
  return triode_stage_step((TriodeStage*)stage, input);
}

/// Nodes: 0 grid, 1 cathode, 2 plate, 3 before the grid's resistor, 4 above the load, 5 after C_in
static double complex
solve_schematic(const TriodeCurrents* const tube, const double complex s)
{
  const int cathode_to_plate[2] = {2, 1};
  const int cathode_to_grid[2] = {0, 1};
  const int by_grid[2] = {0, 1};
  const int by_plate[2] = {2, 1};
  Network n = network_new(6, s);
  network_add_capacitor(&n, NETWORK_SOURCE, 5, parts.c_in);
  network_add_resistor(&n, 5, 3, parts.r_series);
  network_add_resistor(&n, 3, NETWORK_GROUND, parts.r_leak);
  network_add_resistor(&n, 3, 0, parts.r_grid);
  network_add_resistor(&n, 1, NETWORK_GROUND, parts.r_cathode);
  network_add_capacitor(&n, 1, NETWORK_GROUND, parts.c_cathode);
  network_add_resistor(&n, 2, NETWORK_GROUND, parts.r_plate);
  network_add_capacitor(&n, 2, 4, parts.c_load);
  network_add_resistor(&n, 4, NETWORK_GROUND, parts.r_load);
  network_add_capacitor(&n, 0, 2, 2.4e-12);
  network_add_capacitor(&n, 0, 1, 2.3e-12);
  network_add_capacitor(&n, 2, 1, 0.9e-12);
  network_add_controlled_current(&n, cathode_to_plate, by_grid,
                                 tube->cathode_slope - tube->grid_slope);
  network_add_controlled_current(&n, cathode_to_plate, by_plate, tube->cathode_slope / TRIODE_MU);
  network_add_controlled_current(&n, cathode_to_grid, by_grid, tube->grid_slope);
  return network_voltage(&n, 2);
}

static TriodeCurrents
currents_of(const TriodeStage* const stage)
{
  return triode_currents(stage->v[0] - stage->v[1], stage->v[2] - stage->v[1]);
}

static void
the_slopes_belong_to_the_currents(void** const state)
{
  (void)state;
  const double step = 1e-5;
  for (double v_gk = -4.0; v_gk < 1.5; v_gk += 0.37) {
    for (double v_pk = 20.0; v_pk < 320.0; v_pk += 60.0) {
      const TriodeCurrents at = triode_currents(v_gk, v_pk);
      const TriodeCurrents above = triode_currents(v_gk + step, v_pk);
      const TriodeCurrents below = triode_currents(v_gk - step, v_pk);
      const double cathode = (above.cathode - below.cathode) / (2.0 * step);
      const double grid = (above.grid - below.grid) / (2.0 * step);
      check_near(at.cathode_slope, cathode, 1e-7 * (fabs(cathode) + 1e-4));
      check_near(at.grid_slope, grid, 1e-7 * (fabs(grid) + 1e-4));
    }
  }
}

static void
the_stage_rests_where_its_resistors_agree(void** const state)
{
  (void)state;
  TriodeStage stage;
  triode_stage_init(&stage, &parts, FAST_RATE);
  const TriodeCurrents tube = currents_of(&stage);
  assert_int_equal(stage.n_failures, 0);
  check_near(stage.v[1] / parts.r_cathode, tube.cathode, 1e-12);
  check_near((parts.supply - stage.v[2]) / parts.r_plate, tube.cathode - tube.grid, 1e-12);
  check_between(stage.v[1], 1.0, 2.5);
  for (int i = 0; i < 1000; ++i) {
    check_below(fabs(triode_stage_step(&stage, 0.0)), 1e-7);
  }
}

static double complex
measure_response(const double pitch, const double rate)
{
  const Probe probe = {rate, pitch, 1e-4, 1.0};
  TriodeStage stage;
  triode_stage_init(&stage, &parts, rate);
  return probe_response(&probe, step_stage, &stage);
}

static double complex
truth_at(const double pitch)
{
  TriodeStage stage;
  triode_stage_init(&stage, &parts, FAST_RATE);
  const TriodeCurrents tube = currents_of(&stage);
  return solve_schematic(&tube, 2.0 * PI * J * pitch);
}

static void
a_quiet_sound_follows_the_schematic(void** const state)
{
  (void)state;
  const double pitches[] = {40.0, 200.0, 1000.0};
  for (size_t i = 0; i < sizeof(pitches) / sizeof(pitches[0]); ++i) {
    const double complex slow = measure_response(pitches[i], FAST_RATE);
    const double complex fast = measure_response(pitches[i], 2.0 * FAST_RATE);
    check_below(probe_error(probe_limit(slow, fast), truth_at(pitches[i])), 1e-6);
  }
}

static void
the_rate_is_high_enough_for_the_treble(void** const state)
{
  (void)state;
  const double complex measured = measure_response(9600.0, FAST_RATE);
  check_below(fabs(probe_db(cabs(measured / truth_at(9600.0)))), 0.05);
}

static void
the_gain_is_typical_of_a_12ax7(void** const state)
{
  (void)state;
  const double gain = cabs(measure_response(1000.0, FAST_RATE));
  check_between(gain, 35.0, 65.0);
}

static void
a_loud_sound_shifts_the_bias_and_the_stage_recovers(void** const state)
{
  (void)state;
  TriodeStage stage;
  triode_stage_init(&stage, &parts, FAST_RATE);
  const double rest = stage.branches[TRIODE_IN].v;
  for (int i = 0; i < 76800; ++i) {
    (void)triode_stage_step(&stage, 20.0 * sin(2.0 * PI * 500.0 * i / FAST_RATE));
  }
  check_above(stage.branches[TRIODE_IN].v - rest, 2.0);
  for (int i = 0; i < 384000; ++i) {
    (void)triode_stage_step(&stage, 0.0);
  }
  check_near(stage.branches[TRIODE_IN].v, rest, 1e-3);
}

static void
any_input_has_a_solution(void** const state)
{
  (void)state;
  Random random = random_for(1, 0);
  TriodeStage stage;
  triode_stage_init(&stage, &parts, FAST_RATE);
  for (int i = 0; i < 50000; ++i) {
    assert_true(isfinite(triode_stage_step(&stage, random_between(&random, -100.0, 100.0))));
  }
  assert_int_equal(stage.n_failures, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_slopes_belong_to_the_currents),
      cmocka_unit_test(the_stage_rests_where_its_resistors_agree),
      cmocka_unit_test(a_quiet_sound_follows_the_schematic),
      cmocka_unit_test(the_rate_is_high_enough_for_the_treble),
      cmocka_unit_test(the_gain_is_typical_of_a_12ax7),
      cmocka_unit_test(a_loud_sound_shifts_the_bias_and_the_stage_recovers),
      cmocka_unit_test(any_input_has_a_solution),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
