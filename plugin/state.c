// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What a session keeps of the plugin besides its ports. For the model and the cabinet that play:
//
//     the path, which the host maps: it may move the file into the session, or not
//     the origin: the same path, which the host leaves alone
//     the hash of the file, or "none" without a cabinet
//     a copy of its bytes
//
// and the rate that was given for models whose files give none, and whether the player chose the
// cabinet,
// so that a session sounds the same on another machine. A later choice that could not be loaded is
// kept beside them, under keys of its own. If nothing that the user chose could be loaded, the last
// choice is kept in their place. save_state() and restore_state() may run while the audio thread
// runs.

#include "core/file.h"
#include "plugin/plugin.h"

#include "plugin/model_rate.h"
#include "plugin/slot_kinds.h"

#include <lv2/state/state.h>

#include <stdlib.h>
#include <string.h>

/// Larger files are not copied into the session [bytes]
#define MAX_COPY_SIZE ((size_t)8 << 20U)

#define EMPTY_SLOT "none" ///< In place of a hash

/// The host's functions for paths; any may be NULL
typedef struct {
  const LV2_State_Map_Path* map;
  const LV2_State_Free_Path* free;
} PathFeatures;

static PathFeatures
find_path_features(const LV2_Feature* const* const features)
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
store_rate(const Saver* const s, const Plugin* const p)
{
  float rate = atomic_load(&p->model_rate);
  return store_bytes(s, p->uris.model_rate, p->forge.Float, (Content){(char*)&rate, sizeof(rate)});
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
save_choice(const Saver* const s, const Uris* const uris, const SlotUris keys, Choice* const choice)
{
  char hash[CONTENT_HASH_SIZE];
  LV2_State_Status status = store_path(s, uris, keys.path, choice->path);
  if (status || (status = store_text(s, keys.origin, uris->atom_string, choice->path)) ||
      !choice->content.size) {
    return status;
  }
  content_hash(&choice->content, hash);
  status = store_text(s, keys.hash, uris->atom_string, hash);
  return status || choice->content.size > MAX_COPY_SIZE
             ? status
             : store_bytes(s, keys.copy, uris->atom_chunk, choice->content);
}

/// Save what plays, or "none" for an empty slot
static LV2_State_Status
save_heard(const Saver* const s, const Uris* const uris, const SlotId slot, Choice* const heard)
{
  const SlotUris keys = uris->slots[slot];
  if (heard && heard->path[0]) {
    return save_choice(s, uris, keys, heard);
  }
  return slot_kinds[slot].can_be_empty
             ? store_text(s, keys.hash, uris->atom_string, (char[]){EMPTY_SLOT})
             : LV2_STATE_SUCCESS;
}

/// Save whether the player chose the cabinet; always, since Carla takes nothing out of a state
static LV2_State_Status
save_chooser(const Saver* const s, const Uris* const uris, const Choice* const cabinet)
{
  const bool is_chosen = cabinet && !cabinet->is_given;
  return store_text(s, uris->cabinet_chosen, uris->atom_string,
                    is_chosen ? (char[]){"yes"} : (char[]){"no"});
}

static LV2_State_Status
save_slot(const Saver* const s, Plugin* const p, const SlotId slot)
{
  const Choices* const choices = &p->choices[slot];
  pthread_mutex_lock(&p->mutex); // The worker waits meanwhile, the audio thread never does
  Choice* const wanted = choice_share(choices->wanted);
  Choice* const heard = choice_share(choices->playing_request ? choices->playing : wanted);
  pthread_mutex_unlock(&p->mutex);
  LV2_State_Status status = save_heard(s, &p->uris, slot, heard);
  if (!status && wanted != heard) {
    status = save_choice(s, &p->uris, p->uris.wishes[slot], wanted);
  }
  if (!status && slot == SLOT_CABINET) {
    status = save_chooser(s, &p->uris, heard);
  }
  choice_release(heard);
  choice_release(wanted);
  return status;
}

/// LV2_State_Interface.save
static LV2_State_Status
save_state(const LV2_Handle instance, const LV2_State_Store_Function store,
           const LV2_State_Handle handle, const uint32_t flags,
           const LV2_Feature* const* const features)
{
  Plugin* const p = (Plugin*)instance;
  const Saver saver = {store, handle, find_path_features(features)};
  LV2_State_Status status = LV2_STATE_SUCCESS;
  (void)flags;
  if (p->map && !atomic_load(&p->has_old_gate)) {
    status = store_text(&saver, p->uris.form, p->uris.atom_string, (char[]){GRUS_FORM});
  }
  for (int slot = 0; p->map && !status && slot < N_SLOTS; ++slot) {
    status = save_slot(&saver, p, (SlotId)slot);
  }
  return p->map && !status ? store_rate(&saver, p) : status;
}

/// Where to retrieve from
typedef struct {
  Plugin* plugin;
  LV2_State_Retrieve_Function retrieve;
  LV2_State_Handle handle;
  PathFeatures paths;
} Restorer;

/// What a state has of one slot
typedef struct {
  char* path;   ///< As the host gives it back; NULL if there is none, as the next two
  char* origin; ///< As the user chose it
  char* hash;
  Content copy; ///< The host's bytes
} Kept;

static bool
has_value(const Restorer* const r, const LV2_URID key)
{
  size_t size = 0;
  uint32_t type = 0;
  uint32_t flags = 0;
  return r->retrieve(r->handle, key, &size, &type, &flags);
}

/// Return a value of the right type, or no bytes
static Content
retrieve_bytes(const Restorer* const r, const LV2_URID key, const LV2_URID type)
{
  size_t size = 0;
  uint32_t found = 0;
  uint32_t flags = 0;
  const void* const value = r->retrieve(r->handle, key, &size, &found, &flags);
  return value && size && found == type ? (Content){(char*)value, size} : (Content){NULL, 0};
}

/// Return a copy of a text, or NULL. Carla leaves out its terminator, PipeWire the type, too.
static char*
retrieve_text(const Restorer* const r, const LV2_URID key, const LV2_URID type)
{
  const Content typed = retrieve_bytes(r, key, type);
  const Content text = typed.size ? typed : retrieve_bytes(r, key, 0);
  return text.size ? strndup(text.bytes, text.size) : NULL;
}

/// Return the rate that a state gives for its model [Hz], or 0
static float
retrieve_rate(const Restorer* const r)
{
  size_t size = 0;
  uint32_t type = 0;
  uint32_t flags = 0;
  float rate = 0.0F;
  const void* const value =
      r->retrieve(r->handle, r->plugin->uris.model_rate, &size, &type, &flags);
  return value && model_rate_read(&r->plugin->forge, type, value, size, &rate) ? rate : 0.0F;
}

/// Where the bytes of a file were found
typedef struct {
  const char* path;
  const char* place; ///< In words
  Content content;   ///< None: nowhere
} Found;

/// Take the candidate's bytes if they have the hash that was kept, or if there are none yet
static void
consider_candidate(const Kept* const kept, const SlotKind* const kind, const Found candidate,
                   Found* const found)
{
  char hash[CONTENT_HASH_SIZE];
  Content content = {NULL, 0};
  if (!candidate.path ||
      (candidate.content.size == 0 &&
       file_read_whole(candidate.path, FILE_PLAIN, kind->max_file_size, &content, NULL))) {
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

/// Find the bytes that the session was saved with, or else the first ones that are there
static Found
find_content(const Kept* const kept, const SlotKind* const kind, const char* const mapped)
{
  Found found = {NULL, NULL, {NULL, 0}};
  const char* const place = kept->hash ? "from the session" : "from its file"; // Of a preset
  const Found candidates[] = {
      {kept->origin, "from where it was chosen", {NULL, 0}},
      // Carla maps a preset's absolute path to a link in the folder it was started in, if it can
      {kept->path[0] == '/' ? kept->path : NULL, place, {NULL, 0}},
      {mapped, place, {NULL, 0}},
      {mapped, "from the copy in the session", kept->copy},
  };
  for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]) && !found.place; ++i) {
    if (i < 3 || kept->copy.size) {
      consider_candidate(kept, kind, candidates[i], &found);
    }
  }
  return found;
}

static void
log_found(Plugin* const p, const Found* const found)
{
  Message message = {""};
  if (!found->content.size) {
    return;
  }
  if (found->place) {
    message_set(&message, "%s: restored %s", found->path, found->place);
    lv2_log_note(&p->logger, "Grus: %s\n", message.text);
  } else {
    message_set(&message, "%s: is not the file that the session was saved with", found->path);
    lv2_log_warning(&p->logger, "Grus: %s\n", message.text);
  }
}

/// Return true if a state brings what the player didn't choose; one that doesn't say it is a
/// preset, or older than models with cabinets
static bool
is_given(const Restorer* const r, const SlotId slot)
{
  const Uris* const uris = &r->plugin->uris;
  char* const chosen = retrieve_text(r, uris->cabinet_chosen, uris->atom_string);
  const bool is_chosen = chosen && !strcmp(chosen, "yes");
  free(chosen);
  return slot == SLOT_CABINET && !is_chosen;
}

/// Load in this thread. The path stays the user's, wherever the bytes come from.
static LV2_State_Status
restore_file(const Restorer* const r, const SlotId slot, const Kept* const kept,
             const char* const mapped)
{
  Plugin* const p = r->plugin;
  Found found = find_content(kept, &slot_kinds[slot], mapped);
  const Task task = {slot, plugin_new_request(p, slot)};
  log_found(p, &found);
  if (slot == SLOT_MODEL) {
    atomic_store(&p->model_rate, retrieve_rate(r));
  }
  const bool is_answered =
      plugin_load(p, task,
                  (Origin){found.path ? found.path : mapped,
                           found.content.size ? &found.content : NULL, is_given(r, slot)});
  content_clear(&found.content);
  return is_answered ? LV2_STATE_SUCCESS : LV2_STATE_ERR_UNKNOWN;
}

/// Ask the host where the file is now, and restore it
static LV2_State_Status
restore_kept(const Restorer* const r, const SlotId slot, const Kept* const kept)
{
  if (!r->paths.map) {
    return restore_file(r, slot, kept, kept->path);
  }
  char* const path = r->paths.map->absolute_path(r->paths.map->handle, kept->path);
  if (!path) {
    return LV2_STATE_ERR_UNKNOWN;
  }
  const LV2_State_Status status = restore_file(r, slot, kept, path);
  free_path(r->paths, path);
  return status;
}

static bool
was_emptied(const SlotId slot, const Kept* const kept)
{
  return slot_kinds[slot].can_be_empty && kept->hash && !strcmp(kept->hash, EMPTY_SLOT);
}

/// Return true if what plays was there at the start, and nothing was chosen
static bool
is_untouched(Plugin* const p, const SlotId slot)
{
  pthread_mutex_lock(&p->mutex);
  const bool is_first = !p->choices[slot].wanted_request;
  pthread_mutex_unlock(&p->mutex);
  return is_first;
}

/// Return true if a state speaks of the model, but not of this slot, which is as at the start
static bool
leaves_start(const Restorer* const r, const SlotId slot, const SlotUris keys,
             const Kept* const kept)
{
  return slot_kinds[slot].can_be_empty && !kept->hash && !has_value(r, keys.path) &&
         has_value(r, r->plugin->uris.slots[SLOT_MODEL].path) && is_untouched(r->plugin, slot);
}

/// Empty a slot that was saved so. If the state doesn't speak of the slot, as users' presets don't
/// of the cabinet, what was chosen stays; but not what was there at the start, which belongs to the
/// model there.
static LV2_State_Status
restore_pathless(const Restorer* const r, const SlotId slot, const SlotUris keys,
                 const Kept* const kept)
{
  Plugin* const p = r->plugin;
  if (was_emptied(slot, kept) || leaves_start(r, slot, keys, kept)) {
    const Task task = {slot, plugin_new_request(p, slot)};
    return plugin_load(p, task, (Origin){"", NULL, false}) ? LV2_STATE_SUCCESS
                                                           : LV2_STATE_ERR_UNKNOWN;
  }
  return has_value(r, keys.path) ? LV2_STATE_ERR_BAD_TYPE : LV2_STATE_SUCCESS;
}

static Kept
retrieve_kept(const Restorer* const r, const SlotUris keys)
{
  const Uris* const uris = &r->plugin->uris;
  return (Kept){
      retrieve_text(r, keys.path, uris->atom_path),
      retrieve_text(r, keys.origin, uris->atom_string),
      retrieve_text(r, keys.hash, uris->atom_string),
      retrieve_bytes(r, keys.copy, uris->atom_chunk),
  };
}

static void
clear_kept(Kept* const kept)
{
  free(kept->path);
  free(kept->origin);
  free(kept->hash);
}

/// Restore what a state has under these keys. Carla takes none out, so an emptied slot can still
/// have a path.
static LV2_State_Status
restore_keys(const Restorer* const r, const SlotId slot, const SlotUris keys)
{
  Kept kept = retrieve_kept(r, keys);
  const LV2_State_Status status = kept.path && !was_emptied(slot, &kept)
                                      ? restore_kept(r, slot, &kept)
                                      : restore_pathless(r, slot, keys, &kept);
  clear_kept(&kept);
  return status;
}

/// Return a choice that had failed, with the bytes that the state has of it; NULL without memory
static Choice*
new_wish(const char* const path, const Content copy)
{
  Choice* const wish = choice_new(path);
  if (wish && copy.size && content_copy(copy.bytes, copy.size, &wish->content)) {
    choice_release(wish);
    return NULL;
  }
  return wish;
}

/// Keep a choice that had failed for the next state, without trying it: what was heard plays on
static LV2_State_Status
restore_wish(const Restorer* const r, const SlotId slot)
{
  Kept kept = retrieve_kept(r, r->plugin->uris.wishes[slot]);
  const char* const path = kept.origin ? kept.origin : kept.path;
  Choice* const wish = path ? new_wish(path, kept.copy) : NULL;
  const LV2_State_Status status = path && !wish ? LV2_STATE_ERR_UNKNOWN : LV2_STATE_SUCCESS;
  plugin_wish(r->plugin, slot, wish);
  choice_release(wish);
  clear_kept(&kept);
  return status;
}

static LV2_State_Status
restore_slot(const Restorer* const r, const SlotId slot)
{
  const Uris* const uris = &r->plugin->uris;
  const SlotUris keys = uris->slots[slot];
  const bool is_new = has_value(r, keys.path) || has_value(r, keys.hash);
  const LV2_State_Status status = restore_keys(r, slot, is_new ? keys : uris->old_slots[slot]);
  return status ? status : restore_wish(r, slot);
}

/// Return true for a state that was saved when the gate was off at the top. Presets and what is
/// written by hand have no hash; hosts restore a state without anything, too.
static bool
is_old_state(const Restorer* const r)
{
  const Uris* const uris = &r->plugin->uris;
  bool was_saved = false;
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    was_saved = was_saved || has_value(r, uris->slots[slot].hash) ||
                has_value(r, uris->old_slots[slot].hash);
  }
  return was_saved && !has_value(r, uris->form);
}

/// LV2_State_Interface.restore
static LV2_State_Status
restore_state(const LV2_Handle instance, const LV2_State_Retrieve_Function retrieve,
              const LV2_State_Handle handle, const uint32_t flags,
              const LV2_Feature* const* const features)
{
  Plugin* const p = (Plugin*)instance;
  const Restorer restorer = {p, retrieve, handle, find_path_features(features)};
  LV2_State_Status status = LV2_STATE_SUCCESS;
  (void)flags;
  atomic_store(&p->has_old_gate, p->map && is_old_state(&restorer));
  for (int slot = 0; p->map && !status && slot < N_SLOTS; ++slot) {
    status = restore_slot(&restorer, (SlotId)slot);
  }
  atomic_fetch_add(&p->n_restored, 1);
  return status;
}

const void*
plugin_state_interface(void)
{
  static const LV2_State_Interface interface = {save_state, restore_state};
  return &interface;
}
