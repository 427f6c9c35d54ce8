// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Everything a run of grus-train reads and makes. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_SESSION_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_SESSION_H

#include "core/format/model_file.h"
#include "core/params.h"
#include "core/status.h"
#include "train/programs/train/options.h"
#include "train/programs/train/rate_sets.h"
#include "train/programs/train/recording.h"
#include "train/report/learning_curve.h"
#include "train/report/score_list.h"

#include <stdint.h>

/// Zeroed to begin with; it must stay where it is, as its recordings must
typedef struct {
  Recording train;
  Recording validation; ///< Without recordings of its own: a part of `train`
  Recording test;
  RatesResampled resampled[MODEL_FILE_MAX_SETS - 1]; ///< The same at further rates
  uint32_t n_resampled;
  ModelFile model;
  LearningCurve curves[MODEL_FILE_MAX_SETS]; ///< Of each set
  ScoreList scores;                          ///< What was told of them all
  double start;                              ///< Of the time to spend [s]
} Session;

/// Read the recordings that are asked for, examine and mend them. What was read is to be cleared even after
/// a failure.
NODISCARD Status session_read_recordings(const Options* options, Session* session,
                                         Message* message);

/// Fail if something was found that nothing good can be learned from
NODISCARD Status session_check_findings(const Session* session, Message* message);

/// Cut them into clips; without a recording for validation, hold out a part of the one to learn from. Fail
/// if a file can't be used, or if they are not all at one rate.
NODISCARD Status session_cut_recordings(const Options* options, Session* session, Message* message);

/// Bring everything to the further rates, before the training: what can't be is told now. What was
/// made is to be cleared even after a failure.
NODISCARD Status session_resample_recordings(const Options* options, Session* session,
                                             Message* message);

/// Free what was read and made; legal on a zeroed struct
void session_clear(Session* session);

/// Return the rate of the recordings, which must have been read [Hz]
double session_sample_rate(const Session* session);

/// Return what set `index` of the model is made of: 0 is the main one, at the rate of the
/// recording, 1 to `n_resampled` are those at further rates
RatesMaterial session_material(const Session* session, uint32_t index);

/// Return the weights of set `index` of the model
const Params* session_params(const Session* session, uint32_t index);

#endif
