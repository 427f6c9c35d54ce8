// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Plucks with filtered noise; errors measured behind a resampler. Any thread but the audio thread.

#include "core/model/trial.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "core/model/loudness.h"
#include "core/model/resampler.h"
#include "core/random.h"

#include <math.h>
#include <stddef.h>

#define SCRATCH_PERIOD 0.125 ///< As a pluck [s]
#define SCRATCH_SECONDS 0.06
#define SCRATCH_LEVEL 0.5
#define SCRATCH_POLES 4U
#define SCRATCH_PITCH 9000.0 ///< Of each pole [Hz]

/// What a resampler to this rate lets through is heard: it is flat to 0.45 of it, stops at 0.55 of
/// it, and has few phases from every common rate [Hz]
#define HEARD_RATE 36000.0
#define SLICE 256U

void
trial_phrase(const double sample_rate, float* const samples, const uint32_t n_frames)
{
  Random random = random_for(17, 0);
  const double keep = exp(-TAU * SCRATCH_PITCH / sample_rate);
  double low[SCRATCH_POLES] = {0.0};
  loudness_phrase(sample_rate / 2.0, samples, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double since = fmod(i / sample_rate, SCRATCH_PERIOD);
    const double part = fmax(0.0, 1.0 - since / SCRATCH_SECONDS);
    double x = part * part * random_between(&random, -1.0, 1.0);
    for (uint32_t k = 0; k < SCRATCH_POLES; ++k) {
      low[k] = keep * low[k] + (1.0 - keep) * x;
      x = low[k];
    }
    samples[i] += (float)(SCRATCH_LEVEL * x);
  }
}

/// Write the mean power of `a` below 18 kHz, or of its difference to `b` if that is not NULL
static Status
measure_heard(const double sample_rate, const float* const a, const float* const b,
              const uint32_t n_frames, double* const power)
{
  Resampler* filter = NULL;
  double sum = 0.0;
  double squares = 0.0;
  double n = 1e-20;
  if (resampler_new(sample_rate, fmin(HEARD_RATE, sample_rate), SLICE, &filter)) {
    return STATUS_NO_MEMORY;
  }
  resampler_reset(filter, b ? a[0] - b[0] : a[0], 0, 0);
  for (uint32_t start = 0; start < n_frames; start += SLICE) {
    float x[SLICE];
    const uint32_t n_in = n_frames - start < SLICE ? n_frames - start : SLICE;
    for (uint32_t i = 0; i < n_in; ++i) {
      x[i] = b ? a[start + i] - b[start + i] : a[start + i];
    }
    const uint32_t n_out = resampler_run(filter, x, n_in, x, SLICE);
    for (uint32_t i = 0; i < n_out; ++i) {
      sum += (double)x[i];
      squares += (double)x[i] * (double)x[i];
    }
    n += n_out;
  }
  resampler_free(filter);
  *power = (squares - sum * sum / n) / n;
  return STATUS_OK;
}

Status
trial_compare(const double sample_rate, const float* const a, const float* const b,
              const uint32_t n_frames, double* const error_db)
{
  double power = 0.0;
  double error = 0.0;
  Status status = measure_heard(sample_rate, a, NULL, n_frames, &power);
  status = status ? status : measure_heard(sample_rate, a, b, n_frames, &error);
  if (!status) {
    *error_db = decibel_of_power(fmax(0.0, error) / (power + 1e-20) + 1e-20);
  }
  return status;
}
