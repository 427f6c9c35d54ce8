// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Maps URIs once, when the plugin is instantiated.

#include "plugin/uris.h"

#include <lv2/atom/atom.h>
#include <lv2/patch/patch.h>

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
      .slots =
          {
              [SLOT_MODEL] =
                  {
                      .path = map->map(map->handle, GRUS_MODEL_URI),
                      .origin = map->map(map->handle, GRUS_MODEL_URI "#origin"),
                      .hash = map->map(map->handle, GRUS_MODEL_URI "#hash"),
                      .copy = map->map(map->handle, GRUS_MODEL_URI "#copy"),
                  },
              [SLOT_CABINET] =
                  {
                      .path = map->map(map->handle, GRUS_CABINET_URI),
                      .origin = map->map(map->handle, GRUS_CABINET_URI "#origin"),
                      .hash = map->map(map->handle, GRUS_CABINET_URI "#hash"),
                      .copy = map->map(map->handle, GRUS_CABINET_URI "#copy"),
                  },
          },
      .patch_body = map->map(map->handle, LV2_PATCH__body),
      .patch_get = map->map(map->handle, LV2_PATCH__Get),
      .patch_property = map->map(map->handle, LV2_PATCH__property),
      .patch_put = map->map(map->handle, LV2_PATCH__Put),
      .patch_set = map->map(map->handle, LV2_PATCH__Set),
      .patch_value = map->map(map->handle, LV2_PATCH__value),
  };
}
