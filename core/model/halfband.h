// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Twice or four times the rate and back, for a model that would alias. Audio thread, but for
/// halfband_init().
///
/// Linear-phase half-band filters by Kaiser's window, 85 dB or more: the first stage passes up to 0.42 of the
/// slower rate (20.2 kHz at 48 kHz), the second one need not be as steep. Every other tap is zero, so each
/// direction costs 36 and 14 products a frame. The way up and down together takes a whole number of
/// frames: 35 for twice, 42 for four times the rate.

#ifndef GRUS_CORE_MODEL_HALFBAND_H
#define GRUS_CORE_MODEL_HALFBAND_H

#include "core/realtime.h"

#include <stdint.h>

#define HALFBAND_MAX_FRAMES 64U ///< At the slowest rate, in one call
#define HALFBAND_MAX_FACTOR 4U
#define HALFBAND_MAX_TAPS 36U ///< That are not zero, without the one in the middle

/// One doubling, and the halving that goes with it
typedef struct {
  uint32_t n_taps; ///< That are not zero, without the one in the middle
  uint32_t pad;    ///< Frames at the faster rate, added on the way down
  float taps[HALFBAND_MAX_TAPS];
  /// What came before, and the block, at the slower rate
  float up[HALFBAND_MAX_TAPS + 2 * HALFBAND_MAX_FRAMES];
  float even[HALFBAND_MAX_TAPS + 2 * HALFBAND_MAX_FRAMES];
  float odd[HALFBAND_MAX_TAPS + 2 * HALFBAND_MAX_FRAMES];
} HalfbandStage;

/// One channel
typedef struct {
  uint32_t factor; ///< 1, 2 or 4
  HalfbandStage stages[2];
} Halfband;

void halfband_init(Halfband* halfband, uint32_t factor);

/// Return by how much up and down delay [frames at the slowest rate]
uint32_t halfband_latency(uint32_t factor) RT;

/// Fill the past with silence, and, on the way down, with `rest`
void halfband_reset(Halfband* halfband, float rest) RT;

/// `n` frames become factor * n, as loud
void halfband_up(Halfband* halfband, const float* in, float* out, uint32_t n) RT;

/// factor * `n` frames become `n`
void halfband_down(Halfband* halfband, const float* in, float* out, uint32_t n) RT;

#endif
