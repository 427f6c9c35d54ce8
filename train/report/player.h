// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A sound to listen to inside a page. Main thread.

#ifndef GRUS_TRAIN_REPORT_PLAYER_H
#define GRUS_TRAIN_REPORT_PLAYER_H

#include "core/status.h"

#include <stdint.h>
#include <stdio.h>

typedef struct {
  const char* label;    ///< For a screen reader
  const float* samples; ///< (n_frames)
  uint32_t n_frames;
  double sample_rate; ///< [Hz]
  double gain;
} PlayerSound;

/// Write a player with the sound inside, as 16-bit FLAC
NODISCARD Status player_write(FILE* out, const PlayerSound* sound);

#endif
