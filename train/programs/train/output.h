// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Where a run writes: the model, its preset, and checkpoints. Of a team, only the leader writes.
/// Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_OUTPUT_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_OUTPUT_H

#include "core/status.h"
#include "train/programs/train/options.h"
#include "train/programs/train/session.h"

#include <limits.h>
#include <signal.h>
#include <stdint.h>

/// Fail before the training, not after it, if the model can't be written
NODISCARD Status output_check_folder(const Options* options, Message* message);

/// Name the model's file, NAME.json
void output_name_model(const Options* options, char path[PATH_MAX]);

/// Name the checkpoint of set `index`: the first has none but the model's name, a further one its
/// rate
void output_name_checkpoint(const Options* options, const Session* session, uint32_t index,
                            char path[PATH_MAX]);

/// Name the checkpoint of a trial of one size; a SizePath whose context is an Options
void output_name_trial(void* options, uint32_t hidden_size, char* path);

/// Write what is learned so far, before the sets for further rates: what is learned stays. All
/// processes of a team call it, and fail alike.
NODISCARD Status output_write_early(const Options* options, const Session* session,
                                    Message* message);

/// Write the page NAME.html on a run that has ended, unless asked not to, and say where it is
NODISCARD Status output_write_page(const Options* options, const Session* session,
                                   Message* message);

/// Write the model and, if asked for, its preset, and say where they are. Checkpoints are removed
/// unless `interrupt` is not zero: an interrupted run can be resumed.
NODISCARD Status output_write_model(const Options* options, const Session* session,
                                    const volatile sig_atomic_t* interrupt, Message* message);

#endif
