// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Measures a model's loudness on the reference phrase, and what its knobs change.

#include "core/model/model_loudness.h"

#include "core/model/loudness.h"
#include "core/model/model.h"

#include <math.h>
#include <stdlib.h>

#define PHRASE_SECONDS 2.0

/// Play the reference phrase and measure what comes out
static Status
measure_loudness(Model* const model, const double sample_rate, double* const loudness)
{
  const uint32_t n_frames = (uint32_t)(PHRASE_SECONDS * sample_rate);
  float* const phrase = (float*)malloc(n_frames * sizeof(float));
  if (!phrase) {
    return STATUS_NO_MEMORY;
  }
  const RealtimeMode mode = realtime_enter();
  loudness_phrase(sample_rate, phrase, n_frames);
  model_run(model, (const float* const[]){phrase}, (float* const[]){phrase}, n_frames);
  realtime_leave(mode);
  for (uint32_t i = 0; i < n_frames; ++i) {
    phrase[i] -= model_rest_output(model);
  }
  const Status status = loudness_measure(sample_rate, phrase, n_frames, loudness);
  free(phrase);
  return status;
}

/// Measure with one knob at its ends and the others in the middle
static Status
measure_knob(Model* const model, const double sample_rate, const uint32_t knob, double ends[2])
{
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < 2 && !status; ++i) {
    float knobs[PARAMS_MAX_KNOBS];
    for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
      knobs[k] = k == knob ? (float)i : MODEL_KNOB_DEFAULT;
    }
    model_settle(model, knobs);
    status = measure_loudness(model, sample_rate, &ends[i]);
  }
  return status;
}

/// Measure what is not known yet; a new model has its knobs in the middle
static Status
measure_missing(Model* const model, const double sample_rate, ModelFileLoudness* const loudness)
{
  Status status = STATUS_OK;
  if (!loudness->middle.is_given) {
    status = measure_loudness(model, sample_rate, &loudness->middle.value);
    loudness->middle.is_given = !status;
  }
  for (uint32_t k = 0; k < model_n_knobs(model) && !status && !loudness->knobs.is_given; ++k) {
    status = measure_knob(model, sample_rate, k, loudness->knobs.ends[k]);
  }
  loudness->knobs.is_given = !status;
  return status;
}

Status
model_loudness_find(ModelFile* const file)
{
  Model* model = NULL;
  const bool has_knobs = file->params.shape.n_inputs > 1;
  if (file->loudness.middle.is_given && (!has_knobs || file->loudness.knobs.is_given)) {
    return STATUS_OK;
  }
  Status status = model_new(file, (ModelUse){file->sample_rate, 1, 1}, &model);
  if (!status) {
    status = measure_missing(model, file->sample_rate, &file->loudness);
  }
  model_free(model);
  return status;
}

// Audio thread from here

double
model_loudness_at(const ModelFileLoudness* const loudness, const float* const knobs) RT
{
  double sum = loudness->middle.is_given ? loudness->middle.value : (double)NAN;
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS && loudness->knobs.is_given; ++k) {
    const double low = loudness->knobs.ends[k][0] - loudness->middle.value;
    const double high = loudness->knobs.ends[k][1] - loudness->middle.value;
    const double x = 2.0 * (double)(knobs[k] - MODEL_KNOB_DEFAULT);
    sum += x * ((high - low) + x * (high + low)) / 2.0;
  }
  return sum;
}
