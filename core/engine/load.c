// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads, measures and builds models and cabinets, for plugin, JACK and files alike. Any thread but
// the audio thread.

#include "core/engine/load.h"

#include "core/engine/impulse.h"
#include "core/format/model_file_io.h"
#include "core/model/model_loudness.h"

/// Note how the model gets to the host's rate, if that is unusual
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
    message_set(&remarks->note, "%.200s %s %g Hz%s", name, ways[plan.method], plan.own_rate,
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
  status = model_loudness_find(&file);
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
load_cabinet(const LoadSource source, const CabinetUse use, Convolver** const cabinet,
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
