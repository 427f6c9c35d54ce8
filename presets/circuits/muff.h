// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a Big Muff style fuzz does to a guitar's voltage: four transistors, the middle two with
/// diodes in their feedback, and a tone control that mixes a low-pass and a high-pass. Offline.
///
/// The whole schematic with Ebers-Moll transistors, nothing reduced. Values as in the published
/// schematics of the third version.

#ifndef GRUS_PRESETS_CIRCUITS_MUFF_H
#define GRUS_PRESETS_CIRCUITS_MUFF_H

#include "presets/circuits/schematic.h"

/// Knobs, 0 to 1, linear in resistance
typedef struct {
  double sustain;
  double tone;
} MuffKnobs;

void muff_init(Schematic* pedal, const MuffKnobs* knobs, double rate);

/// Take one step from the guitar's voltage to the voltage on the volume pot [V]
double muff_step(Schematic* pedal, double input);

#endif
