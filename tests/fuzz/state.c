// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// States that the plugin restores, as hosts keep them or as a hostile one makes them up: any value
// under any key, of any type and size, without terminators, and paths that the host maps anywhere.
// Then it plays, and saves, and what it saved is restored. An input is a row of values.

#include "plugin/uris.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/plugin_host.h"

#include <lv2/atom/atom.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_VALUES 128U

typedef struct {
  uint32_t type;
  size_t size;
  void* bytes; ///< Exactly as many; NULL: there is no value
} Value;

static Value values[MAX_VALUES]; ///< By key
static uint32_t path_manner;     ///< What the host does with paths

static void
clear_values(void)
{
  for (uint32_t i = 0; i < MAX_VALUES; ++i) {
    free(values[i].bytes);
    values[i] = (Value){0, 0, NULL};
  }
}

static void
put_value(const uint32_t key, const uint32_t type, const void* const bytes, const size_t size)
{
  void* const copy = malloc(size ? size : 1);
  fuzz_check(copy != NULL && key < MAX_VALUES);
  memcpy(copy, bytes, size);
  free(values[key].bytes);
  values[key] = (Value){type, size, copy};
}

static const void*
retrieve_value(const LV2_State_Handle handle, const uint32_t key, size_t* const size,
               uint32_t* const type, uint32_t* const flags)
{
  (void)handle;
  if (key >= MAX_VALUES || !values[key].bytes) {
    return NULL;
  }
  *size = values[key].size;
  *type = values[key].type;
  *flags = LV2_STATE_IS_POD;
  return values[key].bytes;
}

static LV2_State_Status
store_value(const LV2_State_Handle handle, const uint32_t key, const void* const bytes,
            const size_t size, const uint32_t type, const uint32_t flags)
{
  (void)handle;
  fuzz_check(size && (flags & LV2_STATE_IS_POD));
  if (type == plugin_host_map(LV2_ATOM__Path) || type == plugin_host_map(LV2_ATOM__String)) {
    fuzz_check(!((const char*)bytes)[size - 1]);
  }
  put_value(key, type, bytes, size);
  return LV2_STATE_SUCCESS;
}

/// Map a path as it is, to nothing, to what is too long, or to another file
static char*
map_path(const LV2_State_Map_Path_Handle handle, const char* const path)
{
  char other[128];
  (void)handle;
  (void)snprintf(other, sizeof(other), "%s/a.json", fuzz_folder());
  if (path_manner % 4 == 3) {
    char* const text = (char*)malloc(6000);
    fuzz_check(text != NULL);
    memset(text, 'x', 5999);
    text[5999] = '\0';
    return text;
  }
  return path_manner % 4 == 2 ? NULL : strdup(path_manner % 4 ? other : path);
}

static void
restore_values(void)
{
  static LV2_State_Map_Path map = {NULL, map_path, map_path};
  static const LV2_Feature feature = {LV2_STATE__mapPath, &map};
  const LV2_Feature* const list[] = {path_manner / 4 % 2 ? &feature : NULL, NULL};
  (void)plugin_host_state()->restore(plugin_host_handle(), retrieve_value, NULL, LV2_STATE_IS_POD,
                                     list);
}

static void
save_values(void)
{
  const LV2_Feature* const none[] = {NULL};
  clear_values();
  fuzz_check(plugin_host_state()->save(plugin_host_handle(), store_value, NULL, LV2_STATE_IS_POD,
                                       none) == LV2_STATE_SUCCESS);
}

static void
put_file(const uint32_t key, const uint32_t type, const uint32_t choice)
{
  static const char* const names[] = {"a.json", "b.json", "c.wav", "none.json", ""};
  char path[128];
  const int n = snprintf(path, sizeof(path), "%s/%s", fuzz_folder(), names[choice % 5]);
  put_value(key, type, path, (size_t)n + choice / 5 % 2); // With or without the terminator
}

/// Take a value: its key, its type, and a file's path or any bytes
static void
take_value(FuzzBytes* const input)
{
  const uint32_t n = plugin_host_n_uris();
  const uint32_t types[] = {plugin_host_map(LV2_ATOM__Path), plugin_host_map(LV2_ATOM__String),
                            plugin_host_map(LV2_ATOM__Chunk), plugin_host_map(LV2_ATOM__Float), 0};
  const uint32_t key = 1 + fuzz_take_below(input, n);
  const uint32_t choice = fuzz_take(input);
  const uint32_t type = choice % 8 < 5 ? types[choice % 8] : fuzz_take(input);
  if (choice / 8 % 4 == 0) {
    put_file(key, type, fuzz_take(input));
  } else {
    const FuzzBytes bytes = fuzz_take_piece(input, fuzz_take_below(input, 1024));
    put_value(key, type, bytes.bytes, bytes.size);
  }
}

static void
play_some(void)
{
  plugin_host_run((FuzzBytes){NULL, 0}, 64, 4096);
  plugin_host_work();
  plugin_host_run((FuzzBytes){NULL, 0}, 64, 512);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  FuzzBytes input = {data, size};
  plugin_host_map_all();
  plugin_host_open(1, 48000.0);
  path_manner = fuzz_take(&input);
  while (input.size) {
    take_value(&input);
  }
  restore_values();
  play_some();
  save_values();
  restore_values();
  play_some();
  plugin_host_close();
  clear_values();
  return 0;
}

/// The number of a key, as an input has it
static uint8_t
key_byte(const char* const uri)
{
  return (uint8_t)(plugin_host_map(uri) - 1);
}

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  plugin_host_map_all();
  const uint8_t model = key_byte(GRUS_MODEL_URI);
  const uint8_t model_hash = key_byte(GRUS_MODEL_URI "#hash");
  const uint8_t model_copy = key_byte(GRUS_MODEL_URI "#copy");
  const uint8_t cabinet = key_byte(GRUS_CABINET_URI);
  const uint8_t cabinet_hash = key_byte(GRUS_CABINET_URI "#hash");
  const uint8_t chosen = key_byte(GRUS_CABINET_CHOSEN_URI);
  const uint8_t wish = key_byte(GRUS_MODEL_WISH_URI);
  const uint8_t plain[] = {0, model, 0, 5, cabinet, 0, 7, chosen, 9, 4, 0, 'y', 'e', 's', 0};
  const uint8_t emptied[] = {4,   model, 0,   1, cabinet_hash, 9, 5, 0, 'n',
                             'o', 'n',   'e', 0, wish,         0, 8};
  const uint8_t moved[] = {5,   model, 0,          3,  model_hash, 9, 3,   0,  'a',
                           'b', 'c',   model_copy, 10, 2,          0, '{', '}'};
  const uint8_t odd[] = {0,   model, 8, 7,          0,  '/', 27, '[', '2',
                         'J', 0xFF,  0, model_copy, 10, 2,   0,  '{', '}'};
  fuzz_give(seeds, "odd", odd, sizeof(odd));
  fuzz_give(seeds, "plain", plain, sizeof(plain));
  fuzz_give(seeds, "emptied", emptied, sizeof(emptied));
  fuzz_give(seeds, "moved", moved, sizeof(moved));
}
