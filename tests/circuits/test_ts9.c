// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the overdrive sound as its schematic says?

#include "presets/circuits/ts9.h"
#include "tests/checks.h"
#include "tests/circuits/network.h"
#include "tests/circuits/probe.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const Ts9Knobs knobs[] = {{0.0, 0.0}, {0.4, 0.5}, {1.0, 1.0}};
static const double pitches[] = {40.0, 100.0, 500.0, 1000.0};

#define N_KNOBS (sizeof(knobs) / sizeof(knobs[0]))
#define N_PITCHES (sizeof(pitches) / sizeof(pitches[0]))

/// Nodes: 0 and 1 the first op-amp's inputs, 2 its output, 3 above Cz, 4 and 6 the second op-amp's
/// inputs, 5 the tone pot's wiper, 7 above C5, 8 its output, 9 the level pot
static double complex
solve_schematic(const Ts9Knobs* const k, const double complex s)
{
  Network n = network_new(10, s);
  network_add_capacitor(&n, NETWORK_SOURCE, 0, 1e-6);
  network_add_resistor(&n, 0, NETWORK_GROUND, 10e3);
  network_add_op_amp(&n, 0, 1, 2);
  network_add_resistor(&n, 1, 3, 4.7e3);
  network_add_capacitor(&n, 3, NETWORK_GROUND, 47e-9);
  network_add_resistor(&n, 1, 2, 51e3 + 500e3 * k->drive);
  network_add_capacitor(&n, 1, 2, 51e-12);
  network_add_resistor(&n, 1, 2, 1.752 * 25.85e-3 / (2.0 * 2.52e-9));
  network_add_resistor(&n, 2, 4, 1e3);
  network_add_capacitor(&n, 4, NETWORK_GROUND, 220e-9);
  network_add_resistor(&n, 4, 5, 10.0 + 20e3 * k->tone);
  network_add_resistor(&n, 5, 6, 10.0 + 20e3 * (1.0 - k->tone));
  network_add_resistor(&n, 5, 7, 220.0);
  network_add_capacitor(&n, 7, NETWORK_GROUND, 220e-9);
  network_add_op_amp(&n, 4, 6, 8);
  network_add_resistor(&n, 6, 8, 1e3);
  network_add_capacitor(&n, 8, 9, 1e-6);
  network_add_resistor(&n, 9, NETWORK_GROUND, 100e3);
  return network_voltage(&n, 9);
}

static double
step_pedal(void* const pedal, const double input)
{
  return ts9_step((Ts9*)pedal, input);
}

static double complex
measure_response(const Ts9Knobs* const k, const double pitch, const double rate)
{
  const Probe probe = {rate, pitch, 1e-7, 1.8};
  Ts9 pedal;
  ts9_init(&pedal, k, rate);
  return probe_response(&probe, step_pedal, &pedal);
}

static void
a_quiet_sound_follows_the_schematic(void** const state)
{
  (void)state;
  for (size_t i = 0; i < N_KNOBS; ++i) {
    for (size_t k = 0; k < N_PITCHES; ++k) {
      const double complex slow = measure_response(&knobs[i], pitches[k], FAST_RATE);
      const double complex fast = measure_response(&knobs[i], pitches[k], 2.0 * FAST_RATE);
      const double complex truth = solve_schematic(&knobs[i], 2.0 * PI * J * pitches[k]);
      check_below(probe_error(probe_limit(slow, fast), truth), 1e-6);
    }
  }
}

static void
the_rate_is_high_enough_for_the_treble(void** const state)
{
  (void)state;
  for (size_t i = 0; i < N_KNOBS; ++i) {
    const double complex truth = solve_schematic(&knobs[i], 2.0 * PI * J * 9600.0);
    const double complex measured = measure_response(&knobs[i], 9600.0, FAST_RATE);
    check_below(fabs(probe_db(cabs(measured / truth))), 0.05);
  }
}

static void
a_loud_sound_is_clipped(void** const state)
{
  (void)state;
  Ts9 pedal;
  double peak = 0.0;
  ts9_init(&pedal, &knobs[1], FAST_RATE);
  for (int i = 0; i < 38400; ++i) {
    (void)ts9_step(&pedal, sin(2.0 * PI * 500.0 * i / FAST_RATE));
    peak = fmax(peak, fabs(pedal.feedback.v));
  }
  check_between(peak, 0.4, 0.75);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_quiet_sound_follows_the_schematic),
      cmocka_unit_test(the_rate_is_high_enough_for_the_treble),
      cmocka_unit_test(a_loud_sound_is_clipped),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
