// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What a session keeps of the plugin besides its ports: for the model and for the cabinet that the user
// chose, whether or not they could be loaded,
//
//     the path, which the host maps: it may move the file into the session, or not
//     the origin: the same path, which the host leaves alone
//     the hash of the file, or "none" without a cabinet
//     a copy of its bytes
//
// so that a session sounds the same on another machine. Both save() and restore() may run beside the
// audio thread.

#include "plugin/plugin.h"

#include "core/engine/load.h"
#include "core/format/model_file.h"

#include <lv2/state/state.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Larger files are not copied into the session [bytes]
#define MAX_COPY_SIZE ((size_t)8 << 20U)

#define NO_CABINET "none"

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

/// Where and how to store
typedef struct {
  LV2_State_Store_Function store;
  LV2_State_Handle handle;
  PathFeatures paths;
} Saver;

static LV2_State_Status
store_bytes(const Saver* const s, const LV2_URID key, const LV2_URID type, const Content value)
{
  return value.size ? s->store(s->handle, key, value.bytes, value.size, type,
                               LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE)
                    : LV2_STATE_SUCCESS;
}

static LV2_State_Status
store_text(const Saver* const s, const LV2_URID key, const LV2_URID type, char* const text)
{
  return store_bytes(s, key, type, (Content){text, strlen(text) + 1});
}

static LV2_State_Status
store_path(const Saver* const s, const Uris* const uris, const LV2_URID key, char* const path)
{
  if (!s->paths.map) {
    return store_text(s, key, uris->atom_path, path);
  }
  char* const abstract = s->paths.map->abstract_path(s->paths.map->handle, path);
  if (!abstract) {
    return LV2_STATE_ERR_UNKNOWN;
  }
  const LV2_State_Status status = store_text(s, key, uris->atom_path, abstract);
  free_path(s->paths, abstract);
  return status;
}

static LV2_State_Status
save_choice(const Saver* const s, const Uris* const uris, const PartUris keys,
            const Choice* const choice)
{
  char hash[CONTENT_HASH_SIZE];
  char path[PATH_MAX];
  memcpy(path, choice->path, sizeof(path));
  LV2_State_Status status = store_path(s, uris, keys.path, path);
  if (status || (status = store_text(s, keys.origin, uris->atom_string, path)) ||
      !choice->content.size) {
    return status;
  }
  content_hash(&choice->content, hash);
  status = store_text(s, keys.hash, uris->atom_string, hash);
  return status || choice->content.size > MAX_COPY_SIZE
             ? status
             : store_bytes(s, keys.copy, uris->atom_chunk, choice->content);
}

static LV2_State_Status
save(const LV2_Handle instance, const LV2_State_Store_Function store, const LV2_State_Handle handle,
     const uint32_t flags, const LV2_Feature* const* const features)
{
  Plugin* const p = (Plugin*)instance;
  const Saver saver = {store, handle, path_features(features)};
  LV2_State_Status status = LV2_STATE_SUCCESS;
  (void)flags;
  if (!p->map) {
    return LV2_STATE_SUCCESS;
  }
  pthread_mutex_lock(&p->mutex); // The worker waits meanwhile, the audio thread never does
  for (int part = 0; !status && part < N_URI_PARTS; ++part) {
    const PartUris keys = p->uris.parts[part];
    const Choice* const wanted = &p->choices[part].wanted;
    if (wanted->path[0]) {
      status = save_choice(&saver, &p->uris, keys, wanted);
    } else if (part == URI_PART_CABINET) {
      status = store_text(&saver, keys.hash, p->uris.atom_string, (char[]){NO_CABINET});
    }
  }
  pthread_mutex_unlock(&p->mutex);
  return status;
}

/// Where to retrieve from
typedef struct {
  Plugin* plugin;
  LV2_State_Retrieve_Function retrieve;
  LV2_State_Handle handle;
  PathFeatures paths;
} Restorer;

/// What a state has of one part
typedef struct {
  const char* path;   ///< As the host gives it back; NULL if there is none, as the next
  const char* origin; ///< As the user chose it
  const char* hash;
  Content copy; ///< The host's bytes
} Kept;

/// Return a value of the right type, or none
static Content
retrieve_bytes(const Restorer* const r, const LV2_URID key, const LV2_URID type)
{
  size_t size = 0;
  uint32_t found = 0;
  uint32_t flags = 0;
  const void* const value = r->retrieve(r->handle, key, &size, &found, &flags);
  return value && size && found == type ? (Content){(char*)value, size} : (Content){NULL, 0};
}

/// Return a text, or NULL
static const char*
retrieve_text(const Restorer* const r, const LV2_URID key, const LV2_URID type)
{
  const Content text = retrieve_bytes(r, key, type);
  return text.size && text.bytes[text.size - 1] == '\0' ? text.bytes : NULL;
}

/// Where the bytes of a file were found
typedef struct {
  const char* path;
  const char* place; ///< In words
  Content content;   ///< None: nowhere
} Found;

/// Read the file at `path` unless it is found already; one with another hash is only better than none
static void
look_at(const Kept* const kept, const Found candidate, Found* const found)
{
  char hash[CONTENT_HASH_SIZE];
  Content content = {NULL, 0};
  if (!candidate.path || (candidate.content.size == 0 &&
                          content_read(candidate.path, LOAD_MAX_CABINET_SIZE, &content, NULL))) {
    return;
  }
  if (candidate.content.size &&
      content_copy(candidate.content.bytes, candidate.content.size, &content)) {
    return;
  }
  content_hash(&content, hash);
  const bool is_it = !kept->hash || !strcmp(hash, kept->hash);
  if (is_it || !found->content.size) {
    content_clear(&found->content);
    *found = (Found){candidate.path, is_it ? candidate.place : NULL, content};
  } else {
    content_clear(&content);
  }
}

/// Find the bytes that the session was saved with, or the next best
static Found
find(const Kept* const kept, const char* const mapped)
{
  Found found = {NULL, NULL, {NULL, 0}};
  const Found candidates[] = {
      {kept->origin, "from where it was chosen", {NULL, 0}},
      {mapped,
       kept->hash ? "from the session" : "from its file",
       {NULL, 0}}, // A preset has no hash
      {mapped, "from the copy in the session", kept->copy},
  };
  for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]) && !found.place; ++i) {
    if (i < 2 || kept->copy.size) {
      look_at(kept, candidates[i], &found);
    }
  }
  return found;
}

static void
tell(Plugin* const p, const Found* const found)
{
  if (!found->content.size) {
    return;
  }
  if (found->place) {
    lv2_log_note(&p->logger, "Grus: %s: restored %s\n", found->path, found->place);
  } else {
    lv2_log_warning(&p->logger, "Grus: %s is not the file that the session was saved with\n",
                    found->path);
  }
}

/// Load in this thread and hand over. The user's path stays the wanted one wherever the bytes come from.
static LV2_State_Status
restore_file(const Restorer* const r, const UriPart part, const Kept* const kept,
             const char* const mapped)
{
  Plugin* const p = r->plugin;
  Found found = find(kept, mapped);
  const Task task = {part, atomic_fetch_add(&p->newest[part], 1) + 1};
  tell(p, &found);
  const bool is_answered = plugin_load(
      p, task,
      (Origin){found.path ? found.path : mapped, found.content.size ? &found.content : NULL});
  content_clear(&found.content);
  return is_answered ? LV2_STATE_SUCCESS : LV2_STATE_ERR_UNKNOWN;
}

/// Let the host say where the file is now
static LV2_State_Status
restore_kept(const Restorer* const r, const UriPart part, const Kept* const kept)
{
  if (!r->paths.map) {
    return restore_file(r, part, kept, kept->path);
  }
  char* const path = r->paths.map->absolute_path(r->paths.map->handle, kept->path);
  if (!path) {
    return LV2_STATE_ERR_UNKNOWN;
  }
  const LV2_State_Status status = restore_file(r, part, kept, path);
  free_path(r->paths, path);
  return status;
}

/// A state that says nothing of a part, as presets do, leaves the one that plays
static LV2_State_Status
restore_part(const Restorer* const r, const UriPart part)
{
  Plugin* const p = r->plugin;
  const PartUris keys = p->uris.parts[part];
  size_t size = 0;
  uint32_t type = 0;
  uint32_t flags = 0;
  const Kept kept = {
      retrieve_text(r, keys.path, p->uris.atom_path),
      retrieve_text(r, keys.origin, p->uris.atom_string),
      retrieve_text(r, keys.hash, p->uris.atom_string),
      retrieve_bytes(r, keys.copy, p->uris.atom_chunk),
  };
  if (kept.path) {
    return restore_kept(r, part, &kept);
  }
  if (part == URI_PART_CABINET && kept.hash && !strcmp(kept.hash, NO_CABINET)) {
    const Task task = {part, atomic_fetch_add(&p->newest[part], 1) + 1};
    return plugin_load(p, task, (Origin){"", NULL}) ? LV2_STATE_SUCCESS : LV2_STATE_ERR_UNKNOWN;
  }
  return r->retrieve(r->handle, keys.path, &size, &type, &flags) ? LV2_STATE_ERR_BAD_TYPE
                                                                 : LV2_STATE_SUCCESS;
}

static LV2_State_Status
restore(const LV2_Handle instance, const LV2_State_Retrieve_Function retrieve,
        const LV2_State_Handle handle, const uint32_t flags,
        const LV2_Feature* const* const features)
{
  Plugin* const p = (Plugin*)instance;
  const Restorer restorer = {p, retrieve, handle, path_features(features)};
  LV2_State_Status status = LV2_STATE_SUCCESS;
  (void)flags;
  for (int part = 0; p->map && !status && part < N_URI_PARTS; ++part) {
    status = restore_part(&restorer, (UriPart)part);
  }
  return status;
}

const void*
plugin_state_interface(void)
{
  static const LV2_State_Interface interface = {save, restore};
  return &interface;
}
