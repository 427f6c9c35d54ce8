// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The losses, lane by lane; every loop over G is a vector.

#include "train/loss.h"

#include "train/metrics.h"

#define G BPTT_GROUP
#define ESR_SHARE 0.75
#define DC_SHARE 0.25

/// dy = e = (y − target) in the lanes that hold a clip
static void
errors(const LossChunk* const c, const float* const y, float* const dy)
{
  for (uint32_t t = 0; t < c->n_frames; ++t) {
    for (uint32_t g = 0; g < G; ++g) {
      dy[t * G + g] = c->mask[g] * (y[t * G + g] - c->target[t * G + g]);
    }
  }
}

static double
sum_of(const double lanes[G])
{
  double sum = 0.0;
  for (uint32_t g = 0; g < G; ++g) {
    sum += lanes[g];
  }
  return sum;
}

/// e to `scale` e; return ½ scale Σ e²
static double
square_gradient(const LossChunk* const c, const double scale, float* const dy)
{
  double sum[G] = {0.0};
  for (uint32_t t = 0; t < c->n_frames; ++t) {
    for (uint32_t g = 0; g < G; ++g) {
      const float e = dy[t * G + g];
      sum[g] += (double)(e * e);
      dy[t * G + g] = (float)scale * e;
    }
  }
  return 0.5 * scale * sum_of(sum);
}

/// e to `scale` (e_pre[t] − 0.85 e_pre[t+1]), without what lies after the chunk; return
/// ½ scale Σ e_pre²
static double
pre_emphasis_gradient(const LossChunk* const c, const double scale, float* const dy)
{
  const float a = (float)METRICS_PRE_EMPHASIS;
  double sum[G] = {0.0};
  float after[G] = {0.0F}; // e_pre of the frame after
  for (uint32_t t = c->n_frames; t-- > 0;) {
    const float* const before = t ? dy + (size_t)(t - 1) * G : c->last_error;
    float* const e = dy + (size_t)t * G;
    for (uint32_t g = 0; g < G; ++g) {
      const float e_pre = e[g] - a * before[g];
      sum[g] += (double)(e_pre * e_pre);
      e[g] = (float)scale * (e_pre - a * after[g]);
      after[g] = e_pre;
    }
  }
  return 0.5 * scale * sum_of(sum);
}

/// Mean error of each lane
static void
means(const LossChunk* const c, const float* const errors, float mean[G])
{
  for (uint32_t g = 0; g < G; ++g) {
    mean[g] = 0.0F;
  }
  for (uint32_t t = 0; t < c->n_frames; ++t) {
    for (uint32_t g = 0; g < G; ++g) {
      mean[g] += errors[t * G + g];
    }
  }
  for (uint32_t g = 0; g < G; ++g) {
    mean[g] /= (float)c->n_frames;
  }
}

/// Add the gradient of the DC loss; return its share
static double
add_dc_gradient(const Loss* const loss, const LossChunk* const c, const float mean[G],
                float* const dy)
{
  const double scale = 2.0 * DC_SHARE / (c->n_clips * loss->power);
  double sum = 0.0;
  for (uint32_t g = 0; g < G; ++g) {
    sum += (double)mean[g] * (double)mean[g];
  }
  for (uint32_t t = 0; t < c->n_frames; ++t) {
    for (uint32_t g = 0; g < G; ++g) {
      dy[t * G + g] += (float)(scale / c->n_frames) * mean[g];
    }
  }
  return 0.5 * scale * sum;
}

double
loss_gradient(const Loss* const loss, const LossChunk* const c, const float* const y,
              float* const dy)
{
  const double n = (double)c->n_clips * c->n_frames;
  float last[G];
  float mean[G];
  double value = 0.0;
  errors(c, y, dy);
  for (uint32_t g = 0; g < G; ++g) {
    last[g] = dy[(c->n_frames - 1) * G + g];
  }
  switch (loss->type) {
  case LOSS_ESR:
    means(c, dy, mean);
    value = pre_emphasis_gradient(c, 2.0 * ESR_SHARE / (n * loss->power_pre_emphasis), dy);
    value += add_dc_gradient(loss, c, mean, dy);
    break;
  case LOSS_MSE:
    value = square_gradient(c, 2.0 / (n * loss->power), dy);
    break;
  }
  for (uint32_t g = 0; g < G; ++g) {
    c->last_error[g] = last[g];
  }
  return value;
}
