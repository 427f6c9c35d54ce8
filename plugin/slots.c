// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What is in the slots: an object is held while it plays or fades out, then it is trash, and freed
// by a thread that may. The newest answer always wins.

#include "plugin/plugin.h"

#include "plugin/slot_kinds.h"

#include <stdlib.h>

/// Free all but the object
static void
free_record(Loaded* const loaded)
{
  choice_release(loaded->choice);
  free(loaded);
}

void
plugin_free_list(Loaded* list)
{
  while (list) {
    Loaded* const next = list->next;
    slot_kinds[list->slot].free(list->object);
    free_record(list);
    list = next;
  }
}

/// Keep the newest record of the object that plays; the engine has freed those of the others
static void
forget_freed_objects(Plugin* const p, const SlotId id)
{
  const void* const playing = slot_kinds[id].playing(p->engine);
  Loaded* list = p->slots[id].held;
  p->slots[id].held = NULL;
  while (list) {
    Loaded* const next = list->next;
    if (!p->slots[id].held && list->object == playing) {
      list->next = NULL;
      p->slots[id].held = list;
    } else {
      free_record(list);
    }
    list = next;
  }
}

void
plugin_settle(Plugin* const plugin)
{
  plugin_take_answers(plugin);
  plugin_collect(plugin);
  engine_reset(plugin->engine); // Frees what doesn't play any more
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    forget_freed_objects(plugin, (SlotId)slot);
  }
  plugin_free_list(plugin->trash);
  plugin->trash = NULL;
  plugin_free_list(atomic_exchange(&plugin->garbage, NULL));
}

void
plugin_clear_slots(Plugin* const plugin)
{
  plugin_settle(plugin);
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    if (plugin->slots[slot].held) {
      free_record(plugin->slots[slot].held); // The object is the engine's
    }
  }
}

// Audio thread from here

static void
push_loaded(Loaded** const list, Loaded* const loaded) RT
{
  loaded->next = *list;
  *list = loaded;
}

/// Take the record that `link` points to out of its list and make it trash
static void
move_to_trash(Plugin* const p, Loaded** const link) RT
{
  Loaded* const loaded = *link;
  *link = loaded->next;
  push_loaded(&p->trash, loaded);
}

/// Make an object trash that the engine gave back; NULL is none
static void
discard_object(Plugin* const p, const SlotId id, const void* const object) RT
{
  for (Loaded** link = &p->slots[id].held; object && *link; link = &(*link)->next) {
    if ((*link)->object == object) {
      move_to_trash(p, link);
      return;
    }
  }
}

/// Make records without an object trash, except the newest: the engine doesn't give them back
static void
discard_empty_records(Plugin* const p, const SlotId id) RT
{
  Loaded** link = p->slots[id].held ? &p->slots[id].held->next : &p->slots[id].held;
  while (*link) {
    if (!(*link)->object) {
      move_to_trash(p, link);
    } else {
      link = &(*link)->next;
    }
  }
}

void
plugin_collect(Plugin* const plugin) RT
{
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    discard_object(plugin, (SlotId)slot, slot_kinds[slot].take_retired(plugin->engine));
    discard_empty_records(plugin, (SlotId)slot);
  }
}

/// Return true if a newer request is pending, or if what was rebuilt no longer plays
static bool
is_outdated(const Plugin* const p, const Loaded* const loaded) RT
{
  const Loaded* const held = p->slots[loaded->slot].held;
  return loaded->is_rebuilt ? !held || held->request != loaded->request
                            : loaded->request != atomic_load(&p->newest[loaded->slot]);
}

/// Return what to show after an answer
static SlotStatus
status_after(const Loaded* const loaded, const SlotStatus before) RT
{
  return loaded->is_unchanged               ? before
         : loaded->status == STATUS_MISSING ? SLOT_STATUS_MISSING
         : loaded->status                   ? SLOT_STATUS_FAILED
         : loaded->is_rebuilt               ? before
         : loaded->choice->path[0]          ? SLOT_STATUS_LOADED
                                            : SLOT_STATUS_NONE;
}

/// Give the engine what was loaded, or show that it was not
static void
take_answer(Plugin* const p, Loaded* const loaded) RT
{
  Slot* const slot = &p->slots[loaded->slot];
  if (is_outdated(p, loaded)) {
    push_loaded(&p->trash, loaded);
    return;
  }
  slot->answered = loaded->is_rebuilt ? slot->answered : loaded->request;
  slot->status = status_after(loaded, slot->status);
  slot->must_announce = slot->must_announce || !loaded->is_rebuilt;
  if (loaded->status || !loaded->is_rebuilt) {
    plugin_tell_message(p, loaded->slot, loaded->message.text);
  }
  if (loaded->status) {
    push_loaded(&p->trash, loaded);
    return;
  }
  slot->rebuilt_oversampling = 0; // Compare with the settings again
  if (loaded->slot == SLOT_MODEL) {
    plugin_tell_model(p);
  }
  push_loaded(&slot->held, loaded);
  discard_object(p, loaded->slot, slot_kinds[loaded->slot].change(p->engine, loaded->object));
}

static Loaded*
reverse_list(Loaded* list) RT
{
  Loaded* reversed = NULL;
  while (list) {
    Loaded* const next = list->next;
    push_loaded(&reversed, list);
    list = next;
  }
  return reversed;
}

/// Take note of a choice that there was no memory to answer
static void
take_loss(Plugin* const p, const SlotId id) RT
{
  const uint32_t newest = atomic_load(&p->newest[id]);
  if (p->slots[id].answered != newest && atomic_load(&p->lost[id]) == newest) {
    p->slots[id].answered = newest;
    plugin_refuse_choice(p, id, status_text(STATUS_NO_MEMORY));
  }
}

void
plugin_take_answers(Plugin* const plugin) RT
{
  Loaded* list = reverse_list(atomic_exchange(&plugin->answers, NULL));
  while (list) {
    Loaded* const next = list->next;
    take_answer(plugin, list);
    list = next;
  }
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    take_loss(plugin, (SlotId)slot);
  }
}

bool
plugin_is_loading(const Plugin* const plugin, const SlotId id) RT
{
  return plugin->slots[id].answered != atomic_load(&plugin->newest[id]);
}

void
plugin_refuse_choice(Plugin* const plugin, const SlotId id, const char* const why) RT
{
  plugin->slots[id].status = SLOT_STATUS_FAILED;
  plugin_tell_message(plugin, id, why);
}
