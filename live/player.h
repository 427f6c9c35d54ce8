// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the JACK thread does: orders in, MIDI in, sound, events out. Orders and events go through rings
/// without locks, one writer and one reader each.

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
  ORDER_SOUNDS, ///< Play from `sounds`, entry `index`, or, if there is none, the successor of the
                ///< current one; the old ones come back as an event
  ORDER_LEARN,  ///< The next control change is mapped to `control`
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
  EVENT_REFUSED,  ///< Entry `index` is not there or was not loaded
  EVENT_SET,      ///< `control` is `value`
  EVENT_LEARNED,  ///< Control change `index` is mapped to `control`
  EVENT_FREED,    ///< `sounds` are the main thread's again
} EventKind;

typedef struct {
  EventKind kind;
  uint32_t index;
  Control control;
  float value;
  Sounds* sounds;
} Event;

/// What is shown; read by the main thread at any time
typedef struct {
  uint32_t current; ///< Entry
  float input_peak; ///< [linear]
  float output_peak;
  uint32_t guard_trips;
  uint32_t latency; ///< [frames]
} PlayerState;

typedef struct PlayerImpl Player;

/// Make a player of `sounds`, which are the player's until they come back; begins with entry `index`
NODISCARD Status player_new(double sample_rate, uint32_t n_channels, Sounds* sounds, uint32_t index,
                            Player** player);

/// Free the player and its sounds while no audio thread runs it; NULL is legal
void player_free(Player* player);

/// Order something; return false if the ring is full
bool player_order(Player* player, const Order* order);

/// Take an event; return false if there is none
bool player_take_event(Player* player, Event* event);

PlayerState player_state(const Player* player);

/// Play a block; MIDI messages of it come before, by player_midi()
void player_run(Player* player, const float* const* in, float* const* out, uint32_t n_frames) RT;

/// Take a MIDI message
void player_midi(Player* player, const uint8_t* data, size_t size) RT;

#endif
