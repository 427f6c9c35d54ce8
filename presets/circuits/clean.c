// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A valve stage and a tone stack in a row. Offline.

#include "presets/circuits/clean.h"

/// Large enough to act as a wire [F]
#define C_WIRE 1.0

static TriodeStageParts
valve_parts(void)
{
  const TriodeStageParts parts = {
      .supply = 325.0,
      .c_in = C_WIRE,
      .r_series = 0.0,
      .r_leak = 1e6,
      .r_grid = 34e3,
      .r_plate = 100e3,
      .r_cathode = 1.5e3,
      .c_cathode = 25e-6,
      .c_load = 20e-9,
      .r_load = 1e6,
  };
  return parts;
}

void
clean_init(Clean* const amp, const ToneStackKnobs* const knobs, const double rate)
{
  const TriodeStageParts valve = valve_parts();
  const ToneStackParts bassman = tone_stack_bassman();
  const ToneStackFilter filter = tone_stack_filter(&bassman, knobs);
  const StateSpace tone = tone_stack_circuit(&filter);
  triode_stage_init(&amp->valve, &valve, rate);
  linear_init(&amp->tone, &tone, rate);
}

double
clean_step(Clean* const amp, const double input)
{
  return linear_step(&amp->tone, triode_stage_step(&amp->valve, input));
}
