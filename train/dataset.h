// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Recordings cut into clips of equal length: what the trainer learns from and is judged by.

#ifndef GRUS_TRAIN_DATASET_H
#define GRUS_TRAIN_DATASET_H

#include "core/status.h"
#include "train/wav.h"

#include <stdbool.h>
#include <stdint.h>

/// A stretch of a recording; points into a Wav that outlives it
typedef struct {
  const float* input;  ///< (warmup + length)
  const float* target; ///< (warmup + length)
} Clip;

typedef struct {
  Clip* clips;
  uint32_t n_clips;
  uint32_t warmup;    ///< Frames at the start of a clip that only set the state
  uint32_t length;    ///< Frames after those, which are learned or scored
  double sample_rate; ///< [Hz]
} Dataset;

/// How a recording is to be cut
typedef struct {
  uint32_t clip_frames; ///< Of independent clips that the file is a row of; 0: one continuous take
  uint32_t clip_warmup; ///< Frames of each clip that are not scored; 0: chosen, for one take
} ClipLayout;

/// Cut a pair of recordings; the rest that fills no clip is left out
NODISCARD Status dataset_cut(const Wav* input, const Wav* target, ClipLayout layout,
                             Dataset* dataset, Message* message);

/// Move about `fraction` of the clips, evenly spread, from `dataset` to `held_out`
NODISCARD Status dataset_split(Dataset* dataset, double fraction, Dataset* held_out,
                               Message* message);

/// Return the mean power of the scored targets, after x[t] - `pre_emphasis` * x[t-1]
double dataset_target_power(const Dataset* dataset, double pre_emphasis);

/// Free the list of clips; legal on a zeroed struct
void dataset_clear(Dataset* dataset);

#endif
