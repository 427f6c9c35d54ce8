// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What host and plugin tell each other in a block: patch:Set, patch:Put and patch:Get in, patch:Set out.
// Audio thread.

#include "plugin/plugin.h"

#include <lv2/atom/util.h>

#include <stddef.h>
#include <string.h>

/// Room for everything around the path in a message to the host
#define ANNOUNCEMENT_OVERHEAD 256U

/// Remember what the worker is to be asked for, in place of what it has not been asked for yet
static void
request(Plugin* const p, const UriPart which, const char* const path, const size_t length) RT
{
  Part* const part = &p->parts[which];
  if (!p->schedule || length >= PATH_MAX) {
    part->status = PART_STATUS_FAILED;
    return;
  }
  memcpy(part->path, path, length);
  part->path[length] = '\0';
  part->request = atomic_fetch_add(&p->newest[which], 1) + 1;
  part->is_to_request = true;
}

/// The value of a parameter, which has to be a path; an empty one takes the cabinet away
static void
choose(Plugin* const p, const UriPart part, const LV2_Atom* const value) RT
{
  if (!value || (value->type != p->uris.atom_path && value->type != p->uris.atom_string)) {
    return;
  }
  const char* const path = (const char*)LV2_ATOM_BODY_CONST(value);
  const size_t length = strnlen(path, value->size);
  if (length || part == URI_PART_CABINET) {
    request(p, part, path, length);
  } else {
    p->parts[part].status = PART_STATUS_FAILED;
  }
}

static bool
names(const LV2_Atom* const property, const Plugin* const p, const int part) RT
{
  return property->type == p->uris.atom_urid &&
         ((const LV2_Atom_URID*)property)->body == p->uris.parts[part].path;
}

static void
take_set(Plugin* const p, const LV2_Atom_Object* const message) RT
{
  const LV2_Atom* property = NULL;
  const LV2_Atom* value = NULL;
  lv2_atom_object_get(message, p->uris.patch_property, &property, p->uris.patch_value, &value, 0);
  for (int part = 0; property && part < N_URI_PARTS; ++part) {
    if (names(property, p, part)) {
      choose(p, (UriPart)part, value);
    }
  }
}

static void
take_put(Plugin* const p, const LV2_Atom_Object* const message) RT
{
  const LV2_Atom* body = NULL;
  lv2_atom_object_get(message, p->uris.patch_body, &body, 0);
  if (!body || !lv2_atom_forge_is_object_type(&p->forge, body->type)) {
    return;
  }
  for (int part = 0; part < N_URI_PARTS; ++part) {
    const LV2_Atom* value = NULL;
    lv2_atom_object_get((const LV2_Atom_Object*)body, p->uris.parts[part].path, &value, 0);
    choose(p, (UriPart)part, value);
  }
}

/// Without a property, everything is asked for
static void
take_get(Plugin* const p, const LV2_Atom_Object* const message) RT
{
  const LV2_Atom* property = NULL;
  lv2_atom_object_get(message, p->uris.patch_property, &property, 0);
  for (int part = 0; part < N_URI_PARTS; ++part) {
    if (!property || names(property, p, part)) {
      p->parts[part].is_to_announce = true;
    }
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

void
plugin_take_messages(Plugin* const plugin) RT
{
  const LV2_Atom_Sequence* const control = (const LV2_Atom_Sequence*)plugin->ports[PORT_CONTROL];
  if (!control || !plugin->map || control->atom.type != plugin->forge.Sequence) {
    return;
  }
  LV2_ATOM_SEQUENCE_FOREACH(control, event)
  {
    if (lv2_atom_forge_is_object_type(&plugin->forge, event->body.type)) {
      take_message(plugin, (const LV2_Atom_Object*)&event->body);
    }
  }
}

/// Ask the worker for a file. While its queue is full, the request counts as failed, and waits.
static void
request_file(Plugin* const p, const UriPart which) RT
{
  Part* const part = &p->parts[which];
  const size_t length = strlen(part->path);
  p->work.kind = WORK_LOAD;
  p->work.part = which;
  p->work.request = part->request;
  memcpy(p->work.path, part->path, length + 1);
  part->is_to_request =
      p->schedule->schedule_work(p->schedule->handle, (uint32_t)(offsetof(Work, path) + length + 1),
                                 &p->work) != LV2_WORKER_SUCCESS;
  if (part->is_to_request) {
    part->status = PART_STATUS_FAILED;
  }
}

void
plugin_request_files(Plugin* const plugin) RT
{
  for (int part = 0; part < N_URI_PARTS; ++part) {
    if (plugin->parts[part].is_to_request) {
      request_file(plugin, (UriPart)part);
    }
  }
}

/// Tell the host which file is heard
static void
announce(Plugin* const p, const UriPart part, const char* const path) RT
{
  LV2_Atom_Forge_Frame frame;
  lv2_atom_forge_frame_time(&p->forge, 0);
  lv2_atom_forge_object(&p->forge, &frame, 0, p->uris.patch_set);
  lv2_atom_forge_key(&p->forge, p->uris.patch_property);
  lv2_atom_forge_urid(&p->forge, p->uris.parts[part].path);
  lv2_atom_forge_key(&p->forge, p->uris.patch_value);
  lv2_atom_forge_path(&p->forge, path, (uint32_t)strlen(path));
  lv2_atom_forge_pop(&p->forge, &frame);
}

/// Tell what is due of a part, or wait until there is room
static void
announce_part(Plugin* const p, const UriPart part, const uint32_t capacity) RT
{
  Part* const of = &p->parts[part];
  const char* const path = of->held ? of->held->path : "";
  if (of->is_to_announce && (path[0] || part == URI_PART_CABINET) &&
      capacity >= p->forge.offset + strlen(path) + ANNOUNCEMENT_OVERHEAD) {
    announce(p, part, path);
    of->is_to_announce = false;
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
  for (int part = 0; part < N_URI_PARTS; ++part) {
    announce_part(plugin, (UriPart)part, capacity);
  }
  lv2_atom_forge_pop(&plugin->forge, &frame);
}
