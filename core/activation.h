// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// tanh and σ for a vector of floats. Engine and trainer share this one definition, so a model
/// plays exactly what it learned.
///
/// tanh(x) ≈ x P(x²) / Q(x²) on [-7.6, 7.6], constant outside: odd, slope 1 at 0 and |f| ≤ 1 by
/// construction. The coefficients are a minimax fit (iteratively reweighted least squares, P and Q
/// of degree 4 and 3 with P(0) = Q(0) = 1): |error| ≤ 1.4e-7 in exact arithmetic, ≤ 1e-6 in float.
/// The function rises everywhere, except that rounding may lower it by up to 8e-7. A test checks
/// both bounds for every float.
///
/// A recurrent step waits for two of these in a row, so this form has the shortest dependency
/// chain: x² is clamped in parallel with x, polynomials are split in halves rather than nested, and
/// 1/Q is computed alongside P. Apply any further factor to the numerator before the last product.

#ifndef GRUS_CORE_ACTIVATION_H
#define GRUS_CORE_ACTIVATION_H

#include "core/lanes.h"
#include "core/realtime.h"

#include <stdint.h>

#define ACTIVATION_TANH_LIMIT 7.6F
#define ACTIVATION_TANH_LIMIT_BITS 0x40F33333 ///< 7.6F as an integer
#define ACTIVATION_SQUARE_BITS 0x42670A3C     ///< 7.6F * 7.6F as an integer

/// A quotient that is left to the caller
typedef struct {
  Lanes numerator;
  Lanes denominator;
} ActivationFraction;

/// Return both parts of tanh(x); NaN gives ±1 or NaN
KERNEL_INLINE ActivationFraction
activation_tanh_fraction(const Lanes x) RT
{
  const Lanes clamped = lanes_clamp(x, ACTIVATION_TANH_LIMIT_BITS);
  const Lanes u = lanes_clamped_square(x, clamped, ACTIVATION_SQUARE_BITS);
  const Lanes u2 = u * u;
  const Lanes q_low = 4.6078865666963953e-01F * u + 1.0F;
  const Lanes q_high = 2.011775549016768e-04F * u + 2.2995030001134058e-02F;
  const Lanes p_low = 2.7305997076808052e-03F * u + 1.274563402748034e-01F;
  const Lanes p_high = -6.629549770839813e-09F * u + 7.424866031109122e-06F;
  const Lanes p = p_high * u2 + p_low;
  return (ActivationFraction){(clamped * u) * p + clamped, q_high * u2 + q_low};
}

KERNEL_INLINE Lanes
activation_tanh(const Lanes x) RT
{
  const ActivationFraction t = activation_tanh_fraction(x);
  return lanes_divide(t.numerator, t.denominator);
}

/// σ(x) = ½ + ½ tanh(x/2)
KERNEL_INLINE Lanes
activation_sigmoid(const Lanes x) RT
{
  return 0.5F + 0.5F * activation_tanh(0.5F * x);
}

#endif
