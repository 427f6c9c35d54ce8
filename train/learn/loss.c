// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The losses, lane by lane; every loop over G is a vector.

#include "train/learn/loss.h"

#include "train/audio/esr.h"

#include <string.h>

#define G BPTT_GROUP
#define ESR_SHARE 0.75
#define DC_SHARE 0.25
#define MIXED_PLAIN_SHARE 0.15 ///< The rest of ESR_SHARE is A-weighted

const char*
loss_name(const LossType loss)
{
  switch (loss) {
  case LOSS_ESR:
    return "esr";
  case LOSS_MSE:
    return "mse";
  case LOSS_A_WEIGHTED:
    return "a-weighted";
  case LOSS_MIXED:
    return "mixed";
  }
  return "unknown";
}

/// Mean power of the scored targets after A-weighting
static double
target_power_a_weighted(const Dataset* const dataset, const Weighting* const weighting)
{
  double sum = 0.0;
  for (uint32_t c = 0; c < dataset->n_clips; ++c) {
    const double weight = dataset->clips[c].take->weight;
    WeightingState state = {{0.0}};
    for (uint32_t t = 0; t < dataset->warmup + dataset->length; ++t) {
      const double x = weighting_step(weighting, &state, (double)dataset->clips[c].target[t]);
      sum += t < dataset->warmup ? 0.0 : weight * (x * x);
    }
  }
  return sum / ((double)dataset->n_clips * dataset->length);
}

Status
loss_init(Loss* const loss, const LossType type, const double spectral,
          const Dataset* const dataset, const double gain)
{
  const double unit = gain * gain;
  *loss = (Loss){
      .type = type,
      .power = unit * dataset_target_power(dataset, 0.0),
      .power_pre_emphasis = unit * dataset_target_power(dataset, METRICS_PRE_EMPHASIS),
      .weighting = weighting_design(dataset->sample_rate),
  };
  loss->power_a_weighted = unit * target_power_a_weighted(dataset, &loss->weighting);
  return spectral_init(&loss->spectral, spectral, loss->power);
}

void
loss_clear(Loss* const loss)
{
  spectral_clear(&loss->spectral);
}

Status
loss_memory_init(LossMemory* const memory, const Loss* const loss, const uint32_t max_frames)
{
  *memory = (LossMemory){0};
  return loss->spectral.weight > 0.0 ? spectral_memory_init(&memory->spectral, max_frames)
                                     : STATUS_OK;
}

void
loss_memory_clear(LossMemory* const memory)
{
  spectral_memory_clear(&memory->spectral);
}

void
loss_memory_reset(LossMemory* const memory)
{
  memory->error = (WeightingLanes){{{0.0F}}};
  spectral_memory_reset(&memory->spectral);
}

/// dy = e = (y − target) in the lanes that hold a clip
static void
compute_errors(const LossChunk* const c, const float* const y, float* const dy)
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

/// Replace e by `scale` e; return ½ scale Σ e²
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

/// Replace e by `scale` (e_pre[t] − 0.85 e_pre[t+1]), without what lies after the chunk; return
/// ½ scale Σ e_pre²
static double
pre_emphasis_gradient(const LossChunk* const c, const double scale, float* const dy)
{
  const float a = (float)METRICS_PRE_EMPHASIS;
  double sum[G] = {0.0};
  float after[G] = {0.0F}; // e_pre of the frame after
  for (uint32_t t = c->n_frames; t-- > 0;) {
    const float* const before = t ? dy + (size_t)(t - 1) * G : c->memory->error.last[0];
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
compute_means(const LossChunk* const c, const float* const errors, float mean[G])
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

/// Replace e by `scale` times the adjoint of A-weighting of e_A, without what lies after the chunk;
/// return ½ scale Σ e_A²
static double
a_weighted_gradient(const Loss* const loss, const LossChunk* const c, const double scale,
                    float* const dy)
{
  loss_weighting_filter(&loss->weighting, &c->memory->error, dy, c->n_kept);
  WeightingLanes after = c->memory->error;
  loss_weighting_filter(&loss->weighting, &after, dy + (size_t)c->n_kept * G,
                        c->n_frames - c->n_kept);
  const double value = square_gradient(c, scale, dy);
  loss_weighting_adjoint(&loss->weighting, dy, c->n_frames);
  return value;
}

/// Add `scale` e; return ½ scale Σ e²
static double
add_square_gradient(const LossChunk* const c, const float* const y, const double scale,
                    float* const dy)
{
  double sum[G] = {0.0};
  for (uint32_t t = 0; t < c->n_frames; ++t) {
    for (uint32_t g = 0; g < G; ++g) {
      const float e = c->mask[g] * (y[t * G + g] - c->target[t * G + g]);
      sum[g] += (double)(e * e);
      dy[t * G + g] += (float)scale * e;
    }
  }
  return 0.5 * scale * sum_of(sum);
}

/// Turn errors into the gradient of the loss; return its value
static double
gradient_of_errors(const Loss* const loss, const LossChunk* const c, const float* const y,
                   float* const dy)
{
  const double heard = ESR_SHARE - MIXED_PLAIN_SHARE;
  const double n = (double)c->n_clips * c->n_frames;
  float mean[G];
  double value = 0.0;
  switch (loss->type) {
  case LOSS_ESR:
    compute_means(c, dy, mean);
    value = pre_emphasis_gradient(c, 2.0 * ESR_SHARE / (n * loss->power_pre_emphasis), dy);
    return value + add_dc_gradient(loss, c, mean, dy);
  case LOSS_A_WEIGHTED:
    compute_means(c, dy, mean);
    value = a_weighted_gradient(loss, c, 2.0 * ESR_SHARE / (n * loss->power_a_weighted), dy);
    return value + add_dc_gradient(loss, c, mean, dy);
  case LOSS_MIXED:
    compute_means(c, dy, mean);
    value = a_weighted_gradient(loss, c, 2.0 * heard / (n * loss->power_a_weighted), dy);
    value += add_square_gradient(c, y, 2.0 * MIXED_PLAIN_SHARE / (n * loss->power), dy);
    return value + add_dc_gradient(loss, c, mean, dy);
  case LOSS_MSE:
    return square_gradient(c, 2.0 / (n * loss->power), dy);
  }
  return value;
}

void
loss_remember(const Loss* const loss, const LossChunk* const c, const float* const y,
              float* const dy)
{
  float* const last = c->memory->error.last[0];
  compute_errors(c, y, dy);
  if (loss->type == LOSS_A_WEIGHTED || loss->type == LOSS_MIXED) {
    loss_weighting_filter(&loss->weighting, &c->memory->error, dy, c->n_frames);
  } else {
    memcpy(last, dy + (size_t)(c->n_frames - 1) * G, G * sizeof(float));
  }
  if (loss->spectral.weight > 0.0) {
    spectral_remember(&c->memory->spectral, y, c->target, c->n_frames);
  }
}

double
loss_gradient(const Loss* const loss, const LossChunk* const c, const float* const y,
              float* const dy)
{
  float last[G];
  compute_errors(c, y, dy);
  memcpy(last, dy + (size_t)(c->n_kept - 1) * G, sizeof(last));
  double value = gradient_of_errors(loss, c, y, dy);
  memcpy(c->memory->error.last[0], last, sizeof(last));
  if (loss->spectral.weight > 0.0) {
    const SpectralChunk chunk = {c->n_kept, c->n_clips, c->mask};
    spectral_remember(&c->memory->spectral, y, c->target, c->n_kept);
    value += spectral_add_gradient(&loss->spectral, &c->memory->spectral, &chunk, dy);
  }
  return value;
}
