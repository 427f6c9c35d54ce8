// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads set lists, strictly: a word that means nothing is an error, as it would be missed on stage.

#include "live/setlist.h"

#include "core/content.h"
#include "core/engine/quality.h"
#include "core/file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIZE ((size_t)1 << 20U)

/// What is being read
typedef struct {
  const char* path;
  Message* message;
} Source;

MidiMap
setlist_default_map(void)
{
  static const struct {
    uint32_t cc;
    Control control;
  } usual[] = {{7, CONTROL_OUTPUT_LEVEL}, {11, CONTROL_INPUT_LEVEL}, {20, CONTROL_KNOB_1},
               {21, CONTROL_KNOB_2},      {22, CONTROL_KNOB_3},      {23, CONTROL_KNOB_4},
               {24, CONTROL_BASS},        {25, CONTROL_MIDDLE},      {26, CONTROL_TREBLE},
               {27, CONTROL_PRESENCE},    {28, CONTROL_GATE}};
  MidiMap map = {.programs = true};
  for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); ++i) {
    const ControlRange range = controls_range(usual[i].control);
    map.ccs[usual[i].cc] = (MapEntry){MAP_CONTROL, usual[i].control, range.low, range.high};
  }
  map.ccs[64] = map.ccs[80] = (MapEntry){.kind = MAP_BYPASS};
  map.ccs[81] = (MapEntry){.kind = MAP_PREV};
  map.ccs[82] = (MapEntry){.kind = MAP_NEXT};
  return map;
}

/// Refuse members that mean nothing here; `known` ends with NULL
static Status
check_members(const Source* const s, json_t* const object, const char* const what,
              const char* const* const known)
{
  const char* key = NULL;
  json_t* value = NULL;
  if (!json_is_object(object)) {
    return status_fail(s->message, STATUS_BAD_FILE, "%.200s: %s: expected an object {…}", s->path,
                       what);
  }
  json_object_foreach(object, key, value)
  {
    const char* const* k = known;
    while (*k && strcmp(*k, key) != 0) {
      ++k;
    }
    if (!*k) {
      return status_fail(s->message, STATUS_BAD_FILE, "%.200s: %s has no \"%.40s\"", s->path, what,
                         key);
    }
  }
  return STATUS_OK;
}

/// Set a control by name
static Status
read_control(const Source* const s, const char* const name, const json_t* const value,
             EngineControls* const controls)
{
  char expected[CONTROLS_EXPECTED_SIZE];
  Control control = CONTROL_ENABLED;
  if (!controls_find(name, &control)) {
    return status_fail(s->message, STATUS_BAD_FILE, "%.200s: there is no control \"%.40s\"",
                       s->path, name);
  }
  const ControlRange range = controls_range(control);
  const double number =
      json_is_boolean(value) ? (double)json_is_true(value) : json_number_value(value);
  if ((!json_is_number(value) && !json_is_boolean(value)) || number < (double)range.low ||
      number > (double)range.high) {
    return status_fail(s->message, STATUS_BAD_FILE, "%.200s: %s: expected %s", s->path, range.name,
                       controls_expected(control, expected));
  }
  controls_set(controls, control, (float)number);
  return STATUS_OK;
}

static Status
read_controls(const Source* const s, json_t* const object, EngineControls* const controls)
{
  const char* key = NULL;
  json_t* value = NULL;
  if (object && !json_is_object(object)) {
    return status_fail(s->message, STATUS_BAD_FILE, "%.200s: \"controls\": expected an object {…}",
                       s->path);
  }
  json_object_foreach(object, key, value)
  {
    const Status status = read_control(s, key, value, controls);
    if (status) {
      return status;
    }
  }
  return STATUS_OK;
}

/// Make a path absolute, seen from the set list
static Status
read_path(const Source* const s, const json_t* const value, const char* const what,
          char path[PATH_MAX])
{
  const char* const text = json_string_value(value);
  const char* const slash = strrchr(s->path, '/');
  if (!value) {
    return STATUS_OK;
  }
  if (!text || !*text || strlen(text) + strlen(s->path) >= PATH_MAX) {
    return status_fail(s->message, STATUS_BAD_FILE, "%.200s: \"%s\": expected the path of a file",
                       s->path, what);
  }
  const size_t n = *text == '/' || !slash ? 0 : (size_t)(slash - s->path) + 1;
  memcpy(path, s->path, n);
  memcpy(path + n, text, strlen(text) + 1);
  return STATUS_OK;
}

static Status
read_entry(const Source* const s, json_t* const object, const EngineControls* const controls,
           Setlist* const setlist)
{
  static const char* const known[] = {"name", "model", "cabinet", "controls", NULL};
  SetlistEntry entry = {.controls = *controls};
  Status status = check_members(s, object, "an entry", known);
  if (status || (status = read_path(s, json_object_get(object, "model"), "model", entry.model)) ||
      (status = read_path(s, json_object_get(object, "cabinet"), "cabinet", entry.cabinet)) ||
      (status = read_controls(s, json_object_get(object, "controls"), &entry.controls))) {
    return status;
  }
  if (!entry.model[0]) {
    return status_fail(s->message, STATUS_BAD_FILE, "%.200s: an entry has no \"model\"", s->path);
  }
  const char* const name = json_string_value(json_object_get(object, "name"));
  if (name) {
    (void)snprintf(entry.name, sizeof(entry.name), "%.60s", name);
  }
  return setlist_add(setlist, &entry, s->message);
}

static Status
read_entries(const Source* const s, json_t* const array, const EngineControls* const controls,
             Setlist* const setlist)
{
  size_t i = 0;
  json_t* entry = NULL;
  if (!json_is_array(array) || !json_array_size(array)) {
    return status_fail(s->message, STATUS_BAD_FILE,
                       "%.200s: \"entries\": expected one or more, as [{\"model\": …}, …]",
                       s->path);
  }
  json_array_foreach(array, i, entry)
  {
    const Status status = read_entry(s, entry, controls, setlist);
    if (status) {
      return status;
    }
  }
  return STATUS_OK;
}

/// Read a whole number in a range; absent leaves `number` alone
static Status
read_count(const Source* const s, const json_t* const object, const char* const name,
           const uint32_t most, uint32_t* const number)
{
  const json_t* const value = json_object_get(object, name);
  const json_int_t n = json_integer_value(value);
  if (!value) {
    return STATUS_OK;
  }
  if (!json_is_integer(value) || n < 0 || n > (json_int_t)most) {
    return status_fail(s->message, STATUS_BAD_FILE, "%.200s: \"%s\": expected 0 to %u", s->path,
                       name, most);
  }
  *number = (uint32_t)n;
  return STATUS_OK;
}

/// Read what a control change does to a control
static Status
read_mapped_control(const Source* const s, const json_t* const object, const char* const name,
                    MapEntry* const entry)
{
  const json_t* const from = json_object_get(object, "from");
  const json_t* const to = json_object_get(object, "to");
  if (!controls_find(name, &entry->control)) {
    return status_fail(s->message, STATUS_BAD_FILE, "%.200s: there is no control \"%.40s\"",
                       s->path, name);
  }
  const ControlRange range = controls_range(entry->control);
  if ((from && !json_is_number(from)) || (to && !json_is_number(to))) {
    return status_fail(s->message, STATUS_BAD_FILE,
                       "%.200s: \"from\" and \"to\" of %s: expected numbers", s->path, name);
  }
  entry->kind = MAP_CONTROL;
  entry->from = from ? (float)json_number_value(from) : range.low;
  entry->to = to ? (float)json_number_value(to) : range.high;
  return STATUS_OK;
}

static Status
read_mapped_command(const Source* const s, const char* const name, MapEntry* const entry)
{
  entry->kind = !strcmp(name, "bypass") ? MAP_BYPASS
                : !strcmp(name, "next") ? MAP_NEXT
                : !strcmp(name, "prev") ? MAP_PREV
                                        : MAP_NOTHING;
  return entry->kind
             ? STATUS_OK
             : status_fail(s->message, STATUS_BAD_FILE,
                           "%.200s: \"command\" is \"%.40s\"; expected bypass, next or prev",
                           s->path, name);
}

static Status
read_map_entry(const Source* const s, json_t* const object, MidiMap* const map)
{
  static const char* const known[] = {"cc", "control", "command", "from", "to", NULL};
  uint32_t cc = SETLIST_N_CCS;
  Status status = check_members(s, object, "an entry of \"map\"", known);
  if (status || (status = read_count(s, object, "cc", SETLIST_N_CCS - 1, &cc))) {
    return status;
  }
  const char* const control = json_string_value(json_object_get(object, "control"));
  const char* const command = json_string_value(json_object_get(object, "command"));
  if (cc == SETLIST_N_CCS || !control == !command) {
    return status_fail(s->message, STATUS_BAD_FILE,
                       "%.200s: an entry of \"map\" wants \"cc\", and \"control\" or \"command\"",
                       s->path);
  }
  return control ? read_mapped_control(s, object, control, &map->ccs[cc])
                 : read_mapped_command(s, command, &map->ccs[cc]);
}

static Status
read_midi(const Source* const s, json_t* const object, MidiMap* const map)
{
  static const char* const known[] = {"channel", "programs", "map", NULL};
  json_t* const entries = json_object_get(object, "map");
  const json_t* const programs = json_object_get(object, "programs");
  size_t i = 0;
  json_t* entry = NULL;
  if (!object) {
    return STATUS_OK;
  }
  Status status = check_members(s, object, "\"midi\"", known);
  if (status || (status = read_count(s, object, "channel", 16, &map->channel))) {
    return status;
  }
  if ((programs && !json_is_boolean(programs)) || (entries && !json_is_array(entries))) {
    return status_fail(s->message, STATUS_BAD_FILE,
                       "%.200s: \"programs\": expected true or false; \"map\": [{\"cc\": …}, …]",
                       s->path);
  }
  map->programs = !programs || json_is_true(programs);
  if (entries) {
    memset(map->ccs, 0, sizeof(map->ccs));
  }
  json_array_foreach(entries, i, entry)
  {
    if ((status = read_map_entry(s, entry, map))) {
      return status;
    }
  }
  return STATUS_OK;
}

static Status
read_quality(const Source* const s, const json_t* const value, uint32_t* const oversampling)
{
  const char* const text = value ? json_string_value(value) : "normal";
  *oversampling = text ? quality_oversampling(text) : 0;
  return *oversampling
             ? STATUS_OK
             : status_fail(s->message, STATUS_BAD_FILE,
                           "%.200s: \"quality\": expected \"normal\", \"2x\" or \"4x\"", s->path);
}

static Status
read_root(const Source* const s, json_t* const root, const EngineControls* const controls,
          Setlist* const setlist)
{
  static const char* const known[] = {"controls", "quality", "entries", "midi", NULL};
  EngineControls common = *controls;
  Status status = check_members(s, root, "a set list", known);
  if (status || (status = read_controls(s, json_object_get(root, "controls"), &common)) ||
      (status = read_quality(s, json_object_get(root, "quality"), &setlist->oversampling)) ||
      (status = read_midi(s, json_object_get(root, "midi"), &setlist->midi))) {
    return status;
  }
  return read_entries(s, json_object_get(root, "entries"), &common, setlist);
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
  *root = json_loadb(content.bytes, content.size, JSON_REJECT_DUPLICATES, &error);
  content_clear(&content);
  return *root
             ? STATUS_OK
             : status_fail(message, STATUS_BAD_FILE,
                           "%.200s: line %d, column %d: %s; expected a set list or a model in JSON",
                           path, error.line, error.column, error.text);
}

bool
setlist_is_one(const char* const path)
{
  json_t* root = NULL;
  const Status status = load_json(path, &root, NULL);
  const bool is_one = json_is_object(root) && !json_object_get(root, "layers") &&
                      !json_object_get(root, "model_data") && !json_object_get(root, "weights");
  json_decref(root);
  return is_one || status == STATUS_BAD_FILE;
}

Status
setlist_read(const char* const path, const EngineControls* const controls, Setlist* const setlist,
             Message* const message)
{
  const Source source = {path, message};
  Setlist read = {.oversampling = 1, .midi = setlist_default_map()};
  json_t* root = NULL;
  Status status = load_json(path, &root, message);
  if (status) {
    return status;
  }
  status = read_root(&source, root, controls, &read);
  json_decref(root);
  if (status) {
    setlist_clear(&read);
  } else {
    *setlist = read;
  }
  return status;
}

/// Return what a control change does as an entry of "map"; NULL without memory
static json_t*
map_entry_of(const uint32_t cc, const MapEntry entry)
{
  if (entry.kind == MAP_CONTROL) {
    return json_pack("{sisssfsf}", "cc", (int)cc, "control", controls_range(entry.control).name,
                     "from", (double)entry.from, "to", (double)entry.to);
  }
  return json_pack("{siss}", "cc", (int)cc, "command",
                   entry.kind == MAP_BYPASS ? "bypass"
                   : entry.kind == MAP_NEXT ? "next"
                                            : "prev");
}

/// Put a map into what was read of a set list; return false without memory
static bool
put_map(json_t* const root, const MidiMap* const map)
{
  json_t* const entries = json_array();
  bool is_good = entries != NULL;
  for (uint32_t cc = 0; is_good && cc < SETLIST_N_CCS; ++cc) {
    if (map->ccs[cc].kind != MAP_NOTHING) {
      is_good = !json_array_append_new(entries, map_entry_of(cc, map->ccs[cc]));
    }
  }
  if (is_good && !json_object_get(root, "midi")) {
    is_good = !json_object_set_new(root, "midi", json_object());
  }
  is_good = is_good && !json_object_set(json_object_get(root, "midi"), "map", entries);
  json_decref(entries);
  return is_good;
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
      put_map(root, map) ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(7)) : NULL;
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
    return status_fail(message, STATUS_BAD_ARGUMENT, "%.200s is one too many; at most %u entries",
                       entry->model, SETLIST_MAX_ENTRIES);
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
