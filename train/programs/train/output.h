// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Where a run writes: the model, its preset, its report, and checkpoints. In a team, only the
/// leader writes. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_OUTPUT_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_OUTPUT_H

#include "core/status.h"
#include "train/learn/stage_search.h"
#include "train/programs/train/options.h"
#include "train/programs/train/session.h"

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/// Name the model's file, NAME.json
void output_name_model(const TrainOptions* options, char path[PATH_MAX]);

/// Name the report, NAME.html
void output_name_page(const TrainOptions* options, char path[PATH_MAX]);

/// Name the checkpoint of the set for a rate [Hz]; 0: the main one
void output_name_checkpoint_for(const TrainOptions* options, double rate, char path[PATH_MAX]);

/// Name the checkpoint of set `index`: after the model, and for a further rate after that too
void output_name_checkpoint(const TrainOptions* options, const Session* session, uint32_t index,
                            char path[PATH_MAX]);

/// Name the checkpoints of the trials of a linear stage
void output_name_stage_trials(const TrainOptions* options, StageSearchPaths* paths);

/// Name the checkpoint of a trial of one size; a SizePath whose context is a TrainOptions
void output_name_trial(void* options, uint32_t hidden_size, char* path);

/// Once the main set is trained: if the model that is there is better, or came there during the
/// training, find another name for this one, its files and its preset: NAME-2 or the first that is
/// free. A run that was continued and is interrupted again leaves only the better one: its
/// checkpoint has the rest.
void output_choose_edition(const TrainOptions* options, Session* session, bool is_interrupted);

/// Write the model before the sets for further rates are learned, so that it isn't lost. All
/// processes of a team call it, and fail alike.
NODISCARD Status output_write_early(const TrainOptions* options, const Session* session,
                                    Message* message);

/// Write the report NAME.html unless it isn't wanted, and print where it is
NODISCARD Status output_write_page(const TrainOptions* options, const Session* session,
                                   Message* message);

/// Write the model and, if requested, its preset, and print where they are. Remove the checkpoints
/// unless `interrupt` is set: an interrupted run can be resumed.
NODISCARD Status output_write_model(const TrainOptions* options, const Session* session,
                                    const volatile sig_atomic_t* interrupt, Message* message);

/// Print what to do with the model now, unless quiet
void output_print_next_step(const TrainOptions* options, const Session* session);

#endif
