// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads, measures and builds models and cabinets, for plugin, JACK and files alike. Any thread but the
// audio thread.

#include "core/load.h"

#include "core/impulse.h"
#include "core/loudness.h"
#include "core/model_file.h"

#include <math.h>
#include <stdlib.h>

#define PHRASE_SECONDS 2.0

/// Play the reference phrase and measure what comes out
static Status
measure(Model* const model, const double sample_rate, double* const loudness)
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

/// Fill in the loudness that the file does not say, at the rate the model learned at
static Status
find_loudness(ModelFile* const file)
{
  Model* model = NULL;
  if (file->loudness.is_given) {
    return STATUS_OK;
  }
  Status status = model_new(file, (ModelUse){file->sample_rate, 1, 1}, &model);
  if (!status) {
    status = measure(model, file->sample_rate, &file->loudness.value);
    file->loudness.is_given = !status;
  }
  model_free(model);
  return status;
}

static void
remark_on_model(const ModelFile* const file, const Model* const model, const char* const name,
                LoadRemarks* const remarks)
{
  *remarks = (LoadRemarks){file->warning, {""}};
  (void)status_fail(&remarks->note, STATUS_OK, "%.200s %s%s", name, model_rate_method(model),
                    file->sample_rate_is_assumed
                        ? " (the file does not say its sample rate; 48000 Hz is assumed)"
                        : "");
}

Status
load_model(const Content* const content, const char* const name, const ModelUse use,
           Model** const model, LoadRemarks* const remarks, Message* const message)
{
  ModelFile file = {0};
  Status status = model_file_parse(content->bytes, content->size, name, &file, message);
  if (status) {
    return status;
  }
  status = find_loudness(&file);
  if (!status) {
    status = model_new(&file, use, model);
  }
  if (status) {
    (void)status_fail(message, status, "%.300s: %s", name, status_text(status));
  } else {
    remark_on_model(&file, *model, name, remarks);
  }
  model_file_clear(&file);
  return status;
}

Status
load_cabinet(const Content* const content, const char* const name, const ModelUse use,
             Convolver** const cabinet, LoadRemarks* const remarks, Message* const message)
{
  const ImpulseBytes bytes = {content->bytes, content->size, name};
  Impulse impulse = {0};
  Message warning = {""};
  Status status = impulse_parse(bytes, use.sample_rate, &impulse, &warning);
  if (status) {
    *message = warning;
    return status;
  }
  status = convolver_new(&impulse, use.n_channels, cabinet);
  if (status) {
    (void)status_fail(message, status, "%.300s: %s", name, status_text(status));
  } else {
    *remarks = (LoadRemarks){warning, {""}};
  }
  impulse_clear(&impulse);
  return status;
}
