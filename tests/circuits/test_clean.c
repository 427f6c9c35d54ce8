// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is the clean preamplifier clean for soft notes, and linear as its schematic?

#include "presets/circuits/clean.h"

#include "core/random.h"
#include "tests/checks.h"
#include "tests/circuits/probe.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N 38400U

static const ToneStackKnobs knobs = {0.7, 0.5, 0.3};

static double
step_amp(void* const amp, const double input)
{
  return clean_step((Clean*)amp, input);
}

static double
step_valve(void* const valve, const double input)
{
  return triode_stage_step((TriodeStage*)valve, input);
}

static void
a_quiet_sound_goes_through_the_valve_then_the_tone_stack(void** const state)
{
  (void)state;
  const ToneStackParts parts = tone_stack_bassman();
  const ToneStackFilter filter = tone_stack_filter(&parts, &knobs);
  for (double pitch = 100.0; pitch < 2000.0; pitch *= 10.0) {
    const Probe probe = {FAST_RATE, pitch, 1e-4, 0.5};
    const double complex s = probe_warped(pitch, FAST_RATE);
    Clean amp;
    clean_init(&amp, &knobs, FAST_RATE);
    TriodeStage valve = amp.valve;
    const double complex above = ((filter.b[3] * s + filter.b[2]) * s + filter.b[1]) * s;
    const double complex below =
        ((filter.a[3] * s + filter.a[2]) * s + filter.a[1]) * s + filter.a[0];
    const double complex expected = probe_response(&probe, step_valve, &valve) * above / below;
    check_below(probe_error(probe_response(&probe, step_amp, &amp), expected), 1e-6);
  }
}

static double
distortion_at(const double amplitude)
{
  static double out[N];
  Clean amp;
  clean_init(&amp, &knobs, FAST_RATE);
  for (uint32_t i = 0; i < 4 * N; ++i) {
    const double y = clean_step(&amp, amplitude * sin(2.0 * PI * 200.0 * i / FAST_RATE));
    if (i >= 3 * N) {
      out[i - 3 * N] = y;
    }
  }
  return probe_distortion(out, N, 200.0 * N / FAST_RATE);
}

static void
soft_notes_are_clean_and_hard_ones_warm(void** const state)
{
  (void)state;
  print_message("# %.4f %.4f %.4f\n", distortion_at(0.05), distortion_at(0.3), distortion_at(2.0));
  check_below(distortion_at(0.05), 0.01);
  check_between(distortion_at(2.0), 0.02, 0.25);
}

static void
any_input_has_a_solution(void** const state)
{
  (void)state;
  Random random = random_for(1, 0);
  Clean amp;
  clean_init(&amp, &knobs, FAST_RATE);
  for (int i = 0; i < 50000; ++i) {
    assert_true(isfinite(clean_step(&amp, random_between(&random, -50.0, 50.0))));
  }
  assert_int_equal(amp.valve.n_failures, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_quiet_sound_goes_through_the_valve_then_the_tone_stack),
      cmocka_unit_test(soft_notes_are_clean_and_hard_ones_warm),
      cmocka_unit_test(any_input_has_a_solution),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
