// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The voltage on a capacitor, a resistor and two antiparallel diodes that share one current:
/// the heart of every diode clipper. Offline.
///
///     C dv/dt = i - v / R - 2 I_s sinh(v / (n V_t))
///
/// as in Yeh, Abel and Smith, "Simplified, physically-informed models of distortion and overdrive
/// guitar effects pedals", DAFx 2007, stepped by the rule of presets/circuits/stepping.h.

#ifndef GRUS_PRESETS_CIRCUITS_DIODE_PAIR_H
#define GRUS_PRESETS_CIRCUITS_DIODE_PAIR_H

#include <stdint.h>

/// Component values
typedef struct {
  double resistance;         ///< R [Ohm]
  double capacitance;        ///< C [F]
  double saturation_current; ///< I_s [A]
  double slope_voltage;      ///< n V_t [V]
} DiodePairParts;

typedef struct {
  DiodePairParts parts;
  double gain;         ///< Of the capacitor's companion: C / (STEPPING_WEIGHT T) [S]
  double conductance;  ///< Of resistor and companion: 1 / R + gain [S]
  double current;      ///< Last current [A]
  double v;            ///< Voltage [V]
  double charging;     ///< Current into the capacitor [A]
  uint64_t n_failures; ///< Steps whose equation was not solved
} DiodePair;

/// 1N4148: I_s = 2.52 nA, n = 1.752, V_t = 25.85 mV
DiodePairParts diode_pair_1n4148(double resistance, double capacitance);

/// Prepare a discharged circuit for `rate` steps per second
void diode_pair_init(DiodePair* pair, const DiodePairParts* parts, double rate);

/// Take one step with `current` [A] flowing in, and return the voltage [V]
double diode_pair_step(DiodePair* pair, double current);

#endif
