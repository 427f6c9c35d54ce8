// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A run of grus-train: examine the recordings, train, write the model and its report. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_RUN_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_RUN_H

#include "core/status.h"
#include "train/programs/train/options.h"
#include "train/programs/train/session.h"

/// Do what the options ask for; the shape in them becomes that of the model. All processes of a
/// team call it, and fail alike.
NODISCARD Status run_training(TrainOptions* options, Session* session, Message* message);

#endif
