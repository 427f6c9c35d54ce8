// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A level in dB that changes without a click. Audio thread.

#ifndef GRUS_CORE_ENGINE_LEVEL_H
#define GRUS_CORE_ENGINE_LEVEL_H

#include "core/decibel.h"
#include "core/ramp.h"
#include "core/realtime.h"

#include <math.h>
#include <stdint.h>

#define LEVEL_MIN_DB ((float)DECIBEL_SILENCE) ///< This and below are silence
#define LEVEL_MAX_DB 40.0F                    ///< Higher levels count as this

/// Move a gain to a level within `n_frames`; 0: at once. A level that is not finite leaves the gain
/// where it is, or sets it to 0 dB if the change has to be at once.
static inline void
level_aim(Ramp* const gain, const float level_db, const uint32_t n_frames) RT
{
  if (isfinite(level_db)) {
    const float limited = fminf(level_db, LEVEL_MAX_DB);
    ramp_aim(gain, limited <= LEVEL_MIN_DB ? 0.0F : decibel_to_gainf(limited), n_frames);
  } else if (!n_frames) {
    ramp_aim(gain, 1.0F, 0);
  }
}

#endif
