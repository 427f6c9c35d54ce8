// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A run of its own, with a shorter plan.

#include "train/learn/short_trial.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

static uint32_t
epochs_of(const TrainerRun* const run, const ShortTrial trial)
{
  const uint32_t share = (uint32_t)ceil(trial.share * run->config->epochs);
  if (!trial.updates) {
    return share;
  }
  const uint32_t in_epoch = trainer_updates(run->config, run->train);
  const uint32_t enough = (trial.updates + in_epoch - 1) / in_epoch;
  return share && share < enough ? share : enough;
}

Status
short_trial_run(const TrainerRun* const run, const ShortTrial trial, Params* const params,
                double* const esr, Message* const message)
{
  TrainerConfig config = *run->config;
  TrainerRun brief = *run;
  TrainerProgress end = {0};
  config.shape = params->shape;
  if (config.seconds > 0.0) {
    config.seconds = fmax(trial.share * config.seconds, trial.least_seconds);
  }
  config.epochs = epochs_of(run, trial);
  config.target_esr = 0.0; // One that is good enough still learns to its end
  brief.config = &config;
  brief.report = NULL;
  brief.checkpoint.path = trial.path;
  trainer_draw_weights(&config, run->train, params);
  const Status status = trainer_run(&brief, params, &end, message);
  *esr = metrics_esr(&end.best);
  return status;
}
