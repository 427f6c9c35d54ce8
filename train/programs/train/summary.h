// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a user reads of a run besides its progress: what is wrong with the recordings, the plan,
/// and how well each set does. On standard output. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_SUMMARY_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_SUMMARY_H

#include "core/status.h"
#include "train/audio/score.h"
#include "train/learn/dataset.h"
#include "train/learn/stage_search.h"
#include "train/programs/train/options.h"
#include "train/programs/train/recording.h"
#include "train/programs/train/session.h"

#include <stdbool.h>
#include <stdint.h>

/// What is scored
typedef struct {
  const char* what;
  const Recording* recording;
  const Dataset* dataset; ///< Clips of its takes
} SummaryPart;

/// Print what was found in the recordings; of many takes what is wrong, or one line if they are
/// fine; if quiet, only what is wrong
void summary_print_examination(const TrainOptions* options, const Session* session);

/// Print what is learned from and how, unless quiet
void summary_print_plan(const TrainOptions* options, const Session* session);

/// Print that the recordings are about to be resampled, if they are: nothing else happens meanwhile
void summary_print_resampling(const TrainOptions* options, const Session* session);

/// Print for which rate set `index` is, if there are several
void summary_print_rate(const TrainOptions* options, const Session* session, uint32_t index);

/// Print how the trial of one size ended; a SizeReport whose context is a TrainOptions
void summary_print_size(void* options, uint32_t hidden_size, double esr);

/// Print which size is continued with, unless quiet
void summary_print_chosen_size(const TrainOptions* options, uint32_t hidden_size);

/// Print that trials of a linear stage begin, unless quiet
void summary_print_stage_trials(const TrainOptions* options);

/// Print what the trials of a linear stage said, unless quiet
void summary_print_stage(const TrainOptions* options, const StageChoice* choice);

/// Print how well set `index` does on `what`, and note it in the session's scores
void summary_print_set(Session* session, const char* what, uint32_t index,
                       const ScoreResult* score);

/// Print how close the model came, unless quiet, and if that is no match why that may be
void summary_print_verdict(const TrainOptions* options, const Session* session,
                           bool is_interrupted);

/// Print how well set `index` does on a part at every setting of the knobs; fail, without a
/// message, if memory runs out
NODISCARD Status summary_print_settings(const TrainOptions* options, Session* session,
                                        uint32_t index, SummaryPart part);

/// Print scores of every setting that the weights were chosen by, and of those they were learned
/// from unless these are the same takes
NODISCARD Status summary_print_takes(const TrainOptions* options, Session* session,
                                     Message* message);

#endif
