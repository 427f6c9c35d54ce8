// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A gain can move from the taps to the network's head, or to the output gain of a model with a skip
// connection, and nothing that is heard changes.

#include "train/programs/train/linear_stage.h"

#include "core/decibel.h"
#include "core/model/model_loudness.h"
#include "core/params.h"
#include "train/capture/loudspeaker.h"
#include "train/learn/scale.h"
#include "train/learn/stage_search.h"
#include "train/programs/train/output.h"
#include "train/programs/train/summary.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOST_MOVED 60.0 ///< [dB]

Status
linear_stage_choose(const TrainOptions* const o, Session* const s,
                    const TrainerConfig* const config, Message* const message)
{
  const RatesMaterial m = session_material(s, 0);
  StageSearchPaths paths;
  if (o->linear >= 0 || o->from) {
    return STATUS_OK;
  }
  output_name_stage_trials(o, &paths);
  if (stage_has_trials(config)) {
    summary_print_stage_trials(o);
  }
  const TrainerRun trainer = {config, m.train, m.validation,
                              NULL,   NULL,    {NULL, o->checkpoint_interval, o->resumes}};
  const Status status = stage_choose(&trainer, &paths, &s->model.params, &s->stage, message);
  if (!status) {
    summary_print_stage(o, &s->stage);
  }
  return status;
}

Status
linear_stage_shorten(const TrainOptions* const o, const TrainerRun* const run, Params* const params,
                     Message* const message)
{
  const bool is_free = o->linear < 0 && !o->from && params->shape.n_taps;
  return is_free ? stage_shorten(run, params, message) : STATUS_OK;
}

/// Find the loudness of the main set, with its stage or without [LUFS]
static Status
find_loudness(const ModelFile* const model, const bool with_stage, double* const lufs)
{
  ModelFile file = *model; // Its weights are lent
  file.n_others = 0;
  file.loudness = (ModelFileLoudness){{false, 0.0}, {false, {{0.0}}}};
  file.params.shape.n_taps = with_stage ? model->params.shape.n_taps : 0;
  const Status status = model_loudness_find(&file);
  *lufs = file.loudness.middle.value;
  return status;
}

/// Move a gain from the taps to what comes before them
static void
move_gain(ModelFile* const model, const double db)
{
  const float gain = (float)decibel_to_gain(db);
  float* const taps = params_values(&model->params, PARAMS_TAPS);
  for (uint32_t k = 0; k < model->params.shape.n_taps; ++k) {
    taps[k] /= gain;
  }
  if (model->params.shape.skip) {
    model->output_gain_db += db;
  } else {
    scale_leave(&model->params, (Scale){1.0F, 1.0F / gain});
  }
}

Status
linear_stage_finish(const TrainOptions* const o, Session* const s, Message* const message)
{
  double with = 0.0;
  double without = 0.0;
  bool is_cabinet = o->cabinet == TRAIN_CABINET_YES;
  if (!s->model.params.shape.n_taps) {
    return STATUS_OK;
  }
  if ((o->cabinet == TRAIN_CABINET_AUTO &&
       loudspeaker_find(s->train.takes[0].target, &is_cabinet)) ||
      find_loudness(&s->model, true, &with) || find_loudness(&s->model, false, &without)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  s->model.stage_is_cabinet = is_cabinet;
  if (fabs(with - without) <= MOST_MOVED) {
    move_gain(&s->model, with - without);
  }
  return STATUS_OK;
}
