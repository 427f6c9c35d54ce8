// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The loudspeaker behind the amplifier: a convolution that can be switched, levelled and changed
/// without a click. Audio thread.

#ifndef GRUS_CORE_ENGINE_CABINET_H
#define GRUS_CORE_ENGINE_CABINET_H

#include "core/engine/change.h"
#include "core/engine/convolver.h"
#include "core/engine/ramp.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

#define CABINET_SLICE 64U ///< Most frames of a call
#define CABINET_MAX_CHANNELS 2U

typedef struct {
  Change convolvers; ///< NULL passes sound through
  Ramp is_on;        ///< 0: through, 1: convolved
  Ramp gain;         ///< Of the convolved
  uint32_t n_channels;
  uint32_t change_fade; ///< [frames]
  bool was_idle;        ///< The convolver does not know what went by
  float gains[CABINET_SLICE];
  float wet[CABINET_MAX_CHANNELS][CABINET_SLICE];
  float wet_next[CABINET_MAX_CHANNELS][CABINET_SLICE];
} Cabinet;

/// Let the newest convolver sound without a fade; free those it replaces. Not for the audio thread.
void cabinet_settle(Cabinet* cabinet);

/// Free all convolvers; not for the audio thread
void cabinet_clear(Cabinet* cabinet);

/// Process `n` frames, at most CABINET_SLICE, in place
void cabinet_run(Cabinet* cabinet, float* const* x, uint32_t n) RT;

#endif
