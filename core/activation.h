// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// tanh and σ for a vector of floats, one definition for engine and trainer: what is trained is
/// what is played.
///
/// tanh(x) ≈ x P(x²) / Q(x²) on [-7.6, 7.6], constant outside: odd, slope 1 at 0 and |f| ≤ 1 by
/// construction. The coefficients are a minimax fit (iteratively reweighted least squares, P and Q
/// of degree 4 and 3 with P(0) = Q(0) = 1): |error| ≤ 1.4e-7 in exact arithmetic, ≤ 1e-6 in float,
/// which a test holds.

#ifndef GRUS_CORE_ACTIVATION_H
#define GRUS_CORE_ACTIVATION_H

#include "core/lanes.h"
#include "core/realtime.h"

#define ACTIVATION_TANH_LIMIT 7.6F

KERNEL_INLINE Lanes
activation_tanh(Lanes x) RT
{
  x = lanes_max(lanes_min(x, ACTIVATION_TANH_LIMIT), -ACTIVATION_TANH_LIMIT);
  const Lanes u = x * x;
  Lanes p = lanes_splat(-6.629549770839813e-09F);
  p = p * u + 7.424866031109122e-06F;
  p = p * u + 2.7305997076808052e-03F;
  p = p * u + 1.274563402748034e-01F;
  p = p * u + 1.0F;
  Lanes q = lanes_splat(2.011775549016768e-04F);
  q = q * u + 2.2995030001134058e-02F;
  q = q * u + 4.6078865666963953e-01F;
  q = q * u + 1.0F;
  return x * p / q;
}

/// σ(x) = ½ + ½ tanh(x/2)
KERNEL_INLINE Lanes
activation_sigmoid(const Lanes x) RT
{
  return 0.5F + 0.5F * activation_tanh(0.5F * x);
}

#endif
