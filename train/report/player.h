// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A sound to listen to inside of a page. Main thread.

#ifndef GRUS_TRAIN_REPORT_PLAYER_H
#define GRUS_TRAIN_REPORT_PLAYER_H

#include "core/status.h"

#include <stdint.h>
#include <stdio.h>

/// Write a player with the sound inside, 16-bit FLAC, times `gain`
NODISCARD Status listen_write(FILE* out, const float* samples, uint32_t n_frames,
                              double sample_rate, double gain);

#endif
