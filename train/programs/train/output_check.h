// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Can a run write everything it is about to, and is nothing lost by it? Asked before the training,
/// not after it. In a team, the leader asks. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_OUTPUT_CHECK_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_OUTPUT_CHECK_H

#include "core/status.h"
#include "train/programs/train/options.h"
#include "train/programs/train/session.h"

/// Fail if a file or preset can't be written, or if one is there that is not a run's own: a
/// recording, a file of another kind, the checkpoint of an interrupted run. Fail if another process
/// trains under the same name.
NODISCARD Status output_check_files(const TrainOptions* options, Message* message);

/// Look at the model that is there already, once the recordings have been read, and print what will
/// become of it. Fail if it is one of other recordings: which of the two is better can't be said;
/// or if the preset can't be written, which a capture may name.
NODISCARD Status output_check_older(const TrainOptions* options, Session* session,
                                    Message* message);

#endif
