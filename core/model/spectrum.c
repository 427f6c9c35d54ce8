// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Decimation in time (Cooley and Tukey 1965) by 16: with the rows X_j[k], k = 0..64, the bins
//
//     X[k + 128 q] = Σ_j e^(-2πi jk/N) X_j[k] e^(-2πi jq/16)
//
// are a band: one transform of 16 for column k. The columns that are not stored are conjugates of
// those that are. A single row is its own spectrum, cut into bands in order.

#include "core/model/spectrum.h"

#include "core/circle.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define BAND SPECTRUM_BAND
#define N_BINS (SPECTRUM_ROW / 2U + 1U) ///< Of a row

static kiss_fft_cpx*
new_twiddles(void)
{
  const double n_frames = (double)BAND * SPECTRUM_ROW;
  kiss_fft_cpx* const twiddles = (kiss_fft_cpx*)calloc((size_t)N_BINS * BAND, sizeof(kiss_fft_cpx));
  for (uint32_t i = 0; twiddles && i < N_BINS * BAND; ++i) {
    const double phase = -2.0 * PI * (i / BAND) * (i % BAND) / n_frames;
    twiddles[i] = (kiss_fft_cpx){(float)cos(phase), (float)sin(phase)};
  }
  return twiddles;
}

Status
spectrum_init(Spectrum* const spectrum, const uint32_t n_rows)
{
  const bool is_long = n_rows > 1;
  *spectrum = (Spectrum){.n_rows = n_rows,
                         .n_bands = is_long ? N_BINS : SPECTRUM_STRIDE / BAND,
                         .to_row = kiss_fftr_alloc(SPECTRUM_ROW, 0, NULL, NULL),
                         .from_row = kiss_fftr_alloc(SPECTRUM_ROW, 1, NULL, NULL)};
  bool is_made = spectrum->to_row && spectrum->from_row;
  if (is_long) {
    spectrum->twiddles = new_twiddles();
    spectrum->to_band = kiss_fft_alloc(BAND, 0, NULL, NULL);
    spectrum->from_band = kiss_fft_alloc(BAND, 1, NULL, NULL);
    is_made = is_made && spectrum->twiddles && spectrum->to_band && spectrum->from_band;
  }
  if (!is_made) {
    spectrum_clear(spectrum);
    return STATUS_NO_MEMORY;
  }
  return STATUS_OK;
}

void
spectrum_clear(Spectrum* const spectrum)
{
  free(spectrum->twiddles);
  kiss_fftr_free(spectrum->to_row);
  kiss_fftr_free(spectrum->from_row);
  kiss_fft_free(spectrum->to_band);
  kiss_fft_free(spectrum->from_band);
  *spectrum = (Spectrum){0};
}

// Audio thread from here

void
spectrum_make_row(const Spectrum* const spectrum, const float* const frames, const uint32_t j,
                  kiss_fft_cpx* const rows) RT
{
  float row[SPECTRUM_ROW];
  for (uint32_t m = 0; m < SPECTRUM_ROW; ++m) {
    row[m] = frames[m * spectrum->n_rows + j];
  }
  kiss_fftr(spectrum->to_row, row, rows + (size_t)j * SPECTRUM_STRIDE);
}

/// Split bins into real and imaginary parts
static void
split_bins(const kiss_fft_cpx* const bins, float* const band) RT
{
  for (uint32_t q = 0; q < BAND; ++q) {
    band[q] = bins[q].r;
    band[BAND + q] = bins[q].i;
  }
}

static void
join_bins(const float* const band, kiss_fft_cpx* const bins) RT
{
  for (uint32_t q = 0; q < BAND; ++q) {
    bins[q] = (kiss_fft_cpx){band[q], band[BAND + q]};
  }
}

void
spectrum_make_band(const Spectrum* const spectrum, const kiss_fft_cpx* const rows, const uint32_t k,
                   float* const band) RT
{
  kiss_fft_cpx column[BAND];
  kiss_fft_cpx bins[BAND];
  if (spectrum->n_rows == 1) {
    split_bins(rows + (size_t)k * BAND, band);
    return;
  }
  for (uint32_t j = 0; j < BAND; ++j) {
    const kiss_fft_cpx x = rows[(size_t)j * SPECTRUM_STRIDE + k];
    const kiss_fft_cpx w = spectrum->twiddles[(size_t)k * BAND + j];
    column[j] = (kiss_fft_cpx){x.r * w.r - x.i * w.i, x.r * w.i + x.i * w.r};
  }
  kiss_fft(spectrum->to_band, column, bins);
  split_bins(bins, band);
}

void
spectrum_take_band(const Spectrum* const spectrum, const float* const band, const uint32_t k,
                   kiss_fft_cpx* const rows) RT
{
  kiss_fft_cpx column[BAND];
  kiss_fft_cpx bins[BAND];
  if (spectrum->n_rows == 1) {
    join_bins(band, rows + (size_t)k * BAND);
    return;
  }
  join_bins(band, bins);
  kiss_fft(spectrum->from_band, bins, column);
  for (uint32_t j = 0; j < BAND; ++j) {
    const kiss_fft_cpx x = column[j];
    const kiss_fft_cpx w = spectrum->twiddles[(size_t)k * BAND + j];
    rows[(size_t)j * SPECTRUM_STRIDE + k] =
        (kiss_fft_cpx){x.r * w.r + x.i * w.i, x.i * w.r - x.r * w.i};
  }
}

void
spectrum_take_row(const Spectrum* const spectrum, const kiss_fft_cpx* const rows, const uint32_t j,
                  float* const frames) RT
{
  float row[SPECTRUM_ROW];
  kiss_fftri(spectrum->from_row, rows + (size_t)j * SPECTRUM_STRIDE, row);
  for (uint32_t m = 0; m < SPECTRUM_ROW / 2; ++m) {
    frames[m * spectrum->n_rows + j] = row[SPECTRUM_ROW / 2 + m];
  }
}
