// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Sweeps and noise with soft ends. Offline.
//
// The sweep is the exponential one of Farina, "Simultaneous measurement of impulse response and
// distortion with a swept-sine technique", AES 108, 2000.

#include "guitar/burst.h"

#include "core/circle.h"

#include <math.h>

#define FADE_TIME 0.005 ///< [s]
#define SWEEP_LOW 30.0  ///< [Hz]
#define SWEEP_HIGH 12e3 ///< [Hz]
#define NOISE_EDGE 3e3  ///< [Hz]

/// Return 1 inside a burst, falling to 0 at its ends
static double
fade_at(const Burst* const burst, const uint32_t i, const double rate)
{
  const double nearest = fmin(i - burst->begin, burst->end - i);
  return 0.5 - 0.5 * cos(PI * fmin(1.0, nearest / (FADE_TIME * rate)));
}

void
burst_add_sweep(const Burst* const burst, const double sample_rate, double* const out)
{
  const double high = fmin(SWEEP_HIGH, 0.4 * sample_rate);
  const double growth = log(high / SWEEP_LOW) / (burst->end - burst->begin);
  for (uint32_t i = burst->begin; i < burst->end; ++i) {
    const double cycles = SWEEP_LOW / sample_rate * expm1(growth * (i - burst->begin)) / growth;
    out[i] += burst->peak * fade_at(burst, i, sample_rate) * sin(2.0 * PI * cycles);
  }
}

static double
find_peak(const double* const samples, const uint32_t n)
{
  double peak = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    peak = fmax(peak, fabs(samples[i]));
  }
  return peak;
}

void
burst_put_noise(const Burst* const burst, const double sample_rate, Random* const random,
                double* const out)
{
  const double part = 1.0 - exp(-2.0 * PI * NOISE_EDGE / sample_rate);
  double dark = 0.0;
  double darker = 0.0;
  for (uint32_t i = burst->begin; i < burst->end; ++i) {
    dark += part * (random_between(random, -1.0, 1.0) - dark);
    darker += part * (dark - darker);
    out[i] = darker * fade_at(burst, i, sample_rate);
  }
  const double peak = find_peak(out + burst->begin, burst->end - burst->begin);
  for (uint32_t i = burst->begin; i < burst->end && peak > 0.0; ++i) {
    out[i] *= burst->peak / peak;
  }
}
