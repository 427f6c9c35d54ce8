// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A diode clipper's one equation, solved so that it can't fail. Offline.
//
// With the capacitor's past added to the current, j, either half of a step solves
//
//     f(v) = G v + 2 I_s sinh(v / (n V_t)) - j = 0.
//
// f is odd about j = 0, rising, and convex for v > 0. Newton's method from any point at or beyond
// the root therefore comes back to it without overshoot. Both the resistor alone and the diodes
// alone give such a point; the smaller of the two is close.

#include "presets/circuits/diode_pair.h"

#include "presets/circuits/stepping.h"

#include <math.h>
#include <stdbool.h>

#define MAX_ITERATIONS 50

DiodePairParts
diode_pair_1n4148(const double resistance, const double capacitance)
{
  const DiodePairParts parts = {
      .resistance = resistance,
      .capacitance = capacitance,
      .saturation_current = 2.52e-9,
      .slope_voltage = 1.752 * 25.85e-3,
  };
  return parts;
}

void
diode_pair_init(DiodePair* const pair, const DiodePairParts* const parts, const double rate)
{
  const double gain = parts->capacitance * rate / STEPPING_WEIGHT;
  *pair = (DiodePair){
      .parts = *parts,
      .conductance = 1.0 / parts->resistance + gain,
      .gain = gain,
  };
}

/// Take one Newton step towards the root for a positive `current`; true when it is reached
static bool
improve_voltage(const DiodePair* const pair, const double current, double* const v)
{
  const double saturation = pair->parts.saturation_current;
  const double slope = pair->parts.slope_voltage;
  const double up = exp(*v / slope);
  const double down = 1.0 / up;
  const double excess = pair->conductance * *v + saturation * (up - down) - current;
  const double change = excess / (pair->conductance + saturation / slope * (up + down));
  *v -= change;
  return fabs(change) <= 1e-13 + 1e-11 * fabs(*v);
}

/// Return the root for a positive `current` [A]
static double
solve_positive(DiodePair* const pair, const double current)
{
  const double by_resistor = current / pair->conductance;
  const double by_diodes =
      pair->parts.slope_voltage * asinh(0.5 * current / pair->parts.saturation_current);
  double v = fmin(by_resistor, by_diodes);
  for (int i = 0; i < MAX_ITERATIONS; ++i) {
    if (improve_voltage(pair, current, &v)) {
      return v;
    }
  }
  ++pair->n_failures;
  return v;
}

static double
solve_voltage(DiodePair* const pair, const double current)
{
  return copysign(solve_positive(pair, fabs(current)), current);
}

double
diode_pair_step(DiodePair* const pair, const double current)
{
  const double middle = pair->current + STEPPING_MIDDLE * (current - pair->current);
  const double v_middle = solve_voltage(pair, middle + pair->charging + pair->gain * pair->v);
  const double past = pair->v + STEPPING_LEAP * (v_middle - pair->v);
  pair->v = solve_voltage(pair, current + pair->gain * past);
  pair->charging = pair->gain * (pair->v - past);
  pair->current = current;
  return pair->v;
}
