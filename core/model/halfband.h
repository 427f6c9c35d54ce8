// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Raises the rate two or four times and lowers it again, for a model that would alias. Audio
/// thread, except halfband_init().
///
/// Linear-phase half-band filters by Kaiser's window, 85 dB or more. The first stage passes up to
/// 0.42 of the slower rate (20.2 kHz at 48 kHz); the second one need not be as steep. Every other
/// tap is zero, so the stages cost 36 and 14 products a frame in each direction. Up and down
/// together delay by a whole number of frames: 35 for twice, 42 for four times the rate.

#ifndef GRUS_CORE_MODEL_HALFBAND_H
#define GRUS_CORE_MODEL_HALFBAND_H

#include "core/realtime.h"

#include <stdint.h>

#define HALFBAND_MAX_FRAMES 64U ///< In one call, at the slowest rate
#define HALFBAND_MAX_FACTOR 4U
#define HALFBAND_MAX_TAPS 36U ///< Not counting zeros and the middle tap

/// One doubling, and the halving that goes with it
typedef struct {
  uint32_t n_taps; ///< Not counting zeros and the middle tap
  uint32_t pad;    ///< Extra delay on the way down [frames at the faster rate]
  float taps[HALFBAND_MAX_TAPS];
  /// The past, then the block, at the slower rate
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

/// Return the delay of up and down together [frames at the slowest rate]
uint32_t halfband_latency(uint32_t factor) RT;

/// Fill the past with silence on the way up, and with `rest` on the way down
void halfband_reset(Halfband* halfband, float rest) RT;

/// Turn `n` frames into factor * n frames of the same level
void halfband_up(Halfband* halfband, const float* in, float* out, uint32_t n) RT;

/// Turn factor * `n` frames into `n`
void halfband_down(Halfband* halfband, const float* in, float* out, uint32_t n) RT;

#endif
