// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// tanh and σ for a vector of floats, one definition for engine and trainer: what is trained is
/// what is played.
///
/// tanh(x) ≈ x P(x²) / Q(x²) on [-7.6, 7.6], constant outside: odd, slope 1 at 0 and |f| ≤ 1 by
/// construction. The coefficients are a minimax fit (iteratively reweighted least squares, P and Q
/// of degree 4 and 3 with P(0) = Q(0) = 1): |error| ≤ 1.4e-7 in exact arithmetic, ≤ 1e-6 in float.
/// It rises everywhere but for rounding, which may take back up to 8e-7. A test holds both for every
/// float.
///
/// A recurrent step waits for two of these in a row, so the form is the one with the shortest chain:
/// x² is clamped beside x, polynomials are halved rather than nested, and 1/Q is under way while P is
/// still being computed. Who multiplies the result by something multiplies the numerator by it first.

#ifndef GRUS_CORE_ACTIVATION_H
#define GRUS_CORE_ACTIVATION_H

#include "core/lanes.h"
#include "core/realtime.h"

#include <stdint.h>

#define ACTIVATION_TANH_LIMIT 7.6F
#define ACTIVATION_TANH_LIMIT_BITS 0x40F33333 ///< Of 7.6F
#define ACTIVATION_SQUARE_BITS 0x42670A3C     ///< Of 7.6F * 7.6F

/// A value that is still to be multiplied out
typedef struct {
  Lanes numerator;
  Lanes reciprocal; ///< Of the denominator
} ActivationFraction;

/// Both factors of tanh(x); not-a-number gives ±1 or stays what it is
KERNEL_INLINE ActivationFraction
activation_tanh_fraction(const Lanes x) RT
{
  const LaneBits bits = (LaneBits)x;
  const LaneBits size = lanes_min_bits(bits & lanes_splat_bits(INT32_MAX),
                                       lanes_splat_bits(ACTIVATION_TANH_LIMIT_BITS));
  const Lanes clamped = (Lanes)(size | (bits & lanes_splat_bits(INT32_MIN)));
  const Lanes u =
      (Lanes)lanes_min_bits((LaneBits)(x * x), lanes_splat_bits(ACTIVATION_SQUARE_BITS));
  const Lanes u2 = u * u;
  const Lanes q_low = 4.6078865666963953e-01F * u + 1.0F;
  const Lanes q_high = 2.011775549016768e-04F * u + 2.2995030001134058e-02F;
  const Lanes reciprocal = 1.0F / (q_high * u2 + q_low);
  const Lanes p_low = 2.7305997076808052e-03F * u + 1.274563402748034e-01F;
  const Lanes p_high = -6.629549770839813e-09F * u + 7.424866031109122e-06F;
  const Lanes p = p_high * u2 + p_low;
  return (ActivationFraction){(clamped * u) * p + clamped, reciprocal};
}

KERNEL_INLINE Lanes
activation_tanh(const Lanes x) RT
{
  const ActivationFraction t = activation_tanh_fraction(x);
  return t.numerator * t.reciprocal;
}

/// σ(x) = ½ + ½ tanh(x/2)
KERNEL_INLINE Lanes
activation_sigmoid(const Lanes x) RT
{
  return 0.5F + 0.5F * activation_tanh(0.5F * x);
}

#endif
