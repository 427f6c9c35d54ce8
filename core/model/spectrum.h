// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A real Fourier transform in many short steps of equal cost, so that a long one can be spread
/// over time. The functions marked RT are for the audio thread.
///
///     frames ─▶ rows ─▶ bands ─▶ (multiply) ─▶ bands ─▶ rows ─▶ frames
///
/// Row j is the transform of the frames j, j + R, j + 2R … (R rows). Bands hold the spectrum, split
/// into real and imaginary parts, in an order that doesn't matter for multiplying.

#ifndef GRUS_CORE_MODEL_SPECTRUM_H
#define GRUS_CORE_MODEL_SPECTRUM_H

#include "core/realtime.h"
#include "core/status.h"

#include <kiss_fft.h>
#include <kiss_fftr.h>

#include <stdint.h>

#define SPECTRUM_ROW 128U   ///< Frames of a row
#define SPECTRUM_BAND 16U   ///< Bins of a band; also the rows of a long transform
#define SPECTRUM_STRIDE 80U ///< Distance between rows, in whole bands [bins]

/// A transform of n_rows * SPECTRUM_ROW frames
typedef struct {
  uint32_t n_rows;        ///< 1 or SPECTRUM_BAND
  uint32_t n_bands;       ///< 5 or 65
  kiss_fft_cpx* twiddles; ///< (n_bands, SPECTRUM_BAND) if there is more than one row
  kiss_fftr_cfg to_row;
  kiss_fftr_cfg from_row;
  kiss_fft_cfg to_band;
  kiss_fft_cfg from_band;
} Spectrum;

/// Make a transform with 1 row, or with SPECTRUM_BAND rows
NODISCARD Status spectrum_init(Spectrum* spectrum, uint32_t n_rows);

/// Legal on a zeroed struct
void spectrum_clear(Spectrum* spectrum);

/// Fill row `j` of `rows` (n_rows, SPECTRUM_STRIDE) from `frames` (n_rows * SPECTRUM_ROW)
void spectrum_make_row(const Spectrum* spectrum, const float* frames, uint32_t j,
                       kiss_fft_cpx* rows) RT;

/// Fill `band` (2, SPECTRUM_BAND), which is number `k`, from all rows
void spectrum_make_band(const Spectrum* spectrum, const kiss_fft_cpx* rows, uint32_t k,
                        float* band) RT;

/// Write a band back into all rows, where it came from
void spectrum_take_band(const Spectrum* spectrum, const float* band, uint32_t k,
                        kiss_fft_cpx* rows) RT;

/// Write the samples that row `j` contributes to the second half of the frames (n_rows *
/// SPECTRUM_ROW / 2), scaled by the total number of frames
void spectrum_take_row(const Spectrum* spectrum, const kiss_fft_cpx* rows, uint32_t j,
                       float* frames) RT;

#endif
