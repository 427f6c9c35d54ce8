// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Averages spectra. The phase is not unwrapped; it is rotated by one delay after another until most
// bins point one way.

#include "train/capture/transfer_function.h"

#include "core/circle.h"

#include <math.h>
#include <stdlib.h>

#define STEPS_PER_FRAME 8   ///< Of the first search
#define LEAST_COHERENCE 0.2 ///< Of bins whose phase counts
#define MOST_WEIGHT 20.0    ///< Of one bin against others
#define LEAST_INPUT 1e-5    ///< Power of a bin that counts as filled, of the strongest

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

double
transfer_unexplained(const Transfer* const t, const uint32_t bin)
{
  return (1.0 - coherence_of(t, bin)) * t->target[bin];
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

/// Find the delay that the pointers agree with most
static double
find_best_delay(const BinPointers* const p, const double reach)
{
  double best = 0.0;
  double at = 0.0;
  for (double t = -reach; t <= reach; t += 1.0 / STEPS_PER_FRAME) {
    const double sum = sum_pointers(p, t);
    at = sum > best ? t : at;
    best = fmax(sum, best);
  }
  for (double step = 0.5 / STEPS_PER_FRAME; step > 1e-4; step *= 0.5) { // The top is a smooth hill
    const double sides[2] = {sum_pointers(p, at - step), sum_pointers(p, at + step)};
    const double here = sum_pointers(p, at);
    if (sides[0] > here || sides[1] > here) {
      at += sides[0] > sides[1] ? -step : step;
    }
  }
  return at;
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
  frames = find_best_delay(&(const BinPointers){n, transfer->size, re, re + n}, reach);
  free(re);
  return frames;
}
