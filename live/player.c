// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The audio side of grus-live. Nothing is loaded, freed or waited for here: entries are ready to
// play, and selecting one hands two pointers to the engine. Set-up first, then the audio thread.

#include "live/player.h"

#include "core/engine/level.h"
#include "live/ring.h"

#include <stdatomic.h>
#include <stdlib.h>

#define RING_SLOTS 512U

struct PlayerImpl {
  Engine* engine;
  Ring orders;
  Ring events;
  Sounds* sounds;
  Sounds* replaced; ///< Not yet returned: their models may still be fading out
  EngineControls controls;
  uint32_t current;
  bool is_learning;
  Control learning;
  _Atomic(uint32_t) published_current;
  _Atomic(float) input_peak;
  _Atomic(float) output_peak;
  _Atomic(uint32_t) guard_trips;
  _Atomic(uint32_t) latency;
};

/// Hand the model and cabinet of an entry to the engine; those it returns belong to the sounds
static void
play_entry(Player* const p, const uint32_t index) RT
{
  const SetlistSound* const sound = &p->sounds->sounds[index];
  (void)!engine_change_model(p->engine, sound->model);
  (void)!engine_change_cabinet(p->engine, sound->cabinet);
  p->current = index;
  p->controls = sound->entry.controls;
}

Status
player_new(const double sample_rate, const uint32_t n_channels, Sounds* const sounds,
           const uint32_t index, Player** const player)
{
  Player* const p = (Player*)calloc(1, sizeof(Player));
  if (!p) {
    return STATUS_NO_MEMORY;
  }
  Status status = ring_init(&p->orders, RING_SLOTS, sizeof(Order));
  if (status || (status = ring_init(&p->events, RING_SLOTS, sizeof(Event))) ||
      (status = engine_new(sample_rate, n_channels, &p->engine))) {
    player_free(p);
    return status;
  }
  p->sounds = sounds;
  play_entry(p, sounds_next(sounds, index, true));
  engine_reset(p->engine);
  atomic_store(&p->published_current, p->current);
  *player = p;
  return STATUS_OK;
}

/// Free sounds that were sent and never played
static void
free_unread_orders(Player* const p)
{
  Order order;
  while (p->orders.slots && ring_take(&p->orders, &order)) {
    sounds_free(order.kind == ORDER_SOUNDS ? order.sounds : NULL);
  }
}

void
player_free(Player* const player)
{
  if (!player) {
    return;
  }
  if (player->engine) {
    engine_release(player->engine);
  }
  engine_free(player->engine);
  sounds_free(player->sounds);
  sounds_free(player->replaced);
  free_unread_orders(player);
  ring_clear(&player->orders);
  ring_clear(&player->events);
  free(player);
}

bool
player_order(Player* const player, const Order* const order)
{
  return ring_push(&player->orders, order);
}

bool
player_take_event(Player* const player, Event* const event)
{
  return ring_take(&player->events, event);
}

PlayerState
player_state(const Player* const player)
{
  return (PlayerState){atomic_load(&player->published_current), atomic_load(&player->input_peak),
                       atomic_load(&player->output_peak), atomic_load(&player->guard_trips),
                       atomic_load(&player->latency)};
}

// Audio thread from here

/// Report to the main thread; return false if the ring is full
static bool
send_event(Player* const p, const Event event) RT
{
  return ring_push(&p->events, &event);
}

static void
select_entry(Player* const p, const uint32_t index) RT
{
  if (index >= p->sounds->n_sounds || !p->sounds->sounds[index].model) {
    (void)send_event(p, (Event){.kind = EVENT_REFUSED, .index = index});
    return;
  }
  const bool enabled = p->controls.enabled;
  play_entry(p, index);
  p->controls.enabled = enabled; // Bypass stays as the musician set it
  (void)send_event(p, (Event){.kind = EVENT_SELECTED, .index = index});
}

static void
select_neighbour(Player* const p, const bool goes_up) RT
{
  const uint32_t n = p->sounds->n_sounds;
  select_entry(p, sounds_next(p->sounds, p->current + (goes_up ? 1 : n - 1), goes_up));
}

static void
set_control(Player* const p, const Control control, const float value) RT
{
  controls_set(&p->controls, control, value);
  (void)send_event(
      p,
      (Event){.kind = EVENT_SET, .control = control, .value = controls_get(&p->controls, control)});
}

static void
change_sounds(Player* const p, Sounds* const sounds, const uint32_t index) RT
{
  const uint32_t next = index < sounds->n_sounds ? index : sounds->successors[p->current];
  p->replaced = p->sounds;
  p->sounds = sounds;
  select_entry(p, sounds_next(sounds, next, true));
}

static void
run_order(Player* const p, const Order* const order) RT
{
  switch (order->kind) {
  case ORDER_SELECT:
    select_entry(p, order->index);
    break;
  case ORDER_NEXT:
    select_neighbour(p, true);
    break;
  case ORDER_PREV:
    select_neighbour(p, false);
    break;
  case ORDER_SET:
    set_control(p, order->control, order->value);
    break;
  case ORDER_BYPASS:
    set_control(p, CONTROL_ENABLED, (float)!p->controls.enabled);
    break;
  case ORDER_SOUNDS:
    change_sounds(p, order->sounds, order->index);
    break;
  case ORDER_LEARN:
    p->is_learning = true;
    p->learning = order->control;
    break;
  case ORDER_QUIET:
    p->controls.output_gain_db = LEVEL_MIN_DB;
    p->controls.enabled = true; // Fade out the dry sound, too
    break;
  }
}

/// Run all orders in turn; new sounds wait until the sounds before them have been returned
static void
run_orders(Player* const p) RT
{
  Order order;
  while (ring_peek(&p->orders, &order) && !(order.kind == ORDER_SOUNDS && p->replaced)) {
    (void)ring_take(&p->orders, &order);
    run_order(p, &order);
  }
}

/// Return replaced sounds to the main thread when they no longer play
static void
return_replaced_sounds(Player* const p) RT
{
  (void)!engine_take_retired(p->engine);
  (void)!engine_take_retired_cabinet(p->engine);
  if (p->replaced && engine_is_settled(p->engine) &&
      send_event(p, (Event){.kind = EVENT_FREED, .sounds = p->replaced})) {
    p->replaced = NULL;
  }
}

static void
publish_state(Player* const p) RT
{
  atomic_store(&p->published_current, p->current);
  atomic_store(&p->input_peak, engine_input_peak(p->engine));
  atomic_store(&p->output_peak, engine_output_peak(p->engine));
  atomic_store(&p->guard_trips, engine_guard_trips(p->engine));
  atomic_store(&p->latency, engine_latency(p->engine));
}

void
player_run(Player* const player, const float* const* const in, float* const* const out,
           const uint32_t n_frames) RT
{
  run_orders(player);
  engine_run(player->engine, &player->controls, in, out, n_frames);
  return_replaced_sounds(player);
  publish_state(player);
}

static void
map_learned(Player* const p, const uint32_t cc) RT
{
  p->sounds->midi.ccs[cc] = midi_map_whole_range(p->learning);
  p->is_learning = false;
  (void)send_event(p, (Event){.kind = EVENT_LEARNED, .index = cc, .control = p->learning});
}

static void
run_control_change(Player* const p, const uint32_t cc, const uint32_t value) RT
{
  const MapEntry entry = p->sounds->midi.ccs[cc];
  const bool is_pressed = value >= 64;
  if (p->is_learning) {
    map_learned(p, cc);
    return;
  }
  switch (entry.kind) {
  case MAP_NOTHING:
    break;
  case MAP_CONTROL:
    set_control(p, entry.control, entry.from + (entry.to - entry.from) * (float)value / 127.0F);
    break;
  case MAP_BYPASS:
    if (is_pressed) {
      set_control(p, CONTROL_ENABLED, (float)!p->controls.enabled);
    }
    break;
  case MAP_NEXT:
  case MAP_PREV:
    if (is_pressed) {
      select_neighbour(p, entry.kind == MAP_NEXT);
    }
    break;
  }
}

void
player_midi(Player* const player, const uint8_t* const data, const size_t size) RT
{
  const MidiMap* const map = &player->sounds->midi;
  const bool is_for_us = size && (!map->channel || (data[0] & 0x0FU) + 1U == map->channel);
  if (is_for_us && size == 2 && (data[0] & 0xF0U) == 0xC0U && map->programs) {
    select_entry(player, data[1] & 0x7FU);
  } else if (is_for_us && size == 3 && (data[0] & 0xF0U) == 0xB0U) {
    run_control_change(player, data[1] & 0x7FU, data[2] & 0x7FU);
  }
}
