// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The loudspeaker after the amplifier: a convolution that can be switched, levelled and replaced
/// without a click.

#ifndef GRUS_CORE_ENGINE_CABINET_H
#define GRUS_CORE_ENGINE_CABINET_H

#include "core/engine/crossfade.h"
#include "core/model/convolver.h"
#include "core/ramp.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

#define CABINET_SLICE 64U ///< Most frames of one call
#define CABINET_MAX_CHANNELS 2U

typedef struct {
  Crossfade convolvers; ///< NULL passes sound through
  Ramp is_on;           ///< 0: input, 1: convolved
  Ramp gain;            ///< Level of the convolved sound
  uint32_t n_channels;
  uint32_t change_fade; ///< [frames]
  bool was_idle;        ///< The convolver has missed the latest input
  Ramp entry;           ///< Of its input after that
  float gains[CABINET_SLICE];
  float entries[CABINET_SLICE]; ///< Weight of the input of the convolver that comes in
  float wet[CABINET_MAX_CHANNELS][CABINET_SLICE];
  float wet_next[CABINET_MAX_CHANNELS][CABINET_SLICE];
} Cabinet;

/// Initialise a zeroed cabinet without convolvers; replacing one fades for `change_fade` frames
void cabinet_init(Cabinet* cabinet, uint32_t n_channels, uint32_t change_fade);

/// Make the newest convolver the only one, without a fade, and free the others
void cabinet_settle(Cabinet* cabinet);

/// Free all convolvers
void cabinet_clear(Cabinet* cabinet);

/// Drop all convolvers without freeing them
void cabinet_release(Cabinet* cabinet);

// Audio thread from here

/// Start to change to the waiting convolver, if there is one and no other fades
void cabinet_begin_change(Cabinet* cabinet) RT;

/// Set switch and level within `n_frames`; 0: at once
void cabinet_aim(Cabinet* cabinet, bool is_on, float level_db, uint32_t n_frames) RT;

/// Process `n` frames, at most CABINET_SLICE, in place
void cabinet_run(Cabinet* cabinet, float* const* x, uint32_t n) RT;

#endif
