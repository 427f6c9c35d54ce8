// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Removes DC, as the engine does with what models play: a high-pass of first order at 1 Hz. Any
/// thread.
///
/// It turns the phase of 100 Hz by half a degree. Nobody hears that, yet it makes an error of
/// -40 dB, so what is compared with a blocked sound should be blocked too.

#ifndef GRUS_CORE_DC_BLOCKER_H
#define GRUS_CORE_DC_BLOCKER_H

#include "core/circle.h"
#include "core/realtime.h"

#include <math.h>
#include <stddef.h>

#define DC_BLOCKER_HZ 1.0

/// Return how far the running mean follows a sample
static inline double
dc_blocker_coefficient(const double sample_rate)
{
  return 1.0 - exp(-2.0 * PI * DC_BLOCKER_HZ / sample_rate);
}

/// Subtract the running mean from `n` samples
static inline void
dc_blocker_run(double* const mean, const double coefficient, float* const samples,
               const size_t n) RT
{
  for (size_t i = 0; i < n; ++i) {
    const double difference = (double)samples[i] - *mean;
    *mean += coefficient * difference;
    samples[i] = (float)difference;
  }
}

#endif
