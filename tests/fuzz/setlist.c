// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Set lists: what can be read makes sense; and what was learned or set while one played is written
// into its text, found again, and leaves everything else as it was.

#include "live/setlist.h"
#include "core/format/model_file_io.h"
#include "live/setlist_edit.h"
#include "tests/fixtures.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json_mutator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH "list.json" ///< In a folder of its own

const size_t fuzz_json_begin = 0;

const char* const fuzz_json_words[] = {
    "controls",
    "quality",
    "entries",
    "midi",
    "name",
    "model",
    "cabinet",
    "model_rate",
    "channel",
    "programs",
    "map",
    "cc",
    "control",
    "command",
    "from",
    "to",
    "normal",
    "2x",
    "4x",
    "input_level",
    "gate",
    "bass",
    "treble",
    "knob_1",
    "knob_4",
    "level_match",
    "enabled",
    "Drive",
    "Tone stack",
    "drive",
    "knobs.json",
    "../x",
    "matched",
    "raw",
    "off",
    "on",
    "bypass",
    "next",
    "prev",
    "model_next",
    "model_prev",
    "output_level",
    "interface_dbu",
    "cabinet_level",
    NULL,
};

static ModelFile knob_model;

/// Work in a folder with a model
static void
enter_folder(void)
{
  static bool is_done = false;
  if (is_done) {
    return;
  }
  knob_model =
      (ModelFile){.params = fixture_params((ParamsShape){CELL_GRU_RESET_BEFORE, 1, 3, false, 0}, 5),
                  .sample_rate = 48000.0,
                  .knobs = {"Drive", "Tone stack"}};
  fuzz_check(!chdir(fuzz_folder()));
  fuzz_check(!model_file_write(&knob_model, "knobs.json", NULL));
  is_done = true;
}

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  fuzz_give_text(seeds, "plain",
                 "{\"entries\": [{\"model\": \"a.json\"}, {\"name\": \"B\", \"model\": \"b.json\","
                 " \"cabinet\": \"c.wav\"}]}");
  fuzz_give_text(seeds, "full",
                 "{\n  \"controls\": {\"gate\": -60, \"level_match\": \"matched\"},\n"
                 "  \"quality\": \"2x\",\n  \"entries\": [\n    {\"name\": \"Lead\", \"model\": "
                 "\"knobs.json\", \"model_rate\": 48000,\n     \"controls\": {\"drive\": 0.5, "
                 "\"Tone stack\": 0.25, \"bass\": -3, \"enabled\": false}},\n"
                 "    {\"model\": \"/x/é.json\"}\n  ],\n  \"midi\": {\"channel\": 3, \"programs\":"
                 " true, \"map\": [\n    {\"cc\": 20, \"control\": \"knob_1\", \"from\": 1, \"to\":"
                 " 0},\n    {\"cc\": 64, \"command\": \"bypass\"}]}\n}\n");
  fuzz_give_text(seeds, "map", "{\"midi\":{\"map\":[]},\"entries\":[{\"model\":\"a\"}]}");
}

static void
check_setlist(const Setlist* const list)
{
  fuzz_check(list->n_entries >= 1 && list->n_entries <= SETLIST_MAX_ENTRIES);
  fuzz_check(list->oversampling == 1 || list->oversampling == 2 || list->oversampling == 4);
  fuzz_check(list->midi.channel <= 16);
  for (uint32_t i = 0; i < list->n_entries; ++i) {
    fuzz_check(list->entries[i].model[0]);
    fuzz_check(setlist_may_be_rate(list->entries[i].model_rate));
    fuzz_check_controls(&list->entries[i].controls);
  }
}

/// Read the file, which must be good
static Setlist
read_written(void)
{
  static const EngineControls defaults = ENGINE_DEFAULT_CONTROLS;
  Setlist list = {0};
  Message message = {""};
  if (setlist_read(PATH, &defaults, &list, &message)) {
    fuzz_fail(message.text, 0, "a set list");
  }
  check_setlist(&list);
  return list;
}

/// Check that two set lists are the same, except for the controls and the rate of an entry
static void
check_same_but(const Setlist* const a, const Setlist* const b, const uint32_t changed)
{
  fuzz_check(a->n_entries == b->n_entries && a->oversampling == b->oversampling);
  for (uint32_t i = 0; i < a->n_entries; ++i) {
    const SetlistEntry* const x = &a->entries[i];
    const SetlistEntry* const y = &b->entries[i];
    fuzz_check(!strcmp(x->name, y->name) && !strcmp(x->model, y->model));
    for (int k = 0; k < N_CONTROLS && i != changed; ++k) {
      fuzz_check(controls_get(&x->controls, (Control)k) == controls_get(&y->controls, (Control)k));
    }
    fuzz_check(i == changed || x->model_rate == y->model_rate);
  }
}

/// Learn a controller, and find it again
static void
learn_controller(const Setlist* const list, const uint32_t choice)
{
  const uint32_t cc = choice % MIDI_MAP_N_CCS;
  const Control control = (Control)(choice / MIDI_MAP_N_CCS % N_CONTROLS);
  MidiMap map = list->midi;
  Message message = {""};
  map.ccs[cc] = midi_map_whole_range(control);
  fuzz_check(!setlist_write_learned(PATH, &map, cc, &message));
  Setlist again = read_written();
  check_same_but(list, &again, UINT32_MAX);
  for (uint32_t i = 0; i < MIDI_MAP_N_CCS; ++i) {
    fuzz_check(again.midi.ccs[i].kind == map.ccs[i].kind);
    fuzz_check(again.midi.ccs[i].kind != MAP_CONTROL ||
               again.midi.ccs[i].control == map.ccs[i].control);
  }
  setlist_clear(&again);
}

/// Turn a control of an entry, save it, and find it again
static void
save_control(const Setlist* const list, const uint32_t choice)
{
  const uint32_t index = choice % list->n_entries;
  const Control chosen = (Control)(choice / 7 % N_CONTROLS);
  const Control control = chosen == CONTROL_ENABLED ? CONTROL_BASS : chosen; // Bypass is not saved
  const ControlRange range = controls_range(control);
  const SetlistEntry* const entry = &list->entries[index];
  EngineControls now = entry->controls;
  Message message = {""};
  controls_set(&now, control, range.low + (range.high - range.low) * (float)(choice % 11) / 10.0F);
  const bool has_knobs = strstr(entry->model, "knobs.json") != NULL;
  const SetlistControls saved = {index, &entry->controls, &now, has_knobs ? &knob_model : NULL};
  fuzz_check(!setlist_write_controls(PATH, &saved, &message));
  Setlist again = read_written();
  check_same_but(list, &again, index);
  fuzz_check(controls_get(&again.entries[index].controls, control) == controls_get(&now, control));
  setlist_clear(&again);
}

/// Give an entry's model a rate, and find it again
static void
save_rate(const Setlist* const list, const uint32_t choice)
{
  const uint32_t index = choice % list->n_entries;
  const double rate = choice % 5 ? 8000.0 + (double)(choice % 760000U) : 0.0;
  Message message = {""};
  fuzz_check(!setlist_write_model_rate(PATH, index, rate, &message));
  Setlist again = read_written();
  check_same_but(list, &again, index);
  fuzz_check(again.entries[index].model_rate == rate);
  setlist_clear(&again);
}

/// Change the file, as its own bytes choose
static void
edit_list(const Setlist* const list, const Content* const content)
{
  char hash[CONTENT_HASH_SIZE];
  content_hash(content, hash);
  const uint32_t choice = (uint32_t)strtoul(hash + 8, NULL, 16);
  FILE* const file = fopen(PATH, "wbe");
  fuzz_check(file && fwrite(content->bytes, 1, content->size, file) == content->size);
  fuzz_check(!fclose(file));
  switch (choice % 3) {
  case 0:
    learn_controller(list, choice / 3);
    break;
  case 1:
    save_control(list, choice / 3);
    break;
  default:
    save_rate(list, choice / 3);
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  static const EngineControls defaults = ENGINE_DEFAULT_CONTROLS;
  const Content content = {(char*)data, size};
  Setlist list = {0};
  Message message = {""};
  enter_folder();
  if (setlist_parse(&content, PATH, &defaults, &list, &message)) {
    fuzz_check_message(&message);
    return 0;
  }
  check_setlist(&list);
  setlist_note(&list, PATH, &message);
  fuzz_check_text(message.text);
  edit_list(&list, &content);
  setlist_clear(&list);
  return 0;
}
