// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A noise gate: listens to the dry input, where playing and noise are far apart, and says how much of the
/// model's sound may pass. Audio thread, but for gate_init().
///
/// It opens above the threshold within 1.5 ms, stays open until the level has been 6 dB below it for 60 ms,
/// and closes in 100 ms. The level is a peak that falls with a time constant of 20 ms: half a period of the
/// low E, 6 ms, takes 2.6 dB from it, which hysteresis and hold outlast.

#ifndef GRUS_CORE_ENGINE_GATE_H
#define GRUS_CORE_ENGINE_GATE_H

#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  float threshold; ///< [linear]; 0: off
  float level;     ///< Falling peak [linear]
  float way;       ///< 0: closed, 1: open; the gain is smoother
  bool is_open;
  uint32_t held; ///< Frames since the level was high enough to stay open
  uint32_t hold; ///< [frames], as many as it stays open
  float fall;    ///< Of the level, in a frame
  float opening; ///< Of the way, in a frame
  float closing;
  float returning; ///< When it is switched off
} Gate;

/// Begin open and off
void gate_init(Gate* gate, double sample_rate);

/// Forget the past: open
void gate_reset(Gate* gate) RT;

/// Set the threshold [dBFS]; 0 and above is off, what is not a number changes nothing
void gate_aim(Gate* gate, float threshold_db) RT;

/// Listen to `n` frames of the loudest channel of `key`; write a gain for each. Return true if all gains
/// are 1. Any split into calls gives the same bits.
bool gate_run(Gate* gate, const float* const* key, uint32_t n_channels, float* gain, uint32_t n) RT;

#endif
