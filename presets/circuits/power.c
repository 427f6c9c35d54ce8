// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A class-AB output stage as a schematic. Offline.
//
// The loudspeaker is between the plates, with its ohms times 1000, as the transformer shows them:
// 8 kOhm for 8 Ohm. Its cone's resonance is at 90 Hz.

#include "presets/circuits/power.h"

#define SUPPLY 430.0    ///< Mean of the rectified winding without load [V]
#define R_WINDING 250.0 ///< Resistance of the winding, seen from the supply

#define C_RESERVOIR 16e-6
#define R_SCREENS 5e3
#define R_PREAMP 22e3

#define C_INPUT 22e-9
#define R_SPLITTER_LEAK 1e6
#define R_SPLITTER_CATHODE 1.5e3
#define R_SPLIT 56e3

#define C_COUPLING 100e-9
#define R_LEAK 220e3
#define R_CATHODE 250.0
#define C_CATHODE 25e-6

#define L_PRIMARY 52.0
#define C_PRIMARY 100e-12
#define R_COIL 6.5e3
#define L_COIL 0.4
#define R_EDDY 30e3
#define R_CONE 30e3
#define C_CONE 177e-9
#define L_CONE 17.7

static void
add_supply(Schematic* const amp)
{
  const int rectifier[2] = {POWER_RECTIFIER, POWER_RESERVOIR};
  schematic_add_resistor(amp, SCHEMATIC_SUPPLY, POWER_RECTIFIER, R_WINDING);
  schematic_add_device(amp, DEVICE_RECTIFIER, rectifier);
  schematic_add_capacitor(amp, POWER_RESERVOIR, SCHEMATIC_GROUND, C_RESERVOIR);
  schematic_add_resistor(amp, POWER_RESERVOIR, POWER_SCREENS, R_SCREENS);
  schematic_add_capacitor(amp, POWER_SCREENS, SCHEMATIC_GROUND, C_RESERVOIR);
  schematic_add_resistor(amp, POWER_SCREENS, POWER_PREAMP, R_PREAMP);
  schematic_add_capacitor(amp, POWER_PREAMP, SCHEMATIC_GROUND, C_RESERVOIR);
}

static void
add_splitter(Schematic* const amp)
{
  schematic_add_capacitor(amp, SCHEMATIC_INPUT, POWER_SPLITTER_GRID, C_INPUT);
  schematic_add_resistor(amp, POWER_SPLITTER_GRID, POWER_TAIL, R_SPLITTER_LEAK);
  schematic_add_12ax7(amp, POWER_SPLITTER_GRID, POWER_SPLITTER_PLATE, POWER_SPLITTER_CATHODE);
  schematic_add_resistor(amp, POWER_SPLITTER_CATHODE, POWER_TAIL, R_SPLITTER_CATHODE);
  schematic_add_resistor(amp, POWER_TAIL, SCHEMATIC_GROUND, R_SPLIT);
  schematic_add_resistor(amp, POWER_SPLITTER_PLATE, POWER_PREAMP, R_SPLIT);
}

static void
add_valve(Schematic* const amp, const int from, const int grid, const int plate)
{
  const int nodes[4] = {grid, plate, POWER_SCREENS, POWER_CATHODE};
  schematic_add_capacitor(amp, from, grid, C_COUPLING);
  schematic_add_resistor(amp, grid, SCHEMATIC_GROUND, R_LEAK);
  schematic_add_device(amp, DEVICE_PENTODE, nodes);
}

static void
add_loudspeaker(Schematic* const amp)
{
  const int ends[2] = {POWER_PLATE_A, POWER_PLATE_B};
  schematic_add_windings(amp, POWER_RESERVOIR, ends);
  schematic_add_inductor(amp, POWER_PLATE_A, POWER_PLATE_B, L_PRIMARY);
  schematic_add_capacitor(amp, POWER_PLATE_A, POWER_PLATE_B, C_PRIMARY);
  schematic_add_resistor(amp, POWER_PLATE_A, POWER_COIL, R_COIL);
  schematic_add_inductor(amp, POWER_COIL, POWER_CONE, L_COIL);
  schematic_add_resistor(amp, POWER_COIL, POWER_CONE, R_EDDY);
  schematic_add_resistor(amp, POWER_CONE, POWER_PLATE_B, R_CONE);
  schematic_add_capacitor(amp, POWER_CONE, POWER_PLATE_B, C_CONE);
  schematic_add_inductor(amp, POWER_CONE, POWER_PLATE_B, L_CONE);
}

void
power_init(Schematic* const amp, const double rate)
{
  schematic_init(amp, POWER_N_NODES, SUPPLY);
  add_splitter(amp);
  add_valve(amp, POWER_SPLITTER_PLATE, POWER_GRID_A, POWER_PLATE_A);
  add_valve(amp, POWER_SPLITTER_CATHODE, POWER_GRID_B, POWER_PLATE_B);
  schematic_add_resistor(amp, POWER_CATHODE, SCHEMATIC_GROUND, R_CATHODE);
  schematic_add_capacitor(amp, POWER_CATHODE, SCHEMATIC_GROUND, C_CATHODE);
  add_loudspeaker(amp);
  add_supply(amp);
  schematic_start(amp, rate);
}

double
power_step(Schematic* const amp, const double input)
{
  schematic_step(amp, input);
  return schematic_swing(amp, POWER_PLATE_A) - schematic_swing(amp, POWER_PLATE_B);
}
