// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, bin by bin.

#include "train/learn/fir_step.h"

#include <kiss_fftr.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BETA_MEAN 0.9F
#define BETA_VARIANCE 0.99F
#define EPSILON 1e-12F

struct FirStepImpl {
  uint32_t n_taps;
  uint32_t size; ///< Of a transform, which is even
  kiss_fftr_cfg to_bins;
  kiss_fftr_cfg to_taps;
  float* values;      ///< (size)
  kiss_fft_cpx* bins; ///< (size / 2 + 1)
  kiss_fft_cpx* response;
};

static uint32_t
even_size(const uint32_t n_taps)
{
  return n_taps + n_taps % 2;
}

Status
fir_step_new(const uint32_t n_taps, FirStep** const step)
{
  FirStep* const s = (FirStep*)calloc(1, sizeof(FirStep));
  if (!s) {
    return STATUS_NO_MEMORY;
  }
  s->n_taps = n_taps;
  s->size = even_size(n_taps);
  s->to_bins = kiss_fftr_alloc((int)s->size, 0, NULL, NULL);
  s->to_taps = kiss_fftr_alloc((int)s->size, 1, NULL, NULL);
  s->values = (float*)calloc(s->size, sizeof(float));
  s->bins = (kiss_fft_cpx*)calloc(s->size / 2 + 1, sizeof(kiss_fft_cpx));
  s->response = (kiss_fft_cpx*)calloc(s->size / 2 + 1, sizeof(kiss_fft_cpx));
  if (!s->to_bins || !s->to_taps || !s->values || !s->bins || !s->response) {
    fir_step_free(s);
    return STATUS_NO_MEMORY;
  }
  *step = s;
  return STATUS_OK;
}

void
fir_step_free(FirStep* const step)
{
  if (step) {
    kiss_fftr_free(step->to_bins);
    kiss_fftr_free(step->to_taps);
    free(step->values);
    free(step->bins);
    free(step->response);
  }
  free(step);
}

size_t
fir_step_state_size(const uint32_t n_taps)
{
  return n_taps ? (size_t)3 * (even_size(n_taps) / 2 + 1) : 0;
}

static void
transform(const FirStep* const s, const float* const taps, kiss_fft_cpx* const bins)
{
  memcpy(s->values, taps, s->n_taps * sizeof(float));
  memset(s->values + s->n_taps, 0, (s->size - s->n_taps) * sizeof(float));
  kiss_fftr(s->to_bins, s->values, bins);
}

static float
norm_of(const float* const taps, const uint32_t n)
{
  double sum = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    sum += (double)taps[i] * (double)taps[i];
  }
  return (float)sqrt(sum);
}

void
fir_step_move(const FirStep* const step, float* const state, const uint64_t number,
              const float* const gradient, const double learning_rate, float* const taps)
{
  const uint32_t n = step->size / 2 + 1;
  kiss_fft_cpx* const mean = (kiss_fft_cpx*)(void*)state;
  float* const variance = state + (size_t)2 * n;
  const float rate = (float)(learning_rate / (1.0 - pow((double)BETA_MEAN, (double)number))) *
                     norm_of(taps, step->n_taps);
  const float scale = (float)(0.5 / (1.0 - pow((double)BETA_VARIANCE, (double)number)));
  transform(step, gradient, step->bins);
  transform(step, taps, step->response);
  for (uint32_t k = 0; k < n; ++k) {
    const kiss_fft_cpx g = step->bins[k];
    mean[k].r = BETA_MEAN * mean[k].r + (1.0F - BETA_MEAN) * g.r;
    mean[k].i = BETA_MEAN * mean[k].i + (1.0F - BETA_MEAN) * g.i;
    variance[k] = BETA_VARIANCE * variance[k] + (1.0F - BETA_VARIANCE) * (g.r * g.r + g.i * g.i);
    const float size = rate / (sqrtf(scale * variance[k]) + EPSILON);
    step->response[k].r -= size * mean[k].r;
    step->response[k].i -= size * mean[k].i;
  }
  kiss_fftri(step->to_taps, step->response, step->values);
  for (uint32_t k = 0; k < step->n_taps; ++k) {
    taps[k] = step->values[k] / (float)step->size;
  }
}
