// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the three tone knobs of a Fender or Marshall amplifier do, exactly. Offline.
///
/// Transfer function: Yeh and Smith, "Discretization of the '59 Fender Bassman tone stack", DAFx
/// 2006. The source has no resistance and there is no load.

#ifndef GRUS_PRESETS_CIRCUITS_TONE_STACK_H
#define GRUS_PRESETS_CIRCUITS_TONE_STACK_H

#include "guitar/linear.h"

typedef struct {
  double r1; ///< Treble pot [Ohm]
  double r2; ///< Bass pot [Ohm]
  double r3; ///< Middle pot [Ohm]
  double r4; ///< Slope resistor [Ohm]
  double c1; ///< Treble [F]
  double c2; ///< Bass [F]
  double c3; ///< Middle [F]
} ToneStackParts;

/// Knobs, 0 to 1, linear in resistance
typedef struct {
  double treble;
  double middle;
  double bass;
} ToneStackKnobs;

/// H(s) = (b1 s + b2 s^2 + b3 s^3) / (1 + a1 s + a2 s^2 + a3 s^3)
typedef struct {
  double b[4]; ///< b[0] is 0
  double a[4]; ///< a[0] is 1
} ToneStackFilter;

/// The '59 Bassman
ToneStackParts tone_stack_bassman(void);

/// The JCM800
ToneStackParts tone_stack_marshall(void);

ToneStackFilter tone_stack_filter(const ToneStackParts* parts, const ToneStackKnobs* knobs);

/// Return the same filter as a differential equation
StateSpace tone_stack_circuit(const ToneStackFilter* filter);

#endif
