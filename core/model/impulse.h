// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a loudspeaker or a load makes of one sample: the taps of a convolution. Any thread but the
/// audio thread.

#ifndef GRUS_CORE_MODEL_IMPULSE_H
#define GRUS_CORE_MODEL_IMPULSE_H

#include <stdint.h>

#define IMPULSE_MAX_CHANNELS 2U

/// An impulse response, at the rate it will be played at
typedef struct {
  float* samples[IMPULSE_MAX_CHANNELS]; ///< (n_frames) each; NULL for a channel that is not there
  uint32_t n_channels;                  ///< 1 or 2
  uint32_t n_frames;                    ///< At least 1
  double sample_rate;                   ///< [Hz]
} Impulse;

/// Free the samples; legal on a zeroed struct
void impulse_clear(Impulse* impulse);

#endif
