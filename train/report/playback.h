// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A take played through a model as the plugin plays it, from any frame on. Main thread.

#ifndef GRUS_TRAIN_REPORT_PLAYBACK_H
#define GRUS_TRAIN_REPORT_PLAYBACK_H

#include "core/format/model_file.h"
#include "core/model/model.h"
#include "core/status.h"
#include "train/learn/dataset.h"

#include <stdint.h>

typedef struct {
  const Take* take;
  ClipLayout layout; ///< With `clip_frames`, the model restarts at each clip; 0: one recording
  Model* model;
  double sample_rate; ///< [Hz]
  uint64_t n_frames;
  uint64_t at; ///< Next frame
} Playback;

/// A passage of a take, as recorded and as the model plays it
typedef struct {
  uint64_t begin; ///< First frame
  uint32_t n_frames;
  const float* input;  ///< (n_frames), the take's
  const float* target; ///< (n_frames), the take's
  float* output;       ///< (n_frames)
  float* difference;   ///< (n_frames), target - output
} Excerpt;

/// Prepare a model with the take's knobs; keeps a pointer to the take. Close it even after a
/// failure.
NODISCARD Status playback_open(const ModelFile* file, const Take* take, ClipLayout layout,
                               Playback* playback);

/// Legal on a zeroed struct
void playback_close(Playback* playback);

/// Go to a frame, after running the model over the two seconds before it
void playback_seek(Playback* playback, uint64_t begin);

/// Play on, without the model's constant offset, which the plugin removes too
void playback_play(Playback* playback, float* output, uint32_t n_frames);

/// Play `n_frames` around a frame, fewer if the take is shorter
NODISCARD Status playback_cut_excerpt(Playback* playback, uint64_t middle, uint32_t n_frames,
                                      Excerpt* excerpt);

/// Legal on a zeroed struct
void excerpt_clear(Excerpt* excerpt);

#endif
