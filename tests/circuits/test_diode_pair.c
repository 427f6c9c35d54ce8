// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is the diode clipper's equation solved for quiet, loud and absurd sounds?

#include "core/random.h"
#include "presets/circuits/diode_pair.h"
#include "tests/checks.h"
#include "tests/circuits/probe.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define R 1e3
#define C 33e-9
#define SATURATION 2.52e-9
#define SLOPE (1.752 * 25.85e-3)

static DiodePair
new_clipper(const double rate)
{
  const DiodePairParts parts = diode_pair_1n4148(R, C);
  DiodePair pair;
  diode_pair_init(&pair, &parts, rate);
  return pair;
}

static double
step_clipper(void* const pair, const double volts)
{
  return diode_pair_step((DiodePair*)pair, volts / R);
}

static double complex
measure_response(const double pitch, const double rate)
{
  const Probe probe = {rate, pitch, 1e-6, 0.05};
  DiodePair pair = new_clipper(rate);
  return probe_response(&probe, step_clipper, &pair);
}

static double complex
low_pass(const double pitch)
{
  return 1.0 / (1.0 + R * (2.0 * PI * J * pitch * C + 2.0 * SATURATION / SLOPE));
}

static void
a_quiet_sound_meets_a_low_pass(void** const state)
{
  (void)state;
  const double pitches[] = {40.0, 200.0, 1000.0};
  for (size_t i = 0; i < sizeof(pitches) / sizeof(pitches[0]); ++i) {
    const double complex slow = measure_response(pitches[i], FAST_RATE);
    const double complex fast = measure_response(pitches[i], 2.0 * FAST_RATE);
    check_below(probe_error(probe_limit(slow, fast), low_pass(pitches[i])), 1e-6);
  }
}

static void
the_rate_is_high_enough_for_the_treble(void** const state)
{
  (void)state;
  const double complex measured = measure_response(9600.0, FAST_RATE);
  check_below(fabs(probe_db(cabs(measured / low_pass(9600.0)))), 0.05);
}

/// Four volts of two sines [V]
static double
loud_sound(const double time)
{
  return 2.5 * sin(2.0 * PI * 220.0 * time) + 1.5 * sin(2.0 * PI * 1730.0 * time);
}

static double
slope_of(const double v, const double time)
{
  return ((loud_sound(time) - v) / R - 2.0 * SATURATION * sinh(v / SLOPE)) / C;
}

/// One step of the classical Runge-Kutta method
static double
reference_step(const double v, const double time, const double step)
{
  const double k1 = slope_of(v, time);
  const double k2 = slope_of(v + 0.5 * step * k1, time + 0.5 * step);
  const double k3 = slope_of(v + 0.5 * step * k2, time + 0.5 * step);
  const double k4 = slope_of(v + step * k3, time + step);
  return v + step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
}

static void
a_loud_sound_equals_a_reference_at_64_times_the_rate(void** const state)
{
  (void)state;
  const int n = 19200;
  DiodePair pair = new_clipper(FAST_RATE);
  double truth = 0.0;
  double error = 0.0;
  double power = 0.0;
  (void)step_clipper(&pair, 0.0);
  for (int i = 1; i < n; ++i) {
    for (int k = 0; k < 64; ++k) {
      truth = reference_step(truth, (i - 1 + k / 64.0) / FAST_RATE, 1.0 / (64.0 * FAST_RATE));
    }
    const double v = step_clipper(&pair, loud_sound(i / FAST_RATE));
    error += (v - truth) * (v - truth);
    power += truth * truth;
  }
  print_message("# error %.1f dB\n", 0.5 * probe_db(error / power));
  check_below(0.5 * probe_db(error / power), -84.0);
}

static void
any_current_has_a_solution(void** const state)
{
  (void)state;
  Random random = random_for(1, 0);
  DiodePair pair = new_clipper(FAST_RATE);
  for (int i = 0; i < 100000; ++i) {
    const double size = pow(10.0, random_between(&random, -15.0, 3.0));
    const double v = diode_pair_step(&pair, i % 2 == 0 ? size : -size);
    assert_true(isfinite(v));
  }
  assert_int_equal(pair.n_failures, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_quiet_sound_meets_a_low_pass),
      cmocka_unit_test(the_rate_is_high_enough_for_the_treble),
      cmocka_unit_test(a_loud_sound_equals_a_reference_at_64_times_the_rate),
      cmocka_unit_test(any_current_has_a_solution),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
