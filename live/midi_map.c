// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The default map uses volume (7), expression (11), the sustain pedal (64) and general purpose
// controllers (80 to 82) as MIDI 1.0 numbers them; 20 to 28, 85 and 86 are undefined there.

#include "live/midi_map.h"

#include <stdio.h>
#include <string.h>

static const struct {
  const char* name;
  MapKind kind;
} commands[] = {{"bypass", MAP_BYPASS},
                {"next", MAP_NEXT},
                {"prev", MAP_PREV},
                {"model_next", MAP_MODEL_NEXT},
                {"model_prev", MAP_MODEL_PREV}};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

MapEntry
midi_map_whole_range(const Control control) RT
{
  const ControlRange range = controls_range(control);
  return (MapEntry){MAP_CONTROL, control, range.low, range.high};
}

MidiMap
midi_map_default(void)
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
    map.ccs[usual[i].cc] = midi_map_whole_range(usual[i].control);
  }
  map.ccs[64] = map.ccs[80] = (MapEntry){.kind = MAP_BYPASS};
  map.ccs[81] = (MapEntry){.kind = MAP_PREV};
  map.ccs[82] = (MapEntry){.kind = MAP_NEXT};
  map.ccs[85] = (MapEntry){.kind = MAP_MODEL_PREV};
  map.ccs[86] = (MapEntry){.kind = MAP_MODEL_NEXT};
  return map;
}

static Status
read_mapped_control(const SetlistReader* const r, const json_t* const object,
                    const char* const name, MapEntry* const entry)
{
  const json_t* const from = json_object_get(object, "from");
  const json_t* const to = json_object_get(object, "to");
  Control control = CONTROL_ENABLED;
  const Status status = reader_find_control(r, name, NULL, &control);
  if (status) {
    return status;
  }
  if ((from && !json_is_number(from)) || (to && !json_is_number(to))) {
    return reader_fail(r, "\"from\" and \"to\" of %s: expected numbers", name);
  }
  *entry = midi_map_whole_range(control);
  entry->from = from ? (float)json_number_value(from) : entry->from;
  entry->to = to ? (float)json_number_value(to) : entry->to;
  return STATUS_OK;
}

static Status
read_mapped_command(const SetlistReader* const r, const char* const name, MapEntry* const entry)
{
  for (size_t i = 0; i < N_COMMANDS; ++i) {
    if (!strcmp(commands[i].name, name)) {
      entry->kind = commands[i].kind;
      return STATUS_OK;
    }
  }
  return reader_fail(r,
                     "\"command\" is \"%.60s\"; expected bypass, next, prev, model_next or "
                     "model_prev",
                     name);
}

static Status
read_map_entry(const SetlistReader* const r, json_t* const object, MidiMap* const map)
{
  static const char* const known[] = {"cc", "control", "command", "from", "to", NULL};
  uint32_t cc = MIDI_MAP_N_CCS;
  Status status = reader_check_members(r, object, known);
  if (status || (status = reader_read_count(r, object, "cc", MIDI_MAP_N_CCS - 1, &cc))) {
    return status;
  }
  const char* const control = json_string_value(json_object_get(object, "control"));
  const char* const command = json_string_value(json_object_get(object, "command"));
  if (cc == MIDI_MAP_N_CCS || !control == !command) {
    return reader_fail(r, "expected \"cc\", and either \"control\" or \"command\"");
  }
  return control ? read_mapped_control(r, object, control, &map->ccs[cc])
                 : read_mapped_command(r, command, &map->ccs[cc]);
}

static Status
read_map(const SetlistReader* const r, json_t* const entries, MidiMap* const map)
{
  size_t i = 0;
  json_t* entry = NULL;
  if (!json_is_array(entries)) {
    return reader_fail(r, "\"map\": expected a list such as [{\"cc\": 20, \"control\": "
                          "\"knob_1\"}]");
  }
  memset(map->ccs, 0, sizeof(map->ccs));
  json_array_foreach(entries, i, entry)
  {
    const SetlistReader inner = reader_enter_item(r, "map", i);
    const Status status = read_map_entry(&inner, entry, map);
    if (status) {
      return status;
    }
  }
  return STATUS_OK;
}

Status
midi_map_read(const SetlistReader* const reader, json_t* const midi, MidiMap* const map)
{
  static const char* const known[] = {"channel", "programs", "map", NULL};
  const SetlistReader r = reader_enter(reader, "midi");
  json_t* const entries = json_object_get(midi, "map");
  const json_t* const programs = json_object_get(midi, "programs");
  if (!midi) {
    return STATUS_OK;
  }
  const Status status = reader_check_members(&r, midi, known);
  if (status) {
    return status;
  }
  if (programs && !json_is_boolean(programs)) {
    return reader_fail(&r, "\"programs\": expected true or false");
  }
  map->programs = !programs || json_is_true(programs);
  const Status channel = reader_read_count(&r, midi, "channel", 16, &map->channel);
  return channel || !entries ? channel : read_map(&r, entries, map);
}

static const char*
name_of_command(const MapKind kind)
{
  size_t i = 0;
  while (i + 1 < N_COMMANDS && commands[i].kind != kind) {
    ++i;
  }
  return commands[i].name;
}

const char*
midi_map_action(const MapEntry entry)
{
  return entry.kind == MAP_NOTHING   ? NULL
         : entry.kind == MAP_CONTROL ? controls_range(entry.control).name
                                     : name_of_command(entry.kind);
}

/// Write where a control goes, if that is not its whole range
static void
write_ends(const MapEntry entry, char* const text, const size_t size)
{
  const MapEntry whole = midi_map_whole_range(entry.control);
  text[0] = '\0';
  if (entry.from != whole.from || entry.to != whole.to) {
    (void)snprintf(text, size, ", \"from\": %.7g, \"to\": %.7g", (double)entry.from,
                   (double)entry.to);
  }
}

bool
midi_map_write_entry(const uint32_t cc, const MapEntry entry, char text[MIDI_MAP_TEXT_SIZE])
{
  char ends[80] = "";
  const bool is_control = entry.kind == MAP_CONTROL;
  if (entry.kind == MAP_NOTHING) {
    return false;
  }
  if (is_control) {
    write_ends(entry, ends, sizeof(ends));
  }
  (void)snprintf(text, MIDI_MAP_TEXT_SIZE, "{\"cc\": %u, \"%s\": \"%s\"%s}", cc,
                 is_control ? "control" : "command", midi_map_action(entry), ends);
  return true;
}
