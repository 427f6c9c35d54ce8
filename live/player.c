// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The audio side of grus-live. Nothing is loaded, freed or waited for here: entries are ready to
// play, and selecting one hands two pointers to the engine. Set-up first, then the audio thread.

#include "live/player.h"

#include "core/engine/level.h"
#include "live/learning.h"
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
  Learning learning;
  Control learned;  ///< What the next controller is going to set
  uint32_t learner; ///< Who asked
  _Atomic(uint32_t) published_current;
  _Atomic(float) input_peak;
  _Atomic(float) output_peak;
  _Atomic(uint32_t) guard_trips;
  _Atomic(uint32_t) latency;
  _Atomic(bool) is_bypassed;
  _Atomic(EngineCabinet) cabinet; ///< That is heard, and was reported
};

/// Hand the model and cabinet of an entry to the engine; those it returns belong to the sounds
static void
play_entry(Player* const p, const uint32_t index) RT
{
  const SetlistSound* const slot = &p->sounds->sounds[index];
  (void)!engine_change_model(p->engine, slot->sound->model);
  (void)!engine_change_cabinet(p->engine, slot->sound->cabinet);
  p->current = index;
  p->controls = slot->entry.controls;
}

static void
start_playing(Player* const p, const PlayerStart start)
{
  const uint32_t first = sounds_next(p->sounds, start.index, true);
  play_entry(p, first);
  if (start.controls && first == start.index) {
    p->controls = *start.controls;
  }
  engine_reset(p->engine);
  atomic_store(&p->published_current, p->current);
}

Status
player_new(const PlayerStart start, Sounds* const sounds, Player** const player)
{
  Player* const p = (Player*)calloc(1, sizeof(Player));
  if (!p) {
    return STATUS_NO_MEMORY;
  }
  Status status = ring_init(&p->orders, RING_SLOTS, sizeof(Order));
  if (status || (status = ring_init(&p->events, RING_SLOTS, sizeof(Event))) ||
      (status = engine_new(start.sample_rate, start.n_channels, &p->engine))) {
    player_free(p);
    return status;
  }
  learning_init(&p->learning, start.sample_rate);
  p->sounds = sounds;
  start_playing(p, start);
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
  return (PlayerState){atomic_load(&player->published_current),
                       atomic_load(&player->input_peak),
                       atomic_load(&player->output_peak),
                       atomic_load(&player->guard_trips),
                       atomic_load(&player->latency),
                       atomic_load(&player->is_bypassed),
                       atomic_load(&player->cabinet)};
}

// Audio thread from here

/// Report to the main thread; return false if the ring is full
static bool
send_event(Player* const p, Event event) RT
{
  event.generation = p->sounds->generation;
  return ring_push(&p->events, &event);
}

/// Select an entry, if it can be; `answer` says who asked
static void
select_entry(Player* const p, const uint32_t index, Event answer) RT
{
  const bool is_there = index < p->sounds->n_sounds && p->sounds->sounds[index].sound;
  const bool enabled = p->controls.enabled;
  if (is_there) {
    play_entry(p, index);
    p->controls.enabled = enabled; // Bypass stays as the musician set it
  }
  answer.kind = is_there ? EVENT_SELECTED : EVENT_REFUSED;
  answer.index = index;
  (void)send_event(p, answer);
}

static void
select_neighbour(Player* const p, const bool goes_up, const Event answer) RT
{
  const uint32_t n = p->sounds->n_sounds;
  select_entry(p, sounds_next(p->sounds, p->current + (goes_up ? 1 : n - 1), goes_up), answer);
}

static void
set_control(Player* const p, const Control control, const float value, Event answer) RT
{
  controls_set(&p->controls, control, value);
  answer.kind = EVENT_SET;
  answer.control = control;
  answer.value = controls_get(&p->controls, control);
  (void)send_event(p, answer);
}

static void
switch_bypass(Player* const p, const Event answer) RT
{
  set_control(p, CONTROL_ENABLED, (float)!p->controls.enabled, answer);
}

/// Play from other sounds. When a set list was read again, the controls stay as the musician set
/// them, unless the set list changed those of the entry.
static void
change_sounds(Player* const p, const Order* const order, const Event answer) RT
{
  Sounds* const sounds = order->sounds;
  const bool is_reload = order->index >= sounds->n_sounds;
  const uint32_t next = is_reload ? sounds->successors[p->current] : order->index;
  const bool keeps_controls =
      order->keeps_controls || (is_reload && sounds->keeps_controls[p->current]);
  const EngineControls controls = p->controls;
  p->replaced = p->sounds;
  p->sounds = sounds;
  select_entry(p, sounds_next(sounds, next, true), answer);
  if (keeps_controls && p->current == next) {
    p->controls = controls;
  }
}

/// The main thread finds the model, loads it and sends it
static void
ask_for_step(Player* const p, const int32_t n_steps, Event answer) RT
{
  answer.kind = EVENT_STEP;
  answer.n_steps = n_steps;
  (void)send_event(p, answer);
}

static void
begin_learning(Player* const p, const Order* const order) RT
{
  p->learned = order->control;
  p->learner = order->asker;
  learning_begin(&p->learning);
}

/// Make the controls those that the current entry starts with, except for bypass
static void
save_controls(Player* const p) RT
{
  EngineControls* const saved = &p->sounds->sounds[p->current].entry.controls;
  const bool enabled = saved->enabled;
  *saved = p->controls;
  saved->enabled = enabled;
}

static void
report_controls(Player* const p, const EventKind kind, Event answer) RT
{
  answer.kind = kind;
  answer.index = p->current;
  answer.controls = p->controls;
  (void)send_event(p, answer);
}

static void
run_order(Player* const p, const Order* const order) RT
{
  const Event answer = {.control = order->control, .asker = order->asker};
  switch (order->kind) {
  case ORDER_SELECT:
    select_entry(p, order->index, answer);
    break;
  case ORDER_NEXT:
    select_neighbour(p, true, answer);
    break;
  case ORDER_PREV:
    select_neighbour(p, false, answer);
    break;
  case ORDER_SET:
    set_control(p, order->control, order->value, answer);
    break;
  case ORDER_BYPASS:
    switch_bypass(p, answer);
    break;
  case ORDER_SOUNDS:
    change_sounds(p, order, answer);
    break;
  case ORDER_STEP:
    ask_for_step(p, order->n_steps, answer);
    break;
  case ORDER_LEARN:
    begin_learning(p, order);
    break;
  case ORDER_GET:
    report_controls(p, EVENT_CONTROLS, answer);
    break;
  case ORDER_SAVE:
    save_controls(p);
    report_controls(p, EVENT_SAVED, answer);
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

/// Report another cabinet that is heard, as soon as there is room
static void
report_cabinet(Player* const p) RT
{
  const EngineCabinet heard = engine_heard_cabinet(p->engine);
  if (heard != atomic_load(&p->cabinet) &&
      send_event(p, (Event){.kind = EVENT_CABINET, .cabinet = heard})) {
    atomic_store(&p->cabinet, heard);
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
  atomic_store(&p->is_bypassed, !p->controls.enabled);
}

void
player_run(Player* const player, const float* const* const in, float* const* const out,
           const uint32_t n_frames) RT
{
  run_orders(player);
  if (learning_advance(&player->learning, n_frames)) {
    (void)send_event(
        player,
        (Event){.kind = EVENT_LEARN_OVER, .control = player->learned, .asker = player->learner});
  }
  engine_run(player->engine, &player->controls, in, out, n_frames);
  return_replaced_sounds(player);
  report_cabinet(player);
  publish_state(player);
}

static void
map_learned(Player* const p, const uint32_t cc) RT
{
  p->sounds->midi.ccs[cc] = midi_map_whole_range(p->learned);
  (void)send_event(
      p, (Event){.kind = EVENT_LEARNED, .index = cc, .control = p->learned, .asker = p->learner});
}

static void
run_control_change(Player* const p, const uint32_t cc, const uint32_t value) RT
{
  const MapEntry entry = p->sounds->midi.ccs[cc];
  const Event answer = {.asker = 0};
  const bool is_pressed = value >= 64;
  if (learning_hear(&p->learning, cc, value)) {
    map_learned(p, cc);
    return;
  }
  switch (entry.kind) {
  case MAP_NOTHING:
    break;
  case MAP_CONTROL:
    set_control(p, entry.control, entry.from + (entry.to - entry.from) * (float)value / 127.0F,
                answer);
    break;
  case MAP_BYPASS:
    if (is_pressed) {
      switch_bypass(p, answer);
    }
    break;
  case MAP_NEXT:
  case MAP_PREV:
    if (is_pressed) {
      select_neighbour(p, entry.kind == MAP_NEXT, answer);
    }
    break;
  case MAP_MODEL_NEXT:
  case MAP_MODEL_PREV:
    if (is_pressed) {
      ask_for_step(p, entry.kind == MAP_MODEL_NEXT ? 1 : -1, answer);
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
    select_entry(player, data[1] & 0x7FU, (Event){.is_program = true});
  } else if (is_for_us && size == 3 && (data[0] & 0xF0U) == 0xB0U) {
    run_control_change(player, data[1] & 0x7FU, data[2] & 0x7FU);
  }
}

// Main thread again, after the audio thread's end

EngineControls
player_finish(Player* const player)
{
  Order order;
  while (ring_peek(&player->orders, &order)) {
    engine_release(player->engine); // So that replaced sounds no longer play
    sounds_free(player->replaced);
    player->replaced = NULL;
    run_orders(player);
  }
  publish_state(player);
  return player->controls;
}
