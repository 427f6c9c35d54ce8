// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// When to send a picture of the gates: thirty times a second of sound, at the end of a block, for
/// as long as someone watches. Who watches renews that again and again, because a host may forget
/// to say that an interface was closed. Audio thread.

#ifndef GRUS_PLUGIN_WATCH_H
#define GRUS_PLUGIN_WATCH_H

#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

#define WATCH_SECONDS 2.0     ///< What one message lasts for, in sound [s]
#define WATCH_PER_SECOND 30.0 ///< Pictures

typedef struct {
  double sample_rate; ///< [Hz]
  uint32_t n_left;    ///< Until nobody watches any more [frames]
  double until_next;  ///< Until the next picture is due [frames]
  bool is_due;        ///< At the end of this block
} Watch;

/// Watch for WATCH_SECONDS from now on, or no longer
void watch_renew(Watch* watch, bool is_watched) RT;

/// Count the frames of a block, and find out whether a picture is due at its end
void watch_block(Watch* watch, uint32_t n_frames) RT;

#endif
