// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The linear stage of a model that is trained: whether there is one, and what players should know
/// about it. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_LINEAR_STAGE_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_LINEAR_STAGE_H

#include "core/params.h"
#include "core/status.h"
#include "train/learn/trainer.h"
#include "train/programs/train/options.h"
#include "train/programs/train/session.h"

/// Unless the user or a model to start from decides, choose by trials, which follow `config`
NODISCARD Status linear_stage_choose(const TrainOptions* options, Session* session,
                                     const TrainerConfig* config, Message* message);

/// Unless the length was given, leave out taps that what `run` learned doesn't need
NODISCARD Status linear_stage_shorten(const TrainOptions* options, const TrainerRun* run,
                                      Params* params, Message* message);

/// Note whether the stage that was learned is a loudspeaker, and let the model be as loud without
/// it as with it, so that a player who replaces it need not turn anything
NODISCARD Status linear_stage_finish(const TrainOptions* options, Session* session,
                                     Message* message);

#endif
