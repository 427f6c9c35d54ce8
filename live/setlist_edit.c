// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Edits a copy of the text, reads that as a set list, and only then replaces the file.

#include "live/setlist_edit.h"

#include "core/file.h"
#include "live/json_edit.h"
#include "live/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MAP_TEXT ((size_t)(MIDI_MAP_N_CCS + 1U) * (MIDI_MAP_TEXT_SIZE + 2U * sizeof(Indent)))

/// Give up an edit for which there is no place
static Status
discard_text(const char* const path, JsonText* const text, Message* const message)
{
  json_text_clear(text);
  return status_fail(message, STATUS_BAD_FILE,
                     "%s: its entries are not where they were; reload it, and try again", path);
}

/// Read a file to edit, if it is a set list that can be played
static Status
open_text(const char* const path, JsonText* const text, Message* const message)
{
  static const EngineControls controls = ENGINE_DEFAULT_CONTROLS;
  Content content = {NULL, 0};
  Setlist setlist = {0};
  Status status = setlist_read_file(path, &content, message);
  if (!status) {
    status = setlist_parse(&content, path, &controls, &setlist, message);
  }
  if (!status && (status = json_text_init(text, content.bytes, content.size))) {
    (void)status_fail(message, status, "out of memory");
  }
  setlist_clear(&setlist);
  content_clear(&content);
  return status;
}

/// Replace the file, if the edited text can still be played; free the text
static Status
keep_text(const char* const path, JsonText* const text, Message* const message)
{
  static const EngineControls controls = ENGINE_DEFAULT_CONTROLS;
  const Content content = {text->bytes, text->size};
  Setlist setlist = {0};
  Status status = setlist_parse(&content, path, &controls, &setlist, message);
  if (!status) {
    status = file_replace(path, text->bytes, text->size, message);
  }
  setlist_clear(&setlist);
  json_text_clear(text);
  return status;
}

// Learning

/// Find the last item of a map for a control change
static bool
find_mapping(const JsonText* const text, const JsonSpan list, const uint32_t cc,
             JsonItem* const found)
{
  JsonItem item;
  JsonItem number;
  bool is_found = false;
  for (bool is_there = json_first(text, list, &item); is_there; is_there = json_next(text, &item)) {
    if (json_find(text, item.value, "cc", &number) &&
        strtoul(text->bytes + number.value.begin, NULL, 10) == cc) {
      *found = item;
      is_found = true;
    }
  }
  return is_found;
}

static Status
change_mapping(JsonText* const text, const JsonSpan list, const MidiMap* const map,
               const uint32_t cc)
{
  char written[MIDI_MAP_TEXT_SIZE];
  JsonItem item;
  (void)midi_map_write_entry(cc, map->ccs[cc], written);
  return find_mapping(text, list, cc, &item) ? json_replace(text, item.value, written)
                                             : json_append(text, list, written);
}

/// What a new part of the file begins its lines with
typedef struct {
  char line[64]; ///< "\n" and the spaces of a member of the root; "" if the file is one line
  char step[32]; ///< Of one level more
} Indent;

static Indent
find_indent(const JsonText* const text)
{
  JsonItem item;
  Indent indent = {"", ""};
  const JsonSpan root = json_root(text);
  if (json_first(text, root, &item)) {
    const size_t key = item.key.begin - 1;
    size_t begin = key;
    while (begin > root.begin && strchr(" \t", text->bytes[begin - 1])) {
      --begin;
    }
    if (text->bytes[begin - 1] == '\n') {
      (void)snprintf(indent.step, sizeof(indent.step), "%.*s", (int)(key - begin),
                     text->bytes + begin);
      (void)snprintf(indent.line, sizeof(indent.line), "\n%s", indent.step);
    }
  }
  return indent;
}

/// Write `"map": [...]` with one line for each control change
static void
write_whole_map(const MidiMap* const map, const Indent indent, char* const text)
{
  char item[MIDI_MAP_TEXT_SIZE];
  size_t n = (size_t)sprintf(text, "\"map\": [");
  const char* comma = "";
  for (uint32_t cc = 0; cc < MIDI_MAP_N_CCS; ++cc) {
    if (midi_map_write_entry(cc, map->ccs[cc], item)) {
      n += (size_t)sprintf(text + n, "%s%s%s%s%s", comma, indent.line, indent.step, indent.step,
                           item);
      comma = indent.line[0] ? "," : ", ";
    }
  }
  (void)sprintf(text + n, "%s%s]", indent.line, indent.step);
}

/// Add a member to "midi", which may not be there yet
static Status
append_to_midi(JsonText* const text, const Indent indent, const char* const member)
{
  JsonItem midi;
  if (json_find(text, json_root(text), "midi", &midi)) {
    return json_append(text, midi.value, member);
  }
  const size_t size = strlen(member) + sizeof("\"midi\": {}") + 2 * sizeof(Indent);
  char* const whole = (char*)malloc(size);
  if (!whole) {
    return STATUS_NO_MEMORY;
  }
  (void)snprintf(whole, size, "\"midi\": {%s%s%s%s}", indent.line, indent.step, member,
                 indent.line);
  const Status status = json_append(text, json_root(text), whole);
  free(whole);
  return status;
}

/// Add the whole map to a set list without one
static Status
add_map(JsonText* const text, const MidiMap* const map)
{
  const Indent indent = find_indent(text);
  char* const member = (char*)malloc(MAX_MAP_TEXT);
  if (!member) {
    return STATUS_NO_MEMORY;
  }
  write_whole_map(map, indent, member);
  const Status status = append_to_midi(text, indent, member);
  free(member);
  return status;
}

Status
setlist_write_learned(const char* const path, const MidiMap* const map, const uint32_t cc,
                      Message* const message)
{
  JsonText text = {NULL, 0};
  JsonItem midi;
  JsonItem list;
  Status status = open_text(path, &text, message);
  if (status) {
    return status;
  }
  const bool has_map = json_find(&text, json_root(&text), "midi", &midi) &&
                       json_find(&text, midi.value, "map", &list);
  status = has_map ? change_mapping(&text, list.value, map, cc) : add_map(&text, map);
  if (status) {
    json_text_clear(&text);
    return status_fail(message, status, "out of memory");
  }
  return keep_text(path, &text, message);
}

// Saving

/// Find the member that sets a control, under whichever of its names
static bool
find_setting(const JsonText* const text, const JsonSpan object, const SetlistControls* const c,
             const Control control, JsonItem* const found)
{
  JsonItem item;
  bool is_found = false;
  for (bool is_there = json_first(text, object, &item); is_there;
       is_there = json_next(text, &item)) {
    char name[128];
    Control named = CONTROL_ENABLED;
    (void)snprintf(name, sizeof(name), "%.*s", (int)(item.key.end - item.key.begin),
                   text->bytes + item.key.begin);
    if (!settings_find(name, c->model, &named, NULL) && named == control) {
      *found = item;
      is_found = true;
    }
  }
  return is_found;
}

/// Write a number with as many digits as it takes to read the same number again
static void
write_number(const float value, char* const text, const size_t size)
{
  for (int digits = 3; digits <= 9; ++digits) {
    (void)snprintf(text, size, "%.*g", digits, (double)value);
    if (strtof(text, NULL) == value) {
      return;
    }
  }
}

/// Write a value as the file has it, or for a new one as a word where there is one
static void
write_value(const Control control, const float value, const char before, char* const text,
            const size_t size)
{
  char word[SETTINGS_VALUE_SIZE];
  const ControlKind kind = controls_range(control).kind;
  const bool is_number = before != '\0' && before != '"' && before != 't' && before != 'f';
  if (kind == CONTROL_KIND_SWITCH && !is_number) {
    (void)snprintf(text, size, "%s", value > 0.0F ? "true" : "false");
  } else if (kind == CONTROL_KIND_CHOICE && !is_number &&
             settings_find_word(control, value, word)) {
    (void)snprintf(text, size, "\"%s\"", word);
  } else {
    write_number(value, text, size);
  }
}

static Status
write_setting(JsonText* const text, const JsonSpan object, const SetlistControls* const c,
              const Control control)
{
  char value[64];
  char member[128];
  JsonItem item;
  const float now = controls_get(c->now, control);
  if (find_setting(text, object, c, control, &item)) {
    write_value(control, now, text->bytes[item.value.begin], value, sizeof(value));
    return json_replace(text, item.value, value);
  }
  write_value(control, now, '\0', value, sizeof(value));
  (void)snprintf(member, sizeof(member), "\"%s\": %s", controls_range(control).name, value);
  return json_append(text, object, member);
}

static bool
find_entry(const JsonText* const text, const uint32_t index, JsonItem* const entry)
{
  JsonItem entries;
  return json_find(text, json_root(text), "entries", &entries) &&
         json_find_item(text, entries.value, index, entry);
}

/// Find the entry's controls, and add them if there are none
static bool
find_controls(JsonText* const text, const uint32_t index, JsonSpan* const controls)
{
  JsonItem entry;
  JsonItem member;
  if (!find_entry(text, index, &entry)) {
    return false;
  }
  if (!json_find(text, entry.value, "controls", &member) &&
      (json_append(text, entry.value, "\"controls\": {}") ||
       !json_find(text, entry.value, "controls", &member))) {
    return false;
  }
  *controls = member.value;
  return true;
}

static bool
has_changed(const SetlistControls* const c, const Control control)
{
  return control != CONTROL_ENABLED &&
         controls_get(c->listed, control) != controls_get(c->now, control);
}

Status
setlist_write_controls(const char* const path, const SetlistControls* const controls,
                       Message* const message)
{
  JsonText text = {NULL, 0};
  JsonSpan object;
  Status status = open_text(path, &text, message);
  if (status) {
    return status;
  }
  for (int i = 0; !status && i < N_CONTROLS; ++i) {
    if (has_changed(controls, (Control)i)) {
      status = find_controls(&text, controls->index, &object)
                   ? write_setting(&text, object, controls, (Control)i)
                   : STATUS_BAD_FILE;
    }
  }
  return status ? discard_text(path, &text, message) : keep_text(path, &text, message);
}

/// Change or add the member of an entry that gives its model's rate
static Status
change_model_rate(JsonText* const text, const JsonItem entry, const double rate)
{
  char member[64];
  JsonItem item;
  const bool is_there = json_find(text, entry.value, "model_rate", &item);
  (void)snprintf(member, sizeof(member), "%s%.9g", is_there ? "" : "\"model_rate\": ", rate);
  return is_there ? json_replace(text, item.value, member) : json_append(text, entry.value, member);
}

Status
setlist_write_model_rate(const char* const path, const uint32_t index, const double rate,
                         Message* const message)
{
  JsonText text = {NULL, 0};
  JsonItem entry;
  Status status = open_text(path, &text, message);
  if (status) {
    return status;
  }
  status =
      find_entry(&text, index, &entry) ? change_model_rate(&text, entry, rate) : STATUS_BAD_FILE;
  return status ? discard_text(path, &text, message) : keep_text(path, &text, message);
}
