// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What is learned and saved while it plays changes only its own values in the set list's file.

#include "tests/fixtures.h"

#include "core/file.h"
#include "live/json_edit.h"
#include "live/setlist_edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const EngineControls defaults = ENGINE_DEFAULT_CONTROLS;

/// Write a set list into a file
static const char*
write_list(const char* const text)
{
  static char path[4096];
  fixture_path("edited.json", path);
  fixture_write_text(path, text);
  return path;
}

static void
assert_file_is(const char* const path, const char* const expected)
{
  Content content = {NULL, 0};
  assert_int_equal(file_read_whole(path, FILE_PLAIN, 1U << 20U, &content, NULL), STATUS_OK);
  char* const text = strndup(content.bytes, content.size);
  assert_string_equal(text, expected);
  free(text);
  content_clear(&content);
}

static MidiMap
map_with(const uint32_t cc, const MapEntry entry)
{
  MidiMap map = midi_map_default();
  map.ccs[cc] = entry;
  return map;
}

static void
a_learned_controller_changes_one_item(void** const state)
{
  (void)state;
  static const char* const cases[][2] = {
      {// Replaced, with its own spaces around it
       "{\n\t\"entries\": [{\"model\": \"a\"}],\r\n\t\"midi\": {\"map\" : [ {\"cc\":20, "
       "\"command\": \"next\"},\n {\"cc\": 99, \"command\": \"prev\"} ]}}",
       "{\n\t\"entries\": [{\"model\": \"a\"}],\r\n\t\"midi\": {\"map\" : [ {\"cc\":20, "
       "\"command\": \"next\"},\n {\"cc\": 99, \"control\": \"treble\"} ]}}"},
      {// Added, as the item before
       "{\"midi\": {\"map\": [\n    {\"cc\": 1, \"command\": \"next\"}\n  ]}, \"entries\": "
       "[{\"model\": \"}{\\\"\"}]}\n",
       "{\"midi\": {\"map\": [\n    {\"cc\": 1, \"command\": \"next\"},\n    {\"cc\": 99, "
       "\"control\": \"treble\"}\n  ]}, \"entries\": [{\"model\": \"}{\\\"\"}]}\n"},
      {"{\"midi\":{\"map\":[]},\"entries\":[{\"model\":\"a\"}]}",
       "{\"midi\":{\"map\":[{\"cc\": 99, \"control\": \"treble\"}]},\"entries\":[{\"model\":"
       "\"a\"}]}"},
      {// A byte order mark stays
       "\xEF\xBB\xBF{\"midi\":{\"map\":[]},\"entries\":[{\"model\":\"a\"}]}",
       "\xEF\xBB\xBF{\"midi\":{\"map\":[{\"cc\": 99, \"control\": \"treble\"}]},\"entries\":[{"
       "\"model\":\"a\"}]}"},
  };
  const MidiMap map = map_with(99, midi_map_whole_range(CONTROL_TREBLE));
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    const char* const path = write_list(cases[i][0]);
    Message message = {""};
    assert_int_equal(setlist_write_learned(path, &map, 99, &message), STATUS_OK);
    assert_file_is(path, cases[i][1]);
  }
}

/// With and without "midi", on one line and on several
static void
a_set_list_without_a_map_gets_the_whole_one(void** const state)
{
  (void)state;
  static const char* const lists[] = {
      "{\n    \"entries\": [\n        {\"model\": \"a\"}\n    ]\n}\n",
      "{\n  \"midi\": {\"channel\": 2},\n  \"entries\": [{\"model\": \"a\"}]\n}",
      "{\"entries\": [{\"model\": \"a\"}]}",
      "{\"midi\": {}, \"entries\": [{\"model\": \"a\"}]}",
  };
  MidiMap map = map_with(99, (MapEntry){MAP_CONTROL, CONTROL_TREBLE, -2.5F, 3.1F});
  map.ccs[7] = (MapEntry){.kind = MAP_NOTHING};
  for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); ++i) {
    const char* const path = write_list(lists[i]);
    Setlist list = {0};
    Message message = {""};
    assert_int_equal(setlist_write_learned(path, &map, 99, &message), STATUS_OK);
    assert_int_equal(setlist_read(path, &defaults, &list, &message), STATUS_OK);
    assert_int_equal(list.midi.channel, i == 1 ? 2 : 0);
    for (uint32_t cc = 0; cc < MIDI_MAP_N_CCS; ++cc) {
      assert_true(list.midi.ccs[cc].kind == map.ccs[cc].kind);
      assert_true(list.midi.ccs[cc].control == map.ccs[cc].control);
      assert_true(list.midi.ccs[cc].from == map.ccs[cc].from);
      assert_true(list.midi.ccs[cc].to == map.ccs[cc].to);
    }
    setlist_clear(&list);
  }
  Content content = {NULL, 0};
  const char* const path = write_list(lists[0]);
  assert_int_equal(setlist_write_learned(path, &map, 99, NULL), STATUS_OK);
  assert_int_equal(setlist_read_file(path, &content, NULL), STATUS_OK);
  assert_non_null(memmem(content.bytes, content.size, "\n            {\"cc\": 11, ", 24));
  content_clear(&content);
}

/// A model with knobs "Drive" and "Tone"
static ModelFile
knob_model(void)
{
  return (ModelFile){.params = {.shape = {CELL_GRU_RESET_BEFORE, 4, 3, false, 0}},
                     .knobs = {"Drive", "Tone"}};
}

static void
saved_controls_change_only_what_was_set(void** const state)
{
  (void)state;
  const ModelFile model = knob_model();
  EngineControls now = defaults;
  now.knobs[0] = 0.6F;
  now.levels.match = LEVEL_MATCH_CALIBRATED;
  now.cabinet_enabled = false;
  now.tone.bass_db = -1.0F / 3.0F;
  now.enabled = false;
  const SetlistControls controls = {1, &defaults, &now, &model};
  static const char* const cases[][2] = {
      {"{\"entries\": [\n  {\"model\": \"a\"},\n  {\"model\": \"b\"}\n]}\n",
       "{\"entries\": [\n  {\"model\": \"a\"},\n  {\"model\": \"b\", \"controls\": {\"knob_1\": "
       "0.6, \"bass\": -0.33333334, \"cabinet\": false, \"level_match\": \"calibrated\"}}\n]}\n"},
      {"{\"entries\": [{\"model\": \"a\"},\n  {\n    \"model\": \"b\",\n    \"controls\": {\n      "
       "\"cabinet\": 1,\n      \"drive\": 0.1,\n      \"level_match\": 0\n    }\n  }\n]}",
       "{\"entries\": [{\"model\": \"a\"},\n  {\n    \"model\": \"b\",\n    \"controls\": {\n      "
       "\"cabinet\": 0,\n      \"drive\": 0.6,\n      \"level_match\": 2,\n      \"bass\": "
       "-0.33333334\n    }\n  }\n]}"},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    const char* const path = write_list(cases[i][0]);
    Message message = {""};
    assert_int_equal(setlist_write_controls(path, &controls, &message), STATUS_OK);
    assert_file_is(path, cases[i][1]);
  }
}

static void
a_link_and_its_permissions_stay(void** const state)
{
  (void)state;
  static const char before[] = "{\"midi\":{\"map\":[]},\"entries\":[{\"model\":\"a\"}]}";
  char link[4096];
  struct stat info;
  const MidiMap map = map_with(99, midi_map_whole_range(CONTROL_TREBLE));
  const char* const path = write_list(before);
  fixture_path("linked.json", link);
  assert_int_equal(chmod(path, 0600), 0);
  assert_int_equal(symlink(path, link), 0);
  assert_int_equal(setlist_write_learned(link, &map, 99, NULL), STATUS_OK);
  assert_int_equal(lstat(link, &info), 0);
  assert_true(S_ISLNK(info.st_mode));
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_mode & 0777U, 0600);
  assert_file_is(path, "{\"midi\":{\"map\":[{\"cc\": 99, \"control\": "
                       "\"treble\"}]},\"entries\":[{\"model\":\"a\"}]}");
}

static void
a_file_that_is_broken_meanwhile_stays_as_it_is(void** const state)
{
  (void)state;
  const MidiMap map = midi_map_default();
  EngineControls now = defaults;
  Message message = {""};
  now.gate_db = -50.0F;
  const SetlistControls controls = {3, &defaults, &now, NULL};
  const char* path = write_list("{ broken");
  assert_int_equal(setlist_write_learned(path, &map, 99, &message), STATUS_BAD_FILE);
  assert_non_null(strstr(message.text, "edited.json: ends early, in line 1"));
  assert_file_is(path, "{ broken");
  path = write_list("{\"entries\": [{\"model\": \"a\"}]}"); // Entry 3 is no longer there
  assert_int_equal(setlist_write_controls(path, &controls, &message), STATUS_BAD_FILE);
  assert_file_is(path, "{\"entries\": [{\"model\": \"a\"}]}");
}

/// Every part of a text is found where it is
static void
items_are_found_in_any_valid_json(void** const state)
{
  (void)state;
  static const char text[] =
      " { \"a\\\"]\" : [1, \"x,]\", {\"b\": {}}, []] ,\"c\":\ttrue, \"d\": -1.5e3 }\n";
  JsonText json = {NULL, 0};
  JsonItem list;
  JsonItem item;
  assert_int_equal(json_text_init(&json, text, sizeof(text) - 1), STATUS_OK);
  const JsonSpan root = json_root(&json);
  assert_true(json_find(&json, root, "a\\\"]", &list));
  static const char* const items[] = {"1", "\"x,]\"", "{\"b\": {}}", "[]"};
  for (size_t i = 0; i < 4; ++i) {
    assert_true(json_find_item(&json, list.value, i, &item));
    assert_int_equal(item.value.end - item.value.begin, strlen(items[i]));
    assert_memory_equal(json.bytes + item.value.begin, items[i], strlen(items[i]));
  }
  assert_false(json_find_item(&json, list.value, 4, &item));
  assert_true(json_find(&json, root, "c", &item));
  assert_memory_equal(json.bytes + item.value.begin, "true,", 5);
  assert_true(json_find(&json, root, "d", &item));
  assert_int_equal(item.value.end - item.value.begin, 6);
  assert_false(json_find(&json, root, "b", &item));
  assert_false(json_first(&json, item.value, &item));
  json_text_clear(&json);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_learned_controller_changes_one_item),
      cmocka_unit_test(a_set_list_without_a_map_gets_the_whole_one),
      cmocka_unit_test(saved_controls_change_only_what_was_set),
      cmocka_unit_test(a_link_and_its_permissions_stay),
      cmocka_unit_test(a_file_that_is_broken_meanwhile_stays_as_it_is),
      cmocka_unit_test(items_are_found_in_any_valid_json),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
