// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Measures a model's loudness on the reference phrase.

#include "core/model/model_loudness.h"

#include "core/model/loudness.h"
#include "core/model/model.h"

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

Status
model_loudness_find(ModelFile* const file)
{
  Model* model = NULL;
  if (file->loudness.is_given) {
    return STATUS_OK;
  }
  Status status = model_new(file, (ModelUse){file->sample_rate, 1, 1}, &model);
  if (!status) {
    status = measure_loudness(model, file->sample_rate, &file->loudness.value);
    file->loudness.is_given = !status;
  }
  model_free(model);
  return status;
}
