// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Maps URIs once, when the plugin is instantiated.

#include "plugin/uris.h"

#include <lv2/atom/atom.h>
#include <lv2/patch/patch.h>

#include <stdio.h>

/// Map the keys of a slot: its parameter, and what begins like it
static SlotUris
map_slot(LV2_URID_Map* const map, const char* const parameter)
{
  static const char* const ends[] = {"", "#origin", "#hash", "#copy"};
  LV2_URID keys[4];
  for (size_t i = 0; i < 4; ++i) {
    char uri[64];
    (void)snprintf(uri, sizeof(uri), "%s%s", parameter, ends[i]);
    keys[i] = map->map(map->handle, uri);
  }
  return (SlotUris){.path = keys[0], .origin = keys[1], .hash = keys[2], .copy = keys[3]};
}

Uris
uris_map(LV2_URID_Map* const map)
{
  if (!map) {
    return (Uris){0};
  }
  return (Uris){
      .atom_chunk = map->map(map->handle, LV2_ATOM__Chunk),
      .atom_path = map->map(map->handle, LV2_ATOM__Path),
      .atom_string = map->map(map->handle, LV2_ATOM__String),
      .atom_urid = map->map(map->handle, LV2_ATOM__URID),
      .slots = {map_slot(map, GRUS_MODEL_URI), map_slot(map, GRUS_CABINET_URI)},
      .wishes = {map_slot(map, GRUS_MODEL_WISH_URI), map_slot(map, GRUS_CABINET_WISH_URI)},
      .old_slots = {map_slot(map, GRUS_MODEL_URI), map_slot(map, GRUS_OLD_CABINET_URI)},
      .cabinet_chosen = map->map(map->handle, GRUS_CABINET_CHOSEN_URI),
      .form = map->map(map->handle, GRUS_FORM_URI),
      .model_rate = map->map(map->handle, GRUS_MODEL_RATE_URI),
      .patch_body = map->map(map->handle, LV2_PATCH__body),
      .patch_get = map->map(map->handle, LV2_PATCH__Get),
      .patch_property = map->map(map->handle, LV2_PATCH__property),
      .patch_put = map->map(map->handle, LV2_PATCH__Put),
      .patch_set = map->map(map->handle, LV2_PATCH__Set),
      .patch_value = map->map(map->handle, LV2_PATCH__value),
  };
}
