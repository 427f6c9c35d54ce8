// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Plays a whole recording through a capture that no engine plays, such as a WaveNet of NAM. One
/// thread calls; others help.

#ifndef GRUS_TRAIN_PROGRAMS_RENDER_CAPTURE_H
#define GRUS_TRAIN_PROGRAMS_RENDER_CAPTURE_H

#include "core/status.h"
#include "train/teacher/teacher.h"

#include <stdint.h>

/// A recording, and what the capture makes of it
typedef struct {
  float* samples; ///< (n_frames), at the recording's rate
  uint64_t n_frames;
  double seconds; ///< Spent rendering [s]
  Message note;   ///< How it gets to the recording's rate; empty if that is its own
} CaptureSound;

/// Render one channel of a recording, counted from 1; 0: the first
NODISCARD Status capture_play(const Teacher* teacher, const char* input, uint32_t channel,
                              CaptureSound* sound, Message* message);

/// Free the samples; legal on a zeroed struct
void capture_clear(CaptureSound* sound);

#endif
