// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Learns for a share of a plan, so that ways to learn can be compared before one is chosen. Main
/// thread.

#ifndef GRUS_TRAIN_LEARN_SHORT_TRIAL_H
#define GRUS_TRAIN_LEARN_SHORT_TRIAL_H

#include "core/params.h"
#include "core/status.h"
#include "train/learn/trainer.h"

/// How one trial is run
typedef struct {
  double share;         ///< Of the plan, at most
  double least_seconds; ///< Of a plan with a limit in time [s]
  uint32_t updates;     ///< After which it has said enough; 0: the whole share
  const char* path;     ///< Of its checkpoint; NULL: none
} ShortTrial;

/// Learn in the shape of `params`, from new weights, and through the whole schedule, so that trials
/// are compared by how they end up, not by how fast they begin; `esr` is what that reaches
NODISCARD Status short_trial_run(const TrainerRun* run, ShortTrial trial, Params* params,
                                 double* esr, Message* message);

#endif
