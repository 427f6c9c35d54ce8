// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Are all processes of the team about to train the same? Asked once, before a training: each
/// computes a part of the gradient, and parts of different things add up to nothing. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_TEAM_CHECK_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_TEAM_CHECK_H

#include "core/params.h"
#include "core/status.h"
#include "train/programs/train/recording.h"

#include <stdint.h>

#define MUSTER_RECORDINGS 3U

/// What a process is about to train with
typedef struct {
  const char* version;
  uint64_t arguments; ///< Hash of the command line
  const Recording* recordings[MUSTER_RECORDINGS];
  const Params* params; ///< First weights
} Muster;

/// Fail on all processes unless they have the same; the message says which differs and in what
NODISCARD Status muster_check(const Muster* muster, Message* message);

#endif
