// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What does the model make of a pure tone? One transform over whole periods, once the model has
// settled. Main thread.

#include "train/report/harmonics.h"

#include "core/circle.h"
#include "core/decibel.h"

#include <kiss_fftr.h>

#include <math.h>
#include <stdlib.h>

#define NOMINAL 220.0 ///< [Hz]
#define SIZE 16384U   ///< Of the transform [frames]
#define N_BINS (SIZE / 2 + 1)
#define LEAST_DB (-140.0)

static const double levels_db[HARMONICS_N_LEVELS] = {-40.0, -30.0, -20.0, -10.0, -2.0};

typedef struct {
  float in[SIZE];
  float out[SIZE];
  kiss_fft_cpx bins[N_BINS];
  kiss_fftr_cfg plan;
} HarmonicsWork;

static double
compute_bin_power(const HarmonicsWork* const w, const uint32_t k)
{
  return (double)w->bins[k].r * (double)w->bins[k].r + (double)w->bins[k].i * (double)w->bins[k].i;
}

/// Play three times to let the model settle, and once more to measure
static void
play_tone(Model* const model, HarmonicsWork* const w, const uint32_t n_periods,
          const double level_db)
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
read_response(const HarmonicsWork* const w, const uint32_t n_periods, ToneResponse* const tone)
{
  const double first = compute_bin_power(w, n_periods) + 1e-30;
  for (uint32_t m = 0; m < HARMONICS_N; ++m) {
    const uint32_t k = (m + 1) * n_periods;
    const double part = k < N_BINS ? compute_bin_power(w, k) / first : 0.0;
    tone->harmonics[m] = fmax(decibel_of_power(part + 1e-30), LEAST_DB);
  }
  const double mean = (double)w->bins[0].r / SIZE;
  const uint32_t n = SIZE / n_periods + 2; // One period, closed
  tone->n_period = n < HARMONICS_MAX_PERIOD ? n : HARMONICS_MAX_PERIOD;
  for (uint32_t i = 0; i < tone->n_period; ++i) {
    tone->input[i] = (double)w->in[i];
    tone->output[i] = (double)w->out[i] - mean;
  }
}

Status
harmonics_measure(Model* const model, const double sample_rate, Harmonics* const harmonics)
{
  const uint32_t n_periods = (uint32_t)lrint(NOMINAL * SIZE / sample_rate);
  HarmonicsWork* const w = (HarmonicsWork*)calloc(1, sizeof(HarmonicsWork));
  if (w) {
    w->plan = kiss_fftr_alloc((int)SIZE, 0, NULL, NULL);
  }
  if (!w || !w->plan) {
    free(w);
    return STATUS_NO_MEMORY;
  }
  harmonics->frequency = n_periods * sample_rate / SIZE;
  for (uint32_t i = 0; i < HARMONICS_N_LEVELS; ++i) {
    harmonics->tones[i].level_db = levels_db[i];
    play_tone(model, w, n_periods, levels_db[i]);
    kiss_fftr(w->plan, w->out, w->bins);
    read_response(w, n_periods, &harmonics->tones[i]);
  }
  kiss_fftr_free(w->plan);
  free(w);
  return STATUS_OK;
}
