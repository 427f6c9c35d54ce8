// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Polyphase interpolation and decimation by eight. Offline.
//
// The filter h has an odd number of taps, and TAPS - 1 is a multiple of the factor, so both ways
// together delay by a whole number of frames. Each way stores its past twice, one copy after the
// other, so that the latest samples are always contiguous.

#include "presets/circuits/oversample.h"

#include "core/circle.h"
#include "core/kaiser.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define FACTOR OVERSAMPLER_FACTOR
#define TAPS (FACTOR * OVERSAMPLER_DELAY + 1U)
#define PHASE_TAPS (OVERSAMPLER_DELAY + 1U) ///< Of one phase of the interpolator
#define FAST_TAPS (FACTOR * PHASE_TAPS)     ///< TAPS, padded with zeros to a whole number of frames
#define STOP_BAND_DB 140.0

struct OversamplerImpl {
  double up[FACTOR][PHASE_TAPS]; ///< Interpolator, latest frame last
  double down[FAST_TAPS];        ///< Decimator, latest frame last
  double slow[2 * PHASE_TAPS];   ///< Past of the recording, twice
  double fast[2 * FAST_TAPS];    ///< Past of the circuit, twice
  uint32_t slow_end;             ///< Where the first copy's next frame goes
  uint32_t fast_end;
};

/// One tap of the low-pass with its edge at 11/24 of the recording's rate, before scaling
static double
prototype_tap(const uint32_t tap)
{
  const double beta = 0.1102 * (STOP_BAND_DB - 8.7);
  const double half = 0.5 * (TAPS - 1U);
  const double from_centre = (double)tap - half;
  const double angle = 2.0 * PI * 11.0 / 24.0 / FACTOR * from_centre;
  const double place = from_centre / half;
  const double sinc = tap == (TAPS - 1U) / 2U ? 1.0 : sin(angle) / angle;
  return sinc * kaiser_window(place, beta);
}

static void
design_filters(Oversampler* const oversampler)
{
  double sum = 0.0;
  for (uint32_t tap = 0; tap < TAPS; ++tap) {
    sum += prototype_tap(tap);
  }
  for (uint32_t tap = 0; tap < TAPS; ++tap) {
    const double value = prototype_tap(tap) / sum;
    oversampler->down[FAST_TAPS - 1U - tap] = value;
    oversampler->up[tap % FACTOR][PHASE_TAPS - 1U - tap / FACTOR] = FACTOR * value;
  }
}

Status
oversampler_new(Oversampler** const oversampler)
{
  Oversampler* const made = (Oversampler*)calloc(1, sizeof(Oversampler));
  if (!made) {
    return STATUS_NO_MEMORY;
  }
  design_filters(made);
  *oversampler = made;
  return STATUS_OK;
}

void
oversampler_free(Oversampler* const oversampler)
{
  free(oversampler);
}

/// Sum the products of `n` values in four interleaved parts, which a compiler can vectorise
static double
dot_product(const double* const a, const double* const b, const uint32_t n)
{
  double sum[4] = {0.0};
  uint32_t i = 0;
  for (; i + 4 <= n; i += 4) {
    for (uint32_t part = 0; part < 4; ++part) {
      sum[part] += a[i + part] * b[i + part];
    }
  }
  for (; i < n; ++i) {
    sum[0] += a[i] * b[i];
  }
  return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

void
oversampler_up(Oversampler* const oversampler, const double in, double out[FACTOR])
{
  const uint32_t end = oversampler->slow_end;
  oversampler->slow[end] = in;
  oversampler->slow[end + PHASE_TAPS] = in;
  oversampler->slow_end = (end + 1U) % PHASE_TAPS;
  for (uint32_t phase = 0; phase < FACTOR; ++phase) {
    out[phase] = dot_product(oversampler->up[phase], &oversampler->slow[end + 1U], PHASE_TAPS);
  }
}

double
oversampler_down(Oversampler* const oversampler, const double in[FACTOR])
{
  uint32_t end = oversampler->fast_end;
  for (uint32_t i = 0; i < FACTOR; ++i) {
    oversampler->fast[end + i] = in[i];
    oversampler->fast[end + i + FAST_TAPS] = in[i];
  }
  // The output belongs to the first of the eight; the other seven meet taps that are zero
  const double out = dot_product(oversampler->down, &oversampler->fast[end + 1U], FAST_TAPS);
  oversampler->fast_end = (end + FACTOR) % FAST_TAPS;
  return out;
}
