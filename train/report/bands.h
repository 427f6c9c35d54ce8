// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A spectrum in bands that are spaced evenly in pitch, as charts show it. Main thread.

#ifndef GRUS_TRAIN_REPORT_BANDS_H
#define GRUS_TRAIN_REPORT_BANDS_H

#include <stdint.h>

#define BANDS_N 240U

/// Between which frequencies [Hz]
typedef struct {
  double low;
  double high;
} BandsRange;

/// Return the range that a chart shows: from `low` up to where we hear and the rate allows [Hz]
BandsRange bands_range(double low, double sample_rate);

/// Find the middle of each band [Hz]
void bands_find_middles(BandsRange range, double hz[BANDS_N]);

/// Average a spectrum, powers of bins (n_bins) that are `per_bin` Hz apart, over each band
void bands_average(BandsRange range, const double* spectrum, uint32_t n_bins, double per_bin,
                   double powers[BANDS_N]);

/// Return the power of the strongest band, which is not 0
double bands_find_strongest(const double powers[BANDS_N]);

/// Turn powers into levels against one [dB]
void bands_convert_to_db(double powers[BANDS_N], double reference);

#endif
