// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How strong is a spectrum in each band? Main thread.

#include "train/report/bands.h"

#include "core/decibel.h"

#include <math.h>

#define HIGHEST 20000.0 ///< [Hz]
#define PASSED 0.45     ///< Of the sample rate: up to where recordings have sound
#define LEAST 1e-30     ///< In place of no power

/// Return the lower end of a band, which is the upper end of the one before [Hz]
static double
find_edge(const BandsRange range, const double band)
{
  return range.low * pow(range.high / range.low, band / BANDS_N);
}

/// Return the mean power of the bins between two frequencies
static double
average_bins(const double* const spectrum, const uint32_t n_bins, const double first,
             const double last)
{
  const uint32_t end = (uint32_t)lrint(last);
  double sum = 0.0;
  uint32_t n = 0;
  for (uint32_t k = (uint32_t)lrint(first); k <= end && k < n_bins; ++k) {
    sum += spectrum[k];
    ++n;
  }
  return n ? sum / n : 0.0;
}

BandsRange
bands_range(const double low, const double sample_rate)
{
  return (BandsRange){low, fmin(HIGHEST, PASSED * sample_rate)};
}

void
bands_find_middles(const BandsRange range, double hz[BANDS_N])
{
  for (uint32_t i = 0; i < BANDS_N; ++i) {
    hz[i] = find_edge(range, i + 0.5);
  }
}

void
bands_average(const BandsRange range, const double* const spectrum, const uint32_t n_bins,
              const double per_bin, double powers[BANDS_N])
{
  for (uint32_t i = 0; i < BANDS_N; ++i) {
    powers[i] = average_bins(spectrum, n_bins, find_edge(range, i) / per_bin,
                             find_edge(range, i + 1.0) / per_bin);
  }
}

double
bands_find_strongest(const double powers[BANDS_N])
{
  double most = LEAST;
  for (uint32_t i = 0; i < BANDS_N; ++i) {
    most = fmax(most, powers[i]);
  }
  return most;
}

void
bands_convert_to_db(double powers[BANDS_N], const double reference)
{
  for (uint32_t i = 0; i < BANDS_N; ++i) {
    powers[i] = decibel_of_power(powers[i] / reference + LEAST);
  }
}
