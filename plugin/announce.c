// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Messages to the host: patch:Set of what it can choose and of what it can only read. Audio thread.
// What has no room in a block's buffer waits for the next one; a picture of the gates is left out.

#include "plugin/plugin.h"

#include "plugin/slot_kinds.h"

#include <stddef.h>
#include <string.h>

/// Room for everything around the value in a message [bytes]
#define OVERHEAD 128U

/// Bits of all that is about a model
#define ABOUT_BITS ((1U << (uint32_t)TOLD_MODEL_MESSAGE) - 1U)

/// Return the place of what is told among those that are due
static uint32_t
bit_of(const Told told) RT
{
  return 1U << (uint32_t)told;
}

/// Begin a patch:Set of a parameter, whose value is written next
static void
begin_set(Plugin* const p, const LV2_URID parameter, LV2_Atom_Forge_Frame* const frame) RT
{
  lv2_atom_forge_frame_time(&p->forge, 0);
  lv2_atom_forge_object(&p->forge, frame, 0, p->uris.patch_set);
  lv2_atom_forge_key(&p->forge, p->uris.patch_property);
  lv2_atom_forge_urid(&p->forge, parameter);
  lv2_atom_forge_key(&p->forge, p->uris.patch_value);
}

/// Return true if a message with a value of so many bytes fits behind the others
static bool
has_room(const Plugin* const p, const uint32_t capacity, const size_t size) RT
{
  return capacity >= p->forge.offset + size + OVERHEAD;
}

static void
write_path(Plugin* const p, const SlotId id, const char* const path) RT
{
  LV2_Atom_Forge_Frame frame;
  begin_set(p, p->uris.slots[id].path, &frame);
  lv2_atom_forge_path(&p->forge, path, (uint32_t)strlen(path));
  lv2_atom_forge_pop(&p->forge, &frame);
}

/// Send the host the path of what plays, if that is due and there is room
static void
announce_slot(Plugin* const p, const SlotId id, const uint32_t capacity) RT
{
  Slot* const slot = &p->slots[id];
  const char* const path = slot->held ? slot->held->choice->path : "";
  if (slot->must_announce && (path[0] || slot_kinds[id].can_be_empty) &&
      has_room(p, capacity, strlen(path))) {
    write_path(p, id, path);
    slot->must_announce = false;
  }
}

/// Send the host the rate of models without one, if it doesn't know it and there is room
static void
announce_rate(Plugin* const p, const uint32_t capacity) RT
{
  const float rate = atomic_load(&p->model_rate);
  LV2_Atom_Forge_Frame frame;
  if ((p->must_announce_rate || p->announced_rate != rate) && has_room(p, capacity, sizeof(rate))) {
    begin_set(p, p->uris.model_rate, &frame);
    lv2_atom_forge_float(&p->forge, rate);
    lv2_atom_forge_pop(&p->forge, &frame);
    p->announced_rate = rate;
    p->must_announce_rate = false;
  }
}

/// Return what is known of the model that plays
static const ModelAbout*
find_about(const Plugin* const p) RT
{
  static const ModelAbout unknown;
  const Loaded* const held = p->slots[SLOT_MODEL].held;
  return held ? &held->about : &unknown;
}

static const char*
find_text(const Plugin* const p, const Told told) RT
{
  const ModelAbout* const about = find_about(p);
  switch (told) {
  case TOLD_NAME:
    return about->name;
  case TOLD_MAKER:
    return about->maker;
  case TOLD_GEAR:
    return about->gear;
  case TOLD_ACCURACY:
    return about->accuracy;
  case TOLD_KIND:
    return about->kind;
  case TOLD_KNOB_1:
  case TOLD_KNOB_2:
  case TOLD_KNOB_3:
  case TOLD_KNOB_4:
    return about->knobs[told - TOLD_KNOB_1];
  case TOLD_MODEL_MESSAGE:
    return p->slots[SLOT_MODEL].message.text;
  case TOLD_CABINET_MESSAGE:
    return p->slots[SLOT_CABINET].message.text;
  case TOLD_HAS_CABINET:
  case N_TOLD:
    break;
  }
  return "";
}

static void
announce_told(Plugin* const p, const Told told, const uint32_t capacity) RT
{
  const char* const text = find_text(p, told);
  const size_t length = strlen(text);
  LV2_Atom_Forge_Frame frame;
  if (!has_room(p, capacity, length)) {
    return;
  }
  begin_set(p, p->uris.told[told], &frame);
  if (told == TOLD_HAS_CABINET) {
    lv2_atom_forge_bool(&p->forge, find_about(p)->has_cabinet);
  } else {
    lv2_atom_forge_string(&p->forge, text, (uint32_t)length);
  }
  lv2_atom_forge_pop(&p->forge, &frame);
  p->due &= ~bit_of(told);
}

void
plugin_tell_model(Plugin* const plugin) RT
{
  plugin->due |= ABOUT_BITS;
}

void
plugin_tell_message(Plugin* const plugin, const SlotId id, const char* const text) RT
{
  Message* const message = &plugin->slots[id].message;
  const size_t length = strnlen(text, sizeof(message->text) - 1);
  if (strcmp(message->text, text) != 0) {
    memcpy(message->text, text, length);
    message->text[length] = '\0';
    plugin->due |= bit_of(id == SLOT_MODEL ? TOLD_MODEL_MESSAGE : TOLD_CABINET_MESSAGE);
  }
}

void
plugin_tell_parameter(Plugin* const plugin, const LV2_URID parameter) RT
{
  for (int told = 0; told < N_TOLD; ++told) {
    if (!parameter || plugin->uris.told[told] == parameter) {
      plugin->due |= bit_of((Told)told);
    }
  }
}

/// Send a picture of the gates, if it is due and there is room. Not by patch:Set: Ardour writes a
/// line to its terminal, on the audio thread, for each one of a parameter that it doesn't list.
static void
show_gates(Plugin* const p, const uint32_t capacity) RT
{
  LV2_Atom_Forge_Frame frame;
  LV2_Atom_Forge_Frame body;
  const uint32_t n = p->watch.is_due ? 4 * engine_gates(p->engine, p->gates) : 0;
  if (n && has_room(p, capacity, n * sizeof(float))) {
    lv2_atom_forge_frame_time(&p->forge, 0);
    lv2_atom_forge_object(&p->forge, &frame, 0, p->uris.patch_put);
    lv2_atom_forge_key(&p->forge, p->uris.patch_body);
    lv2_atom_forge_object(&p->forge, &body, 0, 0);
    lv2_atom_forge_key(&p->forge, p->uris.gates);
    lv2_atom_forge_vector(&p->forge, sizeof(float), p->forge.Float, n, p->gates);
    lv2_atom_forge_pop(&p->forge, &body);
    lv2_atom_forge_pop(&p->forge, &frame);
  }
}

void
plugin_send_messages(Plugin* const plugin) RT
{
  LV2_Atom_Sequence* const notify = (LV2_Atom_Sequence*)plugin->ports[PORT_NOTIFY];
  LV2_Atom_Forge_Frame frame;
  if (!notify || !plugin->map) {
    return;
  }
  const uint32_t capacity = notify->atom.size;
  lv2_atom_forge_set_buffer(&plugin->forge, (uint8_t*)notify, capacity);
  if (!lv2_atom_forge_sequence_head(&plugin->forge, &frame, 0)) {
    return;
  }
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    announce_slot(plugin, (SlotId)slot, capacity);
  }
  announce_rate(plugin, capacity);
  for (int told = 0; told < N_TOLD && plugin->due; ++told) {
    if (plugin->due & bit_of((Told)told)) {
      announce_told(plugin, (Told)told, capacity);
    }
  }
  show_gates(plugin, capacity);
  lv2_atom_forge_pop(&plugin->forge, &frame);
}
