// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// An average of short spectra (Welch, 1967), and the largest step between neighbouring bands.

#include "train/capture/loudspeaker.h"

#include "core/circle.h"
#include "core/decibel.h"

#include <kiss_fftr.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define SIZE 4096U ///< Of a spectrum [frames]
#define N_BINS (SIZE / 2 + 1)
#define LOWEST 3000.0 ///< Lower end of the first band [Hz]
#define N_PLACES 11U
#define PLACES_PER_OCTAVE 8.0
#define BAND 1.3   ///< Upper end of a band against its lower one
#define STEEP 13.0 ///< [dB]

/// Add the power of one stretch
static void
add_spectrum(const kiss_fftr_cfg plan, const float* const samples, double power[N_BINS])
{
  float frames[SIZE];
  kiss_fft_cpx bins[N_BINS];
  for (uint32_t i = 0; i < SIZE; ++i) {
    frames[i] = samples[i] * (float)(0.5 - 0.5 * cos(TAU * i / SIZE));
  }
  kiss_fftr(plan, frames, bins);
  for (uint32_t k = 0; k < N_BINS; ++k) {
    power[k] += (double)bins[k].r * (double)bins[k].r + (double)bins[k].i * (double)bins[k].i;
  }
}

/// Return the mean power of a band that begins at `from` [Hz, dB]
static double
band_level(const double power[N_BINS], const double from, const double sample_rate)
{
  const double bin = sample_rate / SIZE;
  const uint32_t begin = (uint32_t)(from / bin);
  const uint32_t end = (uint32_t)fmin(BAND * from / bin, N_BINS);
  double sum = 0.0;
  for (uint32_t k = begin; k < end; ++k) {
    sum += power[k];
  }
  return end > begin ? decibel_of_power(sum / (end - begin)) : 0.0;
}

/// Return the largest step down from a band to the next [dB]
static double
steepest_step(const double power[N_BINS], const double sample_rate)
{
  double most = 0.0;
  for (uint32_t i = 0; i < N_PLACES; ++i) {
    const double from = LOWEST * pow(2.0, i / PLACES_PER_OCTAVE);
    if (BAND * BAND * from <= sample_rate / 2.0) {
      most = fmax(most, band_level(power, from, sample_rate) -
                            band_level(power, BAND * from, sample_rate));
    }
  }
  return most;
}

Status
loudspeaker_find(const Wav* const target, bool* const is_heard)
{
  double power[N_BINS] = {0.0};
  const kiss_fftr_cfg plan = kiss_fftr_alloc((int)SIZE, 0, NULL, NULL);
  if (!plan) {
    return STATUS_NO_MEMORY;
  }
  for (uint64_t i = 0; i + SIZE <= target->n_frames; i += SIZE) {
    add_spectrum(plan, target->samples + i, power);
  }
  kiss_fftr_free(plan);
  *is_heard = steepest_step(power, target->sample_rate) >= STEEP;
  return STATUS_OK;
}
