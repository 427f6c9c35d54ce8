// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Accumulates the cross spectra of all curves and the target, solves one small system for each
// frequency, and filters the curves with the result.

#include "train/capture/static_fit.h"

#include "core/circle.h"

#include <kiss_fftr.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_SPECTRUM 0.04 ///< [s]
#define MAX_CURVES 6U       // FIT_CURVES
#define RIDGE 1e-6          ///< Of the curves' power, added to each
#define FLOOR 1e-12
#define EDGE 16U ///< Part of a spectrum over which a filter fades in and out

/// One frequency: cross spectra of the curves with each other and with the target
typedef struct {
  double curves[MAX_CURVES][MAX_CURVES][2]; ///< conj(i) * k
  double target[MAX_CURVES][2];             ///< conj(i) * target
  double power;                             ///< Of the target
} FitBin;

typedef struct {
  uint32_t size; ///< Of a spectrum, frames
  uint32_t hop;
  uint32_t n_bins;
  uint32_t n_curves;
  float scale; ///< To an RMS of 1
  kiss_fftr_cfg there;
  kiss_fftr_cfg back;
  float* window;                          ///< (size)
  float* frames;                          ///< (size)
  kiss_fft_cpx* spectra[MAX_CURVES + 1U]; ///< Of the curves and the target (n_bins)
  kiss_fft_cpx* filters;                  ///< Of the curves (MAX_CURVES, n_bins)
  FitBin* bins;                           ///< (n_bins)
} FitWork;

static void
work_clear(FitWork* const w)
{
  kiss_fftr_free(w->there);
  kiss_fftr_free(w->back);
  free(w->window);
  free(w->spectra[0]);
  free(w->filters);
  free(w->bins);
}

static Status
work_init(FitWork* const w, const double sample_rate, const FitKind kind)
{
  uint32_t size = 256;
  while (size < LEAST_SPECTRUM * sample_rate) {
    size *= 2;
  }
  const uint32_t n_bins = size / 2 + 1;
  kiss_fft_cpx* const all =
      (kiss_fft_cpx*)calloc((MAX_CURVES + 1U) * (size_t)n_bins, sizeof(kiss_fft_cpx));
  *w =
      (FitWork){.size = size,
                .hop = size / 2,
                .n_bins = n_bins,
                .n_curves = (uint32_t)kind,
                .there = kiss_fftr_alloc((int)size, 0, NULL, NULL),
                .back = kiss_fftr_alloc((int)size, 1, NULL, NULL),
                .window = (float*)calloc(2 * (size_t)size, sizeof(float)),
                .spectra = {all},
                .filters = (kiss_fft_cpx*)calloc(MAX_CURVES * (size_t)n_bins, sizeof(kiss_fft_cpx)),
                .bins = (FitBin*)calloc(n_bins, sizeof(FitBin))};
  if (!w->there || !w->back || !w->window || !all || !w->filters || !w->bins) {
    work_clear(w);
    return STATUS_NO_MEMORY;
  }
  w->frames = w->window + size;
  for (uint32_t i = 0; i < size; ++i) {
    w->window[i] = (float)(0.5 - 0.5 * cos(TAU * (i + 0.5) / size));
  }
  for (uint32_t k = 1; k <= MAX_CURVES; ++k) {
    w->spectra[k] = all + k * (size_t)n_bins;
  }
  return STATUS_OK;
}

/// Clip softly, at 1 / `gain`
static float
clip_softly(const float x, const float gain)
{
  return gain * x / sqrtf(1.0F + gain * gain * x * x);
}

/// Return a curve of a sample: as it is, clipped more and more, and twice rectified
static float
curve_of(const float x, const uint32_t curve)
{
  switch (curve) {
  case 0:
    return x;
  case 1:
    return clip_softly(x, 0.6F);
  case 2:
    return clip_softly(x, 3.0F);
  case 3:
    return clip_softly(x, 15.0F);
  case 4:
    return fabsf(x) / (1.0F + 0.2F * fabsf(x));
  default:
    return fabsf(clip_softly(x, 6.0F));
  }
}

/// Transform the frames from `begin` on, of a curve or (MAX_CURVES) the target; with `is_windowed`
/// under a window
static void
transform_frames(const FitWork* const w, const FitPair pair, const int64_t begin,
                 const uint32_t curve, const bool is_windowed)
{
  for (uint32_t i = 0; i < w->size; ++i) {
    const int64_t at = begin + i;
    const bool is_in = at >= 0 && at < (int64_t)pair.n_frames;
    const float x = !is_in                ? 0.0F
                    : curve == MAX_CURVES ? pair.target[at]
                                          : curve_of(w->scale * pair.input[at], curve);
    w->frames[i] = is_windowed ? w->window[i] * x : x;
  }
  kiss_fftr(w->there, w->frames, w->spectra[curve]);
}

static void
add_product(double sum[2], const kiss_fft_cpx a, const kiss_fft_cpx b)
{
  sum[0] += (double)(a.r * b.r + a.i * b.i);
  sum[1] += (double)(a.r * b.i - a.i * b.r);
}

/// Add the spectra that were transformed
static void
add_spectra(const FitWork* const w)
{
  for (uint32_t bin = 0; bin < w->n_bins; ++bin) {
    FitBin* const b = &w->bins[bin];
    const kiss_fft_cpx y = w->spectra[MAX_CURVES][bin];
    for (uint32_t i = 0; i < w->n_curves; ++i) {
      for (uint32_t k = i; k < w->n_curves; ++k) {
        add_product(b->curves[i][k], w->spectra[i][bin], w->spectra[k][bin]);
      }
      add_product(b->target[i], w->spectra[i][bin], y);
    }
    b->power += (double)(y.r * y.r + y.i * y.i);
  }
}

/// Fill the lower triangle, which is the conjugate of the upper, and make the diagonal certain
static void
complete_system(const FitWork* const w, FitBin* const b, const double floor)
{
  double power = floor;
  for (uint32_t i = 0; i < w->n_curves; ++i) {
    power += RIDGE * b->curves[i][i][0];
    for (uint32_t k = 0; k < i; ++k) {
      b->curves[i][k][0] = b->curves[k][i][0];
      b->curves[i][k][1] = -b->curves[k][i][1];
    }
  }
  for (uint32_t i = 0; i < w->n_curves; ++i) {
    b->curves[i][i][0] += power;
  }
}

/// Subtract factor * b from a
static void
subtract_product(double a[2], const double factor[2], const double b[2])
{
  a[0] -= factor[0] * b[0] - factor[1] * b[1];
  a[1] -= factor[0] * b[1] + factor[1] * b[0];
}

/// Return the power explained; the filters at this frequency come into `solved`. Gauss, without
/// pivots: the matrix is Hermitian and positive.
static double
solve_bin(const FitWork* const w, const FitBin* const bin, double solved[MAX_CURVES][2])
{
  FitBin b = *bin;
  double explained = 0.0;
  for (uint32_t i = 0; i < w->n_curves; ++i) {
    for (uint32_t k = i + 1; k < w->n_curves; ++k) {
      const double by = b.curves[i][i][0];
      const double factor[2] = {b.curves[k][i][0] / by, b.curves[k][i][1] / by};
      for (uint32_t j = i; j < w->n_curves; ++j) {
        subtract_product(b.curves[k][j], factor, b.curves[i][j]);
      }
      subtract_product(b.target[k], factor, b.target[i]);
    }
  }
  for (uint32_t i = w->n_curves; i-- > 0;) {
    for (uint32_t k = i + 1; k < w->n_curves; ++k) {
      subtract_product(b.target[i], b.curves[i][k], solved[k]);
    }
    solved[i][0] = b.target[i][0] / b.curves[i][i][0];
    solved[i][1] = b.target[i][1] / b.curves[i][i][0];
    explained += solved[i][0] * bin->target[i][0] + solved[i][1] * bin->target[i][1];
  }
  return explained;
}

/// Solve all frequencies but 0 Hz, which makes the filters
static double
solve_all(const FitWork* const w)
{
  double most = 0.0;
  double explained = 0.0;
  double power = 0.0;
  for (uint32_t bin = 1; bin < w->n_bins; ++bin) {
    most = fmax(most, w->bins[bin].curves[0][0][0]);
  }
  for (uint32_t bin = 1; bin < w->n_bins; ++bin) {
    double solved[MAX_CURVES][2] = {{0.0}};
    complete_system(w, &w->bins[bin], FLOOR * most + 1e-30);
    explained += solve_bin(w, &w->bins[bin], solved);
    power += w->bins[bin].power;
    for (uint32_t i = 0; i < w->n_curves; ++i) {
      w->filters[i * (size_t)w->n_bins + bin] =
          (kiss_fft_cpx){(float)solved[i][0], (float)solved[i][1]};
    }
  }
  return power > 0.0 ? fmin(fmax(explained / power, 0.0), 1.0) : 0.0;
}

/// Shorten a filter to half the size, faded at both ends, so that blocks can be filtered with it
static void
shorten_filter(const FitWork* const w, kiss_fft_cpx* const filter)
{
  kiss_fftri(w->back, filter, w->frames);
  const double edge = (double)w->size / EDGE;
  for (uint32_t i = 0; i < w->size; ++i) {
    const uint32_t distance = i < w->hop ? i : w->size - i; // From lag 0
    const double left = (double)(w->hop / 2U) - distance;
    const double fade = left <= 0.0 ? 0.0 : left >= edge ? 1.0 : left / edge;
    w->frames[i] *= (float)(fade / w->size);
  }
  kiss_fftr(w->there, w->frames, filter);
}

/// Filter the curves and add them up, block by block; of each block, the middle half is right
static void
render_fit(const FitWork* const w, const FitPair pair, float* const fitted)
{
  for (uint32_t begin = 0; begin < pair.n_frames; begin += w->hop) {
    kiss_fft_cpx* const sum = w->spectra[MAX_CURVES];
    memset(sum, 0, w->n_bins * sizeof(kiss_fft_cpx));
    for (uint32_t i = 0; i < w->n_curves; ++i) {
      transform_frames(w, pair, (int64_t)begin - (int64_t)(w->hop / 2U), i, false);
      for (uint32_t bin = 0; bin < w->n_bins; ++bin) {
        const kiss_fft_cpx h = w->filters[i * (size_t)w->n_bins + bin];
        const kiss_fft_cpx x = w->spectra[i][bin];
        sum[bin].r += h.r * x.r - h.i * x.i;
        sum[bin].i += h.r * x.i + h.i * x.r;
      }
    }
    kiss_fftri(w->back, sum, w->frames);
    for (uint32_t i = 0; i < w->hop && begin + i < pair.n_frames; ++i) {
      fitted[begin + i] = w->frames[w->hop / 2U + i] / (float)w->size;
    }
  }
}

static float
scale_of(const FitPair pair)
{
  double power = 0.0;
  for (uint32_t i = 0; i < pair.n_frames; ++i) {
    power += (double)pair.input[i] * (double)pair.input[i];
  }
  return power > 0.0 ? (float)sqrt(pair.n_frames / power) : 0.0F;
}

static void
analyse_pair(const FitWork* const w, const FitPair pair)
{
  for (uint32_t begin = 0; (uint64_t)begin + w->size <= pair.n_frames; begin += w->hop) {
    for (uint32_t i = 0; i < w->n_curves; ++i) {
      transform_frames(w, pair, begin, i, true);
    }
    transform_frames(w, pair, begin, MAX_CURVES, true);
    add_spectra(w);
  }
}

FitPair
fit_pair_of(const Wav* const input, const Wav* const target, const double delay, const double most)
{
  const double begins[2] = {fmax(-delay, 0.0), fmax(delay, 0.0)};
  const double left =
      fmin((double)input->n_frames - begins[0], (double)target->n_frames - begins[1]);
  if (left < 1.0) {
    return (FitPair){input->samples, target->samples, 0, input->sample_rate};
  }
  return (FitPair){input->samples + (uint64_t)begins[0], target->samples + (uint64_t)begins[1],
                   (uint32_t)fmin(left, most * input->sample_rate), input->sample_rate};
}

Status
static_fit(const FitPair pair, const FitKind kind, float* const fitted, double* const share)
{
  FitWork w;
  const Status status = work_init(&w, pair.sample_rate, kind);
  if (status) {
    return status;
  }
  w.scale = scale_of(pair);
  analyse_pair(&w, pair);
  *share = solve_all(&w);
  for (uint32_t i = 0; i < w.n_curves && fitted; ++i) {
    shorten_filter(&w, w.filters + i * (size_t)w.n_bins);
  }
  if (fitted) {
    render_fit(&w, pair, fitted);
  }
  work_clear(&w);
  return STATUS_OK;
}
