// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The Kaiser window, which trades a filter's steepness against its stop band: Kaiser,
/// "Nonrecursive digital filter design using the I0-sinh window function", 1974. Not for the audio
/// thread.

#ifndef GRUS_CORE_KAISER_H
#define GRUS_CORE_KAISER_H

#include <math.h>

/// Modified Bessel function of the first kind, order 0, by its power series
static inline double
kaiser_bessel_i0(const double x)
{
  double term = 1.0;
  double sum = 1.0;
  for (int k = 1; term > 1e-18 * sum; ++k) {
    term *= (x / (2.0 * k)) * (x / (2.0 * k));
    sum += term;
  }
  return sum;
}

/// Return the window at `place`, -1 to 1 from end to end, times I0(beta); 1 at both ends
static inline double
kaiser_window(const double place, const double beta)
{
  return kaiser_bessel_i0(beta * sqrt(fmax(0.0, 1.0 - place * place)));
}

#endif
