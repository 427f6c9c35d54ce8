// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A 2203 style preamplifier: valves, then the tone stack. Offline.

#include "presets/circuits/lead.h"

#define SUPPLY 320.0
#define R_PLATE 100e3

#define R_INPUT_GRID 68e3

#define R_CATHODE_1 2.7e3
#define C_CATHODE_1 680e-9
#define R_CATHODE_2 10e3
#define R_CATHODE_3 820.0

#define C_COUPLING 22e-9
#define R_GAIN_POT 1e6
#define C_BRIGHT 1e-9
#define R_DIVIDER 470e3
#define C_DIVIDER 470e-12

#define R_FOLLOWER 100e3

/// A pot's track never ends at 0 Ohm
#define R_TRACK_END 1e3

enum {
  GRID_1,
  CATHODE_1,
  PLATE_1,
  GAIN_TOP,
  GRID_2, ///< And the gain pot's wiper
  CATHODE_2,
  PLATE_2,
  DIVIDER,
  GRID_3,
  CATHODE_3,
  PLATE_3, ///< And the follower's grid
  FOLLOWER,
  N_NODES
};

/// Add the stage whose grid is node `grid`
static void
add_stage(Schematic* const valves, const int grid, const double r_cathode)
{
  const int cathode = grid + 1;
  const int plate = grid + 2;
  schematic_add_12ax7(valves, grid, plate, cathode);
  schematic_add_resistor(valves, cathode, SCHEMATIC_GROUND, r_cathode);
  schematic_add_resistor(valves, plate, SCHEMATIC_SUPPLY, R_PLATE);
}

static void
add_gain(Schematic* const valves, const double gain)
{
  const double above = R_TRACK_END + (1.0 - gain) * R_GAIN_POT;
  schematic_add_capacitor(valves, PLATE_1, GAIN_TOP, C_COUPLING);
  schematic_add_resistor(valves, GAIN_TOP, GRID_2, above);
  schematic_add_capacitor(valves, GAIN_TOP, GRID_2, C_BRIGHT);
  schematic_add_resistor(valves, GRID_2, SCHEMATIC_GROUND, R_TRACK_END + gain * R_GAIN_POT);
}

static void
add_divider(Schematic* const valves)
{
  schematic_add_capacitor(valves, PLATE_2, DIVIDER, C_COUPLING);
  schematic_add_resistor(valves, DIVIDER, GRID_3, R_DIVIDER);
  schematic_add_capacitor(valves, DIVIDER, GRID_3, C_DIVIDER);
  schematic_add_resistor(valves, GRID_3, SCHEMATIC_GROUND, R_DIVIDER);
}

static void
add_follower(Schematic* const valves)
{
  schematic_add_12ax7(valves, PLATE_3, SCHEMATIC_SUPPLY, FOLLOWER);
  schematic_add_resistor(valves, FOLLOWER, SCHEMATIC_GROUND, R_FOLLOWER);
}

static void
init_valves(Schematic* const valves, const double gain, const double rate)
{
  schematic_init(valves, N_NODES, SUPPLY);
  schematic_add_resistor(valves, SCHEMATIC_INPUT, GRID_1, R_INPUT_GRID);
  add_stage(valves, GRID_1, R_CATHODE_1);
  schematic_add_capacitor(valves, CATHODE_1, SCHEMATIC_GROUND, C_CATHODE_1);
  add_gain(valves, gain);
  add_stage(valves, GRID_2, R_CATHODE_2);
  add_divider(valves);
  add_stage(valves, GRID_3, R_CATHODE_3);
  add_follower(valves);
  schematic_start(valves, rate);
}

void
lead_init(Lead* const amp, const LeadKnobs* const knobs, const double rate)
{
  const ToneStackParts marshall = tone_stack_marshall();
  const ToneStackFilter filter = tone_stack_filter(&marshall, &knobs->tone);
  const StateSpace tone = tone_stack_circuit(&filter);
  init_valves(&amp->valves, knobs->gain, rate);
  linear_init(&amp->tone, &tone, rate);
}

double
lead_step(Lead* const amp, const double input)
{
  schematic_step(&amp->valves, input);
  return linear_step(&amp->tone, schematic_swing(&amp->valves, FOLLOWER));
}
