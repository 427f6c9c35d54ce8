// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the preamplifier of a small valve amplifier does at the edge of distortion: two 12AX7
/// stages with a gain control between them, and a cathode follower into a '59 Bassman tone stack.
/// Offline.
///
/// The first stage has the small cathode capacitor of a Marshall, which keeps the bass from
/// clipping. Each stage drives the next as if that drew no grid current, but with its nominal load.

#ifndef GRUS_PRESETS_CIRCUITS_CRUNCH_H
#define GRUS_PRESETS_CIRCUITS_CRUNCH_H

#include "guitar/linear.h"
#include "presets/circuits/tone_stack.h"
#include "presets/circuits/triode.h"

/// Knobs, 0 to 1, linear in resistance
typedef struct {
  double gain;
  ToneStackKnobs tone;
} CrunchKnobs;

typedef struct {
  TriodeStage first;
  TriodeStage second;
  Linear tone;
} Crunch;

void crunch_init(Crunch* amp, const CrunchKnobs* knobs, double rate);

/// Take one step from the guitar's voltage to the tone stack's output [V]
double crunch_step(Crunch* amp, double input);

#endif
