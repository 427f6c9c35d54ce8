// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Does a linear stage behind the network pay, and how long must it be? A loudspeaker or a load
/// rings for longer than a network can remember; a pedal doesn't. Main thread.

#ifndef GRUS_TRAIN_LEARN_STAGE_SEARCH_H
#define GRUS_TRAIN_LEARN_STAGE_SEARCH_H

#include "core/params.h"
#include "core/status.h"
#include "train/learn/trainer.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/// Longest stage [s]: 2048 taps at 48 kHz
#define STAGE_SEARCH_SECONDS 0.0428

/// Checkpoints of the trials, for a run that is resumed; empty without any
typedef struct {
  char bare[PATH_MAX];
  char staged[PATH_MAX];
} StageSearchPaths;

/// What the trials reached on the held-out part
typedef struct {
  bool is_tried; ///< False if the plan is too short for trials: then there is no stage
  double bare;   ///< ESR without a stage
  double staged; ///< ESR with one
  bool pays;
} StageChoice;

/// Return false if the plan is too short for trials
bool stage_has_trials(const TrainerConfig* config);

/// Learn for a share of the plan, or for as long as it takes to tell, without a stage, and again
/// with one. On success `params` is what was learned in the better way, with the longest stage if
/// one pays; it is freed and made again if its shape changes.
NODISCARD Status stage_choose(const TrainerRun* run, const StageSearchPaths* paths, Params* params,
                              StageChoice* choice, Message* message);

/// Halve the stage of what was learned as long as taps can be found that are as good. `params` is
/// freed and made again if its shape changes.
NODISCARD Status stage_shorten(const TrainerRun* run, Params* params, Message* message);

#endif
