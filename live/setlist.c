// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads a set list's JSON part by part; the reader knows the place, for messages.

#include "live/setlist.h"

#include "core/content.h"
#include "core/engine/quality.h"
#include "core/file.h"
#include "core/text.h"
#include "live/setlist_reader.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIZE ((size_t)1 << 20U) ///< Of a set list [bytes]

static Status
read_control(const SetlistReader* const r, const char* const name, const json_t* const value,
             EngineControls* const controls)
{
  char expected[CONTROLS_EXPECTED_SIZE];
  Control control = CONTROL_ENABLED;
  const Status status = reader_find_control(r, name, &control);
  if (status) {
    return status;
  }
  const ControlRange range = controls_range(control);
  const double written =
      json_is_boolean(value) ? (double)json_is_true(value) : json_number_value(value);
  const double number = written == 0.0 ? (double)controls_translate(control, 0.0F) : written;
  if ((!json_is_number(value) && !json_is_boolean(value)) || number < (double)range.low ||
      number > (double)range.high) {
    return reader_fail(r, "%s: expected %s", range.name, controls_expected(control, expected));
  }
  controls_set(controls, control, (float)number);
  return STATUS_OK;
}

static Status
read_controls(const SetlistReader* const r, json_t* const object, EngineControls* const controls)
{
  const char* key = NULL;
  json_t* value = NULL;
  if (object && !json_is_object(object)) {
    return reader_fail(r, "\"controls\": expected an object such as {\"gate\": -60}");
  }
  json_object_foreach(object, key, value)
  {
    const Status status = read_control(r, key, value, controls);
    if (status) {
      return status;
    }
  }
  return STATUS_OK;
}

/// Read a path, relative to the set list's folder; if there is none, `path` keeps its value
static Status
read_path(const SetlistReader* const r, const json_t* const value, const char* const name,
          char path[PATH_MAX])
{
  const char* const text = json_string_value(value);
  const char* const slash = strrchr(r->path, '/');
  if (!value) {
    return STATUS_OK;
  }
  if (!text || !*text || strlen(text) + strlen(r->path) >= PATH_MAX) {
    return reader_fail(r, "\"%s\": expected the path of a file", name);
  }
  const size_t n = *text == '/' || !slash ? 0 : (size_t)(slash - r->path) + 1;
  memcpy(path, r->path, n);
  memcpy(path + n, text, strlen(text) + 1);
  return STATUS_OK;
}

static Status
read_entry(const SetlistReader* const r, json_t* const object, const EngineControls* const controls,
           SetlistEntry* const entry)
{
  static const char* const known[] = {"name", "model", "cabinet", "controls", NULL};
  const char* const name = json_string_value(json_object_get(object, "name"));
  *entry = (SetlistEntry){.controls = *controls};
  Status status = reader_check_members(r, object, known);
  if (status || (status = read_path(r, json_object_get(object, "model"), "model", entry->model)) ||
      (status = read_path(r, json_object_get(object, "cabinet"), "cabinet", entry->cabinet)) ||
      (status = read_controls(r, json_object_get(object, "controls"), &entry->controls))) {
    return status;
  }
  if (!entry->model[0]) {
    return reader_fail(r, "\"model\" is missing; expected the path of a model");
  }
  (void)snprintf(entry->name, sizeof(entry->name), "%.60s", name ? name : "");
  return STATUS_OK;
}

static Status
read_entries(const SetlistReader* const r, json_t* const array,
             const EngineControls* const controls, Setlist* const setlist)
{
  size_t i = 0;
  json_t* object = NULL;
  SetlistEntry entry;
  if (!json_is_array(array) || !json_array_size(array)) {
    return reader_fail(r, "\"entries\": expected one or more, such as [{\"model\": "
                          "\"clean.json\"}]");
  }
  json_array_foreach(array, i, object)
  {
    const SetlistReader inner = reader_enter_item(r, "entry", i);
    Status status = read_entry(&inner, object, controls, &entry);
    if (status || (status = setlist_add(setlist, &entry, r->message))) {
      return status;
    }
  }
  return STATUS_OK;
}

static Status
read_quality(const SetlistReader* const r, const json_t* const value, uint32_t* const oversampling)
{
  const char* const text = value ? json_string_value(value) : "normal";
  *oversampling = text ? quality_oversampling(text) : 0;
  return *oversampling ? STATUS_OK
                       : reader_fail(r, "\"quality\": expected \"normal\", \"2x\" or \"4x\"");
}

static Status
read_root(const SetlistReader* const r, json_t* const root, const EngineControls* const controls,
          Setlist* const setlist)
{
  static const char* const known[] = {"controls", "quality", "entries", "midi", NULL};
  EngineControls common = *controls;
  Status status = reader_check_members(r, root, known);
  if (status || (status = read_controls(r, json_object_get(root, "controls"), &common)) ||
      (status = read_quality(r, json_object_get(root, "quality"), &setlist->oversampling)) ||
      (status = midi_map_read(r, json_object_get(root, "midi"), &setlist->midi))) {
    return status;
  }
  return read_entries(r, json_object_get(root, "entries"), &common, setlist);
}

static Status
load_json(const char* const path, json_t** const root, Message* const message)
{
  Content content = {NULL, 0};
  json_error_t error;
  const Status status = file_read_whole(path, FILE_PLAIN, MAX_SIZE, &content, message);
  if (status) {
    return status;
  }
  const size_t skipped = text_mark_size(content.bytes, content.size);
  *root =
      json_loadb(content.bytes + skipped, content.size - skipped, JSON_REJECT_DUPLICATES, &error);
  content_clear(&content);
  return *root
             ? STATUS_OK
             : status_fail(message, STATUS_BAD_FILE,
                           "%.200s: line %d, column %d: %s; expected a set list or a model in JSON",
                           path, error.line, error.column, error.text);
}

bool
setlist_detect(const char* const path)
{
  json_t* root = NULL;
  const Status status = load_json(path, &root, NULL);
  const bool is_setlist = json_is_object(root) && !json_object_get(root, "layers") &&
                          !json_object_get(root, "model_data") && !json_object_get(root, "weights");
  json_decref(root);
  return is_setlist || status == STATUS_BAD_FILE;
}

Status
setlist_read(const char* const path, const EngineControls* const controls, Setlist* const setlist,
             Message* const message)
{
  const SetlistReader reader = {path, message, ""};
  Setlist read = {.oversampling = 1, .midi = midi_map_default()};
  json_t* root = NULL;
  Status status = load_json(path, &root, message);
  if (status) {
    return status;
  }
  status = read_root(&reader, root, controls, &read);
  json_decref(root);
  if (status) {
    setlist_clear(&read);
  } else {
    *setlist = read;
  }
  return status;
}

Status
setlist_write_map(const char* const path, const MidiMap* const map, Message* const message)
{
  json_t* root = NULL;
  Status status = load_json(path, &root, message);
  if (status) {
    return status;
  }
  char* const text =
      midi_map_put(root, map) ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(7)) : NULL;
  json_decref(root);
  status = text ? file_replace(path, text, strlen(text), message)
                : status_fail(message, STATUS_NO_MEMORY, "out of memory");
  free(text);
  return status;
}

Status
setlist_add(Setlist* const setlist, const SetlistEntry* const entry, Message* const message)
{
  if (setlist->n_entries == SETLIST_MAX_ENTRIES) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%.200s: too many entries; a set list has at most %u", entry->model,
                       SETLIST_MAX_ENTRIES);
  }
  SetlistEntry* const entries =
      (SetlistEntry*)realloc(setlist->entries, (setlist->n_entries + 1) * sizeof(SetlistEntry));
  if (!entries) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  setlist->entries = entries;
  entries[setlist->n_entries] = *entry;
  if (!entry->name[0]) {
    file_stem(entry->model, entries[setlist->n_entries].name, SETLIST_NAME_SIZE);
  }
  ++setlist->n_entries;
  return STATUS_OK;
}

void
setlist_clear(Setlist* const setlist)
{
  free(setlist->entries);
  setlist->entries = NULL;
  setlist->n_entries = 0;
}
