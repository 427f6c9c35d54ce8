// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads a set list's JSON part by part; the reader knows the place, for messages.

#include "live/setlist.h"

#include "core/content.h"
#include "core/engine/quality.h"
#include "core/file.h"
#include "core/format/json_fault.h"
#include "core/format/model_file_io.h"
#include "core/text.h"
#include "live/setlist_reader.h"
#include "live/settings.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_SIZE ((size_t)1 << 20U) ///< Of a set list [bytes]

/// An entry's model, read only if a control's name is none of the table's
typedef struct {
  const char* path; ///< NULL: no model names knobs here
  ModelFile file;
  bool is_read;
  bool was_tried;
} NamingModel;

/// Return the model, or NULL if it can't be read
static const ModelFile*
find_naming_model(NamingModel* const model, const char* const name)
{
  Control control = CONTROL_ENABLED;
  if (model->path && !model->was_tried && !controls_find_name(name, &control)) {
    model->was_tried = true;
    model->is_read = !model_file_read(model->path, &model->file, NULL);
  }
  return model->is_read ? &model->file : NULL;
}

/// Read a number, true or false, or a word; return false if the control can't be that
static bool
read_value(const json_t* const value, const Control control, float* const number)
{
  const ControlRange range = controls_range(control);
  if (json_is_string(value)) {
    return settings_read_value(json_string_value(value), control, number);
  }
  const double read =
      json_is_boolean(value) ? (double)json_is_true(value) : json_number_value(value);
  const double translated = read == 0.0 ? (double)controls_translate(control, 0.0F) : read;
  *number = (float)translated;
  return (json_is_number(value) || json_is_boolean(value)) && translated >= (double)range.low &&
         translated <= (double)range.high;
}

static Status
read_control(const SetlistReader* const r, const char* const name, const json_t* const value,
             NamingModel* const model, EngineControls* const controls)
{
  char expected[CONTROLS_EXPECTED_SIZE];
  Control control = CONTROL_ENABLED;
  float number = 0.0F;
  const ModelFile* const naming = find_naming_model(model, name);
  if (model->was_tried && !naming && !controls_find(name, &control)) {
    return STATUS_OK; // Perhaps a knob of a model that can't be read, which is reported elsewhere
  }
  const Status status = reader_find_control(r, name, naming, &control);
  if (status) {
    return status;
  }
  if (!read_value(value, control, &number)) {
    return reader_fail(r, "%.60s: expected %s", name, controls_expected(control, expected));
  }
  controls_set(controls, control, number);
  return STATUS_OK;
}

static Status
read_controls(const SetlistReader* const r, json_t* const object, const char* const model_path,
              EngineControls* const controls)
{
  NamingModel model = {.path = model_path};
  const char* key = NULL;
  json_t* value = NULL;
  Status status = STATUS_OK;
  if (object && !json_is_object(object)) {
    return reader_fail(r, "\"controls\": expected an object such as {\"gate\": -60}");
  }
  json_object_foreach(object, key, value)
  {
    status = status ? status : read_control(r, key, value, &model, controls);
  }
  if (model.is_read) {
    model_file_clear(&model.file);
  }
  return status;
}

/// Write the path of a file in the folder of `beside`
static bool
join_path(const char* const beside, const char* const text, char path[PATH_MAX])
{
  const char* const slash = strrchr(beside, '/');
  const size_t n = *text == '/' || !slash ? 0 : (size_t)(slash - beside) + 1;
  if (n + strlen(text) >= PATH_MAX) {
    return false;
  }
  memcpy(path, beside, n);
  memcpy(path + n, text, strlen(text) + 1);
  return true;
}

/// Look for a file beside the set list's own file, if it was reached through a link
static void
look_beside_target(const SetlistReader* const r, const char* const text, char path[PATH_MAX])
{
  char other[PATH_MAX];
  char* const target = access(path, F_OK) ? realpath(r->path, NULL) : NULL;
  if (target && join_path(target, text, other) && !access(other, F_OK)) {
    memcpy(path, other, strlen(other) + 1);
  }
  free(target);
}

/// Read a path, relative to the set list's folder; if there is none, `path` keeps its value
static Status
read_path(const SetlistReader* const r, const json_t* const value, const char* const name,
          char path[PATH_MAX])
{
  const char* const text = json_string_value(value);
  if (!value) {
    return STATUS_OK;
  }
  if (!text || !*text || !join_path(r->path, text, path)) {
    return reader_fail(r, "\"%s\": expected the path of a file", name);
  }
  look_beside_target(r, text, path);
  return STATUS_OK;
}

bool
setlist_may_be_rate(const double rate)
{
  return rate == 0.0 || (rate >= MODEL_FILE_MIN_RATE && rate <= MODEL_FILE_MAX_RATE);
}

/// Read the rate of an entry's model; 0 is as good as none
static Status
read_model_rate(const SetlistReader* const r, const json_t* const value, double* const rate)
{
  *rate = json_number_value(value);
  return !value || (json_is_number(value) && setlist_may_be_rate(*rate))
             ? STATUS_OK
             : reader_fail(r, "\"model_rate\": expected " SETLIST_RATES);
}

static Status
read_entry(const SetlistReader* const r, json_t* const object, const EngineControls* const controls,
           SetlistEntry* const entry)
{
  static const char* const known[] = {"name", "model", "cabinet", "controls", "model_rate", NULL};
  const json_t* const name = json_object_get(object, "name");
  *entry = (SetlistEntry){.controls = *controls};
  Status status = reader_check_members(r, object, known);
  if (status || (status = read_path(r, json_object_get(object, "model"), "model", entry->model)) ||
      (status = read_path(r, json_object_get(object, "cabinet"), "cabinet", entry->cabinet)) ||
      (status = read_model_rate(r, json_object_get(object, "model_rate"), &entry->model_rate))) {
    return status;
  }
  if (!entry->model[0]) {
    return reader_fail(r, "\"model\" is missing; expected the path of a model");
  }
  if (name && !json_is_string(name)) {
    return reader_fail(r, "\"name\": expected a text");
  }
  text_copy(entry->name, sizeof(entry->name), name ? json_string_value(name) : "");
  return read_controls(r, json_object_get(object, "controls"), entry->model, &entry->controls);
}

/// Return a reader whose messages name the entry, or its number if it has no name
static SetlistReader
enter_entry(const SetlistReader* const r, const json_t* const object, const size_t index)
{
  const char* const name = json_string_value(json_object_get(object, "name"));
  return name && *name ? reader_enter_named(r, "entry", name)
                       : reader_enter_item(r, "entry", index);
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
    const SetlistReader inner = enter_entry(r, object, i);
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

/// Check the members of the file; one of which all are strange is of another program
static Status
check_root(const SetlistReader* const r, json_t* const root)
{
  static const char* const known[] = {"controls", "quality", "entries", "midi", NULL};
  const Status status = reader_check_members(r, root, known);
  bool is_ours = !json_is_object(root) || (r->message && strstr(r->message->text, "did you mean"));
  for (size_t i = 0; known[i] && !is_ours; ++i) {
    is_ours = json_object_get(root, known[i]) != NULL;
  }
  return !status || is_ours
             ? status
             : status_fail(r->message, status,
                           "%s: is neither a set list, which has \"entries\", nor a model",
                           r->path);
}

static Status
read_root(const SetlistReader* const r, json_t* const root, const EngineControls* const controls,
          Setlist* const setlist)
{
  EngineControls common = *controls;
  Status status = check_root(r, root);
  if (status || (status = read_controls(r, json_object_get(root, "controls"), NULL, &common)) ||
      (status = read_quality(r, json_object_get(root, "quality"), &setlist->oversampling)) ||
      (status = midi_map_read(r, json_object_get(root, "midi"), &setlist->midi))) {
    return status;
  }
  return read_entries(r, json_object_get(root, "entries"), &common, setlist);
}

static Status
parse_json(const Content* const content, const char* const path, json_t** const root,
           Message* const message)
{
  json_error_t error;
  const size_t skipped = text_mark_size(content->bytes, content->size);
  *root = json_fault_parse(content->bytes + skipped, content->size - skipped,
                           JSON_REJECT_DUPLICATES, &error);
  if (*root) {
    return STATUS_OK;
  }
  const KindStart text = {path, content->bytes + skipped, content->size - skipped};
  return json_fault_report(text, &error, "a set list or a model", message);
}

/// Return true if bytes are text, so that a person may have written them
static bool
is_text(const Content* const content)
{
  return !memchr(content->bytes, '\0', content->size < 512 ? content->size : 512);
}

bool
setlist_detect(const char* const path)
{
  Content content = {NULL, 0};
  json_t* root = NULL;
  if (file_read_whole(path, FILE_PLAIN, MODEL_FILE_MAX_SIZE, &content, NULL)) {
    return false;
  }
  const bool may_be = content.size <= MAX_SIZE && is_text(&content);
  const Status status = may_be ? parse_json(&content, path, &root, NULL) : STATUS_OK;
  const bool is_setlist = json_is_object(root) && !json_object_get(root, "layers") &&
                          !json_object_get(root, "model_data") && !json_object_get(root, "weights");
  json_decref(root);
  content_clear(&content);
  return is_setlist || status == STATUS_BAD_FILE;
}

Status
setlist_parse(const Content* const content, const char* const path,
              const EngineControls* const controls, Setlist* const setlist, Message* const message)
{
  const SetlistReader reader = {path, message, ""};
  Setlist read = {.oversampling = 1, .midi = midi_map_default()};
  json_t* root = NULL;
  Status status = parse_json(content, path, &root, message);
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
setlist_read_file(const char* const path, Content* const content, Message* const message)
{
  return file_read_whole(path, FILE_SETLIST, MAX_SIZE, content, message);
}

Status
setlist_read(const char* const path, const EngineControls* const controls, Setlist* const setlist,
             Message* const message)
{
  Content content = {NULL, 0};
  Status status = setlist_read_file(path, &content, message);
  if (!status) {
    status = setlist_parse(&content, path, controls, setlist, message);
  }
  content_clear(&content);
  return status;
}

void
setlist_note(const Setlist* const setlist, const char* const path, Message* const note)
{
  note->text[0] = '\0';
  for (uint32_t i = 0; i < setlist->n_entries; ++i) {
    for (uint32_t k = 0; k < i && !note->text[0]; ++k) {
      if (!strcmp(setlist->entries[i].name, setlist->entries[k].name)) {
        message_set(note,
                    "%s: entries %u and %u have the same name, \"%.80s\"; select the second by "
                    "its number",
                    path, k, i, setlist->entries[i].name);
      }
    }
  }
}

Status
setlist_add(Setlist* const setlist, const SetlistEntry* const entry, Message* const message)
{
  if (setlist->n_entries == SETLIST_MAX_ENTRIES) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: too many entries; a set list has at most %u", entry->model,
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
