// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do schematics of few parts follow their known formulas?

#include "presets/circuits/schematic.h"

#include "presets/circuits/diode_pair.h"
#include "tests/checks.h"
#include "tests/circuits/network.h"
#include "tests/circuits/probe.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static double
step_first_node(void* const schematic, const double input)
{
  schematic_step((Schematic*)schematic, input);
  return schematic_swing((Schematic*)schematic, 0);
}

/// 10 mH and, through 100 Ohm, 1 uF to ground behind 1 kOhm
static double complex
tank_response(const double complex s)
{
  Network n = network_new(2, s);
  network_add_resistor(&n, NETWORK_SOURCE, 0, 1e3);
  network_add_inductor(&n, 0, NETWORK_GROUND, 10e-3);
  network_add_resistor(&n, 0, 1, 100.0);
  network_add_capacitor(&n, 1, NETWORK_GROUND, 1e-6);
  return network_voltage(&n, 0);
}

static double complex
measure_tank(const double pitch, const double rate)
{
  const Probe probe = {rate, pitch, 1.0, 0.1};
  const int branch[2] = {0, SCHEMATIC_GROUND};
  Schematic schematic;
  schematic_init(&schematic, 1, 0.0);
  schematic_add_resistor(&schematic, SCHEMATIC_INPUT, 0, 1e3);
  schematic_add_inductor(&schematic, 0, SCHEMATIC_GROUND, 10e-3);
  schematic_add_series(&schematic, branch, 1e-6, 100.0);
  schematic_start(&schematic, rate);
  return probe_response(&probe, step_first_node, &schematic);
}

static void
a_tuned_circuit_follows_its_formula(void** const state)
{
  (void)state;
  const double pitches[] = {200.0, 1600.0, 6400.0};
  for (int i = 0; i < 3; ++i) {
    const double complex slow = measure_tank(pitches[i], FAST_RATE);
    const double complex fast = measure_tank(pitches[i], 2.0 * FAST_RATE);
    const double complex truth = tank_response(2.0 * PI * J * pitches[i]);
    check_below(probe_error(probe_limit(slow, fast), truth), 1e-6);
  }
}

static void
windings_turn_the_phase_and_the_load(void** const state)
{
  (void)state;
  const int ends[2] = {0, 1};
  Schematic schematic;
  schematic_init(&schematic, 2, 0.0);
  schematic_add_resistor(&schematic, SCHEMATIC_INPUT, 0, 100.0);
  schematic_add_resistor(&schematic, 1, SCHEMATIC_GROUND, 300.0);
  schematic_add_windings(&schematic, SCHEMATIC_GROUND, ends);
  schematic_start(&schematic, FAST_RATE);
  schematic_step(&schematic, 1.0);
  check_near(schematic.v[0], 0.75, 1e-12);
  check_near(schematic.v[1], -0.75, 1e-12);
}

static double
loud_sound(const double time)
{
  return 4.0 * sin(2.0 * PI * 500.0 * time);
}

/// The reference is the clipper's own solver at 64 times the rate of a recording
static void
a_clipper_equals_a_reference_at_64_times_the_rate(void** const state)
{
  (void)state;
  const DiodePairParts parts = diode_pair_1n4148(1e3, 33e-9);
  const int diodes[2] = {0, SCHEMATIC_GROUND};
  Schematic schematic;
  DiodePair pair;
  double error = 0.0;
  double power = 0.0;
  schematic_init(&schematic, 1, 0.0);
  schematic_add_resistor(&schematic, SCHEMATIC_INPUT, 0, 1e3);
  schematic_add_capacitor(&schematic, 0, SCHEMATIC_GROUND, 33e-9);
  schematic_add_device(&schematic, DEVICE_DIODE_PAIR, diodes);
  schematic_start(&schematic, FAST_RATE);
  diode_pair_init(&pair, &parts, 8.0 * FAST_RATE);
  for (int i = 1; i < 19200; ++i) {
    double truth = 0.0;
    for (int k = -7; k <= 0; ++k) {
      truth = diode_pair_step(&pair, loud_sound((i + k / 8.0) / FAST_RATE) / 1e3);
    }
    const double v = step_first_node(&schematic, loud_sound(i / FAST_RATE));
    error += (v - truth) * (v - truth);
    power += truth * truth;
  }
  print_message("# error %.1f dB\n", 0.5 * probe_db(error / power));
  assert_int_equal(schematic.n_failures, 0);
  check_below(0.5 * probe_db(error / power), -80.0);
}

static void
a_supply_droops_with_its_time_constant(void** const state)
{
  (void)state;
  const int rectifier[2] = {1, 0};
  const double droop = 1e-3;
  Schematic schematic;
  schematic_init(&schematic, 2, 400.0);
  schematic_add_resistor(&schematic, SCHEMATIC_SUPPLY, 1, 200.0);
  schematic_add_device(&schematic, DEVICE_RECTIFIER, rectifier);
  schematic_add_capacitor(&schematic, 0, SCHEMATIC_GROUND, 16e-6);
  schematic_add_resistor(&schematic, 0, SCHEMATIC_GROUND, 5e3);
  schematic_start(&schematic, FAST_RATE);
  const double drop[DEVICE_MAX_PORTS] = {schematic.rest[1] - schematic.rest[0]};
  const DeviceCurrents valve = device_currents(DEVICE_RECTIFIER, drop);
  check_near(valve.i[0], schematic.rest[0] / 5e3, 1e-9);
  const double tau = 16e-6 / (1.0 / (200.0 + 1.0 / valve.slopes[0][0]) + 1.0 / 5e3);
  const int n = (int)(tau * FAST_RATE);
  schematic.stores[0].kept -= droop;
  for (int i = 0; i < n; ++i) {
    schematic_step(&schematic, 0.0);
  }
  const double expected = -droop * exp(-n / (tau * FAST_RATE));
  check_near(schematic_swing(&schematic, 0) / expected, 1.0, 1e-3);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_tuned_circuit_follows_its_formula),
      cmocka_unit_test(windings_turn_the_phase_and_the_load),
      cmocka_unit_test(a_clipper_equals_a_reference_at_64_times_the_rate),
      cmocka_unit_test(a_supply_droops_with_its_time_constant),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
