// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// MIDI messages and orders while grus-live plays: the entry that plays is there, every control
// stays in its range, and the output is finite. An input is a row of steps.

#include "live/loader.h"
#include "live/player.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define RATE 48000.0
#define N_ENTRIES 3U
#define MAX_BLOCK 256U

static Sounds* sounds; ///< Of which each input gets a copy

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  // Program change, control change, bypass, block; learn, control change, block
  static const uint8_t plain[] = {0, 2,  0xC0, 1, 0, 3, 0xB0, 24, 127,  0,  3,  0xB0, 64, 127,
                                  2, 64, 1,    7, 3, 0, 0,    3,  0xB0, 99, 10, 2,    255};
  static const uint8_t orders[] = {1, 0, 0, 1, 0, 1, 1,  0, 0, 0, 1, 3,  2, 100, 1,  0,
                                   1, 9, 0, 0, 0, 1, 10, 0, 0, 0, 2, 16, 3, 2,   200};
  fuzz_give(seeds, "midi", plain, sizeof(plain));
  fuzz_give(seeds, "orders", orders, sizeof(orders));
}

static void
ignore_report(const bool is_error, const char* const text)
{
  (void)is_error;
  fuzz_check_text(text);
}

/// Load a set list, once
static void
load_sounds(void)
{
  static SetlistEntry entry;
  Setlist list = {.oversampling = 1, .midi = midi_map_default()};
  Loader* loader = NULL;
  if (sounds) {
    return;
  }
  for (uint32_t i = 0; i < N_ENTRIES; ++i) {
    entry = (SetlistEntry){.controls = ENGINE_DEFAULT_CONTROLS};
    (void)snprintf(entry.model, sizeof(entry.model), "%s/%u.json", fuzz_folder(), i);
    fuzz_write_model(entry.model, i);
    fuzz_check(!setlist_add(&list, &entry, NULL));
  }
  const LoaderTask task = {&list, NULL, RATE, 1, 0, N_ENTRIES};
  fuzz_check(!loader_start(&task, -1, &loader));
  fuzz_check(!loader_finish(loader, ignore_report, &sounds));
  setlist_clear(&list);
}

static void
take_events(Player* const player)
{
  Event event;
  while (player_take_event(player, &event)) {
    fuzz_check(event.kind <= EVENT_FREED);
    if (event.kind == EVENT_SELECTED || event.kind == EVENT_SAVED) {
      fuzz_check(event.index < N_ENTRIES);
    }
    if (event.kind == EVENT_CONTROLS || event.kind == EVENT_SAVED) {
      fuzz_check_controls(&event.controls);
    }
    if (event.kind == EVENT_FREED) {
      sounds_free(event.sounds);
    }
  }
}

static void
play_block(Player* const player, const uint32_t n)
{
  float x[MAX_BLOCK];
  for (uint32_t i = 0; i < n; ++i) {
    x[i] = i % 2 ? 0.3F : -0.3F;
  }
  player_run(player, (const float* const[]){x}, (float* const[]){x}, n);
  for (uint32_t i = 0; i < n; ++i) {
    fuzz_check(isfinite(x[i]) && fabsf(x[i]) <= ENGINE_OUTPUT_LIMIT);
  }
  fuzz_check(player_state(player).current < N_ENTRIES);
}

/// Give an order as the main thread may
static void
give_order(Player* const player, FuzzBytes* const input)
{
  Order order = {.kind = (OrderKind)fuzz_take_below(input, ORDER_QUIET)};
  order.index = fuzz_take_below(input, N_ENTRIES + 1);
  order.control = (Control)fuzz_take_below(input, N_CONTROLS);
  order.n_steps = (int32_t)fuzz_take(input) - 128;
  order.keeps_controls = order.n_steps % 2;
  const ControlRange range = controls_range(order.control);
  if (order.kind == ORDER_SET) {
    order.value = range.low + (range.high - range.low) * (float)fuzz_take(input) / 255.0F;
  }
  if (order.kind == ORDER_SOUNDS) {
    order.sounds = sounds_copy(sounds);
    fuzz_check(order.sounds != NULL);
  }
  if (!player_order(player, &order)) {
    sounds_free(order.sounds);
  }
}

static void
take_step(Player* const player, FuzzBytes* const input)
{
  const uint32_t step = fuzz_take(input) % 4;
  if (step == 0) {
    const FuzzBytes message = fuzz_take_piece(input, fuzz_take_below(input, 6));
    player_midi(player, message.bytes, message.size);
  } else if (step == 1) {
    give_order(player, input);
  } else if (step == 2) {
    play_block(player, fuzz_take_below(input, MAX_BLOCK + 1));
  } else {
    take_events(player);
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  FuzzBytes input = {data, size};
  Player* player = NULL;
  load_sounds();
  Sounds* const copy = sounds_copy(sounds);
  fuzz_check(copy && !player_new((PlayerStart){RATE, 1, 0, NULL}, copy, &player));
  while (input.size) {
    take_step(player, &input);
  }
  take_events(player);
  player_free(player);
  return 0;
}
