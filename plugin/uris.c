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

/// Map what the plugin says of what plays
static void
map_told(LV2_URID_Map* const map, LV2_URID told[N_TOLD])
{
  static const char* const parameters[N_TOLD] = {
      [TOLD_NAME] = GRUS_MODEL_URI "-name",
      [TOLD_MAKER] = GRUS_MODEL_URI "-maker",
      [TOLD_GEAR] = GRUS_MODEL_URI "-gear",
      [TOLD_ACCURACY] = GRUS_MODEL_URI "-accuracy",
      [TOLD_KIND] = GRUS_MODEL_URI "-kind",
      [TOLD_KNOB_1] = GRUS_MODEL_URI "-knob-1",
      [TOLD_KNOB_2] = GRUS_MODEL_URI "-knob-2",
      [TOLD_KNOB_3] = GRUS_MODEL_URI "-knob-3",
      [TOLD_KNOB_4] = GRUS_MODEL_URI "-knob-4",
      [TOLD_HAS_CABINET] = GRUS_MODEL_URI "-has-cabinet",
      [TOLD_MODEL_MESSAGE] = GRUS_MODEL_URI "-message",
      [TOLD_CABINET_MESSAGE] = GRUS_CABINET_URI "-message",
  };
  for (int i = 0; i < N_TOLD; ++i) {
    told[i] = map->map(map->handle, parameters[i]);
  }
}

Uris
uris_map(LV2_URID_Map* const map)
{
  if (!map) {
    return (Uris){0};
  }
  Uris uris = {
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
      .watch = map->map(map->handle, GRUS_WATCH_URI),
      .gates = map->map(map->handle, GRUS_GATES_URI),
      .patch_body = map->map(map->handle, LV2_PATCH__body),
      .patch_get = map->map(map->handle, LV2_PATCH__Get),
      .patch_property = map->map(map->handle, LV2_PATCH__property),
      .patch_put = map->map(map->handle, LV2_PATCH__Put),
      .patch_set = map->map(map->handle, LV2_PATCH__Set),
      .patch_value = map->map(map->handle, LV2_PATCH__value),
  };
  map_told(map, uris.told);
  return uris;
}
