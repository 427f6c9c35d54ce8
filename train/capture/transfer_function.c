// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Averages spectra, and finds the straight line that fits their phase best. The phase is not
// unwrapped; it is rotated by one delay after another until most bins point one way.

#include "train/capture/transfer_function.h"

#include "core/circle.h"

#include <kiss_fft.h>
#include <math.h>
#include <stdlib.h>

#define ARRIVAL_STEP 0.25   ///< [frames]
#define CHANCE 0.1          ///< Coherence that chance gives
#define LARGE 0.7           ///< Wave against the largest
#define RISEN 0.25          ///< Of the wave
#define STEPS_PER_FRAME 8   ///< Of the first search
#define LEAST_COHERENCE 0.2 ///< Of bins whose phase counts
#define MOST_WEIGHT 20.0    ///< Of one bin against others
#define LEAST_INPUT 1e-5    ///< Power of a bin that counts as filled, of the strongest
#define RELIABLE 0.25       ///< Coherence of bins whose magnitude counts
#define SMOOTHING 1.1225    ///< A sixth of an octave to either side
#define EDGE_FROM 256.0     ///< Bins below are too few
#define EDGE_DROP 0.1       ///< Of the power, a third of an octave further
#define POINT_STEP 1.0293   ///< A twenty-fourth of an octave
#define MAX_POINTS 512U
#define STEEPEST_FALL (-6.0) ///< Slope of |H| beyond the last point: 36 dB an octave down
#define STEEPEST_RISE 0.0

Status
transfer_work_init(TransferWork* const work, const uint32_t size)
{
  *work = (TransferWork){.size = size,
                         .plan = kiss_fftr_alloc((int)size, 0, NULL, NULL),
                         .window = (float*)calloc(size, sizeof(float)),
                         .frames = (float*)calloc(size, sizeof(float)),
                         .spectra = {(kiss_fft_cpx*)calloc(size, sizeof(kiss_fft_cpx)),
                                     (kiss_fft_cpx*)calloc(size, sizeof(kiss_fft_cpx))}};
  if (!work->plan || !work->window || !work->frames || !work->spectra[0] || !work->spectra[1]) {
    transfer_work_clear(work);
    return STATUS_NO_MEMORY;
  }
  for (uint32_t i = 0; i < size; ++i) {
    work->window[i] = (float)(0.5 - 0.5 * cos(TAU * (i + 0.5) / size));
  }
  return STATUS_OK;
}

void
transfer_work_clear(TransferWork* const work)
{
  kiss_fftr_free(work->plan);
  free(work->window);
  free(work->frames);
  free(work->spectra[0]);
  free(work->spectra[1]);
  *work = (TransferWork){0};
}

static uint32_t
n_bins(const Transfer* const t)
{
  return t->size / 2 + 1;
}

Status
transfer_init(Transfer* const transfer, const uint32_t size)
{
  const size_t n = size / 2 + 1;
  double* const sums = (double*)calloc(4 * n, sizeof(double));
  *transfer = (Transfer){size, 0, sums, sums + n, sums + 2 * n, sums + 3 * n};
  return sums ? STATUS_OK : STATUS_NO_MEMORY;
}

void
transfer_clear(Transfer* const transfer)
{
  free(transfer->input);
  *transfer = (Transfer){0};
}

static void
transform_frames(const TransferWork* const work, const float* const frames,
                 kiss_fft_cpx* const spectrum)
{
  for (uint32_t i = 0; i < work->size; ++i) {
    work->frames[i] = work->window[i] * frames[i];
  }
  kiss_fftr(work->plan, work->frames, spectrum);
}

void
transfer_add(Transfer* const transfer, TransferWork* const work, const float* const input,
             const float* const target, const double late)
{
  transform_frames(work, input, work->spectra[0]);
  transform_frames(work, target, work->spectra[1]);
  const double turn[2] = {cos(TAU * late / transfer->size), sin(TAU * late / transfer->size)};
  double at[2] = {1.0, 0.0};
  for (uint32_t k = 0; k < n_bins(transfer); ++k) {
    const double x[2] = {(double)work->spectra[0][k].r, (double)work->spectra[0][k].i};
    const double y[2] = {(double)work->spectra[1][k].r, (double)work->spectra[1][k].i};
    const double re = x[0] * y[0] + x[1] * y[1];
    const double im = x[0] * y[1] - x[1] * y[0];
    const double next = at[0] * turn[0] - at[1] * turn[1];
    transfer->input[k] += x[0] * x[0] + x[1] * x[1];
    transfer->target[k] += y[0] * y[0] + y[1] * y[1];
    transfer->re[k] += re * at[0] - im * at[1];
    transfer->im[k] += im * at[0] + re * at[1];
    at[1] = at[1] * turn[0] + at[0] * turn[1];
    at[0] = next;
  }
  ++transfer->n_segments;
}

void
transfer_merge(Transfer* const transfer, const Transfer* const other)
{
  for (uint32_t k = 0; k < 4 * n_bins(transfer); ++k) {
    transfer->input[k] += other->input[k]; // All four lie in a row
  }
  transfer->n_segments += other->n_segments;
}

/// Return the magnitude-squared coherence of a bin
static double
coherence_of(const Transfer* const t, const uint32_t k)
{
  const double both = t->input[k] * t->target[k];
  return both > 0.0 ? (t->re[k] * t->re[k] + t->im[k] * t->im[k]) / both : 0.0;
}

/// Return the power below which a bin of the input counts as empty
static double
least_power(const Transfer* const t)
{
  double most = 0.0;
  for (uint32_t k = 1; k < n_bins(t); ++k) {
    most = t->input[k] > most ? t->input[k] : most;
  }
  return LEAST_INPUT * most;
}

double
transfer_coherence(const Transfer* const transfer)
{
  const double least = least_power(transfer);
  double sum = 0.0;
  uint32_t n = 0;
  for (uint32_t k = 1; k < n_bins(transfer); ++k) {
    if (transfer->input[k] > least) {
      sum += coherence_of(transfer, k);
      ++n;
    }
  }
  return n ? sum / n : 0.0;
}

/// A pointer for each bin: its angle is the bin's delay, its length how far to trust it
typedef struct {
  uint32_t n; ///< Bins
  uint32_t size;
  const double* re;
  const double* im;
} BinPointers;

/// Sum the pointers turned back by a delay: largest, or most negative, at the right one
static double
sum_pointers(const BinPointers* const p, const double frames)
{
  const double turn[2] = {cos(TAU * frames / p->size), sin(TAU * frames / p->size)};
  double at[2] = {1.0, 0.0};
  double sum = 0.0;
  for (uint32_t k = 0; k < p->n; ++k) {
    const double next = at[0] * turn[0] - at[1] * turn[1];
    sum += p->re[k] * at[0] - p->im[k] * at[1];
    at[1] = at[1] * turn[0] + at[0] * turn[1];
    at[0] = next;
  }
  return sum;
}

/// Return how far the pointers agree with a delay: 1 if they all do
static double
measure_agreement(const BinPointers* const p, const double frames)
{
  double most = 0.0;
  for (uint32_t k = 0; k < p->n; ++k) {
    most += hypot(p->re[k], p->im[k]);
  }
  return most > 0.0 ? fabs(sum_pointers(p, frames)) / most : 0.0;
}

/// Find the delay that the pointers agree with most. Either polarity will do unless `is_upright`.
static TransferDelay
find_best_delay(const BinPointers* const p, const double reach, const bool is_upright)
{
  double best = 0.0;
  double at = 0.0;
  for (double t = -reach; t <= reach; t += 1.0 / STEPS_PER_FRAME) {
    const double sum = sum_pointers(p, t);
    if (is_upright ? sum > best : fabs(sum) > fabs(best)) {
      best = sum;
      at = t;
    }
  }
  for (double step = 0.5 / STEPS_PER_FRAME; step > 1e-4; step *= 0.5) { // The top is a smooth hill
    const double sides[2] = {fabs(sum_pointers(p, at - step)), fabs(sum_pointers(p, at + step))};
    const double here = fabs(sum_pointers(p, at));
    if (sides[0] > here || sides[1] > here) {
      at += sides[0] > sides[1] ? -step : step;
    }
  }
  return (TransferDelay){at, best < 0.0, measure_agreement(p, at)};
}

static double
weight_of(const double coherence)
{
  const double weight = coherence < LEAST_COHERENCE ? 0.0 : coherence / (1.000001 - coherence);
  return weight < MOST_WEIGHT ? weight : MOST_WEIGHT;
}

double
transfer_delay_against(const Transfer* const transfer, const Transfer* const reference,
                       const double reach)
{
  const uint32_t n = n_bins(transfer);
  double* const re = (double*)calloc(2 * (size_t)n, sizeof(double));
  double frames = 0.0;
  if (!re) {
    return 0.0;
  }
  for (uint32_t k = 1; k < n; ++k) {
    const double* const a[2] = {&transfer->re[k], &transfer->im[k]};
    const double* const b[2] = {&reference->re[k], &reference->im[k]};
    const double size = hypot(*a[0], *a[1]) * hypot(*b[0], *b[1]) + 1e-300;
    const double weight = weight_of(coherence_of(reference, k)) / size;
    re[k] = weight * (*a[0] * *b[0] + *a[1] * *b[1]);
    re[n + k] = weight * (*a[1] * *b[0] - *a[0] * *b[1]);
  }
  frames = find_best_delay(&(const BinPointers){n, transfer->size, re, re + n}, reach, true).frames;
  free(re);
  return frames;
}

static int
compare_numbers(const void* const a, const void* const b)
{
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

/// Find the median of log |H| over the reliable bins around `bin`; return false if less than half
/// are
static bool
level_around(const Transfer* const t, const double bin, double* const work, double* const level)
{
  const uint32_t first = (uint32_t)ceil(bin / SMOOTHING);
  const uint32_t last = (uint32_t)fmin(bin * SMOOTHING, n_bins(t) - 1.0);
  uint32_t n = 0;
  for (uint32_t k = first ? first : 1; k <= last; ++k) {
    if (t->input[k] > 0.0 && coherence_of(t, k) >= RELIABLE) {
      work[n++] = log(hypot(t->re[k], t->im[k]) / t->input[k]);
    }
  }
  qsort(work, n, sizeof(*work), compare_numbers);
  *level = n ? work[n / 2] : 0.0;
  return n && 2 * n > last - first;
}

/// Return the mean power of the input a sixth of an octave below a bin and above it
static double
power_around(const Transfer* const t, const double bin)
{
  const uint32_t first = (uint32_t)(bin / SMOOTHING);
  const uint32_t last = (uint32_t)fmin(bin * SMOOTHING, n_bins(t) - 1.0);
  double sum = 0.0;
  for (uint32_t k = first; k <= last; ++k) {
    sum += t->input[k];
  }
  return sum / (last - first + 1);
}

/// Return true where the input's band ends, as that of a band-limited test signal does. What lies
/// beyond comes from leakage and distortion, however coherent it may seem.
static bool
is_past_the_edge(const Transfer* const t, const double bin)
{
  return bin > EDGE_FROM &&
         power_around(t, bin) < EDGE_DROP * power_around(t, bin / (SMOOTHING * SMOOTHING));
}

/// Points of log |H| over the logarithm of the bin
typedef struct {
  uint32_t n;
  double log_bin[MAX_POINTS];
  double level[MAX_POINTS];
} LevelCurve;

/// Return the slope of the last octave of a curve, as a line of least squares
static double
fit_last_slope(const LevelCurve* const c)
{
  double sums[5] = {0.0};
  for (uint32_t i = 0; i < c->n; ++i) {
    if (c->log_bin[i] > c->log_bin[c->n - 1] - log(2.0)) {
      const double x = c->log_bin[i];
      sums[0] += 1.0;
      sums[1] += x;
      sums[2] += x * x;
      sums[3] += c->level[i];
      sums[4] += x * c->level[i];
    }
  }
  const double across = sums[0] * sums[2] - sums[1] * sums[1];
  const double slope = across > 1e-9 ? (sums[0] * sums[4] - sums[1] * sums[3]) / across : 0.0;
  return fmin(fmax(slope, STEEPEST_FALL), STEEPEST_RISE);
}

/// Interpolate a curve; constant before its points, and beyond them with `slope`
static double
curve_at(const LevelCurve* const c, const double slope, const double log_bin)
{
  uint32_t i = 0;
  while (i < c->n && c->log_bin[i] < log_bin) {
    ++i;
  }
  if (i == 0) {
    return c->level[0];
  }
  const double rise =
      i == c->n ? slope : (c->level[i] - c->level[i - 1]) / (c->log_bin[i] - c->log_bin[i - 1]);
  return c->level[i - 1] + rise * (log_bin - c->log_bin[i - 1]);
}

/// Write log |H| of all bins: smoothed where it is reliable, interpolated elsewhere. Return false
/// if nothing is reliable.
static bool
make_levels(const Transfer* const t, double* const level)
{
  LevelCurve curve = {0};
  for (double bin = 1.0;
       bin < n_bins(t) && curve.n < MAX_POINTS && !is_past_the_edge(t, bin * SMOOTHING);
       bin *= POINT_STEP) {
    curve.log_bin[curve.n] = log(bin);
    curve.n += level_around(t, bin, level, &curve.level[curve.n]);
  }
  if (!curve.n) {
    return false;
  }
  const double slope = fit_last_slope(&curve);
  for (uint32_t k = 0; k < n_bins(t); ++k) {
    level[k] = curve_at(&curve, slope, k ? log(k) : 0.0);
  }
  return true;
}

/// Replace log |H| of bins 0 to n - 1 by the phase of the minimum-phase filter with that magnitude
static Status
compute_minimum_phase(double* const level, const uint32_t size)
{
  const uint32_t n = size / 2 + 1;
  kiss_fft_cpx* const a = (kiss_fft_cpx*)calloc(2 * (size_t)size, sizeof(kiss_fft_cpx));
  const kiss_fft_cfg there = kiss_fft_alloc((int)size, 0, NULL, NULL);
  const kiss_fft_cfg back = kiss_fft_alloc((int)size, 1, NULL, NULL);
  const bool is_made = a && there && back;
  if (is_made) {
    for (uint32_t k = 0; k < size; ++k) {
      a[k].r = (float)level[k < n ? k : size - k];
    }
    kiss_fft(back, a, a + size); // The cepstrum, times size
    for (uint32_t k = 0; k < size; ++k) {
      const float fold = k == 0 || k == size / 2 ? 1.0F : k < n ? 2.0F : 0.0F;
      a[size + k].r *= fold / (float)size;
      a[size + k].i = 0.0F;
    }
    kiss_fft(there, a + size, a);
    for (uint32_t k = 0; k < n; ++k) {
      level[k] = (double)a[k].i;
    }
  }
  kiss_fft_free(there);
  kiss_fft_free(back);
  free(a);
  return is_made ? STATUS_OK : STATUS_NO_MEMORY;
}

Status
transfer_delay(const Transfer* const transfer, const double reach, TransferDelay* const delay)
{
  const uint32_t n = n_bins(transfer);
  double* const phase = (double*)calloc(3 * (size_t)n, sizeof(double));
  double* const re = phase + n;
  double* const im = re + n;
  Status status = phase ? STATUS_OK : STATUS_NO_MEMORY;
  *delay = (TransferDelay){0};
  if (!status && make_levels(transfer, phase)) { // Otherwise assume no filter
    status = compute_minimum_phase(phase, transfer->size);
  }
  for (uint32_t k = 1; k < n && !status; ++k) {
    const double angle = atan2(transfer->im[k], transfer->re[k]) - phase[k];
    const double weight = weight_of(coherence_of(transfer, k));
    re[k] = weight * cos(angle);
    im[k] = weight * sin(angle);
  }
  if (!status) {
    *delay = find_best_delay(&(const BinPointers){n, transfer->size, re, im}, reach, false);
  }
  free(phase);
  return status;
}

/// Return the first large peak of the response, from -`reach` on
static double
find_first_large_peak(const BinPointers* const p, const double reach)
{
  double most = 0.0;
  for (double t = -reach; t <= reach; t += ARRIVAL_STEP) {
    most = fmax(most, fabs(sum_pointers(p, t)));
  }
  for (double t = -reach; t <= reach; t += ARRIVAL_STEP) {
    const double here = fabs(sum_pointers(p, t));
    if (here >= LARGE * most && here >= fabs(sum_pointers(p, t + ARRIVAL_STEP))) {
      return t;
    }
  }
  return reach;
}

Status
transfer_arrival(const Transfer* const transfer, const double reach, TransferDelay* const arrival)
{
  const uint32_t n = n_bins(transfer);
  double* const re = (double*)calloc(2 * (size_t)n, sizeof(double));
  if (!re) {
    return STATUS_NO_MEMORY;
  }
  for (uint32_t k = 1; k < n; ++k) {
    const double certain = fmax(coherence_of(transfer, k) - CHANCE, 0.0);
    const double weight = transfer->input[k] > 0.0 ? certain / transfer->input[k] : 0.0;
    re[k] = weight * transfer->re[k];
    re[n + k] = weight * transfer->im[k];
  }
  const BinPointers response = {n, transfer->size, re, re + n};
  double at = find_first_large_peak(&response, reach);
  const double top = sum_pointers(&response, at);
  while (at > -reach && fabs(sum_pointers(&response, at)) > RISEN * fabs(top)) {
    at -= ARRIVAL_STEP;
  }
  *arrival = (TransferDelay){at, top < 0.0, measure_agreement(&response, at)};
  free(re);
  return STATUS_OK;
}
