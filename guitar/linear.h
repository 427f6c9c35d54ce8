// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Steps a linear circuit with up to three capacitors through time. Offline.
///
/// The trapezoidal rule on x' = A x + B u, y = C x + D u, which is the bilinear transform of the
/// circuit's transfer function: a frequency f in the simulation behaves as tan(pi f / rate) * rate
/// / pi does in the circuit.

#ifndef GRUS_GUITAR_LINEAR_H
#define GRUS_GUITAR_LINEAR_H

#include <stdbool.h>
#include <stdint.h>

#define LINEAR_MAX_STATES 3U

/// A circuit as a differential equation; unused rows and columns are zero
typedef struct {
  double a[LINEAR_MAX_STATES][LINEAR_MAX_STATES]; ///< From state to derivative [1/s]
  double b[LINEAR_MAX_STATES];                    ///< From input to derivative
  double c[LINEAR_MAX_STATES];                    ///< From state to output
  double d;                                       ///< From input to output
} StateSpace;

/// The same circuit in time steps, with its state
typedef struct {
  double a[LINEAR_MAX_STATES][LINEAR_MAX_STATES]; ///< From last state to state
  double b[LINEAR_MAX_STATES];                    ///< From this plus last input to state
  double c[LINEAR_MAX_STATES];
  double d;
  double x[LINEAR_MAX_STATES];
  double u; ///< Last input
} Linear;

/// Solve `matrix` * x = `rhs` in place: `rhs` becomes x; false if there is no solution
bool linear_solve(double matrix[LINEAR_MAX_STATES][LINEAR_MAX_STATES],
                  double rhs[LINEAR_MAX_STATES]);

/// Return the first-order high-pass u -> y of a capacitor into a resistor, time constant `tau` [s]
StateSpace linear_high_pass(double tau);

/// Prepare a circuit at rest for `rate` steps per second
void linear_init(Linear* linear, const StateSpace* circuit, double rate);

/// Take one step and return the output
double linear_step(Linear* linear, double input);

#endif
