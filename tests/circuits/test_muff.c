// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the fuzz rest, amplify and clip as its schematic says?

#include "presets/circuits/muff.h"

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

static const MuffKnobs knobs[] = {{0.7, 0.5}, {0.02, 1.0}};

/// Quiet enough for a linear second clipper, loud enough against rounding [V]
static const double quiet[] = {1e-6, 1.5e-5};

/// Nodes of the tested schematic, then those inside rows of parts
enum {
  BASE_1,
  EMITTER_1,
  COLLECTOR_1,
  SUSTAIN,
  BASE_2,
  COLLECTOR_2 = 6,
  BASE_3 = 8,
  COLLECTOR_3 = 10,
  LOW = 12,
  TONE,
  HIGH,
  BASE_4,
  EMITTER_4,
  COLLECTOR_4,
  VOLUME,
  BEFORE_1,
  BEFORE_SUSTAIN,
  BEFORE_2,
  BEFORE_3,
  N_ALL
};

static void
add_transistor(Network* const n, const int base, const double* const rest, const double r_emitter)
{
  const int nodes[3] = {base + 2, base + 1, base};
  const double at[3] = {rest[base + 2], rest[base + 1], rest[base]};
  tangent_add(n, DEVICE_TRANSISTOR, nodes, at);
  network_add_resistor(n, base + 1, NETWORK_GROUND, r_emitter);
}

static void
add_amplifier(Network* const n, const int base, const double* const rest, const double r_emitter)
{
  add_transistor(n, base, rest, r_emitter);
  network_add_resistor(n, base + 2, NETWORK_GROUND, 10e3);
  network_add_resistor(n, base + 2, base, 470e3);
  network_add_capacitor(n, base + 2, base, 470e-12);
}

static void
add_clipper(Network* const n, const int before, const int base, const double* const rest)
{
  network_add_capacitor(n, before, base == BASE_2 ? BEFORE_2 : BEFORE_3, 100e-9);
  network_add_resistor(n, base == BASE_2 ? BEFORE_2 : BEFORE_3, base, 10e3);
  network_add_resistor(n, base, NETWORK_GROUND, 100e3);
  add_amplifier(n, base, rest, 150.0);
  network_add_capacitor(n, base + 2, base + 3, 1e-6);
  network_add_resistor(n, base + 3, base, 1.752 * 25.85e-3 / (2.0 * 2.52e-9));
}

static void
add_tone(Network* const n, const double tone)
{
  network_add_resistor(n, COLLECTOR_3, LOW, 39e3);
  network_add_capacitor(n, LOW, NETWORK_GROUND, 10e-9);
  network_add_resistor(n, LOW, TONE, 10.0 + tone * 100e3);
  network_add_resistor(n, TONE, HIGH, 10.0 + (1.0 - tone) * 100e3);
  network_add_capacitor(n, COLLECTOR_3, HIGH, 4e-9);
  network_add_resistor(n, HIGH, NETWORK_GROUND, 22e3);
}

static double complex
solve_schematic(const MuffKnobs* const k, const double* const rest, const double complex s)
{
  Network n = network_new(N_ALL, s);
  network_add_capacitor(&n, NETWORK_SOURCE, BEFORE_1, 1e-6);
  network_add_resistor(&n, BEFORE_1, BASE_1, 39e3);
  network_add_resistor(&n, BASE_1, NETWORK_GROUND, 47e3);
  add_amplifier(&n, BASE_1, rest, 100.0);
  network_add_capacitor(&n, COLLECTOR_1, BEFORE_SUSTAIN, 1e-6);
  network_add_resistor(&n, BEFORE_SUSTAIN, SUSTAIN, 1010.0 + (1.0 - k->sustain) * 100e3);
  network_add_resistor(&n, SUSTAIN, NETWORK_GROUND, 10.0 + k->sustain * 100e3);
  add_clipper(&n, SUSTAIN, BASE_2, rest);
  add_clipper(&n, COLLECTOR_2, BASE_3, rest);
  add_tone(&n, k->tone);
  network_add_capacitor(&n, TONE, BASE_4, 100e-9);
  network_add_resistor(&n, BASE_4, NETWORK_GROUND, 430e3);
  network_add_resistor(&n, BASE_4, NETWORK_GROUND, 100e3);
  add_transistor(&n, BASE_4, rest, 3.3e3);
  network_add_resistor(&n, COLLECTOR_4, NETWORK_GROUND, 15e3);
  network_add_capacitor(&n, COLLECTOR_4, VOLUME, 100e-9);
  network_add_resistor(&n, VOLUME, NETWORK_GROUND, 100e3);
  return network_voltage(&n, VOLUME);
}

static double
step_pedal(void* const pedal, const double input)
{
  return muff_step((Schematic*)pedal, input);
}

static double complex
measure_response(const int setting, const double pitch, const double rate)
{
  const Probe probe = {rate, pitch, quiet[setting], 0.6};
  Schematic pedal;
  muff_init(&pedal, &knobs[setting], rate);
  return probe_response(&probe, step_pedal, &pedal);
}

static void
a_quiet_sound_follows_the_schematic(void** const state)
{
  (void)state;
  const double pitches[] = {100.0, 1000.0};
  for (int i = 0; i < 2; ++i) {
    Schematic pedal;
    muff_init(&pedal, &knobs[i], FAST_RATE);
    for (int k = 0; k < 2; ++k) {
      const double complex slow = measure_response(i, pitches[k], FAST_RATE);
      const double complex fast = measure_response(i, pitches[k], 2.0 * FAST_RATE);
      const double complex truth =
          solve_schematic(&knobs[i], pedal.rest, 2.0 * PI * J * pitches[k]);
      print_message("# %.0f Hz: gain %.1f, error %.1e\n", pitches[k], cabs(truth),
                    probe_error(probe_limit(slow, fast), truth));
      check_below(probe_error(probe_limit(slow, fast), truth), 1e-6);
    }
  }
}

/// Return the excess current at the second transistor's collector if it draws `current` [A]
static double
excess_at_collector(const double current, double* const collector)
{
  const double emitter = 150.0 * current * (1.0 + 1.0 / 590.0);
  const double base = emitter + 25.85e-3 * log(current / 1e-14 + 1.0);
  const double feedback = current / 590.0 + base / 100e3;
  *collector = base + 470e3 * feedback;
  return (9.0 - *collector) / 10e3 - current - feedback;
}

static void
a_clipper_rests_where_its_resistors_agree(void** const state)
{
  (void)state;
  Schematic pedal;
  double low = 1e-6;
  double high = 1e-3;
  double collector = 0.0;
  muff_init(&pedal, &knobs[0], FAST_RATE);
  for (int i = 0; i < 100; ++i) {
    const double current = 0.5 * (low + high);
    *(excess_at_collector(current, &collector) > 0.0 ? &low : &high) = current;
  }
  assert_int_equal(pedal.n_failures, 0);
  check_near(pedal.rest[COLLECTOR_2], collector, 1e-6);
}

/// Return the peak of a sine's last tenth of a second
static double
peak_of(const double amplitude)
{
  double peak = 0.0;
  Schematic pedal;
  muff_init(&pedal, &knobs[0], FAST_RATE);
  for (int i = 0; i < 76800; ++i) {
    const double y = muff_step(&pedal, amplitude * sin(2.0 * PI * 400.0 * i / FAST_RATE));
    peak = i < 38400 ? 0.0 : fmax(peak, fabs(y));
  }
  return peak;
}

static void
a_decaying_note_sustains(void** const state)
{
  (void)state;
  check_below(peak_of(1e-6), 1e-2 * peak_of(1.0));
  check_above(peak_of(0.01), 0.4 * peak_of(1.0));
  check_below(peak_of(1.0), 1.0);
}

static void
any_input_has_a_solution(void** const state)
{
  (void)state;
  Random random = random_for(1, 0);
  Schematic pedal;
  muff_init(&pedal, &knobs[0], FAST_RATE);
  for (int i = 0; i < 50000; ++i) {
    assert_true(isfinite(muff_step(&pedal, random_between(&random, -20.0, 20.0))));
  }
  assert_int_equal(pedal.n_failures, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_quiet_sound_follows_the_schematic),
      cmocka_unit_test(a_clipper_rests_where_its_resistors_agree),
      cmocka_unit_test(a_decaying_note_sustains),
      cmocka_unit_test(any_input_has_a_solution),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
