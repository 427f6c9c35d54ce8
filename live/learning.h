// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which MIDI controller does the musician move to have it learned? Not one that was moving before,
/// such as a volume pedal under the foot, nor one whose value only trembles. Audio thread; time is
/// counted in frames.

#ifndef GRUS_LIVE_LEARNING_H
#define GRUS_LIVE_LEARNING_H

#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

#define LEARNING_SECONDS 10.0     ///< Until learning ends by itself
#define LEARNING_REST_SECONDS 1.0 ///< A controller that paused for so long was not moving before
#define LEARNING_MOVE 8 ///< From the last value before, of 127; a first value always counts

#define LEARNING_N_CCS 128U

typedef struct {
  double sample_rate; ///< [Hz]
  uint64_t now;       ///< [frames]
  uint64_t end;       ///< Of learning [frames]
  uint64_t heard_at[LEARNING_N_CCS];
  int values[LEARNING_N_CCS];      ///< Last value; -1: never heard
  int rest_values[LEARNING_N_CCS]; ///< When learning began; -1: not heard before
  bool was_moving[LEARNING_N_CCS]; ///< When learning began, and ever since
  bool is_active;
} Learning;

/// Start with no controller heard
void learning_init(Learning* learning, double sample_rate);

void learning_begin(Learning* learning) RT;

/// Hear a control change; return true if it is the one to learn, which ends learning
bool learning_hear(Learning* learning, uint32_t cc, uint32_t value) RT;

/// Let time pass; return true if learning has just ended by itself
bool learning_advance(Learning* learning, uint32_t n_frames) RT;

#endif
