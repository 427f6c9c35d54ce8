// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What does a note of one frequency become? Whole periods under one transform, after the model has swung in.
// Main thread.

#include "train/report/harmonics.h"

#include "core/circle.h"
#include "core/decibel.h"

#include <kiss_fftr.h>

#include <math.h>
#include <stdlib.h>

#define ABOUT 220.0 ///< [Hz]
#define SIZE 16384U ///< Of the transform [frames]
#define N_BINS (SIZE / 2 + 1)
#define LEAST_DB (-140.0)

static const double levels[SINES_N_LEVELS] = {-40.0, -30.0, -20.0, -10.0, -2.0};

typedef struct {
  float in[SIZE];
  float out[SIZE];
  kiss_fft_cpx bins[N_BINS];
  kiss_fftr_cfg plan;
} Work;

static double
bin_power(const Work* const w, const uint32_t k)
{
  return (double)w->bins[k].r * (double)w->bins[k].r + (double)w->bins[k].i * (double)w->bins[k].i;
}

/// Play until the model has swung in, and once more
static void
play(Model* const model, Work* const w, const uint32_t n_periods, const double level_db)
{
  const double peak = decibel_to_gain(level_db);
  for (uint32_t i = 0; i < SIZE; ++i) {
    w->in[i] = (float)(peak * sin(TAU * (i * n_periods % SIZE) / SIZE));
  }
  model_reset(model);
  for (uint32_t pass = 0; pass < 4; ++pass) {
    model_run(model, (const float* const[]){w->in}, (float* const[]){w->out}, SIZE);
  }
}

static void
read_off(const Work* const w, const uint32_t n_periods, Sine* const sine)
{
  const double first = bin_power(w, n_periods) + 1e-30;
  for (uint32_t m = 0; m < SINES_N_HARMONICS; ++m) {
    const uint32_t k = (m + 1) * n_periods;
    const double part = k < N_BINS ? bin_power(w, k) / first : 0.0;
    sine->harmonics[m] = fmax(decibel_of_power(part + 1e-30), LEAST_DB);
  }
  const double mean = (double)w->bins[0].r / SIZE;
  const uint32_t n = SIZE / n_periods + 2; // Once around, and closed
  sine->n_period = n < SINES_MAX_PERIOD ? n : SINES_MAX_PERIOD;
  for (uint32_t i = 0; i < sine->n_period; ++i) {
    sine->input[i] = (double)w->in[i];
    sine->output[i] = (double)w->out[i] - mean;
  }
}

Status
sines_play(Model* const model, const double sample_rate, Sines* const sines)
{
  const uint32_t n_periods = (uint32_t)lrint(ABOUT * SIZE / sample_rate);
  Work* const w = (Work*)calloc(1, sizeof(Work));
  if (w) {
    w->plan = kiss_fftr_alloc((int)SIZE, 0, NULL, NULL);
  }
  if (!w || !w->plan) {
    free(w);
    return STATUS_NO_MEMORY;
  }
  sines->frequency = n_periods * sample_rate / SIZE;
  for (uint32_t i = 0; i < SINES_N_LEVELS; ++i) {
    sines->sines[i].level_db = levels[i];
    play(model, w, n_periods, levels[i]);
    kiss_fftr(w->plan, w->out, w->bins);
    read_off(w, n_periods, &sines->sines[i]);
  }
  kiss_fftr_free(w->plan);
  free(w);
  return STATUS_OK;
}
