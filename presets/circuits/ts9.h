// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a TS-9 style overdrive does to a guitar's voltage. Offline.
///
///     in -- C1 -- R1 to ground -- gain stage with diodes in the feedback -- tone -- level -- out
///
/// Ideal op-amps, no buffers. Values as in the circuit's published schematics, analysed in Yeh,
/// Abel and Smith, "Simplified, physically-informed models of distortion and overdrive guitar
/// effects pedals", DAFx 2007.

#ifndef GRUS_PRESETS_CIRCUITS_TS9_H
#define GRUS_PRESETS_CIRCUITS_TS9_H

#include "guitar/linear.h"
#include "presets/circuits/diode_pair.h"

/// Knobs, 0 to 1, linear in resistance
typedef struct {
  double drive;
  double tone;
} Ts9Knobs;

typedef struct {
  Linear input;  ///< From the socket to the op-amp's positive input
  Linear ground; ///< From there to the current through the ground leg [A]
  DiodePair feedback;
  Linear tone;
  Linear output;
} Ts9;

void ts9_init(Ts9* pedal, const Ts9Knobs* knobs, double rate);

/// Take one step from the guitar's voltage to the voltage on the level pot [V]
double ts9_step(Ts9* pedal, double input);

/// Return the tone stage between gain stage and output capacitor
StateSpace ts9_tone(double tone);

#endif
