// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Two valve stages and a tone stack in a row. Offline.

#include "presets/circuits/crunch.h"

#define R_GAIN_IN 470e3
#define R_GAIN_POT 470e3
#define R_POT_END 1e3

/// So large, or small, that it acts as a wire, or as nothing [F]
#define C_WIRE 1.0
#define C_NONE 1e-15

static TriodeStageParts
first_parts(void)
{
  const TriodeStageParts parts = {
      .supply = 325.0,
      .c_in = C_WIRE,
      .r_series = 0.0,
      .r_leak = 1e6,
      .r_grid = 68e3,
      .r_plate = 100e3,
      .r_cathode = 2.7e3,
      .c_cathode = 680e-9,
      .c_load = 10e-9,
      .r_load = R_GAIN_IN + R_GAIN_POT,
  };
  return parts;
}

/// The gain control is the lower half of a divider: the grid's leak below, the rest above
static TriodeStageParts
second_parts(const double gain)
{
  const double r_leak = R_POT_END + gain * R_GAIN_POT;
  const TriodeStageParts parts = {
      .supply = 325.0,
      .c_in = 10e-9,
      .r_series = R_GAIN_IN + R_GAIN_POT - r_leak,
      .r_leak = r_leak,
      .r_grid = 10e3,
      .r_plate = 100e3,
      .r_cathode = 820.0,
      .c_cathode = C_NONE,
      .c_load = C_NONE,
      .r_load = 1e6,
  };
  return parts;
}

void
crunch_init(Crunch* const amp, const CrunchKnobs* const knobs, const double rate)
{
  const TriodeStageParts first = first_parts();
  const TriodeStageParts second = second_parts(knobs->gain);
  const ToneStackParts bassman = tone_stack_bassman();
  const ToneStackFilter filter = tone_stack_filter(&bassman, &knobs->tone);
  const StateSpace tone = tone_stack_circuit(&filter);
  triode_stage_init(&amp->first, &first, rate);
  triode_stage_init(&amp->second, &second, rate);
  linear_init(&amp->tone, &tone, rate);
}

double
crunch_step(Crunch* const amp, const double input)
{
  const double between = triode_stage_step(&amp->first, input);
  return linear_step(&amp->tone, triode_stage_step(&amp->second, between));
}
