// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How far is a sample from the right one? fmax() forgets NaN, so that a largest error must not be
/// made of plain differences. Any thread.

#ifndef GRUS_CORE_DISTANCE_H
#define GRUS_CORE_DISTANCE_H

#include <math.h>

/// Return the distance of two numbers; what isn't a number is infinitely far from all
static inline double
distance_between(const double a, const double b)
{
  const double distance = fabs(a - b);
  return isnan(distance) ? (double)INFINITY : distance;
}

#endif
