// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the preamplifier of a JCM800 2203 style amplifier does: three 12AX7 stages in a row, a
/// cathode follower that is one more, and a Marshall tone stack. Offline.
///
/// One schematic, except for the tone stack, which does not load the follower here. The supply is
/// stiff.

#ifndef GRUS_PRESETS_CIRCUITS_LEAD_H
#define GRUS_PRESETS_CIRCUITS_LEAD_H

#include "guitar/linear.h"
#include "presets/circuits/schematic.h"
#include "presets/circuits/tone_stack.h"

/// Knobs, 0 to 1, linear in resistance
typedef struct {
  double gain;
  ToneStackKnobs tone;
} LeadKnobs;

typedef struct {
  Schematic valves;
  Linear tone;
} Lead;

void lead_init(Lead* amp, const LeadKnobs* knobs, double rate);

/// Take one step from the guitar's voltage to the tone stack's output [V]
double lead_step(Lead* amp, double input);

#endif
