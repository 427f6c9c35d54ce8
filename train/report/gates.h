// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the units of a network do while a sound plays: their gates over time, as heat maps beside the sound.
/// Main thread.

#ifndef GRUS_TRAIN_REPORT_GATES_H
#define GRUS_TRAIN_REPORT_GATES_H

#include "core/params.h"
#include "core/status.h"

#include <stdint.h>
#include <stdio.h>

/// A sound, and the network that it goes through
typedef struct {
  const Params* params;
  const float* knobs; ///< (PARAMS_MAX_KNOBS)
  const float* input; ///< (n_before + n_frames)
  uint64_t n_before;  ///< Frames that only set the state
  uint64_t n_frames;  ///< At least one
  double sample_rate; ///< [Hz]
} GatesSound;

/// Write a section with two views, of all of the sound and of twenty milliseconds at its loudest, with a paragraph that
/// explains them to a player
NODISCARD Status gates_write(FILE* out, const GatesSound* sound);

#endif
