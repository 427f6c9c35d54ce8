// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Names that host and plugin share. ttl/ says the same to hosts; neither ever changes.

#ifndef GRUS_PLUGIN_URIS_H
#define GRUS_PLUGIN_URIS_H

#include <lv2/urid/urid.h>

#define GRUS_MONO_URI "urn:grus:mono"
#define GRUS_MODEL_URI "urn:grus:model" ///< Parameter: path of the model file

/// Numbers of the URIs in this host; all zero in a host without urid:map
typedef struct {
  LV2_URID atom_path;
  LV2_URID atom_string;
  LV2_URID atom_urid;
  LV2_URID model;
  LV2_URID patch_body;
  LV2_URID patch_get;
  LV2_URID patch_property;
  LV2_URID patch_put;
  LV2_URID patch_set;
  LV2_URID patch_value;
} Uris;

/// Ask the host; `map` may be NULL
Uris uris_map(LV2_URID_Map* map);

#endif
