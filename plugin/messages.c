// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Messages from the host in a block: patch:Set, patch:Put and patch:Get. Audio thread. Sizes are
// the host's, perhaps a broken one's: none is believed beyond what holds it.

#include "plugin/plugin.h"

#include "plugin/atoms.h"
#include "plugin/model_rate.h"
#include "plugin/slot_kinds.h"

#include <lv2/atom/util.h>

#include <stddef.h>
#include <string.h>

/// No host has a larger buffer for messages; only broken ones say so [bytes]
#define LARGEST_SEQUENCE (1U << 20U)

/// Request the file that a parameter was set to. The value must be a path; an empty one empties the
/// slot, if it may be empty.
static void
choose_file(Plugin* const p, const SlotId id, const LV2_Atom* const value) RT
{
  if (!value || (value->type != p->uris.atom_path && value->type != p->uris.atom_string)) {
    return;
  }
  const char* const path = (const char*)LV2_ATOM_BODY_CONST(value);
  const size_t length = strnlen(path, value->size);
  if (length || slot_kinds[id].can_be_empty) {
    plugin_request_file(p, id, path, length);
  } else {
    plugin_refuse_choice(p, id, "a model can't be taken out; choose another one");
  }
}

/// Return the parameter that a property names, or 0
static LV2_URID
read_parameter(const Plugin* const p, const LV2_Atom* const property) RT
{
  return property && property->type == p->uris.atom_urid && property->size >= sizeof(LV2_URID)
             ? ((const LV2_Atom_URID*)property)->body
             : 0;
}

static bool
is_file_parameter(const Plugin* const p, const LV2_URID parameter, const int slot) RT
{
  return parameter &&
         (parameter == p->uris.slots[slot].path || parameter == p->uris.old_slots[slot].path);
}

/// Set the rate of models whose files give none. The host is told what it is if it asked for one
/// that can't be.
static void
choose_rate(Plugin* const p, const LV2_Atom* const value) RT
{
  float rate = 0.0F;
  if (!value) {
    return;
  }
  if (model_rate_read(&p->forge, value->type, LV2_ATOM_BODY_CONST(value), value->size, &rate)) {
    atomic_store(&p->model_rate, rate);
    p->announced_rate = rate;
  } else {
    p->must_announce_rate = true;
  }
}

/// Watch the gates for a while, or no longer
static void
choose_watch(Plugin* const p, const LV2_Atom* const value) RT
{
  if (value && value->type == p->forge.Bool && value->size >= sizeof(int32_t)) {
    watch_renew(&p->watch, ((const LV2_Atom_Bool*)value)->body != 0);
  }
}

/// A host that sets what it may only read, as mod-ui does with what it kept, is told what is true
static void
take_set(Plugin* const p, const LV2_Atom_Object* const message) RT
{
  const LV2_URID parameter = read_parameter(p, atoms_find_value(message, p->uris.patch_property));
  const LV2_Atom* const value = atoms_find_value(message, p->uris.patch_value);
  if (parameter) {
    plugin_tell_parameter(p, parameter);
  }
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    if (is_file_parameter(p, parameter, slot)) {
      choose_file(p, (SlotId)slot, value);
    }
  }
  if (parameter && parameter == p->uris.model_rate) {
    choose_rate(p, value);
  }
  if (parameter && parameter == p->uris.watch) {
    choose_watch(p, value);
  }
}

static void
take_put(Plugin* const p, const LV2_Atom_Object* const message) RT
{
  const LV2_Atom_Object* const body =
      atoms_as_object(&p->forge, atoms_find_value(message, p->uris.patch_body));
  for (int slot = 0; body && slot < N_SLOTS; ++slot) {
    const LV2_Atom* const value = atoms_find_value(body, p->uris.slots[slot].path);
    choose_file(p, (SlotId)slot,
                value ? value : atoms_find_value(body, p->uris.old_slots[slot].path));
  }
  if (body) {
    choose_rate(p, atoms_find_value(body, p->uris.model_rate));
  }
}

/// Without a property, the host asks for all
static void
take_get(Plugin* const p, const LV2_Atom_Object* const message) RT
{
  const LV2_Atom* const property = atoms_find_value(message, p->uris.patch_property);
  const LV2_URID parameter = read_parameter(p, property);
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    if (!property || is_file_parameter(p, parameter, slot)) {
      p->slots[slot].must_announce = true;
    }
  }
  if (!property || (parameter && parameter == p->uris.model_rate)) {
    p->must_announce_rate = true;
  }
  if (!property || parameter) {
    plugin_tell_parameter(p, parameter);
  }
}

static void
take_message(Plugin* const p, const LV2_Atom_Object* const message) RT
{
  if (message->body.otype == p->uris.patch_set) {
    take_set(p, message);
  } else if (message->body.otype == p->uris.patch_put) {
    take_put(p, message);
  } else if (message->body.otype == p->uris.patch_get) {
    take_get(p, message);
  }
}

/// Take the messages of a sequence with `size` bytes of events, up to the first one that is cut
static void
take_events(Plugin* const p, const LV2_Atom_Sequence* const control, const uint32_t size) RT
{
  const uint8_t* const events = (const uint8_t*)(control + 1);
  uint32_t at = 0;
  while (at < size && size - at >= sizeof(LV2_Atom_Event)) {
    const LV2_Atom_Event* const event = (const LV2_Atom_Event*)(const void*)(events + at);
    at += (uint32_t)sizeof(*event);
    if (event->body.size > size - at) {
      return;
    }
    const LV2_Atom_Object* const message = atoms_as_object(&p->forge, &event->body);
    if (message) {
      take_message(p, message);
    }
    at += atoms_pad_size(event->body.size);
  }
}

void
plugin_take_messages(Plugin* const plugin) RT
{
  const LV2_Atom_Sequence* const control = (const LV2_Atom_Sequence*)plugin->ports[PORT_CONTROL];
  if (control && plugin->map && control->atom.type == plugin->forge.Sequence &&
      control->atom.size >= sizeof(control->body) && control->atom.size <= LARGEST_SEQUENCE) {
    take_events(plugin, control, control->atom.size - (uint32_t)sizeof(control->body));
  }
}
