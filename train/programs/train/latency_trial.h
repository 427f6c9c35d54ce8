// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Where does a network learn the target best: where the examination shifts it to, where it was, or
/// with less of its latency left? Small ones try, for a few seconds. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_LATENCY_TRIAL_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_LATENCY_TRIAL_H

#include "core/status.h"
#include "train/programs/train/options.h"
#include "train/programs/train/session.h"

/// Try the first take, shift all takes alike, and write it to the findings; other places than the
/// examination's are taken only if they are better. The same on every process of a team.
NODISCARD Status latency_trial(const TrainOptions* options, Session* session, Message* message);

#endif
