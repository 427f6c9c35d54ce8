// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/link.h"

#include "core/text.h"
#include "plugin/atoms.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>

#include <string.h>

void
link_init(Link* const link, LV2_URID_Map* const map, const uint32_t n_channels)
{
  link->n_channels = n_channels;
  link->uris = uris_map(map);
  lv2_atom_forge_init(&link->forge, map);
  link->event_transfer = map->map(map->handle, LV2_ATOM__eventTransfer);
}

/// Return the number that the host has for a port
static uint32_t
find_index(const Link* const link, const Port port)
{
  uint32_t index = 0;
  while (index < N_PORTS && ports_at(index, link->n_channels) != port) {
    ++index;
  }
  return index;
}

void
link_set_port(Link* const link, const Port port, const float value)
{
  link->write(link->controller, find_index(link, port), sizeof(float), 0, &value);
}

void
link_touch(Link* const link, const Port port, const bool is_held)
{
  if (link->touch && link->touch->touch) {
    link->touch->touch(link->touch->handle, find_index(link, port), is_held);
  }
}

static void
send_forged(Link* const link, const void* const message)
{
  const LV2_Atom* const atom = (const LV2_Atom*)message;
  link->write(link->controller, find_index(link, PORT_CONTROL), lv2_atom_total_size(atom),
              link->event_transfer, atom);
}

/// Begin a patch:Set of a property, whose value comes next
static void
begin_set(Link* const link, const LV2_URID property, LV2_Atom_Forge_Frame* const frame)
{
  lv2_atom_forge_object(&link->forge, frame, 0, link->uris.patch_set);
  lv2_atom_forge_key(&link->forge, link->uris.patch_property);
  lv2_atom_forge_urid(&link->forge, property);
  lv2_atom_forge_key(&link->forge, link->uris.patch_value);
}

void
link_choose(Link* const link, const SlotId slot, const char* const path)
{
  uint8_t buffer[PATH_MAX + 256];
  LV2_Atom_Forge_Frame frame;
  lv2_atom_forge_set_buffer(&link->forge, buffer, sizeof(buffer));
  begin_set(link, link->uris.slots[slot].path, &frame);
  lv2_atom_forge_path(&link->forge, path, (uint32_t)strlen(path));
  lv2_atom_forge_pop(&link->forge, &frame);
  send_forged(link, buffer);
}

void
link_ask(Link* const link)
{
  uint8_t buffer[128];
  LV2_Atom_Forge_Frame frame;
  lv2_atom_forge_set_buffer(&link->forge, buffer, sizeof(buffer));
  lv2_atom_forge_object(&link->forge, &frame, 0, link->uris.patch_get);
  lv2_atom_forge_pop(&link->forge, &frame);
  send_forged(link, buffer);
}

void
link_watch(Link* const link)
{
  uint8_t buffer[256];
  LV2_Atom_Forge_Frame frame;
  lv2_atom_forge_set_buffer(&link->forge, buffer, sizeof(buffer));
  begin_set(link, link->uris.watch, &frame);
  lv2_atom_forge_bool(&link->forge, true);
  lv2_atom_forge_pop(&link->forge, &frame);
  send_forged(link, buffer);
}

/// Take the text of an atom, which may lack its end; false if there is none, or if it is known
static bool
take_text(const Link* const link, const LV2_Atom* const value, char* const to, const size_t size)
{
  if (value->type != link->forge.String && value->type != link->forge.Path) {
    return false;
  }
  const char* const text = (const char*)LV2_ATOM_BODY_CONST(value);
  const size_t length = strnlen(text, value->size);
  if (length >= size || (length == strlen(to) && !memcmp(to, text, length))) {
    return false;
  }
  memcpy(to, text, length);
  to[length] = '\0';
  return true;
}

static News
read_gates(Link* const link, const LV2_Atom* const value)
{
  const LV2_Atom_Vector* const vector = (const LV2_Atom_Vector*)value;
  if (value->type != link->forge.Vector || value->size < sizeof(LV2_Atom_Vector_Body) ||
      vector->body.child_type != link->forge.Float || vector->body.child_size != sizeof(float)) {
    return NEWS_NONE;
  }
  link->gate_values = (const float*)(const void*)(vector + 1);
  link->n_units = (uint32_t)((value->size - sizeof(LV2_Atom_Vector_Body)) / (4U * sizeof(float)));
  return link->n_units ? NEWS_GATES : NEWS_NONE;
}

static News
read_value(Link* const link, const LV2_URID property, const LV2_Atom* const value)
{
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    if (property == link->uris.slots[slot].path) {
      link->told_slot = (SlotId)slot;
      return take_text(link, value, link->told.paths[slot], PATH_MAX) ? NEWS_PATH : NEWS_NONE;
    }
  }
  for (int i = 0; i < N_TOLD; ++i) {
    if (property == link->uris.told[i] && i != TOLD_HAS_CABINET) {
      return take_text(link, value, link->told.texts[i], FACT_SIZE) ? NEWS_FACT : NEWS_NONE;
    }
  }
  if (property == link->uris.told[TOLD_HAS_CABINET] && value->type == link->forge.Bool &&
      value->size >= sizeof(int32_t)) {
    link->told.has_cabinet = ((const LV2_Atom_Bool*)value)->body != 0;
    return NEWS_FACT;
  }
  return NEWS_NONE;
}

static News
read_set(Link* const link, const LV2_Atom_Object* const message)
{
  const LV2_Atom* const property = atoms_find_value(message, link->uris.patch_property);
  const LV2_Atom* const value = atoms_find_value(message, link->uris.patch_value);
  if (!property || property->type != link->forge.URID || property->size < sizeof(LV2_URID) ||
      !value) {
    return NEWS_NONE;
  }
  return read_value(link, ((const LV2_Atom_URID*)property)->body, value);
}

static News
read_put(Link* const link, const LV2_Atom_Object* const message)
{
  const LV2_Atom_Object* const body =
      atoms_as_object(&link->forge, atoms_find_value(message, link->uris.patch_body));
  const LV2_Atom* const gates = body ? atoms_find_value(body, link->uris.gates) : NULL;
  return gates ? read_gates(link, gates) : NEWS_NONE;
}

News
link_read(Link* const link, const uint32_t size, const void* const message)
{
  const LV2_Atom* const atom = (const LV2_Atom*)message;
  const bool is_whole = size >= sizeof(LV2_Atom) && atom->size <= size - sizeof(LV2_Atom);
  const LV2_Atom_Object* const object = atoms_as_object(&link->forge, is_whole ? atom : NULL);
  return !object                                      ? NEWS_NONE
         : object->body.otype == link->uris.patch_set ? read_set(link, object)
         : object->body.otype == link->uris.patch_put ? read_put(link, object)
                                                      : NEWS_NONE;
}
