// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the tone stack filter as its schematic does?

#include "presets/circuits/tone_stack.h"
#include "tests/checks.h"
#include "tests/circuits/network.h"
#include "tests/circuits/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const ToneStackKnobs knobs[] = {
    {0.5, 0.5, 0.5}, {0.0, 0.5, 0.0}, {1.0, 0.9, 0.1}, {0.2, 0.1, 1.0}, {0.6, 0.6, 0.4},
};
static const double pitches[] = {40.0, 100.0, 500.0, 1000.0, 4000.0, 16000.0};

#define N_KNOBS (sizeof(knobs) / sizeof(knobs[0]))
#define N_PITCHES (sizeof(pitches) / sizeof(pitches[0]))

/// The '59 Bassman from its schematic: treble pot between nodes 1 and 2, its wiper (0) the output
static double complex
bassman_response(const ToneStackKnobs* const k, const double complex s)
{
  Network n = network_new(6, s);
  network_add_capacitor(&n, NETWORK_SOURCE, 1, 250e-12);
  network_add_resistor(&n, 1, 0, (1.0 - k->treble) * 250e3 + 1e-3);
  network_add_resistor(&n, 0, 2, k->treble * 250e3 + 1e-3);
  network_add_resistor(&n, NETWORK_SOURCE, 3, 56e3);
  network_add_capacitor(&n, 3, 2, 20e-9);
  network_add_resistor(&n, 2, 4, k->bass * 1e6 + 1e-3);
  network_add_resistor(&n, 4, 5, (1.0 - k->middle) * 25e3);
  network_add_resistor(&n, 5, NETWORK_GROUND, k->middle * 25e3);
  network_add_capacitor(&n, 3, 5, 20e-9);
  return network_voltage(&n, 0);
}

static double complex
evaluate_filter(const ToneStackFilter* const filter, const double complex s)
{
  double complex above = 0.0;
  double complex below = 0.0;
  for (int i = 3; i >= 0; --i) {
    above = above * s + filter->b[i];
    below = below * s + filter->a[i];
  }
  return above / below;
}

static void
the_formula_follows_the_schematic(void** const state)
{
  (void)state;
  const ToneStackParts parts = tone_stack_bassman();
  for (size_t i = 0; i < N_KNOBS; ++i) {
    const ToneStackFilter filter = tone_stack_filter(&parts, &knobs[i]);
    for (size_t k = 0; k < N_PITCHES; ++k) {
      const double complex s = 2.0 * PI * J * pitches[k];
      check_below(probe_error(evaluate_filter(&filter, s), bassman_response(&knobs[i], s)), 1e-6);
    }
  }
}

static double
step_linear(void* const linear, const double input)
{
  return linear_step((Linear*)linear, input);
}

static void
the_simulation_follows_the_formula(void** const state)
{
  (void)state;
  const ToneStackParts parts = tone_stack_bassman();
  for (size_t i = 0; i < N_KNOBS; ++i) {
    const ToneStackFilter filter = tone_stack_filter(&parts, &knobs[i]);
    const StateSpace circuit = tone_stack_circuit(&filter);
    for (size_t k = 0; k < N_PITCHES; ++k) {
      const Probe probe = {FAST_RATE, pitches[k], 1.0, 1.0};
      Linear linear;
      linear_init(&linear, &circuit, FAST_RATE);
      const double complex measured = probe_response(&probe, step_linear, &linear);
      const double complex s = probe_warped(pitches[k], FAST_RATE);
      check_below(probe_error(measured, evaluate_filter(&filter, s)), 1e-8);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_formula_follows_the_schematic),
      cmocka_unit_test(the_simulation_follows_the_formula),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
