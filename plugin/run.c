// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One block on the audio thread: messages in, sound, messages out.

#include "plugin/plugin.h"

#include <lv2/atom/util.h>

#include <stddef.h>
#include <string.h>

/// Room for everything around the path in a message to the host
#define ANNOUNCEMENT_OVERHEAD 256U

static float
control_of(const Plugin* const p, const Port port, const float fallback) RT
{
  const float* const value = (const float*)p->ports[port];
  return value ? *value : fallback;
}

static void
show(const Plugin* const p, const Port port, const float value) RT
{
  if (p->ports[port]) {
    *(float*)p->ports[port] = value;
  }
}

/// Ask the worker for a model. A request that can't be made counts as a failed load.
static void
request_model(Plugin* const p, const char* const path, const size_t length) RT
{
  LV2_Worker_Schedule* const s = p->schedule;
  if (!s || !length || length >= PATH_MAX) {
    p->status = MODEL_STATUS_FAILED;
    return;
  }
  p->work.request = ++p->request;
  memcpy(p->work.path, path, length);
  p->work.path[length] = '\0';
  const uint32_t size = (uint32_t)(offsetof(Work, path) + length + 1);
  if (s->schedule_work(s->handle, size, &p->work) != LV2_WORKER_SUCCESS) {
    p->status = MODEL_STATUS_FAILED;
  }
}

/// The value of our parameter, which has to be a path
static void
set_model(Plugin* const p, const LV2_Atom* const value) RT
{
  if (!value || (value->type != p->uris.atom_path && value->type != p->uris.atom_string)) {
    return;
  }
  const char* const path = (const char*)LV2_ATOM_BODY_CONST(value);
  request_model(p, path, strnlen(path, value->size));
}

static bool
is_our_parameter(const Plugin* const p, const LV2_Atom* const property) RT
{
  return property && property->type == p->uris.atom_urid &&
         ((const LV2_Atom_URID*)property)->body == p->uris.model;
}

/// patch:Set, patch:Put and patch:Get
static void
take_message(Plugin* const p, const LV2_Atom_Object* const message) RT
{
  const LV2_Atom* property = NULL;
  const LV2_Atom* value = NULL;
  if (message->body.otype == p->uris.patch_set) {
    lv2_atom_object_get(message, p->uris.patch_property, &property, p->uris.patch_value, &value, 0);
    if (is_our_parameter(p, property)) {
      set_model(p, value);
    }
  } else if (message->body.otype == p->uris.patch_get) {
    lv2_atom_object_get(message, p->uris.patch_property, &property, 0);
    p->is_to_announce = p->is_to_announce || !property || is_our_parameter(p, property);
  } else if (message->body.otype == p->uris.patch_put) {
    const LV2_Atom* body = NULL;
    lv2_atom_object_get(message, p->uris.patch_body, &body, 0);
    if (body && lv2_atom_forge_is_object_type(&p->forge, body->type)) {
      lv2_atom_object_get((const LV2_Atom_Object*)body, p->uris.model, &value, 0);
      set_model(p, value);
    }
  }
}

static void
take_messages(Plugin* const p) RT
{
  const LV2_Atom_Sequence* const control = (const LV2_Atom_Sequence*)p->ports[PORT_CONTROL];
  if (!control || !p->map || control->atom.type != p->forge.Sequence) {
    return;
  }
  LV2_ATOM_SEQUENCE_FOREACH(control, event)
  {
    if (lv2_atom_forge_is_object_type(&p->forge, event->body.type)) {
      take_message(p, (const LV2_Atom_Object*)&event->body);
    }
  }
}

/// Tell the host which model is heard
static void
announce(Plugin* const p, const char* const path) RT
{
  LV2_Atom_Forge_Frame frame;
  lv2_atom_forge_frame_time(&p->forge, 0);
  lv2_atom_forge_object(&p->forge, &frame, 0, p->uris.patch_set);
  lv2_atom_forge_key(&p->forge, p->uris.patch_property);
  lv2_atom_forge_urid(&p->forge, p->uris.model);
  lv2_atom_forge_key(&p->forge, p->uris.patch_value);
  lv2_atom_forge_path(&p->forge, path, (uint32_t)strlen(path));
  lv2_atom_forge_pop(&p->forge, &frame);
}

static void
send_messages(Plugin* const p) RT
{
  LV2_Atom_Sequence* const notify = (LV2_Atom_Sequence*)p->ports[PORT_NOTIFY];
  LV2_Atom_Forge_Frame frame;
  if (!notify || !p->map) {
    return;
  }
  const Loaded* const current = plugin_current(p);
  const uint32_t capacity = notify->atom.size;
  lv2_atom_forge_set_buffer(&p->forge, (uint8_t*)notify, capacity);
  if (!lv2_atom_forge_sequence_head(&p->forge, &frame, 0)) {
    return;
  }
  if (p->is_to_announce && current &&
      capacity >= strlen(current->path) + ANNOUNCEMENT_OVERHEAD) { // Else it waits for room
    announce(p, current->path);
    p->is_to_announce = false;
  }
  lv2_atom_forge_pop(&p->forge, &frame);
}

static void
play(Plugin* const p, const uint32_t n_frames) RT
{
  const float* const in = (const float*)p->ports[PORT_IN];
  float* const out = (float*)p->ports[PORT_OUT];
  const EngineControls controls = {control_of(p, PORT_INPUT_LEVEL, 0.0F),
                                   control_of(p, PORT_OUTPUT_LEVEL, 0.0F),
                                   control_of(p, PORT_ENABLED, 1.0F) > 0.0F, ENGINE_DEFAULT_KNOBS};
  if (!out) {
    return;
  }
  if (!in) {
    memset(out, 0, n_frames * sizeof(float));
  }
  engine_run(p->engine, &controls, in ? in : out, out, n_frames);
}

/// Hand over what is to be freed, and wake the worker until that has succeeded
static void
empty_trash(Plugin* const p) RT
{
  LV2_Worker_Schedule* const s = p->schedule;
  Loaded* none = NULL;
  if (p->trash && atomic_compare_exchange_strong(&p->garbage, &none, p->trash)) {
    p->trash = NULL;
    p->is_to_wake = true;
  }
  if (p->is_to_wake && s) {
    const uint32_t size = offsetof(Work, path) + 1;
    p->work.request = 0;
    p->work.path[0] = '\0';
    p->is_to_wake = s->schedule_work(s->handle, size, &p->work) != LV2_WORKER_SUCCESS;
  }
}

void
plugin_run(const LV2_Handle instance, const uint32_t n_frames) RT
{
  Plugin* const p = (Plugin*)instance;
  take_messages(p);
  plugin_take_answers(p);
  play(p, n_frames);
  plugin_collect(p);
  empty_trash(p);
  send_messages(p);
  show(p, PORT_MODEL_STATUS, (float)p->status);
  show(p, PORT_GUARD_TRIPS, (float)engine_guard_trips(p->engine));
}
