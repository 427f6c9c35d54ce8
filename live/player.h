// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The part of the rig on the JACK thread: takes orders and MIDI, plays, sends events. Orders and
/// events pass through lock-free rings with one writer and one reader each.

#ifndef GRUS_LIVE_PLAYER_H
#define GRUS_LIVE_PLAYER_H

#include "core/engine/controls.h"
#include "core/engine/engine.h"
#include "core/realtime.h"
#include "core/status.h"
#include "live/sounds.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// From the main thread
typedef enum {
  ORDER_SELECT, ///< Entry `index`
  ORDER_NEXT,
  ORDER_PREV,
  ORDER_SET,    ///< `control` to `value`
  ORDER_BYPASS, ///< Switch between bypass and sound
  ORDER_SOUNDS, ///< Play from `sounds`: entry `index` or, if there is none, the successor of the
                ///< current entry. The old sounds come back with EVENT_FREED.
  ORDER_LEARN,  ///< Map the next MIDI control change to `control`
  ORDER_QUIET,  ///< Fade out
} OrderKind;

typedef struct {
  OrderKind kind;
  uint32_t index;
  Control control;
  float value;
  Sounds* sounds;
} Order;

/// To the main thread
typedef enum {
  EVENT_SELECTED, ///< Entry `index`
  EVENT_REFUSED,  ///< Entry `index` does not exist or could not be loaded
  EVENT_SET,      ///< `control` is `value`
  EVENT_LEARNED,  ///< Control change `index` is mapped to `control`
  EVENT_FREED,    ///< `sounds` no longer play: the main thread frees them
} EventKind;

typedef struct {
  EventKind kind;
  uint32_t index;
  Control control;
  float value;
  Sounds* sounds;
} Event;

/// What the main thread may read at any time
typedef struct {
  uint32_t current; ///< Entry
  float input_peak; ///< [linear]
  float output_peak;
  uint32_t guard_trips;
  uint32_t latency; ///< [frames]
} PlayerState;

typedef struct PlayerImpl Player;

/// Make a player that starts with entry `index`. `sounds` belong to it until they come back.
NODISCARD Status player_new(double sample_rate, uint32_t n_channels, Sounds* sounds, uint32_t index,
                            Player** player);

/// Free the player and its sounds while no audio thread runs it; NULL is legal
void player_free(Player* player);

/// Send an order; return false if the ring is full
bool player_order(Player* player, const Order* order);

/// Take an event; return false if there is none
bool player_take_event(Player* player, Event* event);

PlayerState player_state(const Player* player);

/// Play a block, after player_midi() for each MIDI message in it
void player_run(Player* player, const float* const* in, float* const* out, uint32_t n_frames) RT;

/// Act on a MIDI message
void player_midi(Player* player, const uint8_t* data, size_t size) RT;

#endif
