// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The plugin under three threads at once, built with ThreadSanitizer: one runs it, requests models
// and cabinets, steps through their folder and turns the quality, one works and delivers the
// answers, one saves and restores.
// Prints TAP.
// Usage: test_plugin_threads BLOCKS BUNDLE MODEL MODEL

#include "plugin/ports.h"

#include <lv2/atom/forge.h>
#include <lv2/core/lv2.h>
#include <lv2/patch/patch.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_URIS 128U
#define MAX_VALUES 16U
#define N_FRAMES 64U
#define N_CONTROLS 40U
#define MAX_BLOCKS 200000U
#define QUEUE_SLOTS 2U     ///< Few, so that it is full now and then
#define REQUEST_EVERY 200U ///< Blocks: a model takes as long to load under ThreadSanitizer
#define SLOT_SIZE 8192U

/// What a state keeps
typedef struct {
  uint32_t key;
  uint32_t type;
  size_t size;
  void* value;
} Value;

static pthread_mutex_t map_mutex = PTHREAD_MUTEX_INITIALIZER;
static char* uris[MAX_URIS];
static uint32_t n_uris;

static pthread_mutex_t queue_mutex = PTHREAD_MUTEX_INITIALIZER;
static uint8_t slots[QUEUE_SLOTS][SLOT_SIZE];
static uint32_t sizes[QUEUE_SLOTS];
static uint32_t n_queued;

static const LV2_Descriptor* descriptor;
static LV2_Handle plugin;
static const char* const* models;
static uint32_t n_blocks;
static atomic_bool is_over;
static atomic_uint n_saved;
static atomic_uint n_works;
static atomic_uint n_announced; ///< Blocks in which the plugin announced a path

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri)
{
  (void)handle;
  pthread_mutex_lock(&map_mutex);
  uint32_t i = 0;
  while (i < n_uris && strcmp(uris[i], uri) != 0) {
    ++i;
  }
  if (i == n_uris && n_uris < MAX_URIS) {
    uris[n_uris++] = strdup(uri);
  }
  pthread_mutex_unlock(&map_mutex);
  return i + 1;
}

static LV2_Worker_Status
schedule_work(const LV2_Worker_Schedule_Handle handle, const uint32_t size, const void* const data)
{
  (void)handle;
  pthread_mutex_lock(&queue_mutex);
  const bool has_room = n_queued < QUEUE_SLOTS;
  if (has_room) {
    memcpy(slots[n_queued], data, size);
    sizes[n_queued++] = size;
  }
  pthread_mutex_unlock(&queue_mutex);
  return has_room ? LV2_WORKER_SUCCESS : LV2_WORKER_ERR_NO_SPACE;
}

/// Take the oldest message; return its size, 0 if there is none
static uint32_t
take_work(uint8_t work[SLOT_SIZE])
{
  pthread_mutex_lock(&queue_mutex);
  const uint32_t size = n_queued ? sizes[0] : 0;
  if (size) {
    memcpy(work, slots[0], size);
    --n_queued;
    memmove(slots[0], slots[1], (QUEUE_SLOTS - 1) * sizeof(slots[0]));
    memmove(sizes, sizes + 1, (QUEUE_SLOTS - 1) * sizeof(sizes[0]));
  }
  pthread_mutex_unlock(&queue_mutex);
  return size;
}

/// Deliver an answer at once. That is wrong, but under JUCE, and so in Zrythm, the thread that runs
/// another plugin can deliver it while this one runs.
static LV2_Worker_Status
respond(const LV2_Worker_Respond_Handle handle, const uint32_t size, const void* const data)
{
  const LV2_Worker_Interface* const worker =
      (const LV2_Worker_Interface*)descriptor->extension_data(LV2_WORKER__interface);
  (void)handle;
  return worker->work_response(plugin, size, data);
}

static void*
work(void* const nothing)
{
  static uint8_t message[SLOT_SIZE];
  const LV2_Worker_Interface* const worker =
      (const LV2_Worker_Interface*)descriptor->extension_data(LV2_WORKER__interface);
  while (!atomic_load(&is_over)) {
    const uint32_t size = take_work(message);
    if (size) {
      (void)worker->work(plugin, respond, NULL, size, message);
      atomic_fetch_add(&n_works, 1);
    } else {
      (void)usleep(500);
    }
  }
  return nothing;
}

/// Put a patch:Set of a path into the control port's buffer, or nothing without a path
static void
write_message(uint8_t buffer[SLOT_SIZE], LV2_URID_Map* const map, const char* const property,
              const char* const path)
{
  LV2_Atom_Forge forge;
  LV2_Atom_Forge_Frame frames[2];
  lv2_atom_forge_init(&forge, map);
  lv2_atom_forge_set_buffer(&forge, buffer, SLOT_SIZE);
  lv2_atom_forge_sequence_head(&forge, &frames[0], 0);
  if (path) {
    lv2_atom_forge_frame_time(&forge, 0);
    lv2_atom_forge_object(&forge, &frames[1], 0, map_uri(NULL, LV2_PATCH__Set));
    lv2_atom_forge_key(&forge, map_uri(NULL, LV2_PATCH__property));
    lv2_atom_forge_urid(&forge, map_uri(NULL, property));
    lv2_atom_forge_key(&forge, map_uri(NULL, LV2_PATCH__value));
    lv2_atom_forge_path(&forge, path, (uint32_t)strlen(path));
    lv2_atom_forge_pop(&forge, &frames[1]);
  }
  lv2_atom_forge_pop(&forge, &frames[0]);
}

/// Choose what to request in a block
static void
write_request(uint8_t buffer[SLOT_SIZE], LV2_URID_Map* const map, const uint32_t block)
{
  const uint32_t turn = block / REQUEST_EVERY % 4;
  const bool is_due = block % REQUEST_EVERY == 7;
  const char* const path = turn == 3 ? "/nowhere/model.json" : models[turn % 2];
  write_message(buffer, map, turn == 2 ? "urn:grus:speaker" : "urn:grus:model",
                is_due ? path : NULL);
}

/// Return true once each thread has done enough beside the others, however slow the machine is
static bool
have_met(void)
{
  return atomic_load(&n_saved) > 5 && atomic_load(&n_works) > 10 && atomic_load(&n_announced) > 10;
}

static void*
play(void* const data)
{
  static uint8_t control[SLOT_SIZE];
  static uint8_t notify[SLOT_SIZE];
  float sound[N_FRAMES] = {0.0F};
  float controls[N_CONTROLS] = {0.0F};
  LV2_URID_Map* const map = (LV2_URID_Map*)data;
  descriptor->connect_port(plugin, 0, control);
  descriptor->connect_port(plugin, 1, notify);
  descriptor->connect_port(plugin, 2, sound);
  descriptor->connect_port(plugin, 3, sound);
  for (uint32_t port = 4; port < N_CONTROLS; ++port) {
    descriptor->connect_port(plugin, port, &controls[port]);
  }
  for (uint32_t block = 0; block < n_blocks || (!have_met() && block < MAX_BLOCKS); ++block) {
    write_request(control, map, block);
    controls[PORT_QUALITY] = (float)(block / 700 % 3);
    controls[PORT_MODEL_NEXT] = (float)(block / 50 % 2);
    ((LV2_Atom*)(void*)notify)->size = SLOT_SIZE - sizeof(LV2_Atom);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      sound[i] = 0.1F * sinf(0.03F * (float)(block * N_FRAMES + i));
    }
    descriptor->run(plugin, N_FRAMES);
    if (((LV2_Atom*)(void*)notify)->size > sizeof(LV2_Atom_Sequence_Body)) {
      atomic_fetch_add(&n_announced, 1);
    }
    (void)usleep(100);
  }
  atomic_store(&is_over, true);
  return NULL;
}

static LV2_State_Status
store(const LV2_State_Handle handle, const uint32_t key, const void* const value, const size_t size,
      const uint32_t type, const uint32_t flags)
{
  Value* slot = (Value*)handle;
  (void)flags;
  while (slot->key && slot->key != key) {
    ++slot;
  }
  free(slot->value);
  *slot = (Value){key, type, size, malloc(size)};
  memcpy(slot->value, value, size);
  return LV2_STATE_SUCCESS;
}

static const void*
retrieve(const LV2_State_Handle handle, const uint32_t key, size_t* const size,
         uint32_t* const type, uint32_t* const flags)
{
  for (const Value* slot = (const Value*)handle; slot->key; ++slot) {
    if (slot->key == key) {
      *size = slot->size;
      *type = slot->type;
      *flags = LV2_STATE_IS_POD;
      return slot->value;
    }
  }
  return NULL;
}

/// Save and restore until the others have finished
static void
save_and_restore(void)
{
  Value values[MAX_VALUES] = {{0, 0, 0, NULL}};
  const LV2_State_Interface* const state =
      (const LV2_State_Interface*)descriptor->extension_data(LV2_STATE__interface);
  while (!atomic_load(&is_over)) {
    (void)state->save(plugin, store, values, 0, NULL);
    (void)usleep(3000);
    (void)state->restore(plugin, retrieve, values, 0, NULL);
    atomic_fetch_add(&n_saved, 1);
    (void)usleep(400000); // Otherwise nothing the worker loads is the newest, and no press counts
  }
  for (uint32_t i = 0; i < MAX_VALUES; ++i) {
    free(values[i].value);
  }
}

int
main(const int argc, char** const argv)
{
  LV2_URID_Map map = {NULL, map_uri};
  LV2_Worker_Schedule schedule = {NULL, schedule_work};
  const LV2_Feature map_feature = {LV2_URID__map, &map};
  const LV2_Feature schedule_feature = {LV2_WORKER__schedule, &schedule};
  const LV2_Feature* const features[] = {&map_feature, &schedule_feature, NULL};
  pthread_t player;
  pthread_t worker;
  if (argc != 5) {
    (void)fputs("Usage: test_plugin_threads BLOCKS BUNDLE MODEL MODEL\n", stderr);
    return 2;
  }
  n_blocks = (uint32_t)strtoul(argv[1], NULL, 10);
  models = (const char* const*)argv + 3;
  descriptor = lv2_descriptor(0);
  plugin = descriptor->instantiate(descriptor, 48000.0, argv[2], features);
  descriptor->activate(plugin);
  (void)pthread_create(&player, NULL, play, &map);
  (void)pthread_create(&worker, NULL, work, NULL);
  save_and_restore();
  (void)pthread_join(player, NULL);
  (void)pthread_join(worker, NULL);
  descriptor->cleanup(plugin);
  for (uint32_t i = 0; i < n_uris; ++i) {
    free(uris[i]);
  }
  const bool is_good = have_met();
  (void)printf(
      "1..1\n%s 1 - run_work_save_and_restore_share_nothing_unguarded # %u saved, %u worked, "
      "%u announced\n",
      is_good ? "ok" : "not ok", atomic_load(&n_saved), atomic_load(&n_works),
      atomic_load(&n_announced));
  return is_good ? 0 : 1;
}
