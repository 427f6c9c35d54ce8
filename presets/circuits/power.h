// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the output stage of a small tweed amplifier does to its preamplifier's voltage: a
/// split-load phase inverter, two 6V6 in class AB, a transformer with a loudspeaker, and a supply
/// that sags. Offline.
///
/// One schematic, after Fender's 5E3. The rectifier is fed with the mean of its sine, so there is
/// no hum; the transformer does not saturate and has no stray field.

#ifndef GRUS_PRESETS_CIRCUITS_POWER_H
#define GRUS_PRESETS_CIRCUITS_POWER_H

#include "presets/circuits/schematic.h"

/// Nodes worth measuring at
typedef enum {
  POWER_SPLITTER_GRID,
  POWER_TAIL,
  POWER_SPLITTER_CATHODE,
  POWER_SPLITTER_PLATE,
  POWER_GRID_A,
  POWER_GRID_B,
  POWER_CATHODE,
  POWER_PLATE_A,
  POWER_PLATE_B,
  POWER_COIL,      ///< The loudspeaker's coil behind its resistance
  POWER_CONE,      ///< Behind the coil's inductance
  POWER_RECTIFIER, ///< Its plates
  POWER_RESERVOIR,
  POWER_SCREENS,
  POWER_PREAMP,
  POWER_N_NODES
} PowerNode;

void power_init(Schematic* amp, double rate);

/// Take one step from the phase inverter's input to the voltage between the two plates [V]
double power_step(Schematic* amp, double input);

#endif
