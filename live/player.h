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
                ///< current entry. The old sounds come back with EVENT_FREED. The controls stay
                ///< if `keeps_controls`.
  ORDER_STEP,   ///< Send EVENT_STEP, after the events of the orders before
  ORDER_LEARN,  ///< Map the next controller that moves to `control`
  ORDER_GET,    ///< Report the controls with EVENT_CONTROLS, which repeats `control`
  ORDER_SAVE,   ///< Make the controls those that the current entry starts with
  ORDER_QUIET,  ///< Fade out
} OrderKind;

typedef struct {
  OrderKind kind;
  uint32_t index;
  Control control; ///< N_CONTROLS: all
  float value;
  Sounds* sounds;
  bool keeps_controls;
  int32_t n_steps;
  uint32_t asker; ///< Who gave the order, repeated in the event
} Order;

/// To the main thread
typedef enum {
  EVENT_SELECTED,   ///< Entry `index`
  EVENT_REFUSED,    ///< Entry `index` does not exist or could not be loaded
  EVENT_SET,        ///< `control` is `value`
  EVENT_CABINET,    ///< Another `cabinet` is heard from now on
  EVENT_CONTROLS,   ///< The controls of entry `index` are `controls`
  EVENT_SAVED,      ///< The same, and the entry starts with them from now on
  EVENT_LEARNED,    ///< Control change `index` is mapped to `control`
  EVENT_LEARN_OVER, ///< No controller was moved for `control` in time
  EVENT_STEP,       ///< The model that is `n_steps` further in its folder is wanted
  EVENT_FREED,      ///< `sounds` no longer play: the main thread frees them
} EventKind;

typedef struct {
  EventKind kind;
  uint32_t index;
  Control control;
  float value;
  EngineCabinet cabinet;
  Sounds* sounds;
  int32_t n_steps;
  EngineControls controls;
  uint32_t generation; ///< Of the sounds that `index` counts in
  uint32_t asker;      ///< Of the order; 0: it came by MIDI
  bool is_program;     ///< A MIDI program change asked
} Event;

/// What the main thread may read at any time
typedef struct {
  uint32_t current; ///< Entry
  float input_peak; ///< [linear]
  float output_peak;
  uint32_t guard_trips;
  uint32_t latency; ///< [frames]
  bool is_bypassed;
  EngineCabinet cabinet; ///< That is heard
} PlayerState;

typedef struct PlayerImpl Player;

/// How a player starts
typedef struct {
  double sample_rate; ///< Of the server [Hz]
  uint32_t n_channels;
  uint32_t index;                 ///< Of the first entry
  const EngineControls* controls; ///< NULL: those of the entry
} PlayerStart;

/// Make a player. `sounds` belong to it until they come back.
NODISCARD Status player_new(PlayerStart start, Sounds* sounds, Player** player);

/// Free the player and its sounds while no audio thread runs it; NULL is legal
void player_free(Player* player);

/// Send an order; return false if the ring is full
bool player_order(Player* player, const Order* order);

/// Take an event; return false if there is none
bool player_take_event(Player* player, Event* event);

PlayerState player_state(const Player* player);

/// Run the orders that are still waiting, while no audio thread runs the player, and return the
/// controls in the end. Nothing can be played afterwards.
EngineControls player_finish(Player* player);

/// Play a block, after player_midi() for each MIDI message in it
void player_run(Player* player, const float* const* in, float* const* out, uint32_t n_frames) RT;

/// Act on a MIDI message
void player_midi(Player* player, const uint8_t* data, size_t size) RT;

#endif
