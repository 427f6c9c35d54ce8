// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A noise gate. It measures the dry input, where playing and noise are far apart, and sets how
/// much of the model's sound passes. Audio thread, except gate_init().
///
/// It opens above the threshold within 1.5 ms, stays open until the level has been 6 dB below it
/// for 60 ms, and closes in 100 ms. The level is a peak that falls with a time constant of 20 ms:
/// in half a period of the low E, 6 ms, it falls by 2.6 dB, less than hysteresis and hold allow
/// for.

#ifndef GRUS_CORE_ENGINE_GATE_H
#define GRUS_CORE_ENGINE_GATE_H

#include "core/decibel.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

#define GATE_OFF_DB ((float)DECIBEL_SILENCE) ///< This and below is off [dBFS]

typedef struct {
  float threshold; ///< [linear]; 0: off
  float level;     ///< Falling peak [linear]
  float way;       ///< 0: closed, 1: open; the gain is smoother
  bool is_open;
  uint32_t held; ///< Frames since the level was last high enough to stay open
  uint32_t hold; ///< Frames it stays open after that
  float fall;    ///< Of the level, in one frame
  float opening; ///< Of the way, in one frame
  float closing;
  float returning; ///< The same after the gate was switched off
} Gate;

/// Start open and off
void gate_init(Gate* gate, double sample_rate);

/// Clear the past: open
void gate_reset(Gate* gate) RT;

/// Set the threshold [dBFS]; GATE_OFF_DB and below is off, and so are 0 and above, as sessions have
/// it that were saved when off was at the top. NaN changes nothing.
void gate_aim(Gate* gate, float threshold_db) RT;

/// Return how much passes, 0..1
float gate_gain(const Gate* gate) RT;

/// Follow `n` frames of the loudest channel of `key` and write a gain for each. Return true if all
/// gains are 1. Splitting a call into several gives the same bits.
bool gate_run(Gate* gate, const float* const* key, uint32_t n_channels, float* gain, uint32_t n) RT;

#endif
