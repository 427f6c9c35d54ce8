// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Values and messages from the plugin, time, and what reaches no widget.

#include "plugin/ui/face.h"

#include "core/text.h"
#include "plugin/ui/port_info.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WATCH_SECONDS 1.0 ///< Pictures are asked for so often
#define PATIENCE 0.7      ///< For the first of them [s]

static const struct {
  Port port;
  const char* label;
} dial_ports[N_DIALS] = {
    [DIAL_INPUT] = {PORT_INPUT_LEVEL, "Input"},
    [DIAL_GATE] = {PORT_GATE, "Gate"},
    [DIAL_KNOB_1] = {PORT_KNOB_1, ""},
    [DIAL_KNOB_2] = {PORT_KNOB_2, ""},
    [DIAL_KNOB_3] = {PORT_KNOB_3, ""},
    [DIAL_KNOB_4] = {PORT_KNOB_4, ""},
    [DIAL_OUTPUT] = {PORT_OUTPUT_LEVEL, "Output"},
    [DIAL_BASS] = {PORT_BASS, "Bass"},
    [DIAL_MIDDLE] = {PORT_MIDDLE, "Middle"},
    [DIAL_TREBLE] = {PORT_TREBLE, "Treble"},
    [DIAL_PRESENCE] = {PORT_PRESENCE, "Presence"},
    [DIAL_CABINET] = {PORT_CABINET_LEVEL, "Cabinet"},
    [DIAL_INTERFACE] = {PORT_INTERFACE_LEVEL, "Interface"},
};

/// Show where the gate closes, and how far it has
static void
show_gate(Face* const face)
{
  const double threshold = (double)face->values[PORT_GATE];
  const bool is_off = threshold <= port_info(PORT_GATE).low;
  meter_mark(&face->input, threshold);
  dial_set_lamp(&face->dials[DIAL_GATE],
                is_off ? -1.0 : 1.0 - (double)face->values[PORT_GATE_OPEN]);
}

/// Hands.turn
static void
turn(void* const handle, const Port port, const double value)
{
  Face* const face = (Face*)handle;
  face->values[port] = (float)value;
  link_set_port(&face->link, port, (float)value);
  if (port == PORT_LEVEL_MATCH) {
    face_arrange(face); // Calibrated levels need the interface's
  } else if (port == PORT_GATE) {
    show_gate(face);
  }
}

/// Hands.touch
static void
touch(void* const handle, const Port port, const bool is_held)
{
  link_touch(&((Face*)handle)->link, port, is_held);
}

static void
init_dials(Face* const face)
{
  for (int i = 0; i < N_DIALS; ++i) {
    dial_init(&face->dials[i], &face->hands, dial_ports[i].port, dial_ports[i].label);
    panel_add(&face->panel, &face->dials[i].base);
  }
  for (int i = DIAL_KNOB_1; i <= DIAL_KNOB_4; ++i) {
    face->dials[i].label = face->link.told.texts[TOLD_KNOB_1 + i - DIAL_KNOB_1];
    face->dials[i].is_model = true;
  }
}

static void
init_browser(Face* const face)
{
  const ListRows rows = {&face->browser, browser_name, browser_is_folder};
  list_init(&face->list, &face->hands, ACT_ROW, rows);
  label_init(&face->browsed_path, LABEL_PLAIN, ALIGN_LEFT);
  label_init(&face->filter_view, LABEL_FIELD, ALIGN_LEFT);
  button_init(&face->up, &face->hands, ACT_UP, 0, "Up");
  button_init(&face->close, &face->hands, ACT_CLOSE, 0, "Close");
  for (int i = 0; i < (int)BROWSER_MAX_PLACES; ++i) {
    button_init(&face->places[i], &face->hands, ACT_PLACE, i, face->browser.places[i].name);
    panel_add(&face->panel, &face->places[i].base);
  }
  panel_add(&face->panel, &face->list.base);
  panel_add(&face->panel, &face->browsed_path.base);
  panel_add(&face->panel, &face->filter_view.base);
  panel_add(&face->panel, &face->up.base);
  panel_add(&face->panel, &face->close.base);
}

static void
init_bars(Face* const face)
{
  choice_bar_init_action(&face->cabinet_mode, &face->hands, ACT_CABINET_MODE, "Without|Own");
  choice_bar_init_action(&face->tabs, &face->hands, ACT_TAB, "Tone|Network");
  choice_bar_set(&face->tabs, TAB_TONE);
  choice_bar_init_port(&face->match, &face->hands, PORT_LEVEL_MATCH, "Levels");
  choice_bar_init_port(&face->quality, &face->hands, PORT_QUALITY, "Quality");
  choice_bar_name(&face->quality, "1x|2x|4x");
  panel_add(&face->panel, &face->cabinet_mode.base);
  panel_add(&face->panel, &face->tabs.base);
  panel_add(&face->panel, &face->match.base);
  panel_add(&face->panel, &face->quality.base);
}

void
face_init(Face* const face)
{
  face->hands = (Hands){face, turn, touch, face_act};
  face->panel.area = (Rect){0.0, 0.0, FACE_WIDTH, FACE_HEIGHT};
  label_init(&face->title, LABEL_TITLE, ALIGN_LEFT);
  label_set(&face->title, "Grus");
  label_init(&face->readings, LABEL_PLAIN, ALIGN_RIGHT);
  button_init(&face->enabled, &face->hands, ACT_ENABLE, 0, "On");
  button_set(&face->enabled, true);
  meter_init(&face->input, "In");
  meter_init(&face->output, "Out");
  slot_view_init(&face->slots[SLOT_MODEL], &face->hands, ACT_STEP_MODEL, ACT_BROWSE_MODELS);
  slot_view_init(&face->slots[SLOT_CABINET], &face->hands, ACT_STEP_CABINET, ACT_BROWSE_CABINETS);
  face->slots[SLOT_MODEL].is_large = true;
  gates_view_init(&face->gates);
  panel_add(&face->panel, &face->title.base);
  panel_add(&face->panel, &face->readings.base);
  panel_add(&face->panel, &face->enabled.base);
  panel_add(&face->panel, &face->slots[SLOT_MODEL].base);
  panel_add(&face->panel, &face->slots[SLOT_CABINET].base);
  init_dials(face);
  init_bars(face);
  panel_add(&face->panel, &face->input.base);
  panel_add(&face->panel, &face->output.base);
  panel_add(&face->panel, &face->gates.base);
  label_init(&face->note, LABEL_NOTE, ALIGN_LEFT);
  panel_add(&face->panel, &face->note.base);
  init_browser(face);
  face->values[PORT_ENABLED] = 1.0F;
  face->values[PORT_CABINET] = 1.0F;
  face_arrange(face);
  face_show_slots(face);
  face_show_readings(face);
}

void
face_clear(Face* const face)
{
  browser_clear(&face->browser);
}

static void
show_control(Face* const face, const Port port, const double value)
{
  for (int i = 0; i < N_DIALS; ++i) {
    if (dial_ports[i].port == port && !face->dials[i].is_held) {
      dial_set(&face->dials[i], value);
    }
  }
  if (port == PORT_LEVEL_MATCH) {
    choice_bar_set(&face->match, (int)lrint(value));
    face_arrange(face);
  } else if (port == PORT_QUALITY) {
    choice_bar_set(&face->quality, (int)lrint(value));
  } else if (port == PORT_ENABLED) {
    button_set(&face->enabled, value > 0.0);
    face->enabled.label = value > 0.0 ? "On" : "Bypassed";
  } else if (port == PORT_GATE) {
    show_gate(face);
  }
}

void
face_take_value(Face* const face, const Port port, const float value)
{
  if (port >= N_PORTS || !isfinite(value)) {
    return;
  }
  face->values[port] = value;
  switch (port) {
  case PORT_INPUT_PEAK:
    meter_set(&face->input, (double)value, face->now);
    break;
  case PORT_OUTPUT_PEAK:
    meter_set(&face->output, (double)value, face->now);
    break;
  case PORT_MODEL_STATUS:
  case PORT_CABINET_STATUS:
  case PORT_CABINET_HEARD:
  case PORT_CABINET:
    face_show_slots(face);
    break;
  case PORT_LATENCY:
  case PORT_GUARD_TRIPS:
  case PORT_LOAD:
    face_show_readings(face);
    break;
  case PORT_GATE_OPEN:
    show_gate(face);
    break;
  default:
    show_control(face, port, (double)value);
  }
}

/// Only another path than before is news: one that is told after a failure still plays, and then
/// the next step goes on from the file that failed
static void
take_path(Face* const face, const SlotId slot)
{
  const char* const path = face->link.told.paths[slot];
  text_copy(face->wanted[slot], PATH_MAX, path);
  if (slot == SLOT_CABINET && path[0]) {
    text_copy(face->own_cabinet, PATH_MAX, path);
  }
  face_mark_row(face);
}

void
face_take_message(Face* const face, const uint32_t size, const void* const message)
{
  switch (link_read(&face->link, size, message)) {
  case NEWS_NONE:
    return;
  case NEWS_GATES:
    if (face->tab == TAB_NETWORK) {
      gates_view_add(&face->gates, face->link.gate_values, face->link.n_units);
      face->pictured_at = face->now;
    }
    return;
  case NEWS_PATH:
    take_path(face, face->link.told_slot);
    break;
  case NEWS_FACT:
    face_arrange(face); // It may have other knobs
    break;
  }
  face_show_slots(face);
}

/// Ask for pictures while they are seen, and say so if none come
static void
watch_network(Face* const face)
{
  if (face->tab != TAB_NETWORK || face->is_browsing) {
    face->watched_from = face->now;
    return;
  }
  if (face->now - face->watched_at > WATCH_SECONDS) {
    face->watched_at = face->now;
    link_watch(&face->link);
  }
  const double waited = face->now - fmax(face->pictured_at, face->watched_from);
  if (waited > PATIENCE) {
    gates_view_clear(&face->gates, "No gates to show: nothing plays, or the model is no GRU.");
  }
}

/// A slot has no room for a whole fault: that of the one that the pointer is on is told below
static void
show_note(Face* const face)
{
  const char* fault = "";
  for (int i = 0; i < N_SLOTS && !face->is_browsing; ++i) {
    fault = face->slots[i].base.is_hovered ? face->slots[i].fault : fault;
  }
  if (strcmp(face->note.text, fault) != 0) {
    label_set(&face->note, fault);
    face_arrange(face);
  }
}

void
face_pass_time(Face* const face, const double now)
{
  face->now = now;
  meter_pass_time(&face->input, now);
  meter_pass_time(&face->output, now);
  watch_network(face);
  show_note(face);
}

void
face_drop(void* const handle, const char* const path, const double x, const double y)
{
  Face* const face = (Face*)handle;
  const Rect cabinet = face->slots[SLOT_CABINET].base.area;
  const bool is_sound = folder_fits(FOLDER_CABINETS, path);
  const bool is_model = folder_fits(FOLDER_MODELS, path);
  const bool is_at_cabinet = rect_has(cabinet, x, y);
  face_choose(face, is_sound || (!is_model && is_at_cabinet) ? SLOT_CABINET : SLOT_MODEL, path);
}

/// Type into the browser's filter
static bool
type_filter(Face* const face, const Key* const key)
{
  char text[sizeof(face->filter.text) + 16];
  if (!entry_type(&face->filter, key)) {
    return false;
  }
  browser_match(&face->browser, face->filter.text);
  face_explain_list(face);
  list_set(&face->list, face->browser.n_rows,
           browser_find(&face->browser, face->link.told.paths[face->browsed]));
  (void)snprintf(text, sizeof(text), face->filter.text[0] ? "Find: %s|" : "Type to find",
                 face->filter.text);
  label_set(&face->filter_view, text);
  return true;
}

bool
face_key(void* const handle, const Key* const key)
{
  Face* const face = (Face*)handle;
  if (!face->is_browsing) {
    return false;
  }
  if (key->name == KEY_ESCAPE) {
    face_act(face, ACT_CLOSE, 0);
    return true;
  }
  if (key->name == KEY_BACKSPACE && !face->filter.text[0]) {
    face_act(face, ACT_UP, 0);
    return true;
  }
  Widget* const list = &face->list.base; // It may have lost the focus to a button
  return type_filter(face, key) || list->kind->key(list, key);
}
