// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Does a linear stage behind the network pay, and how long must it be? A loudspeaker or a load
/// rings for longer than a network can remember; a pedal doesn't. Main thread.

#ifndef GRUS_TRAIN_LEARN_STAGE_SEARCH_H
#define GRUS_TRAIN_LEARN_STAGE_SEARCH_H

#include "core/params.h"
#include "core/status.h"
#include "train/learn/trainer.h"

#include <stdbool.h>
#include <stdint.h>

/// Longest stage that is tried [s]: 1024 taps at 48 kHz
#define STAGE_SEARCH_SECONDS 0.0214

/// Shortest stage that is tried [taps]
#define STAGE_SEARCH_FEWEST 64U

/// Fill `path` (PATH_MAX) with the checkpoint of a trial, by taps
typedef void (*StagePath)(void* context, uint32_t n_taps, char* path);

typedef struct {
  StagePath path; ///< NULL: no checkpoints
  void* context;
} StageCalls;

/// What the trials reached on the held-out part
typedef struct {
  bool is_tried;   ///< False if the plan is too short for trials: then there is no stage
  double bare;     ///< ESR without a stage
  double staged;   ///< ESR with the stage that is chosen or, if none is, the longest one
  uint32_t n_taps; ///< As many as are needed; 0: it doesn't pay
} StageChoice;

/// Learn for a small share of the plan without a stage, and again with one; if that pays, with
/// half of it, as long as that is as good. On success `params` has the chosen shape and weights;
/// they are freed and made again if the shape changes.
NODISCARD Status stage_choose(const TrainerRun* run, const StageCalls* calls, Params* params,
                              StageChoice* choice, Message* message);

#endif
