// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the lead preamplifier rest, amplify and clip as its schematic says?

#include "presets/circuits/lead.h"

#include "core/random.h"
#include "presets/circuits/triode.h"
#include "tests/checks.h"
#include "tests/circuits/network.h"
#include "tests/circuits/probe.h"
#include "tests/circuits/tangent.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const LeadKnobs knobs = {0.3, {0.6, 0.6, 0.4}};

/// Nodes of the tested schematic, then those of the tone stack
enum {
  GRID_1,
  CATHODE_1,
  PLATE_1,
  GAIN_TOP,
  GRID_2,
  PLATE_2 = 6,
  DIVIDER,
  GRID_3,
  PLATE_3 = 10,
  FOLLOWER,
  STACK_OUT,
  STACK_TOP,
  STACK_BASS,
  STACK_SLOPE,
  STACK_MIDDLE,
  STACK_JOINT,
  STACK_IN,
  N_ALL
};

static void
add_stage(Network* const n, const int grid, const double* const rest, const double r_cathode)
{
  const int nodes[3] = {grid, grid + 2, grid + 1};
  const double at[3] = {rest[grid], rest[grid + 2], rest[grid + 1]};
  tangent_add_12ax7(n, nodes, at);
  network_add_resistor(n, grid + 1, NETWORK_GROUND, r_cathode);
  network_add_resistor(n, grid + 2, NETWORK_GROUND, 100e3);
}

static void
add_follower(Network* const n, const double* const rest)
{
  const int nodes[3] = {PLATE_3, NETWORK_GROUND, FOLLOWER};
  const double at[3] = {rest[PLATE_3], 320.0, rest[FOLLOWER]};
  tangent_add_12ax7(n, nodes, at);
  network_add_resistor(n, FOLLOWER, NETWORK_GROUND, 100e3);
}

/// After a buffer
static void
add_stack(Network* const n)
{
  network_add_capacitor(n, STACK_IN, STACK_TOP, 470e-12);
  network_add_resistor(n, STACK_TOP, STACK_OUT, 0.4 * 250e3);
  network_add_resistor(n, STACK_OUT, STACK_BASS, 0.6 * 250e3);
  network_add_resistor(n, STACK_IN, STACK_SLOPE, 33e3);
  network_add_capacitor(n, STACK_SLOPE, STACK_BASS, 22e-9);
  network_add_resistor(n, STACK_BASS, STACK_JOINT, 0.4 * 1e6);
  network_add_resistor(n, STACK_JOINT, STACK_MIDDLE, 0.4 * 25e3);
  network_add_resistor(n, STACK_MIDDLE, NETWORK_GROUND, 0.6 * 25e3);
  network_add_capacitor(n, STACK_SLOPE, STACK_MIDDLE, 22e-9);
}

static double complex
solve_schematic(const double* const rest, const double complex s)
{
  Network n = network_new(N_ALL, s);
  network_add_resistor(&n, NETWORK_SOURCE, GRID_1, 68e3);
  add_stage(&n, GRID_1, rest, 2.7e3);
  network_add_capacitor(&n, CATHODE_1, NETWORK_GROUND, 680e-9);
  network_add_capacitor(&n, PLATE_1, GAIN_TOP, 22e-9);
  network_add_resistor(&n, GAIN_TOP, GRID_2, 1e3 + 0.7 * 1e6);
  network_add_capacitor(&n, GAIN_TOP, GRID_2, 1e-9);
  network_add_resistor(&n, GRID_2, NETWORK_GROUND, 1e3 + 0.3 * 1e6);
  add_stage(&n, GRID_2, rest, 10e3);
  network_add_capacitor(&n, PLATE_2, DIVIDER, 22e-9);
  network_add_resistor(&n, DIVIDER, GRID_3, 470e3);
  network_add_capacitor(&n, DIVIDER, GRID_3, 470e-12);
  network_add_resistor(&n, GRID_3, NETWORK_GROUND, 470e3);
  add_stage(&n, GRID_3, rest, 820.0);
  add_follower(&n, rest);
  network_add_op_amp(&n, FOLLOWER, STACK_IN, STACK_IN);
  add_stack(&n);
  return network_voltage(&n, STACK_OUT);
}

static double
step_amp(void* const amp, const double input)
{
  return lead_step((Lead*)amp, input);
}

static double complex
measure_response(const double pitch, const double rate)
{
  const Probe probe = {rate, pitch, 1e-5, 0.6};
  Lead amp;
  lead_init(&amp, &knobs, rate);
  return probe_response(&probe, step_amp, &amp);
}

static void
a_quiet_sound_follows_the_schematic(void** const state)
{
  (void)state;
  const double pitches[] = {100.0, 1000.0};
  Lead amp;
  lead_init(&amp, &knobs, FAST_RATE);
  for (int k = 0; k < 2; ++k) {
    const double complex slow = measure_response(pitches[k], FAST_RATE);
    const double complex fast = measure_response(pitches[k], 2.0 * FAST_RATE);
    const double complex truth = solve_schematic(amp.valves.rest, 2.0 * PI * J * pitches[k]);
    print_message("# %.0f Hz: gain %.1f, error %.1e\n", pitches[k], cabs(truth),
                  probe_error(probe_limit(slow, fast), truth));
    check_below(probe_error(probe_limit(slow, fast), truth), 1e-6);
  }
}

/// What the first valve draws more than its cathode's resistor, with its cathode at `v` [V]
static double
excess_at_cathode(const double v, const double grid)
{
  const double leakage = triode_currents(-2.0, 200.0).grid;
  const double plate = 320.0 - 100e3 * (v / 2.7e3 - leakage);
  return triode_currents(grid - v, plate - v).cathode - v / 2.7e3;
}

static void
a_stage_rests_where_its_resistors_agree(void** const state)
{
  (void)state;
  Lead amp;
  double low = 0.0;
  double high = 8.0;
  lead_init(&amp, &knobs, FAST_RATE);
  for (int i = 0; i < 100; ++i) {
    const double v = 0.5 * (low + high);
    *(excess_at_cathode(v, -68e3 * 8.025e-8) > 0.0 ? &low : &high) = v;
  }
  assert_int_equal(amp.valves.n_failures, 0);
  check_near(amp.valves.rest[CATHODE_1], low, 1e-6);
  check_near(amp.valves.rest[PLATE_1], 320.0 - 100e3 * (low / 2.7e3 - 8.025e-8), 1e-4);
}

static double
peak_of(const double amplitude)
{
  double peak = 0.0;
  Lead amp;
  lead_init(&amp, &knobs, FAST_RATE);
  for (int i = 0; i < 76800; ++i) {
    const double y = lead_step(&amp, amplitude * sin(2.0 * PI * 400.0 * i / FAST_RATE));
    peak = i < 38400 ? 0.0 : fmax(peak, fabs(y));
  }
  return peak;
}

static void
a_decaying_note_sustains(void** const state)
{
  (void)state;
  check_near(peak_of(2e-5) / peak_of(1e-5), 2.0, 0.02);
  check_above(peak_of(0.05), 0.4 * peak_of(1.0));
}

static void
any_input_has_a_solution(void** const state)
{
  (void)state;
  Random random = random_for(1, 0);
  Lead amp;
  lead_init(&amp, &knobs, FAST_RATE);
  for (int i = 0; i < 50000; ++i) {
    assert_true(isfinite(lead_step(&amp, random_between(&random, -50.0, 50.0))));
  }
  assert_int_equal(amp.valves.n_failures, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_quiet_sound_follows_the_schematic),
      cmocka_unit_test(a_stage_rests_where_its_resistors_agree),
      cmocka_unit_test(a_decaying_note_sustains),
      cmocka_unit_test(any_input_has_a_solution),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
