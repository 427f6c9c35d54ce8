// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A take played through a model as the plugin plays it, from anywhere in it. Main thread.

#ifndef GRUS_TRAIN_REPORT_PLAYBACK_H
#define GRUS_TRAIN_REPORT_PLAYBACK_H

#include "core/format/model_file.h"
#include "core/model/model.h"
#include "core/status.h"
#include "train/learn/dataset.h"

#include <stdint.h>

typedef struct {
  const Take* take;
  ClipLayout
      layout; ///< `clip_frames` is 0: one recording; else the model begins anew with each clip
  Model* model;
  double sample_rate; ///< [Hz]
  uint64_t n_frames;
  uint64_t at; ///< Next frame
} Show;

/// A stretch of a take, as it was and as the model plays it
typedef struct {
  uint64_t begin; ///< First frame
  uint32_t n_frames;
  const float* input;  ///< (n_frames), the take's
  const float* target; ///< (n_frames), the take's
  float* output;       ///< (n_frames)
  float* difference;   ///< (n_frames), target - output
} Excerpt;

/// Make a model ready, its knobs as in the take, which stays where it is. To be closed after a failure, too.
NODISCARD Status show_open(const ModelFile* file, const Take* take, ClipLayout layout, Show* show);

/// Legal on a zeroed struct
void show_close(Show* show);

/// Go to a frame, with the model in the state that the two seconds before it leave
void show_seek(Show* show, uint64_t begin);

/// Play on, without the model's constant offset, which the plugin takes away, too
void show_play(Show* show, float* output, uint32_t n_frames);

/// Play `n_frames` around a frame, fewer if the take is shorter
NODISCARD Status show_excerpt(Show* show, uint64_t middle, uint32_t n_frames, Excerpt* excerpt);

/// Legal on a zeroed struct
void excerpt_clear(Excerpt* excerpt);

#endif
