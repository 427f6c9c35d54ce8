// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which frequencies sound when? Short transforms; rows are spaced evenly in pitch. Main thread.

#include "train/report/spectrogram.h"

#include "core/circle.h"
#include "core/decibel.h"

#include <kiss_fftr.h>

#include <math.h>
#include <stdlib.h>

#define SIZE 2048U
#define BINS (SIZE / 2 + 1)

/// Return the lower edge of a row, counted from the lowest [Hz]
static double
find_row_edge(const uint32_t row)
{
  return SPECTROGRAM_LOW * pow(SPECTROGRAM_HIGH / SPECTROGRAM_LOW, (double)row / SPECTROGRAM_ROWS);
}

/// Fill a column with the highest power between the edges of each row
static void
fill_column(const kiss_fft_cpx* const bins, const double per_bin, float* const column)
{
  for (uint32_t row = 0; row < SPECTROGRAM_ROWS; ++row) {
    const uint32_t first = (uint32_t)lrint(find_row_edge(row) / per_bin);
    const uint32_t last = (uint32_t)lrint(find_row_edge(row + 1) / per_bin);
    float most = 0.0F;
    for (uint32_t k = first; k <= last && k < BINS; ++k) {
      most = fmaxf(most, bins[k].r * bins[k].r + bins[k].i * bins[k].i);
    }
    column[(size_t)(SPECTROGRAM_ROWS - 1 - row) * SPECTROGRAM_COLUMNS] = most;
  }
}

/// Fill `frames` with the samples around the middle of a column, under a Hann window
static void
cut_frames(const float* const samples, const uint32_t n_frames, const uint32_t column,
           float* const frames)
{
  const int64_t middle = (int64_t)((column + 0.5) * n_frames / SPECTROGRAM_COLUMNS);
  for (uint32_t i = 0; i < SIZE; ++i) {
    const int64_t at = middle - (int64_t)(SIZE / 2) + i;
    const float sample = at >= 0 && at < (int64_t)n_frames ? samples[at] : 0.0F;
    frames[i] = sample * (float)(0.5 - 0.5 * cos(TAU * i / SIZE));
  }
}

Status
spectrogram_make(const float* const samples, const uint32_t n_frames, const double sample_rate,
                 Spectrogram* const spectrogram)
{
  const kiss_fftr_cfg plan = kiss_fftr_alloc((int)SIZE, 0, NULL, NULL);
  float* const power = (float*)calloc(SPECTROGRAM_ROWS * SPECTROGRAM_COLUMNS, sizeof(float));
  if (!plan || !power) {
    kiss_fftr_free(plan);
    free(power);
    return STATUS_NO_MEMORY;
  }
  for (uint32_t column = 0; column < SPECTROGRAM_COLUMNS; ++column) {
    float frames[SIZE];
    kiss_fft_cpx bins[BINS];
    cut_frames(samples, n_frames, column, frames);
    kiss_fftr(plan, frames, bins);
    fill_column(bins, sample_rate / SIZE, power + column);
  }
  kiss_fftr_free(plan);
  spectrogram->power = power;
  return STATUS_OK;
}

void
spectrogram_clear(Spectrogram* const spectrogram)
{
  free(spectrogram->power);
  spectrogram->power = NULL;
}

float
spectrogram_peak(const Spectrogram* const spectrogram)
{
  float peak = 0.0F;
  for (uint32_t i = 0; i < SPECTROGRAM_ROWS * SPECTROGRAM_COLUMNS; ++i) {
    peak = fmaxf(peak, spectrogram->power[i]);
  }
  return peak;
}

void
spectrogram_scale(Spectrogram* const spectrogram, const float peak)
{
  for (uint32_t i = 0; i < SPECTROGRAM_ROWS * SPECTROGRAM_COLUMNS; ++i) {
    const double part = (double)spectrogram->power[i] / ((double)peak + 1e-30);
    spectrogram->power[i] = (float)(1.0 + decibel_of_power(part + 1e-30) / SPECTROGRAM_RANGE);
  }
}
