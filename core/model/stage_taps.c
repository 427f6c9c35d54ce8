// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The filter g that is nearest to a delay of d frames makes the weighted error
//
//     ∫ w(f) |Σ_i g_i exp(-2πi f i) - exp(-2πi f d)|² df
//
// least: R g = p with R_ij = ρ(i - j), p_i = ρ(i - d), ρ(x) = ∫ w(f) cos(2π f x) df. R is the same
// for all taps. Its diagonal is raised a little, which keeps the response small where w is 0.

#include "core/model/stage_taps.h"

#include "core/circle.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define REACH 32U ///< Taps of a filter on either side of its delay
#define N_TAPS (2 * REACH)
#define RIDGE 1e-5 ///< On the diagonal
#define WHOLE 1e-7 ///< Delays this close to whole ones are whole [frames]
#define TOP 0.45   ///< Of the lower rate; what is above doesn't count
#define LAG 8U     ///< At a lower rate [frames]
#define N_BANDS 3U

/// Where the error counts, and how much: bands from 0 Hz, which add up
static const struct {
  double top; ///< [Hz]
  double weight;
} bands[N_BANDS] = {{20000.0, 1.0}, {12000.0, 10.0}, {6000.0, 100.0}};

typedef struct {
  double tops[N_BANDS];         ///< Of the bands; 1 is half the rate
  double lower[N_TAPS][N_TAPS]; ///< Cholesky's factor of R
} Fit;

/// Return ρ
static double
correlate(const Fit* const fit, const double lag)
{
  double sum = 0.0;
  for (uint32_t k = 0; k < N_BANDS; ++k) {
    const double x = PI * fit->tops[k] * lag;
    sum += bands[k].weight * fit->tops[k] * (fabs(x) < 1e-9 ? 1.0 : sin(x) / x);
  }
  return sum;
}

static double
dot(const double* const a, const double* const b, const uint32_t n)
{
  double sum = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

static void
prepare_fit(Fit* const fit, const double from_rate, const double to_rate)
{
  for (uint32_t k = 0; k < N_BANDS; ++k) {
    fit->tops[k] = fmin(bands[k].top, TOP * fmin(from_rate, to_rate)) / (to_rate / 2.0);
  }
  for (uint32_t i = 0; i < N_TAPS; ++i) {
    double* const row = fit->lower[i];
    for (uint32_t j = 0; j < i; ++j) {
      row[j] = (correlate(fit, i - j) - dot(row, fit->lower[j], j)) / fit->lower[j][j];
    }
    row[i] = sqrt(correlate(fit, 0.0) + RIDGE - dot(row, row, i));
  }
}

/// Solve R g = p in place
static void
solve_fit(const Fit* const fit, double x[N_TAPS])
{
  for (uint32_t i = 0; i < N_TAPS; ++i) {
    x[i] = (x[i] - dot(fit->lower[i], x, i)) / fit->lower[i][i];
  }
  for (uint32_t i = N_TAPS; i-- > 0;) {
    x[i] /= fit->lower[i][i];
    for (uint32_t j = 0; j < i; ++j) {
      x[j] -= fit->lower[i][j] * x[i];
    }
  }
}

/// Add a tap of this value, `delay` frames late
static void
add_tap(const Fit* const fit, const double value, const double delay, double* const sums)
{
  const double nearest = round(delay);
  if (fabs(delay - nearest) < WHOLE) {
    sums[(size_t)nearest] += value;
    return;
  }
  const double first = fmax(0.0, floor(delay) - (REACH - 1));
  double filter[N_TAPS];
  for (uint32_t i = 0; i < N_TAPS; ++i) {
    filter[i] = correlate(fit, first + i - delay);
  }
  solve_fit(fit, filter);
  for (uint32_t i = 0; i < N_TAPS; ++i) {
    sums[(size_t)first + i] += value * filter[i];
  }
}

/// Write all taps to `to`, whose samples are there, through `sums`, which are zeros
static void
move_taps(const Impulse* const from, const Impulse* const to, Fit* const fit, double* const sums)
{
  const double ratio = to->sample_rate / from->sample_rate;
  const double lag = stage_taps_lag(from->sample_rate, to->sample_rate);
  prepare_fit(fit, from->sample_rate, to->sample_rate);
  for (uint32_t k = 0; k < from->n_frames; ++k) {
    add_tap(fit, (double)from->samples[0][k], lag + k * ratio, sums);
  }
  for (uint32_t i = 0; i < to->n_frames; ++i) {
    to->samples[0][i] = (float)sums[i];
  }
}

uint32_t
stage_taps_lag(const double from_rate, const double to_rate)
{
  return to_rate < from_rate * (1.0 - WHOLE) ? LAG : 0;
}

Status
stage_taps_move(const Impulse* const from, const double sample_rate, Impulse* const to)
{
  const double ratio = sample_rate / from->sample_rate;
  const bool is_whole = fabs(ratio - round(ratio)) * from->n_frames < WHOLE;
  const double last = (from->n_frames - 1) * ratio;
  const uint32_t n = (uint32_t)lround(last) + 1 + stage_taps_lag(from->sample_rate, sample_rate);
  Impulse made = {
      .n_channels = 1, .n_frames = is_whole ? n : n + N_TAPS, .sample_rate = sample_rate};
  Fit* const fit = (Fit*)calloc(1, sizeof(Fit));
  double* const sums = (double*)calloc(made.n_frames, sizeof(double));
  made.samples[0] = (float*)calloc(made.n_frames, sizeof(float));
  const bool has_memory = fit && sums && made.samples[0];
  if (has_memory) {
    move_taps(from, &made, fit, sums);
    *to = made;
  } else {
    impulse_clear(&made);
  }
  free(fit);
  free(sums);
  return has_memory ? STATUS_OK : STATUS_NO_MEMORY;
}
