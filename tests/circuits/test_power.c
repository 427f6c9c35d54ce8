// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the output stage rest, amplify, sag and clip as its schematic says?

#include "presets/circuits/power.h"

#include "core/random.h"
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

/// Between the grid that drives a valve and its plate
static void
add_valve(Network* const n, const double* const rest, const int grid, const int plate)
{
  const int nodes[4] = {grid, plate, POWER_SCREENS, POWER_CATHODE};
  const double at[4] = {rest[grid], rest[plate], rest[POWER_SCREENS], rest[POWER_CATHODE]};
  tangent_add(n, DEVICE_PENTODE, nodes, at);
  network_add_capacitor(n, grid == POWER_GRID_A ? POWER_SPLITTER_PLATE : POWER_SPLITTER_CATHODE,
                        grid, 100e-9);
  network_add_resistor(n, grid, NETWORK_GROUND, 220e3);
}

static void
add_splitter(Network* const n, const double* const rest)
{
  const int nodes[3] = {POWER_SPLITTER_GRID, POWER_SPLITTER_PLATE, POWER_SPLITTER_CATHODE};
  const double at[3] = {rest[nodes[0]], rest[nodes[1]], rest[nodes[2]]};
  network_add_capacitor(n, NETWORK_SOURCE, POWER_SPLITTER_GRID, 22e-9);
  network_add_resistor(n, POWER_SPLITTER_GRID, POWER_TAIL, 1e6);
  tangent_add_12ax7(n, nodes, at);
  network_add_resistor(n, POWER_SPLITTER_CATHODE, POWER_TAIL, 1.5e3);
  network_add_resistor(n, POWER_TAIL, NETWORK_GROUND, 56e3);
  network_add_resistor(n, POWER_SPLITTER_PLATE, POWER_PREAMP, 56e3);
}

static void
add_supply(Network* const n, const double* const rest)
{
  const int rectifier[2] = {POWER_RECTIFIER, POWER_RESERVOIR};
  const double at[2] = {rest[POWER_RECTIFIER], rest[POWER_RESERVOIR]};
  network_add_resistor(n, NETWORK_GROUND, POWER_RECTIFIER, 250.0);
  tangent_add(n, DEVICE_RECTIFIER, rectifier, at);
  network_add_capacitor(n, POWER_RESERVOIR, NETWORK_GROUND, 16e-6);
  network_add_resistor(n, POWER_RESERVOIR, POWER_SCREENS, 5e3);
  network_add_capacitor(n, POWER_SCREENS, NETWORK_GROUND, 16e-6);
  network_add_resistor(n, POWER_SCREENS, POWER_PREAMP, 22e3);
  network_add_capacitor(n, POWER_PREAMP, NETWORK_GROUND, 16e-6);
}

/// The transformer holds its tap at the middle of its ends and both ends' currents equal, by a
/// conductance far above the circuit's
static void
add_windings(Network* const n)
{
  const double complex g = 1e5;
  const int pins[3] = {POWER_PLATE_A, POWER_PLATE_B, POWER_RESERVOIR};
  const double turns[3] = {1.0, 1.0, -2.0};
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 3; ++k) {
      n->matrix[pins[i]][pins[k]] += g * turns[i] * turns[k];
    }
  }
}

static void
add_loudspeaker(Network* const n)
{
  add_windings(n);
  network_add_inductor(n, POWER_PLATE_A, POWER_PLATE_B, 52.0);
  network_add_capacitor(n, POWER_PLATE_A, POWER_PLATE_B, 100e-12);
  network_add_resistor(n, POWER_PLATE_A, POWER_COIL, 6.5e3);
  network_add_inductor(n, POWER_COIL, POWER_CONE, 0.4);
  network_add_resistor(n, POWER_COIL, POWER_CONE, 30e3);
  network_add_resistor(n, POWER_CONE, POWER_PLATE_B, 30e3);
  network_add_capacitor(n, POWER_CONE, POWER_PLATE_B, 177e-9);
  network_add_inductor(n, POWER_CONE, POWER_PLATE_B, 17.7);
}

static double complex
solve_schematic(const double* const rest, const double complex s)
{
  Network n = network_new(POWER_N_NODES, s);
  add_splitter(&n, rest);
  add_valve(&n, rest, POWER_GRID_A, POWER_PLATE_A);
  add_valve(&n, rest, POWER_GRID_B, POWER_PLATE_B);
  network_add_resistor(&n, POWER_CATHODE, NETWORK_GROUND, 250.0);
  network_add_capacitor(&n, POWER_CATHODE, NETWORK_GROUND, 25e-6);
  add_loudspeaker(&n);
  add_supply(&n, rest);
  Network again = n;
  return network_voltage(&n, POWER_PLATE_A) - network_voltage(&again, POWER_PLATE_B);
}

static double
step_amp(void* const amp, const double input)
{
  return power_step((Schematic*)amp, input);
}

static double complex
measure_response(const double pitch, const double rate)
{
  const Probe probe = {rate, pitch, 1e-3, 0.6};
  Schematic amp;
  power_init(&amp, rate);
  return probe_response(&probe, step_amp, &amp);
}

static void
a_quiet_sound_follows_the_schematic(void** const state)
{
  (void)state;
  const double pitches[] = {100.0, 1000.0};
  Schematic amp;
  power_init(&amp, FAST_RATE);
  for (int k = 0; k < 2; ++k) {
    const double complex slow = measure_response(pitches[k], FAST_RATE);
    const double complex fast = measure_response(pitches[k], 2.0 * FAST_RATE);
    const double complex truth = solve_schematic(amp.rest, 2.0 * PI * J * pitches[k]);
    print_message("# %.0f Hz: gain %.1f, error %.1e\n", pitches[k], cabs(truth),
                  probe_error(probe_limit(slow, fast), truth));
    check_below(probe_error(probe_limit(slow, fast), truth), 1e-6);
  }
}

static DeviceCurrents
valve_at_rest(const Schematic* const amp)
{
  const double* const v = amp->rest;
  const double at[DEVICE_MAX_PORTS] = {
      v[POWER_GRID_A] - v[POWER_CATHODE],
      v[POWER_PLATE_A] - v[POWER_CATHODE],
      v[POWER_SCREENS] - v[POWER_CATHODE],
  };
  return device_currents(DEVICE_PENTODE, at);
}

static void
the_stage_rests_where_its_resistors_agree(void** const state)
{
  (void)state;
  Schematic amp;
  power_init(&amp, FAST_RATE);
  const double* const v = amp.rest;
  const DeviceCurrents valve = valve_at_rest(&amp);
  const double cathode = 2.0 * (valve.i[0] + valve.i[1] + valve.i[2]);
  const double supply = (430.0 - v[POWER_RECTIFIER]) / 250.0;
  const double preamp = (v[POWER_SCREENS] - v[POWER_PREAMP]) / 22e3;
  assert_int_equal(amp.n_failures, 0);
  check_near(v[POWER_CATHODE] / 250.0, cathode, 1e-9);
  check_near(supply - 2.0 * (valve.i[1] + valve.i[2]), preamp, 1e-9);
  check_near(v[POWER_PLATE_A], v[POWER_RESERVOIR], 1e-9);
  check_between(v[POWER_RESERVOIR], 350.0, 390.0);
}

static SchematicStore*
find_store(Schematic* const amp, const int a, const int b)
{
  uint32_t i = 0;
  while (amp->stores[i].nodes[0] != a || amp->stores[i].nodes[1] != b) {
    check_below(++i, amp->n_stores);
  }
  return &amp->stores[i];
}

/// The reservoir is charged through winding, rectifier and the screens' resistor, and feeds both
/// valves' plates
static void
the_supply_recovers_with_its_time_constant(void** const state)
{
  (void)state;
  Schematic amp;
  power_init(&amp, FAST_RATE);
  const double at[DEVICE_MAX_PORTS] = {amp.rest[POWER_RECTIFIER] - amp.rest[POWER_RESERVOIR]};
  const double charging = 250.0 + 1.0 / device_currents(DEVICE_RECTIFIER, at).slopes[0][0];
  const double g = 1.0 / charging + 1.0 / 5e3 + 2.0 * valve_at_rest(&amp).slopes[1][1];
  const double tau = 16e-6 / g;
  const int n = (int)(0.5 * tau * FAST_RATE);
  find_store(&amp, POWER_RESERVOIR, SCHEMATIC_GROUND)->kept -= 0.01;
  for (int i = 0; i < n; ++i) {
    (void)power_step(&amp, 0.0);
  }
  const double expected = -0.01 * exp(-n / (tau * FAST_RATE));
  const double ratio = schematic_swing(&amp, POWER_RESERVOIR) / expected;
  print_message("# %.2f ms, droop by formula times %.4f\n", 1e3 * tau, ratio);
  check_between(tau, 5e-3, 12e-3);
  check_near(ratio, 1.0, 0.02);
}

typedef struct {
  double loudspeaker; ///< [W]
  double supply;      ///< [W]
  double sag;         ///< [V]
} Burst;

static Burst
play_burst(const double amplitude)
{
  const int n = 38400;
  Burst burst = {0.0, 0.0, 0.0};
  Schematic amp;
  power_init(&amp, FAST_RATE);
  for (int i = 0; i < 3 * n; ++i) {
    const double v = power_step(&amp, amplitude * sin(2.0 * PI * 400.0 * i / FAST_RATE));
    if (i >= 2 * n) {
      burst.loudspeaker += v * (amp.v[POWER_PLATE_A] - amp.v[POWER_COIL]) / 6.5e3 / n;
      burst.supply += 430.0 * (430.0 - amp.v[POWER_RECTIFIER]) / 250.0 / n;
      burst.sag -= schematic_swing(&amp, POWER_RESERVOIR) / n;
    }
  }
  return burst;
}

static void
the_loudspeaker_gets_as_much_as_from_a_tweed(void** const state)
{
  (void)state;
  const Burst burst = play_burst(60.0);
  print_message("# %.1f W of %.1f W, sag %.1f V\n", burst.loudspeaker, burst.supply, burst.sag);
  check_between(burst.loudspeaker, 12.0, 20.0);
  check_below(burst.loudspeaker, 0.5 * burst.supply);
}

static void
only_a_loud_sound_makes_the_supply_sag(void** const state)
{
  (void)state;
  check_above(play_burst(60.0).sag, 5.0);
  check_below(fabs(play_burst(0.5).sag), 0.1);
}

static void
any_input_has_a_solution(void** const state)
{
  (void)state;
  Random random = random_for(1, 0);
  Schematic amp;
  power_init(&amp, FAST_RATE);
  for (int i = 0; i < 50000; ++i) {
    assert_true(isfinite(power_step(&amp, random_between(&random, -300.0, 300.0))));
  }
  assert_int_equal(amp.n_failures, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_quiet_sound_follows_the_schematic),
      cmocka_unit_test(the_stage_rests_where_its_resistors_agree),
      cmocka_unit_test(the_supply_recovers_with_its_time_constant),
      cmocka_unit_test(the_loudspeaker_gets_as_much_as_from_a_tweed),
      cmocka_unit_test(only_a_loud_sound_makes_the_supply_sag),
      cmocka_unit_test(any_input_has_a_solution),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
