// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Cross spectra of segments of some seconds, divided by the sound's power, give the response. Where
// the sound repeats itself exactly, as sequenced playing does, the response repeats, too: those
// lags don't count.

#include "train/capture/late_response.h"

#include "core/circle.h"
#include "core/decibel.h"

#include <kiss_fftr.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_RATE 12000.0 ///< To which it is reduced, at least [Hz]
#define SEGMENT 3.5        ///< At least [s]
#define LOW_HZ 100.0
#define HIGH_HZ 6000.0
#define SMOOTH_HZ 15.0   ///< Width over which the sound's power is averaged [Hz]
#define LEAST_POWER 1e-5 ///< Of a frequency against the strongest
#define REPEATS 6.0      ///< Repetition against the median that makes a lag uncertain
#define BESIDE 0.001     ///< Around such a lag [s]
#define N_TAIL_BANDS 3U

/// Between these times, what is chance is alike [s]
static const double edges[] = {0.055, 0.1, 0.2, 0.4, 0.8, 1.4};

#define N_BANDS (sizeof(edges) / sizeof(edges[0]) - 1U)

typedef struct {
  uint32_t size;
  uint32_t step; ///< Frames per sample
  double rate;   ///< Of the samples [Hz]
  kiss_fftr_cfg there;
  kiss_fftr_cfg back;
  float* samples;           ///< (size)
  kiss_fft_cpx* spectra[2]; ///< Of the sound and the rest
  kiss_fft_cpx* cross;      ///< conj(sound) * rest
  double* power;            ///< Of the sound (bins)
  float* repeats;           ///< (size) What the sound has in common with itself, later
} LateWork;

static void
work_clear(LateWork* const w)
{
  kiss_fftr_free(w->there);
  kiss_fftr_free(w->back);
  free(w->samples);
  free(w->spectra[0]);
  free(w->power);
}

static Status
work_init(LateWork* const w, const double sample_rate)
{
  const uint32_t step = (uint32_t)fmax(sample_rate / LEAST_RATE, 1.0);
  uint32_t size = 1024;
  while (size < SEGMENT * sample_rate / step) {
    size *= 2;
  }
  const size_t n_bins = size / 2 + 1;
  kiss_fft_cpx* const bins = (kiss_fft_cpx*)calloc(3 * n_bins, sizeof(kiss_fft_cpx));
  *w = (LateWork){.size = size,
                  .step = step,
                  .rate = sample_rate / step,
                  .there = kiss_fftr_alloc((int)size, 0, NULL, NULL),
                  .back = kiss_fftr_alloc((int)size, 1, NULL, NULL),
                  .samples = (float*)calloc(2 * (size_t)size, sizeof(float)),
                  .spectra = {bins, bins + n_bins},
                  .cross = bins + 2 * n_bins,
                  .power = (double*)calloc(n_bins, sizeof(double))};
  if (!w->there || !w->back || !w->samples || !bins || !w->power) {
    work_clear(w);
    return STATUS_NO_MEMORY;
  }
  w->repeats = w->samples + size;
  return STATUS_OK;
}

/// Transform a segment that begins at a frame, under a window
static void
transform_segment(const LateWork* const w, const float* const sound, const uint32_t n_frames,
                  const uint32_t begin, kiss_fft_cpx* const spectrum)
{
  memset(w->samples, 0, w->size * sizeof(float));
  for (uint32_t i = 0; i < w->size * w->step && begin + i < n_frames; ++i) {
    w->samples[i / w->step] += sound[begin + i];
  }
  for (uint32_t i = 0; i < w->size; ++i) {
    w->samples[i] *= (float)(0.5 - 0.5 * cos(TAU * (i + 0.5) / w->size));
  }
  kiss_fftr(w->there, w->samples, spectrum);
}

static void
add_segments(const LateWork* const w, const LateSound sound)
{
  const uint32_t length = w->size * w->step;
  for (uint32_t begin = 0; begin == 0 || begin + length / 2 < sound.n_frames; begin += length / 2) {
    transform_segment(w, sound.sound, sound.n_frames, begin, w->spectra[0]);
    transform_segment(w, sound.rest, sound.n_frames, begin, w->spectra[1]);
    for (uint32_t k = 0; k <= w->size / 2; ++k) {
      const kiss_fft_cpx x = w->spectra[0][k];
      const kiss_fft_cpx y = w->spectra[1][k];
      w->power[k] += (double)(x.r * x.r + x.i * x.i);
      w->cross[k].r += x.r * y.r + x.i * y.i;
      w->cross[k].i += x.r * y.i - x.i * y.r;
    }
  }
}

/// Return the sound's power around a bin; `sums` are its running sums
static double
power_around(const LateWork* const w, const double* const sums, const uint32_t bin)
{
  const uint32_t reach = (uint32_t)(0.5 * SMOOTH_HZ * w->size / w->rate) + 1;
  const uint32_t first = bin > reach ? bin - reach : 0;
  const uint32_t end = bin + reach < w->size / 2 ? bin + reach + 1 : w->size / 2 + 1;
  return (sums[end] - sums[first]) / (end - first);
}

/// Divide by the sound's power, and return to lags: the response into `samples`, and the sound's
/// own repetition into `repeats`
static Status
compute_responses(const LateWork* const w)
{
  const uint32_t n_bins = w->size / 2 + 1;
  double* const sums = (double*)calloc(n_bins + 1, sizeof(double));
  double most = 0.0;
  if (!sums) {
    return STATUS_NO_MEMORY;
  }
  for (uint32_t k = 0; k < n_bins; ++k) {
    sums[k + 1] = sums[k] + w->power[k];
  }
  for (uint32_t k = 0; k < n_bins; ++k) {
    most = fmax(most, power_around(w, sums, k));
  }
  for (uint32_t k = 0; k < n_bins; ++k) {
    const double hz = w->rate * k / w->size;
    const double power = fmax(power_around(w, sums, k), LEAST_POWER * most);
    const float by = hz > LOW_HZ && hz < HIGH_HZ && most > 0.0 ? (float)(1.0 / power) : 0.0F;
    w->spectra[0][k] = (kiss_fft_cpx){(float)w->power[k] * by, 0.0F};
    w->cross[k].r *= by;
    w->cross[k].i *= by;
  }
  kiss_fftri(w->back, w->spectra[0], w->repeats);
  kiss_fftri(w->back, w->cross, w->samples);
  free(sums);
  return STATUS_OK;
}

static int
compare_numbers(const void* const a, const void* const b)
{
  const float x = *(const float*)a;
  const float y = *(const float*)b;
  return (x > y) - (x < y);
}

/// Set `repeats` to 1 where the sound repeats itself within a band of lags, and beside, else to 0
static Status
mark_repeats(const LateWork* const w, const uint32_t first, const uint32_t end)
{
  const uint32_t n = end - first;
  const uint32_t beside = (uint32_t)(BESIDE * w->rate);
  float* const sorted = (float*)malloc(2 * n * sizeof(float));
  if (!sorted) {
    return STATUS_NO_MEMORY;
  }
  float* const found = sorted + n;
  for (uint32_t i = 0; i < n; ++i) {
    sorted[i] = fabsf(w->repeats[first + i]);
    found[i] = sorted[i];
    w->repeats[first + i] = 0.0F;
  }
  qsort(sorted, n, sizeof(*sorted), compare_numbers);
  for (uint32_t i = 0; i < n; ++i) {
    for (uint32_t k = i > beside ? i - beside : 0;
         found[i] > (float)REPEATS * sorted[n / 2] && k < n && k <= i + beside; ++k) {
      w->repeats[first + k] = 1.0F;
    }
  }
  free(sorted);
  return STATUS_OK;
}

/// Powers and peaks of a band of lags, before (0) and after (1) the cause
typedef struct {
  double power[2];
  double peak[2];
  uint32_t peak_at; ///< After the cause
} BandSums;

static BandSums
sum_band(const LateWork* const w, const uint32_t first, const uint32_t end)
{
  BandSums b = {{1e-30, 1e-30}, {1e-15, 1e-15}, first};
  for (uint32_t i = first; i < end; ++i) {
    const double values[2] = {(double)fabsf(w->samples[w->size - i]), (double)fabsf(w->samples[i])};
    if (w->repeats[i] > 0.0F) {
      continue;
    }
    b.peak_at = values[1] > b.peak[1] ? i : b.peak_at;
    for (int side = 0; side < 2; ++side) {
      b.power[side] += values[side] * values[side];
      b.peak[side] = fmax(b.peak[side], values[side]);
    }
  }
  return b;
}

static Status
judge_bands(const LateWork* const w, LateResponse* const response)
{
  *response = (LateResponse){.echo_db = -200.0};
  for (size_t band = 0; band < N_BANDS; ++band) {
    const uint32_t first = (uint32_t)(edges[band] * w->rate);
    const uint32_t end = (uint32_t)(edges[band + 1] * w->rate);
    const Status status = mark_repeats(w, first, end);
    if (status) {
      return status;
    }
    const BandSums b = sum_band(w, first, end);
    const double peak_db = decibel_of_gain(b.peak[1] / b.peak[0]);
    if (peak_db > response->echo_db) {
      response->echo_db = peak_db;
      response->echo_seconds = b.peak_at / w->rate;
    }
    response->tail_db +=
        band < N_TAIL_BANDS ? decibel_of_power(b.power[1] / b.power[0]) / N_TAIL_BANDS : 0.0;
  }
  return STATUS_OK;
}

Status
late_response_find(const LateSound sound, LateResponse* const response)
{
  LateWork w;
  Status status = work_init(&w, sound.sample_rate);
  if (!status) {
    add_segments(&w, sound);
    status = compute_responses(&w);
    status = status ? status : judge_bands(&w, response);
    work_clear(&w);
  }
  return status;
}
