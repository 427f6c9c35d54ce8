// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the units of a network do while a sound plays: their gates over time, as heat maps below
/// the sound. Main thread.

#ifndef GRUS_TRAIN_REPORT_GATES_H
#define GRUS_TRAIN_REPORT_GATES_H

#include "core/params.h"
#include "core/status.h"

#include <stdint.h>
#include <stdio.h>

/// A sound, and the network that processes it
typedef struct {
  const Params* params;
  const float* knobs; ///< (PARAMS_MAX_KNOBS)
  const float* input; ///< (n_before + n_frames)
  float gain;         ///< Of the model's file, in front of the network
  uint64_t n_before;  ///< Frames that only set the state, not shown
  uint64_t n_frames;  ///< At least one
  double sample_rate; ///< [Hz]
} GatesSound;

/// Write a section with a paragraph for players and two views: the whole sound, and 20 ms around
/// its loudest frame
NODISCARD Status gates_write(FILE* out, const GatesSound* sound);

#endif
