// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A batch of clips on all threads of all processes of the team: gradients chunk by chunk with the
/// state carried along, and the error over a whole set.
///
/// Clips are taken in groups of BPTT_GROUP. A group's result does not depend on where it ran, and
/// groups are summed in a fixed order: the number of threads and processes changes no bit. All
/// processes call these functions together, with the same arguments.

#ifndef GRUS_TRAIN_LEARN_LEARNER_H
#define GRUS_TRAIN_LEARN_LEARNER_H

#include "core/params.h"
#include "core/status.h"
#include "train/audio/esr.h"
#include "train/audio/score.h"
#include "train/learn/dataset.h"
#include "train/learn/loss.h"
#include "train/learn/scale.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct LearnerImpl Learner;

/// The largest work a learner will be given
typedef struct {
  ParamsShape shape;
  uint32_t max_clips;  ///< In a batch
  uint32_t max_frames; ///< In a chunk, with those after it
  uint32_t n_threads;
  const Loss* loss; ///< Outlives the learner; NULL: it only evaluates
  Scale scale;      ///< Of all sound and targets
  bool only_taps;   ///< The gradient of the network stays zero
} LearnerSizes;

NODISCARD Status learner_new(LearnerSizes sizes, Learner** learner);

/// NULL is legal
void learner_free(Learner* learner);

/// Begin `n_clips` clips from zero state and run their warm-up
void learner_start(Learner* learner, const Params* params, const Clip* clips, uint32_t n_clips,
                   uint32_t warmup);

/// What is learned from at once
typedef struct {
  uint32_t n_frames; ///< Of each clip
  uint32_t n_after;  ///< Frames after those, in which a linear stage can still be heard
} LearnerChunk;

/// Run the next `n_frames` of the clips; fill `gradient` (params_count()); return the loss.
///
/// With a linear stage, the network's gradient lacks what it would be heard of later than the
/// frames after; they are run again as part of the next chunk.
double learner_gradient(Learner* learner, const Params* params, LearnerChunk chunk,
                        float* gradient);

/// Sum up the error over all clips of a set, each from zero state and with the weight of its take;
/// ends what learner_start() began
NODISCARD Status learner_evaluate(Learner* learner, const Params* params, const Dataset* dataset,
                                  Metrics* metrics);

/// The same with every measure, which takes longer, and as grus-render scores what it plays: the
/// state of a clip comes from the two seconds before it in its recording, and DC is blocked
/// (core/dc_blocker.h). Independent clips are scored as they are. Each process scores the whole
/// set.
NODISCARD Status learner_score(Learner* learner, const Params* params, const Dataset* dataset,
                               ScoreResult* result);

#endif
