// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Are all processes of the team about to train the same model? Checked once, before the training:
/// each computes a part of one gradient. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_TEAM_CHECK_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_TEAM_CHECK_H

#include "core/params.h"
#include "core/status.h"
#include "train/programs/train/recording.h"

#include <stdint.h>

#define TEAM_CHECK_RECORDINGS 3U

/// What a process is about to train with
typedef struct {
  const char* version;
  uint64_t arguments; ///< Hash of the command line
  const Recording* recordings[TEAM_CHECK_RECORDINGS];
  const Params* params; ///< First weights
} TeamCheck;

/// Fail on all processes unless they have the same; the message says which differs and how
NODISCARD Status team_check_all(const TeamCheck* check, Message* message);

#endif
