// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// From clips to weights: the schedule of a run, the weights it keeps, and when it ends. Main
/// thread.

#ifndef GRUS_TRAIN_LEARN_TRAINER_H
#define GRUS_TRAIN_LEARN_TRAINER_H

#include "core/params.h"
#include "core/status.h"
#include "train/audio/esr.h"
#include "train/audio/score.h"
#include "train/learn/dataset.h"
#include "train/learn/trainer_config.h"

#include <stdbool.h>
#include <stdint.h>

/// Where a run stands at the end of an epoch
typedef struct {
  uint32_t epoch;
  uint64_t updates;
  double seconds;           ///< Since the start
  double seconds_left;      ///< Until the end of the plan
  double frames_per_second; ///< Learned from
  Metrics validation;       ///< Of this epoch
  Metrics best;             ///< Of the weights that are kept
  Message note;             ///< Something the user should know, reported once; usually empty
} TrainerProgress;

/// Called after every epoch; may be NULL
typedef void (*TrainerReport)(void* context, const TrainerProgress* progress);

/// Where a run's checkpoints are kept
typedef struct {
  const char* path; ///< NULL: nowhere
  double interval;  ///< [s]
  bool resumes;     ///< Resume from the file, if there is one
} TrainerCheckpoint;

/// What a run works with
typedef struct {
  const TrainerConfig* config;
  const Dataset* train;
  const Dataset* validation;
  TrainerReport report;
  void* context; ///< For `report`
  TrainerCheckpoint checkpoint;
} TrainerRun;

/// Draw the first weights of a run that learns from `train`
void trainer_draw_weights(const TrainerConfig* config, const Dataset* train, const Params* params);

/// Return how many updates an epoch has while chunks have their first length
uint32_t trainer_updates(const TrainerConfig* config, const Dataset* train);

/// Train `params`, initialised by the caller; on success they are the best on `validation`.
///
/// They are for sound as it is, or within the gains of the model's file; the run itself works at
/// the levels of train/learn/scale.h.
///
/// A run by epochs that was killed and resumed ends with the same bits as one that was not. A run
/// that is complete leaves a checkpoint of its end.
NODISCARD Status trainer_run(const TrainerRun* run, Params* params, TrainerProgress* end,
                             Message* message);

/// Return the scores of `params` over a set
NODISCARD Status trainer_evaluate(const TrainerConfig* config, const Params* params,
                                  const Dataset* dataset, ScoreResult* result);

#endif
