// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Everything that a run of grus-train reads and makes. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_SESSION_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_SESSION_H

#include "core/format/model_file.h"
#include "core/params.h"
#include "core/status.h"
#include "train/learn/scale.h"
#include "train/learn/stage_search.h"
#include "train/programs/train/loss_choice.h"
#include "train/programs/train/options.h"
#include "train/programs/train/rate_sets.h"
#include "train/programs/train/recording.h"
#include "train/report/learning_curve.h"
#include "train/report/score_list.h"
#include "train/teacher/teacher.h"

#include <stdbool.h>
#include <stdint.h>

/// Zeroed at first. It must stay where it is, as its recordings must.
typedef struct {
  TeacherInfo teacher; ///< Of the capture to learn from; zeroed if there is none
  Recording train;
  Recording validation; ///< Without recordings of its own: a part of `train`
  Recording test;
  RatesResampled resampled[MODEL_FILE_MAX_SETS - 1]; ///< The same at further rates
  uint32_t n_resampled;
  ModelFile model;
  StageChoice stage; ///< What trials said of a linear stage
  Scale scale;       ///< Of the gains in the model's file
  LossChoice loss;
  LearningCurve curves[MODEL_FILE_MAX_SETS]; ///< Of each set
  ScoreList scores;                          ///< All that were printed
  double older_esr; ///< Of the model that is there, which stays if it is better; 0: none
  unsigned edition; ///< The model's files are NAME, or NAME-EDITION if this is not 0
  bool is_dropped;  ///< The model is not written: an earlier part of the same run left a better one
  double start;     ///< When the time to spend started [s]
} Session;

/// Read the recordings, examine them, and find how to correct them. Clear what was read even after
/// a failure.
NODISCARD Status session_read_recordings(const TrainOptions* options, Session* session,
                                         Message* message);

/// Correct what can be
NODISCARD Status session_correct_recordings(const TrainOptions* options, Session* session,
                                            Message* message);

/// Fail if something was found that makes a recording useless
NODISCARD Status session_check_findings(const TrainOptions* options, const Session* session,
                                        Message* message);

/// Cut them into clips; without a recording for validation, hold out a part of the one to learn
/// from. Fail if a file can't be used, or if they aren't all at one rate.
NODISCARD Status session_cut_recordings(const TrainOptions* options, Session* session,
                                        Message* message);

/// Resample everything to the further rates, before the training, so that what fails fails early.
/// Clear what was made even after a failure.
NODISCARD Status session_resample_recordings(const TrainOptions* options, Session* session,
                                             Message* message);

/// Free what was read and made; legal on a zeroed struct
void session_clear(Session* session);

/// Return the rate of the recordings, which must have been read [Hz]
double session_sample_rate(const Session* session);

/// Return what set `index` of the model is learned from: 0 is the main one, at the rate of the
/// recording, 1 to `n_resampled` are those at further rates
RatesMaterial session_material(const Session* session, uint32_t index);

/// Return the weights of set `index` of the model
const Params* session_params(const Session* session, uint32_t index);

#endif
