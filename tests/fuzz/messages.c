// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Messages to the plugin, as a host or a broken one sends them, with odd controls, buffers that are
// too small, a worker that comes late or whose queue is full. An input is a row of steps.

#include "plugin/uris.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/plugin_host.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/patch/patch.h>

#include <stdio.h>
#include <string.h>

#define MAX_MESSAGE 1024U

/// A block with messages that are whole
typedef struct {
  LV2_Atom_Forge forge;
  _Alignas(8) uint8_t bytes[MAX_MESSAGE];
} Draft;

/// Write patch:Set of a file; "/" is a path without its terminator, right
/// before the end
static void
forge_path(LV2_Atom_Forge* const forge, const char* const parameter, const char* const name)
{
  char path[128];
  LV2_Atom_Forge_Frame frame;
  (void)snprintf(path, sizeof(path), "%s%s%s", fuzz_folder(), *name ? "/" : "", name);
  (void)lv2_atom_forge_frame_time(forge, 0);
  (void)lv2_atom_forge_object(forge, &frame, 0, plugin_host_map(LV2_PATCH__Set));
  (void)lv2_atom_forge_key(forge, plugin_host_map(LV2_PATCH__property));
  (void)lv2_atom_forge_urid(forge, plugin_host_map(parameter));
  (void)lv2_atom_forge_key(forge, plugin_host_map(LV2_PATCH__value));
  if (*name == '/') {
    (void)lv2_atom_forge_atom(forge, 8, forge->Path);
    (void)lv2_atom_forge_write(forge, "////////", 8);
  } else {
    (void)lv2_atom_forge_path(forge, path, (uint32_t)strlen(path));
  }
  lv2_atom_forge_pop(forge, &frame);
}

/// Write a whole message: patch:Set of a file, of another parameter, or patch:Get
static void
forge_message(LV2_Atom_Forge* const forge, FuzzBytes* const input)
{
  static const char* const names[] = {"none.json", "none.wav", "",  "c.wav",
                                      "a.json",    "/",        "/", "b.json"};
  static const char* const parameters[] = {GRUS_MODEL_URI, GRUS_CABINET_URI, GRUS_OLD_CABINET_URI};
  LV2_Atom_Forge_Frame frame;
  const uint32_t kind = fuzz_take_below(input, 4);
  if (kind < 2) {
    const char* const parameter = parameters[fuzz_take_below(input, 3)];
    forge_path(forge, parameter, names[fuzz_take_below(input, 8)]);
    return;
  }
  (void)lv2_atom_forge_frame_time(forge, 0);
  (void)lv2_atom_forge_object(forge, &frame, 0,
                              plugin_host_map(kind == 2 ? LV2_PATCH__Get : LV2_PATCH__Set));
  if (fuzz_take(input) % 4) {
    (void)lv2_atom_forge_key(forge, plugin_host_map(LV2_PATCH__property));
    (void)lv2_atom_forge_urid(forge, 1 + fuzz_take_below(input, plugin_host_n_uris()));
  }
  (void)lv2_atom_forge_key(forge, plugin_host_map(LV2_PATCH__value));
  (void)(fuzz_take(input) % 2 ? lv2_atom_forge_float(forge, fuzz_take_float(input))
                              : lv2_atom_forge_bool(forge, true));
  lv2_atom_forge_pop(forge, &frame);
}

/// Write a sequence of whole messages
static FuzzBytes
forge_messages(Draft* const d, FuzzBytes* const input)
{
  LV2_Atom_Forge_Frame frame;
  lv2_atom_forge_init(&d->forge, plugin_host_map_feature());
  lv2_atom_forge_set_buffer(&d->forge, d->bytes, sizeof(d->bytes));
  (void)lv2_atom_forge_sequence_head(&d->forge, &frame, 0);
  for (uint32_t n = fuzz_take(input) % 4; n; --n) {
    forge_message(&d->forge, input);
  }
  lv2_atom_forge_pop(&d->forge, &frame);
  return (FuzzBytes){d->bytes, ((const LV2_Atom*)(const void*)d->bytes)->size + sizeof(LV2_Atom)};
}

/// Make the size of a sequence one that a plugin can believe: beyond its end there is memory that
/// isn't the host's to give. What can't be true may stay.
static void
limit_size(Draft* const d, const size_t size)
{
  LV2_Atom* const atom = (LV2_Atom*)(void*)d->bytes;
  const uint32_t most = (uint32_t)(size - sizeof(LV2_Atom));
  atom->type = plugin_host_map(LV2_ATOM__Sequence);
  atom->size = atom->size > most && atom->size <= 1U << 20U ? most : atom->size;
}

/// Take a sequence as it is
static FuzzBytes
take_sequence(Draft* const d, FuzzBytes* const input)
{
  const FuzzBytes piece = fuzz_take_piece(input, 8U * fuzz_take_below(input, MAX_MESSAGE / 8));
  memcpy(d->bytes, piece.bytes, piece.size);
  if (piece.size >= sizeof(LV2_Atom_Sequence)) {
    limit_size(d, piece.size);
  }
  return (FuzzBytes){d->bytes, piece.size};
}

/// Write whole messages, and put other numbers in place of some: sizes, types and keys
static FuzzBytes
forge_wrong_messages(Draft* const d, FuzzBytes* const input)
{
  const FuzzBytes sequence = forge_messages(d, input);
  uint32_t* const words = (uint32_t*)(void*)d->bytes;
  for (uint32_t n = fuzz_take(input) % 4; n; --n) {
    const uint32_t word = fuzz_take_below(input, (uint32_t)(sequence.size / sizeof(uint32_t)));
    const uint32_t number = fuzz_take(input);
    words[word] = number < 240 ? number : number - 256U;
  }
  limit_size(d, sequence.size);
  return sequence;
}

static void
play_block(FuzzBytes* const input)
{
  static Draft draft;
  const uint32_t manner = fuzz_take(input);
  const uint32_t n_frames = manner % 8 ? 16U * (manner % 8) : fuzz_take(input) % 128;
  const uint32_t notify = manner / 8 % 4 ? 4096 : 8U * fuzz_take(input);
  const FuzzBytes messages = manner / 32 % 4 == 0   ? take_sequence(&draft, input)
                             : manner / 32 % 4 == 1 ? forge_messages(&draft, input)
                                                    : forge_wrong_messages(&draft, input);
  plugin_host_run(messages, n_frames, notify);
}

static void
take_step(FuzzBytes* const input)
{
  const uint32_t step = fuzz_take(input) % 8;
  if (step < 4) {
    play_block(input);
  } else if (step == 4) {
    plugin_host_work();
  } else if (step == 5) {
    const uint32_t port = fuzz_take(input);
    plugin_host_set(port, fuzz_take_float(input));
  } else if (step == 6) {
    plugin_host_fill_queue(fuzz_take(input) % 2);
  } else {
    plugin_host_activate();
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  static const double rates[] = {48000.0, 44100.0, 8000.0, 192000.0};
  FuzzBytes input = {data, size};
  const uint32_t manner = fuzz_take(&input);
  plugin_host_map_all();
  plugin_host_open(1 + manner % 2, rates[manner / 2 % 4]);
  while (input.size) {
    take_step(&input);
  }
  plugin_host_close();
  return 0;
}

/// Give a block with a sequence of whole messages, as bytes
static void
give_sequence(const FuzzSeeds* const seeds, const char* const name, const uint8_t* const choices,
              const size_t n)
{
  static Draft draft;
  uint8_t bytes[MAX_MESSAGE + 8] = {0, 0, 8 + 4};
  FuzzBytes input = {choices, n};
  const FuzzBytes sequence = forge_messages(&draft, &input);
  const uint32_t n_words = (uint32_t)(sequence.size + 7) / 8;
  bytes[3] = (uint8_t)n_words;
  memcpy(bytes + 4, sequence.bytes, sequence.size);
  bytes[4 + 8 * n_words] = 4; // And let the worker work
  fuzz_give(seeds, name, bytes, 4 + 8 * n_words + 1);
}

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  static const uint8_t set[] = {1, 0, 0, 1};
  static const uint8_t get[] = {1, 2, 1, 20, 0, 120, 1};
  static const uint8_t more[] = {2, 0, 1, 2, 3, 1, 40, 1, 150};
  static const uint8_t wrong[] = {0, 0, 8 + 64 + 4, 1, 0, 0, 2, 1, 17, 60, 4};
  static const uint8_t steps[] = {0, 0, 8 + 32 + 4, 1, 0, 0, 1, 4, 0, 8 + 32 + 2, 2, 0,  1,
                                  2, 3, 4,          7, 5, 6, 2, 5, 9, 3,          0, 44, 0};
  plugin_host_map_all();
  give_sequence(seeds, "set", set, sizeof(set));
  give_sequence(seeds, "get", get, sizeof(get));
  give_sequence(seeds, "more", more, sizeof(more));
  fuzz_give(seeds, "wrong", wrong, sizeof(wrong));
  fuzz_give(seeds, "steps", steps, sizeof(steps));
}
