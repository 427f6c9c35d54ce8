// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads, measures and builds models and cabinets, for plugin, JACK and files alike. Any thread but the
// audio thread.

#include "core/engine/load.h"

#include "core/engine/impulse.h"
#include "core/model/loudness.h"

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

Status
load_find_loudness(ModelFile* const file)
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

/// Say which way a model takes to the host's rate, if that is not the plain one
static void
remark_on_model(const ModelFile* const file, const Model* const model, const char* const name,
                LoadRemarks* const remarks)
{
  static const char* const ways[] = {"plays its set for", "plays with its state delayed, from",
                                     "plays with its state interpolated, from",
                                     "plays between resamplers, at"};
  const RatePlan plan = model_rate_plan(model);
  *remarks = (LoadRemarks){file->warning, {""}};
  if (plan.method != RATE_OWN || plan.own_rate != file->sample_rate ||
      file->sample_rate_is_assumed) {
    (void)status_fail(&remarks->note, STATUS_OK, "%.200s %s %g Hz%s", name, ways[plan.method],
                      plan.own_rate,
                      file->sample_rate_is_assumed ? " (assumed: the file does not say)" : "");
  }
}

Status
load_model(const LoadSource source, const ModelUse use, Model** const model,
           LoadRemarks* const remarks, Message* const message)
{
  ModelFile file = {0};
  Status status =
      model_file_parse(source.content->bytes, source.content->size, source.name, &file, message);
  if (status) {
    return status;
  }
  if (!file.loudness.is_given) {
    file.loudness = source.loudness;
  }
  status = load_find_loudness(&file);
  if (!status) {
    status = model_new(&file, use, model);
  }
  if (status) {
    (void)status_fail(message, status, "%.300s: %s", source.name, status_text(status));
  } else {
    remark_on_model(&file, *model, source.name, remarks);
  }
  model_file_clear(&file);
  return status;
}

Status
load_cabinet(const LoadSource source, const ModelUse use, Convolver** const cabinet,
             LoadRemarks* const remarks, Message* const message)
{
  const ImpulseBytes bytes = {source.content->bytes, source.content->size, source.name};
  Impulse impulse = {0};
  Message warning = {""};
  Status status = impulse_parse(bytes, use.sample_rate, &impulse, &warning);
  if (status) {
    *message = warning;
    return status;
  }
  status = convolver_new(&impulse, use.n_channels, cabinet);
  if (status) {
    (void)status_fail(message, status, "%.300s: %s", source.name, status_text(status));
  } else {
    *remarks = (LoadRemarks){warning, {""}};
  }
  impulse_clear(&impulse);
  return status;
}
