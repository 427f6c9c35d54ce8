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

struct ModelImpl {
  CellKernel kernel;
  CellWeights weights;
  float* state;      ///< (cells_state_count())
  float* rest_state; ///< After endless silence
  size_t state_size; ///< [bytes]
  float rest_output;
  double sample_rate; ///< [Hz]
  ModelLevels levels;
};

static float
gain_of(const double gain_db)
{
  return gain_db <= -90.0 ? 0.0F : (float)pow(10.0, gain_db / 20.0);
}

static double
level_of(const ModelFileLevel level)
{
  return level.is_given ? level.value : (double)NAN;
}

static float*
aligned_zeros(const size_t count)
{
  const size_t size = (count * sizeof(float) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  float* const p = (float*)aligned_alloc(ALIGNMENT, size);
  return p ? (float*)memset(p, 0, size) : NULL;
}

static Status
allocate(Model* const model)
{
  const size_t n_state = cells_state_count(&model->kernel);
  model->state_size = n_state * sizeof(float);
  model->weights.values = aligned_zeros(cells_weights_count(&model->kernel));
  model->state = aligned_zeros(n_state);
  model->rest_state = aligned_zeros(n_state);
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
  const float* const in[MODEL_MAX_CHANNELS] = {silence, silence};
  float sound[MODEL_MAX_CHANNELS][64] = {{0}};
  float* const out[MODEL_MAX_CHANNELS] = {sound[0], sound[1]};
  for (uint32_t stretch = 0; stretch < SETTLE_MAX_STRETCHES; ++stretch) {
    for (uint32_t t = 0; t < SETTLE_STRETCH; t += 64) {
      model_run(model, in, out, 64);
    }
    const float change =
        largest_difference(model->state, model->rest_state, model->state_size / sizeof(float));
    memcpy(model->rest_state, model->state, model->state_size);
    if (change < SETTLE_TOLERANCE) {
      break;
    }
  }
  model->rest_output = sound[0][63];
}

static bool
use_is_valid(const ModelUse use)
{
  return use.n_channels >= 1 && use.n_channels <= MODEL_MAX_CHANNELS && use.oversampling == 1;
}

Status
model_new(const ModelFile* const file, const ModelUse use, Model** const model)
{
  const ModelSet set = model_file_set_for(file, use.sample_rate);
  const ParamsShape shape = set.params.shape;
  const CellChoice choice = {shape.cell, shape.hidden_size, use.n_channels};
  const CellGains gains = {gain_of(file->input_gain_db), gain_of(file->output_gain_db)};
  float knobs[PARAMS_MAX_KNOBS];
  if (!use_is_valid(use)) {
    return STATUS_BAD_ARGUMENT;
  }
  Model* const m = (Model*)calloc(1, sizeof(Model));
  if (!m) {
    return STATUS_NO_MEMORY;
  }
  m->kernel = cells_choose(choice, cells_n_isas() - 1);
  if (allocate(m)) {
    model_free(m);
    return STATUS_NO_MEMORY;
  }
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
    knobs[k] = MODEL_KNOB_DEFAULT;
  }
  m->sample_rate = set.sample_rate;
  m->levels = (ModelLevels){level_of(file->loudness), level_of(file->input_dbu),
                            level_of(file->output_dbu)};
  cells_pack(&m->kernel, &set.params, knobs, gains, &m->weights);
  model_settle(m, knobs);
  *model = m;
  return STATUS_OK;
}

void
model_settle(Model* const model, const float* const knobs)
{
  const RealtimeMode mode = realtime_enter();
  model_set_knobs(model, knobs);
  settle(model);
  realtime_leave(mode);
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

ModelLevels
model_levels(const Model* const model) RT
{
  return model->levels;
}

double
model_sample_rate(const Model* const model) RT
{
  return model->sample_rate;
}

uint32_t
model_n_knobs(const Model* const model) RT
{
  return model->weights.n_knobs;
}

void
model_set_knobs(Model* const model, const float* const knobs) RT
{
  if (model->weights.n_knobs) {
    cells_set_knobs(&model->kernel, knobs, &model->weights);
  }
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
model_run(Model* const model, const float* const* const in, float* const* const out,
          const uint32_t n_frames) RT
{
  CellBuffers io = {{NULL}, {NULL}};
  for (uint32_t c = 0; c < model->kernel.choice.n_streams; ++c) {
    io.in[c] = in[c];
    io.out[c] = out[c];
  }
  model->kernel.run(&model->weights, model->state, &io, n_frames);
}

uint32_t
model_latency(const Model* const model) RT
{
  (void)model;
  return 0;
}

const char*
model_rate_method(const Model* const model)
{
  (void)model;
  return "plays";
}
