// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What a session keeps of the plugin besides its ports: the path of the model the user chose,
// whether or not it could be loaded. save() may run beside the audio thread; restore() may not.

#include "plugin/plugin.h"

#include <lv2/state/state.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// The host's functions for paths; any may be NULL
typedef struct {
  const LV2_State_Map_Path* map;
  const LV2_State_Free_Path* free;
} PathFeatures;

static PathFeatures
path_features(const LV2_Feature* const* const features)
{
  PathFeatures found = {NULL, NULL};
  for (const LV2_Feature* const* f = features; f && *f; ++f) {
    if (!strcmp((*f)->URI, LV2_STATE__mapPath)) {
      found.map = (const LV2_State_Map_Path*)(*f)->data;
    } else if (!strcmp((*f)->URI, LV2_STATE__freePath)) {
      found.free = (const LV2_State_Free_Path*)(*f)->data;
    }
  }
  return found;
}

static void
free_path(const PathFeatures paths, char* const path)
{
  if (paths.free) {
    paths.free->free_path(paths.free->handle, path);
  } else {
    free(path);
  }
}

static void
copy_wanted(Plugin* const p, char path[PATH_MAX])
{
  pthread_mutex_lock(&p->mutex);
  memcpy(path, p->wanted, PATH_MAX);
  pthread_mutex_unlock(&p->mutex);
}

static LV2_State_Status
save(const LV2_Handle instance, const LV2_State_Store_Function store, const LV2_State_Handle handle,
     const uint32_t flags, const LV2_Feature* const* const features)
{
  Plugin* const p = (Plugin*)instance;
  const PathFeatures paths = path_features(features);
  const uint32_t kind = LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE;
  char path[PATH_MAX];
  (void)flags;
  copy_wanted(p, path);
  if (!p->map || !path[0]) {
    return LV2_STATE_SUCCESS;
  }
  if (!paths.map) {
    return store(handle, p->uris.model, path, strlen(path) + 1, p->uris.atom_path, kind);
  }
  char* const abstract = paths.map->abstract_path(paths.map->handle, path);
  if (!abstract) {
    return LV2_STATE_ERR_UNKNOWN;
  }
  const LV2_State_Status status =
      store(handle, p->uris.model, abstract, strlen(abstract) + 1, p->uris.atom_path, kind);
  free_path(paths, abstract);
  return status;
}

/// Load in this thread, while no audio runs, and hand over
static void
restore_model(Plugin* const p, const char* const path)
{
  plugin_set_wanted(p, path, ++p->request);
  Loaded* const loaded = plugin_load(p, path, p->request);
  if (loaded) {
    plugin_take(p, loaded);
  }
}

static LV2_State_Status
restore(const LV2_Handle instance, const LV2_State_Retrieve_Function retrieve,
        const LV2_State_Handle handle, const uint32_t flags,
        const LV2_Feature* const* const features)
{
  Plugin* const p = (Plugin*)instance;
  const PathFeatures paths = path_features(features);
  size_t size = 0;
  uint32_t type = 0;
  uint32_t value_flag = 0;
  (void)flags;
  const char* const value =
      (const char*)(p->map ? retrieve(handle, p->uris.model, &size, &type, &value_flag) : NULL);
  if (!value) { // A state without a model leaves the one that plays
    return LV2_STATE_SUCCESS;
  }
  if (type != p->uris.atom_path || !size || value[size - 1] != '\0') {
    return LV2_STATE_ERR_BAD_TYPE;
  }
  if (!paths.map) {
    restore_model(p, value);
    return LV2_STATE_SUCCESS;
  }
  char* const path = paths.map->absolute_path(paths.map->handle, value);
  if (!path) {
    return LV2_STATE_ERR_UNKNOWN;
  }
  restore_model(p, path);
  free_path(paths, path);
  return LV2_STATE_SUCCESS;
}

const void*
plugin_state_interface(void)
{
  static const LV2_State_Interface interface = {save, restore};
  return &interface;
}
