// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A convolver that runs all the time, so that it has heard everything when it is switched on, and
// costs the same in every block. Set-up first, then the audio thread.

#include "core/model/stage.h"

#include "core/model/convolver.h"
#include "core/model/stage_taps.h"
#include "core/ramp.h"

#include <stdlib.h>

struct StageImpl {
  Convolver* convolver;
  uint32_t n_channels;
  bool is_cabinet;
  uint32_t lag;      ///< [frames]
  float sum;         ///< Of the taps
  float rest;        ///< Of the input
  float rest_output; ///< Times the sum
  Ramp is_on;        ///< 0: input, 1: convolved
  Ramp gain;         ///< Of the convolved sound
  float wet[IMPULSE_MAX_CHANNELS][STAGE_MAX_FRAMES];
};

static float
sum_of(const Impulse* const taps)
{
  double sum = 0.0;
  for (uint32_t i = 0; i < taps->n_frames; ++i) {
    sum += (double)taps->samples[0][i];
  }
  return (float)sum;
}

/// Make the convolver from taps at the rate they play at
static Status
prepare_stage(Stage* const stage, const Impulse* const taps, const StageUse use)
{
  stage->n_channels = use.n_channels;
  stage->is_cabinet = use.is_cabinet;
  stage->sum = sum_of(taps);
  stage->is_on = ramp_at(1.0F);
  stage->gain = ramp_at(1.0F);
  return convolver_new(taps, use.n_channels, &stage->convolver);
}

Status
stage_new(const Impulse* const taps, const StageUse use, Stage** const stage)
{
  Impulse moved = {.n_channels = 0};
  Status status = stage_taps_move(taps, use.sample_rate, &moved);
  if (status) {
    return status;
  }
  Stage* const s = (Stage*)calloc(1, sizeof(Stage));
  status = s ? prepare_stage(s, &moved, use) : STATUS_NO_MEMORY;
  impulse_clear(&moved);
  if (status) {
    free(s);
    return status;
  }
  s->lag = stage_taps_lag(taps->sample_rate, use.sample_rate);
  *stage = s;
  return STATUS_OK;
}

void
stage_free(Stage* const stage)
{
  if (stage) {
    convolver_free(stage->convolver);
    free(stage);
  }
}

// Audio thread from here

bool
stage_is_cabinet(const Stage* const stage) RT
{
  return stage->is_cabinet;
}

uint32_t
stage_lag(const Stage* const stage) RT
{
  return stage->lag;
}

float
stage_rest_output(const Stage* const stage) RT
{
  return stage->rest_output;
}

void
stage_reset(Stage* const stage, const float rest) RT
{
  stage->rest = rest;
  stage->rest_output = rest * stage->sum;
  convolver_reset(stage->convolver);
}

void
stage_aim(Stage* const stage, const bool is_on, const float gain, const uint32_t n_frames) RT
{
  if (stage->is_cabinet) {
    ramp_aim(&stage->is_on, is_on ? 1.0F : 0.0F, n_frames);
    ramp_aim(&stage->gain, gain, n_frames);
  }
}

void
stage_run(Stage* const stage, float* const* const x, const uint32_t n) RT
{
  float* const wet[] = {stage->wet[0], stage->wet[1]};
  for (uint32_t c = 0; c < stage->n_channels; ++c) {
    for (uint32_t i = 0; i < n; ++i) {
      x[c][i] -= stage->rest;
    }
  }
  convolver_run(stage->convolver, (const float* const*)x, wet, n);
  for (uint32_t i = 0; i < n; ++i) {
    const float w = ramp_next(&stage->is_on);
    const float gain = ramp_next(&stage->gain) * w;
    for (uint32_t c = 0; c < stage->n_channels; ++c) {
      x[c][i] = x[c][i] * (1.0F - w) + wet[c][i] * gain + stage->rest_output;
    }
  }
}
