// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Events count entries as in the sounds that played then. When other sounds have taken over
// meanwhile, their own event follows.

#include "live/rig_events.h"

#include "core/text.h"
#include "live/events_out.h"
#include "live/rig_loading.h"
#include "live/service.h"
#include "live/setlist_edit.h"
#include "live/settings.h"

#include <stdio.h>

const char*
rig_entry_name(const Rig* const rig, const uint32_t index)
{
  return index < rig->setlist.n_entries ? rig->setlist.entries[index].name : "";
}

const ModelFile*
rig_current_model(const Rig* const rig)
{
  const SoundFiles* const files = rig->sounds && rig->current < rig->sounds->n_sounds
                                      ? rig->sounds->sounds[rig->current].files
                                      : NULL;
  return files ? &files->model : NULL;
}

void
rig_report_selected(Rig* const rig, const uint32_t index)
{
  rig->current = index;
  events_print_selected(index, rig_entry_name(rig, index));
  service_status(rig_entry_name(rig, index));
}

/// Report which entry could not be selected, and why
static void
report_refused(const Rig* const rig, const Event* const event)
{
  const char* const what = event->is_program ? "MIDI program" : "entry";
  Message message = {""};
  if (event->index >= rig->setlist.n_entries) {
    (void)status_fail(&message, STATUS_BAD_ARGUMENT,
                      "%s %u: there is no such entry; the %u of the set list are 0 to %u", what,
                      event->index, rig->setlist.n_entries, rig->setlist.n_entries - 1);
  } else {
    char name[96];
    char reason[STATUS_MESSAGE_SIZE - 192];
    text_shorten(name, sizeof(name), rig_entry_name(rig, event->index));
    text_shorten(reason, sizeof(reason), rig->sounds->sounds[event->index].reason.text);
    (void)status_fail(&message, STATUS_BAD_FILE, "%s %u, \"%s\", could not be loaded: %s", what,
                      event->index, name, reason);
  }
  events_print_error(message.text);
}

/// Have the set list read again if it was, or is being, read before what has just been written
static void
reread_if_late(Rig* const rig, const Event* const event)
{
  if (event->generation != rig->generation || (rig->loader && rig->loading.kind == LOAD_LIST)) {
    rig_request(rig, LOAD_LIST, "", 0);
  }
}

/// Return the number that the entry of an event has now, or UINT32_MAX if that is too long ago
static uint32_t
find_index_now(const Rig* const rig, const Event* const event)
{
  return event->generation == rig->generation       ? event->index
         : event->generation + 1 == rig->generation ? rig->sounds->successors[event->index]
                                                    : UINT32_MAX;
}

/// Keep a learned control change for the next server and, in the set list, for the next start
static void
keep_learned(Rig* const rig, const Event* const event)
{
  const char* const path = options_setlist_path(rig->options);
  MidiMap* const map = &rig->setlist.midi;
  const char* const before = midi_map_action(map->ccs[event->index]);
  Message message = {""};
  map->ccs[event->index] = midi_map_whole_range(event->control);
  events_print_learned(event->index, controls_range(event->control).name, before);
  if (path && setlist_write_learned(path, map, event->index, &message)) {
    events_print_error(message.text);
  }
  reread_if_late(rig, event);
}

static void
report_learn_over(const Event* const event)
{
  Message message = {""};
  message_set(&message, "learn %s: no controller was moved within 10 s; nothing was learned",
              controls_range(event->control).name);
  events_print_note(message.text);
}

static void
report_controls(const Rig* const rig, const Event* const event)
{
  const ModelFile* const model = rig_current_model(rig);
  for (int i = 0; i < N_CONTROLS; ++i) {
    const Control control = (Control)i;
    const bool is_asked = event->control == control ||
                          (event->control == N_CONTROLS && settings_has_control(control, model));
    if (is_asked) {
      events_print_control(control, controls_get(&event->controls, control),
                           settings_knob_name(control, model));
    }
  }
}

/// Write the controls into the file of the set list, if the entry is in one; return its path
static const char*
write_controls(const Rig* const rig, const uint32_t index, const EngineControls* const now)
{
  const char* const path = options_setlist_path(rig->options);
  const SetlistEntry* const entry = &rig->setlist.entries[index];
  const SoundFiles* const files = rig->sounds->sounds[index].files;
  const SetlistControls controls = {index, &entry->controls, now, files ? &files->model : NULL};
  Message message = {""};
  if (!path || entry->is_loaded) {
    return NULL;
  }
  if (setlist_write_controls(path, &controls, &message)) {
    events_print_error(message.text);
    return NULL;
  }
  return path;
}

static void
keep_saved(Rig* const rig, const Event* const event)
{
  const uint32_t index = find_index_now(rig, event);
  if (index >= rig->setlist.n_entries) {
    events_print_error("save: the set list was read again just now; save again");
    return;
  }
  SetlistEntry* const entry = &rig->setlist.entries[index];
  const char* const path = write_controls(rig, index, &event->controls);
  const bool enabled = entry->controls.enabled;
  entry->controls = event->controls;
  entry->controls.enabled = enabled;
  rig->sounds->sounds[index].entry.controls = entry->controls;
  events_print_saved(index, entry->name, path);
  reread_if_late(rig, event);
}

static void
handle_event(Rig* const rig, const Event* const event)
{
  const bool is_current = event->generation == rig->generation;
  switch (event->kind) {
  case EVENT_SELECTED:
    if (is_current) {
      rig_report_selected(rig, event->index);
    }
    break;
  case EVENT_REFUSED:
    if (is_current) {
      report_refused(rig, event);
    }
    break;
  case EVENT_SET:
    events_print_setting(event->control, event->value,
                         settings_knob_name(event->control, rig_current_model(rig)));
    break;
  case EVENT_CABINET:
    events_print_cabinet(event->cabinet);
    break;
  case EVENT_CONTROLS:
    report_controls(rig, event);
    break;
  case EVENT_SAVED:
    keep_saved(rig, event);
    break;
  case EVENT_LEARNED:
    keep_learned(rig, event);
    break;
  case EVENT_LEARN_OVER:
    report_learn_over(event);
    break;
  case EVENT_STEP:
    rig_request_step(rig, event->n_steps, event->asker);
    break;
  case EVENT_FREED:
    sounds_free(event->sounds);
    break;
  }
}

void
rig_take_events(Rig* const rig)
{
  Event event;
  while (rig->player && player_take_event(rig->player, &event)) {
    events_answer_to(event.asker);
    handle_event(rig, &event);
  }
  events_answer_to(0);
}
