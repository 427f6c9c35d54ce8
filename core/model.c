// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Makes a model ready to play. Building runs on any thread but the audio thread; what is marked RT
// runs on it.

#include "core/model.h"

#include "core/cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64U

/// Silence is played in stretches of this many frames until the state stands still
#define SETTLE_STRETCH 4096U
#define SETTLE_MAX_STRETCHES 128U
#define SETTLE_TOLERANCE 1e-6F

/// Where a knob stands that nobody turns
#define KNOB_DEFAULT 0.5F

struct ModelImpl {
  CellRun run;
  CellWeights weights;
  float* state;      ///< h (P)
  float* rest_state; ///< h after endless silence (P)
  size_t state_size; ///< [bytes]
  float rest_output;
  double sample_rate; ///< [Hz]
};

static float
gain_of(const double gain_db)
{
  return gain_db <= -90.0 ? 0.0F : (float)pow(10.0, gain_db / 20.0);
}

static float*
aligned_zeros(const size_t count)
{
  const size_t size = (count * sizeof(float) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  float* const p = (float*)aligned_alloc(ALIGNMENT, size);
  return p ? (float*)memset(p, 0, size) : NULL;
}

static Status
allocate(Model* const model, const ParamsShape shape)
{
  const uint32_t padded = cells_padded_size(shape.hidden_size);
  model->state_size = padded * sizeof(float);
  model->weights.values = aligned_zeros(cells_weights_count(shape));
  model->state = aligned_zeros(padded);
  model->rest_state = aligned_zeros(padded);
  return model->weights.values && model->state && model->rest_state ? STATUS_OK : STATUS_NO_MEMORY;
}

static float
largest_difference(const float* const a, const float* const b, const size_t count)
{
  float largest = 0.0F;
  for (size_t i = 0; i < count; ++i) {
    largest = fmaxf(largest, fabsf(a[i] - b[i]));
  }
  return largest;
}

/// Play silence until the state stands still, and keep that state
static void
settle(Model* const model)
{
  static const float silence[64] = {0};
  float out[64] = {0};
  for (uint32_t stretch = 0; stretch < SETTLE_MAX_STRETCHES; ++stretch) {
    for (uint32_t t = 0; t < SETTLE_STRETCH; t += 64) {
      model->run(&model->weights, model->state, silence, out, 64);
    }
    const float change =
        largest_difference(model->state, model->rest_state, model->state_size / sizeof(float));
    memcpy(model->rest_state, model->state, model->state_size);
    if (change < SETTLE_TOLERANCE) {
      break;
    }
  }
  model->rest_output = out[63];
}

Status
model_new_for_isa(const ModelFile* const file, const uint32_t isa, Model** const model)
{
  const ParamsShape shape = file->params.shape;
  const CellGains gains = {gain_of(file->input_gain_db), gain_of(file->output_gain_db)};
  float knobs[PARAMS_MAX_KNOBS] = {0};
  Model* const m = (Model*)calloc(1, sizeof(Model));
  if (!m || allocate(m, shape)) {
    model_free(m);
    return STATUS_NO_MEMORY;
  }
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
    knobs[k] = KNOB_DEFAULT;
  }
  m->sample_rate = file->sample_rate;
  m->run = cells_choose(shape.cell, shape.hidden_size, isa);
  cells_pack(&file->params, knobs, gains, &m->weights);
  const RealtimeMode mode = realtime_enter();
  settle(m);
  realtime_leave(mode);
  *model = m;
  return STATUS_OK;
}

Status
model_new(const ModelFile* const file, Model** const model)
{
  return model_new_for_isa(file, cells_n_isas() - 1, model);
}

void
model_free(Model* const model)
{
  if (model) {
    free(model->rest_state);
    free(model->state);
    free(model->weights.values);
    free(model);
  }
}

double
model_sample_rate(const Model* const model) RT
{
  return model->sample_rate;
}

float
model_rest_output(const Model* const model) RT
{
  return model->rest_output;
}

void
model_reset(Model* const model) RT
{
  memcpy(model->state, model->rest_state, model->state_size);
}

void
model_run(Model* const model, const float* const in, float* const out, const uint32_t n_frames) RT
{
  model->run(&model->weights, model->state, in, out, n_frames);
}
