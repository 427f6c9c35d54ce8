// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the preamplifier of an amplifier that stays clean does: one 12AX7 stage with its cathode
/// bypassed, and a cathode follower into a '59 Bassman tone stack. Offline.

#ifndef GRUS_PRESETS_CIRCUITS_CLEAN_H
#define GRUS_PRESETS_CIRCUITS_CLEAN_H

#include "guitar/linear.h"
#include "presets/circuits/tone_stack.h"
#include "presets/circuits/triode.h"

typedef struct {
  TriodeStage valve;
  Linear tone;
} Clean;

void clean_init(Clean* amp, const ToneStackKnobs* knobs, double rate);

/// Take one step from the guitar's voltage to the tone stack's output [V]
double clean_step(Clean* amp, double input);

#endif
