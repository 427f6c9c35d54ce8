// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a model starts with: its first weights and its texts. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_FIRST_MODEL_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_FIRST_MODEL_H

#include "core/format/model_file.h"
#include "core/params.h"
#include "core/status.h"
#include "train/programs/train/options.h"
#include "train/programs/train/session.h"

/// Give the model of a session, whose recordings must have been read, its first weights, texts and
/// sample rate.
///
/// With a model to start from, the shape in the options becomes that of its weights. Fail if it
/// can't be read or trained further, or has another number of knobs than the takes.
NODISCARD Status first_model_init(TrainOptions* options, Session* session, Message* message);

/// Fit the first weights, or with a skip connection the gains of the file, to the level of the
/// recordings, which must have been cut. Those of a model to start from stay as they are.
void first_model_fit_levels(TrainOptions* options, Session* session);

/// Return in `params`, which the caller clears, the first weights of a set for another rate [Hz]:
/// the main one's, changed for that rate
NODISCARD Status first_model_carry_weights(const ModelFile* model, double sample_rate,
                                           Params* params, Message* message);

#endif
