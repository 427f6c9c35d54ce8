// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-live without a server: what set lists and command lines mean, and what the JACK thread does
// with orders and MIDI.

#include "core/circle.h"
#include "tests/fixtures.h"

#include "core/file.h"
#include "core/format/model_file_io.h"
#include "live/commands.h"
#include "live/loader.h"
#include "live/player.h"
#include "live/setlist.h"
#include "live/settings.h"
#include "live/sounds.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RATE 48000.0
#define BLOCK 64U

static const EngineControls defaults = ENGINE_DEFAULT_CONTROLS;
static char models[3][4096];
static char last_error[512];

static int
set_up(void** const state)
{
  static const char* const names[] = {"a.json", "b.json", "c.json"};
  (void)state;
  for (uint32_t i = 0; i < 3; ++i) {
    ModelFile file = fixture_model_file(CELL_GRU_RESET_BEFORE, fixture_size(12), 30 + i);
    fixture_skip_loudness(&file);
    fixture_path(names[i], models[i]);
    assert_int_equal(model_file_write(&file, models[i], NULL), STATUS_OK);
    model_file_clear(&file);
  }
  return 0;
}

static Status
read_list(const char* const text, Setlist* const setlist, Message* const message)
{
  char path[4096];
  fixture_path("list.json", path);
  fixture_write_text(path, text);
  return setlist_read(path, &defaults, setlist, message);
}

static void
a_set_list_says_what_is_played_and_how(void** const state)
{
  (void)state;
  Setlist list = {0};
  Message message = {""};
  const Status status = read_list(
      "{\"controls\": {\"gate\": -60, \"bass\": 3}, \"quality\": \"2x\", \"entries\": ["
      "{\"name\": \"Clean\", \"model\": \"a.json\", \"cabinet\": \"/x/112.wav\","
      " \"controls\": {\"input_level\": 3, \"bass\": -2, \"enabled\": false}},"
      "{\"model\": \"sub/b.json\", \"model_rate\": 88200}],"
      "\"midi\": {\"channel\": 3, \"programs\": false, \"map\": ["
      "{\"cc\": 20, \"control\": \"treble\", \"from\": -3, \"to\": 3}, {\"cc\": 64, \"command\": "
      "\"next\"}]}}",
      &list, &message);
  assert_string_equal(message.text, "");
  assert_int_equal(status, STATUS_OK);
  assert_int_equal(list.n_entries, 2);
  assert_int_equal(list.oversampling, 2);
  assert_string_equal(list.entries[0].name, "Clean");
  assert_string_equal(list.entries[1].name, "b");
  assert_string_equal(list.entries[0].cabinet, "/x/112.wav");
  assert_non_null(strstr(list.entries[1].model, "/sub/b.json"));
  assert_true(list.entries[1].model[0] == '/'); // Relative to the list
  assert_true(list.entries[0].controls.gate_db == -60.0F);
  assert_true(list.entries[0].controls.tone.bass_db == -2.0F);
  assert_true(list.entries[1].controls.tone.bass_db == 3.0F);
  assert_false(list.entries[0].controls.enabled);
  assert_true(list.entries[0].model_rate == 0.0);
  assert_true(list.entries[1].model_rate == 88200.0);
  assert_int_equal(list.midi.channel, 3);
  assert_false(list.midi.programs);
  assert_int_equal(list.midi.ccs[20].kind, MAP_CONTROL);
  assert_int_equal(list.midi.ccs[64].kind, MAP_NEXT);
  assert_int_equal(list.midi.ccs[7].kind, MAP_NOTHING); // A map replaces the default one
  setlist_clear(&list);
}

static void
a_bad_set_list_is_refused_with_the_reason(void** const state)
{
  (void)state;
  static const struct {
    const char* text;
    const char* reason;
  } cases[] = {
      {"", "expected a set list or a model"},
      {"{\"entries\": [", "line 1"},
      {"[]", "list.json: expected an object"},
      {"{\"entrys\": []}", "unknown key \"entrys\"; did you mean \"entries\"?"},
      {"{\"name\": \"left-pad\", \"version\": \"1.0.0\"}",
       "list.json: is neither a set list, which has \"entries\", nor a model"},
      {"{\"name\": \"a\", \"entries\": []}", "unknown key \"name\"; expected controls"},
      {"{}", "\"entries\": expected one or more"},
      {"{\"entries\": [{}]}", "entry 0: \"model\" is missing"},
      {"{\"entries\": [{\"model\": 3}]}", "\"model\": expected the path"},
      {"{\"entries\": [{\"model\": \"a\", \"gain\": 3}]}",
       "entry 0: unknown key \"gain\"; expected name, model, cabinet, controls or "
       "model_rate"},
      {"{\"entries\": [{\"model\": \"a\", \"model_rate\": 48}]}",
       "entry 0: \"model_rate\": expected 0 (the usual one) or 8000 to 768000 [Hz]"},
      {"{\"entries\": [{\"model\": \"a\", \"model_rate\": \"48k\"}]}", "\"model_rate\": expected"},
      {"{\"entries\": [{\"model\": \"a.json\", \"controls\": {\"volume\": 3}}]}",
       "no control \"volume\""},
      {"{\"entries\": [{\"model\": \"a\", \"controls\": {\"bass\": 30}}]}",
       "entry 0: bass: expected -12 to 12"},
      {"{\"entries\": [{\"model\": \"a\", \"controls\": {\"bass\": \"loud\"}}]}", "bass: expected"},
      {"{\"entries\": [{\"name\": \"Lead\", \"modle\": \"a\"}]}",
       "entry \"Lead\": unknown key \"modle\"; did you mean \"model\"?"},
      {"{\"entries\": [{\"name\": \"Lead\", \"model\": \"a\", \"controls\": {\"treble\": 30}}]}",
       "entry \"Lead\": treble: expected -12 to 12 dB"},
      {"{\"entries\": [{\"model\": \"a.json\", \"controls\": {\"trebel\": 3}}]}",
       "there is no control \"trebel\"; did you mean \"treble\"?"},
      {"{\"entries\": [{\"model\": \"a\", \"controls\": {\"level_match\": \"loud\"}}]}",
       "level_match: expected 0 to 2 (0 is raw, 1 is matched, 2 is calibrated)"},
      {"{\"entries\": [{\"model\": \"a\"},]}", "there is a comma before this bracket; remove it"},
      {"{\"entries\": [{\"model\": \"a\",}]}", "there is a comma before this bracket; remove it"},
      {"{\"entries\": [{\"model\": \"a\", \"name\": 3}]}", "\"name\": expected a text"},
      {"{\"entries\": [{\"model\": \"a\"}], \"quality\": \"8x\"}", "\"quality\": expected"},
      {"{\"entries\": [{\"model\": \"a\"}], \"midi\": {\"channel\": 17}}",
       "midi: \"channel\": expected a whole number from 0 to 16"},
      {"{\"entries\": [{\"model\": \"a\"}], \"midi\": {\"map\": [{\"cc\": 128}]}}",
       "\"cc\": expected"},
      {"{\"entries\": [{\"model\": \"a\"}], \"midi\": {\"map\": [{\"cc\": 1}]}}",
       "map 0: expected \"cc\""},
      {"{\"entries\": [{\"model\": \"a\"}], \"midi\": {\"map\": [{\"cc\": 1, \"command\": "
       "\"jump\"}]}}",
       "expected bypass, next, prev, model_next or model_prev"},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    Setlist list = {0};
    Message message = {""};
    assert_int_not_equal(read_list(cases[i].text, &list, &message), STATUS_OK);
    assert_non_null(strstr(message.text, "list.json"));
    if (!strstr(message.text, cases[i].reason)) {
      fail_msg("\"%s\" says \"%s\"", cases[i].text, message.text);
    }
    assert_int_equal(list.n_entries, 0);
  }
}

static void
a_byte_order_mark_is_skipped(void** const state)
{
  (void)state;
  Setlist list = {0};
  Message message = {""};
  assert_int_equal(
      read_list("\xEF\xBB\xBF{\"entries\": [{\"name\": \"é\", \"model\": \"a.json\"}]}", &list,
                &message),
      STATUS_OK);
  assert_string_equal(list.entries[0].name, "é");
  setlist_clear(&list);
}

static void
entries_of_one_name_are_noted(void** const state)
{
  (void)state;
  Setlist list = {0};
  Message note = {""};
  assert_int_equal(read_list("{\"entries\": [{\"name\": \"A\", \"model\": \"a.json\"}, {\"name\": "
                             "\"B\", \"model\": \"a.json\"}, {\"name\": \"A\", \"model\": "
                             "\"b.json\"}]}",
                             &list, NULL),
                   STATUS_OK);
  setlist_note(&list, "list.json", &note);
  assert_string_equal(note.text, "list.json: entries 0 and 2 have the same name, \"A\"; select the "
                                 "second by its number");
  list.n_entries = 2;
  setlist_note(&list, "list.json", &note);
  assert_string_equal(note.text, "");
  setlist_clear(&list);
}

/// Write a model with knobs "Drive" and "Tone stack"
static void
write_knob_model(const char* const name)
{
  char path[4096];
  ModelFile file = {.params =
                        fixture_params((ParamsShape){CELL_GRU_RESET_BEFORE, 4, 3, false, 0}, 5),
                    .sample_rate = RATE,
                    .name = "Knobs",
                    .knobs = {"Drive", "Tone stack"}};
  file.loudness.middle = (ModelFileLevel){true, -20.0};
  file.loudness.knobs.is_given = true;
  fixture_path(name, path);
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file);
}

static void
knobs_have_the_names_of_their_model_and_values_may_be_words(void** const state)
{
  (void)state;
  char path[4096];
  ModelFile model = {0};
  Setting setting;
  Setlist list = {0};
  Message message = {""};
  write_knob_model("knobs.json");
  assert_int_equal(read_list("{\"controls\": {\"gate\": \"off\"}, \"entries\": [{\"model\": "
                             "\"knobs.json\", \"controls\": {\"drive\": 0.6, \"Tone stack\": 0.25, "
                             "\"level_match\": \"matched\", \"cabinet\": \"off\"}}]}",
                             &list, &message),
                   STATUS_OK);
  assert_true(list.entries[0].controls.knobs[0] == 0.6F);
  assert_true(list.entries[0].controls.knobs[1] == 0.25F);
  assert_int_equal(list.entries[0].controls.levels.match, LEVEL_MATCH_MATCHED);
  assert_false(list.entries[0].controls.cabinet_enabled);
  setlist_clear(&list);
  assert_int_equal(
      read_list("{\"entries\": [{\"model\": \"knobs.json\", \"controls\": {\"driv\": 1}}, "
                "{\"model\": \"knobs.json\"}]}",
                &list, &message),
      STATUS_BAD_FILE);
  assert_non_null(strstr(message.text, "did you mean \"Drive\"?"));
  assert_int_not_equal(read_list("{\"controls\": {\"drive\": 1}, \"entries\": [{\"model\": "
                                 "\"knobs.json\"}]}",
                                 &list, &message),
                       STATUS_OK); // At the top, no model is meant
  fixture_path("knobs.json", path);
  assert_int_equal(model_file_read(path, &model, NULL), STATUS_OK);
  assert_int_equal(settings_parse("tone STACK 0.75", &model, &setting, &message), STATUS_OK);
  assert_true(setting.control == CONTROL_KNOB_2 && setting.value == 0.75F);
  assert_int_equal(settings_parse("drive = 0.5", &model, &setting, &message), STATUS_OK);
  assert_true(setting.control == CONTROL_KNOB_1 && setting.value == 0.5F);
  assert_int_equal(settings_parse("level_match Calibrated", NULL, &setting, &message), STATUS_OK);
  assert_true(setting.value == 2.0F);
  assert_int_equal(settings_parse("enabled bypass", NULL, &setting, &message), STATUS_OK);
  assert_true(setting.value == 0.0F);
  assert_int_equal(settings_parse("foo 1", &model, &setting, &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, "and this model's Drive, Tone stack"));
  assert_int_equal(settings_parse("drive 1", NULL, &setting, &message), STATUS_BAD_ARGUMENT);
  model_file_clear(&model);
}

/// A set list linked into another folder, as by a manager of dotfiles
static void
paths_of_a_linked_list_are_beside_the_link_or_the_file(void** const state)
{
  (void)state;
  char folder[4096];
  char path[4200];
  char link[4200];
  char expected[4200];
  Setlist list = {0};
  fixture_path("conf", folder);
  assert_int_equal(mkdir(folder, 0700), 0);
  fixture_path("dot.json", path);
  fixture_write_text(path, "{\"entries\": [{\"model\": \"a.json\"}, {\"model\": \"here.json\"}, "
                           "{\"model\": \"nowhere.json\"}]}");
  (void)snprintf(link, sizeof(link), "%s/here.json", folder);
  fixture_write_text(link, "{}");
  (void)snprintf(link, sizeof(link), "%s/list.json", folder);
  assert_int_equal(symlink(path, link), 0);
  assert_int_equal(setlist_read(link, &defaults, &list, NULL), STATUS_OK);
  assert_string_equal(list.entries[0].model, models[0]); // Beside the file
  (void)snprintf(expected, sizeof(expected), "%s/here.json", folder);
  assert_string_equal(list.entries[1].model, expected); // Beside the link
  (void)snprintf(expected, sizeof(expected), "%s/nowhere.json", folder);
  assert_string_equal(list.entries[2].model, expected);
  setlist_clear(&list);
}

/// A model of more than a mebibyte, which is the limit of set lists
static void
what_is_a_set_list_is_told_from_what_is_none(void** const state)
{
  (void)state;
  static char spaces[(1U << 20U) + 100];
  char path[4096];
  Content content = {NULL, 0};
  fixture_path("big.json", path);
  assert_int_equal(file_read_whole(models[0], FILE_PLAIN, MODEL_FILE_MAX_SIZE, &content, NULL),
                   STATUS_OK);
  assert_false(setlist_detect(models[0]));
  memset(spaces, ' ', sizeof(spaces));
  memcpy(spaces, content.bytes, content.size);
  content_clear(&content);
  spaces[sizeof(spaces) - 1] = '\0';
  fixture_write_text(path, spaces);
  assert_false(setlist_detect(path));
  fixture_write_text(path, "{\"entries\": [");
  assert_true(setlist_detect(path)); // To say what is wrong with it
  fixture_write_text(path, "{\"entries\": []}");
  assert_true(setlist_detect(path));
  assert_int_equal(file_replace(path, "RIFF\0\0\0\0WAVE", 12, NULL), STATUS_OK);
  assert_false(setlist_detect(path));
  assert_int_equal(mkfifo(path, 0600), -1);
  assert_int_equal(unlink(path), 0);
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_false(setlist_detect(path)); // And does not wait
}

static void
a_set_list_cut_anywhere_is_refused(void** const state)
{
  (void)state;
  static const char whole[] =
      "{\"controls\": {\"gate\": -60}, \"quality\": \"2x\", \"entries\": [{\"name\": \"é\", "
      "\"model\": \"a.json\", \"controls\": {\"enabled\": false}}], \"midi\": {\"channel\": 3, "
      "\"map\": [{\"cc\": 64, \"command\": \"next\"}]}}";
  char text[sizeof(whole)];
  Setlist list = {0};
  Message message = {""};
  for (size_t n = 0; n < sizeof(whole) - 1; ++n) {
    memcpy(text, whole, n);
    text[n] = '\0';
    assert_int_not_equal(read_list(text, &list, &message), STATUS_OK);
    assert_non_null(strstr(message.text, "list.json"));
  }
  assert_int_equal(read_list(whole, &list, &message), STATUS_OK);
  setlist_clear(&list);
}

static void
every_control_has_its_name_everywhere(void** const state)
{
  (void)state;
  for (int i = 0; i < N_CONTROLS; ++i) {
    const ControlRange range = controls_range((Control)i);
    const float low = range.low; // Exact in text
    char text[256];
    Setlist list = {0};
    Command command;
    Message message = {""};
    (void)snprintf(text, sizeof(text),
                   "{\"entries\": [{\"model\": \"a\", \"controls\": {\"%s\": %g}}], \"midi\": "
                   "{\"map\": [{\"cc\": 1, \"control\": \"%s\"}]}}",
                   range.name, (double)low, range.name);
    assert_int_equal(read_list(text, &list, &message), STATUS_OK);
    assert_true(controls_get(&list.entries[0].controls, (Control)i) == low);
    assert_true(list.midi.ccs[1].control == (Control)i && list.midi.ccs[1].to == range.high);
    setlist_clear(&list);
    (void)snprintf(text, sizeof(text), "set %s %g", range.name, (double)range.high);
    assert_int_equal(commands_parse(text, NULL, &command, &message), STATUS_OK);
    assert_true(command.setting.control == (Control)i && command.setting.value == range.high);
  }
}

static void
paths_may_be_typed_as_in_a_shell(void** const state)
{
  (void)state;
  static const char* const cases[][2] = {
      {"load 'my amp.json'", "my amp.json"},
      {"load \"it's.json\" ", "it's.json"},
      {"load ~/amps/x.json", "/home/ann/amps/x.json"},
      {"load '~/my amp.json'", "/home/ann/my amp.json"},
      {"load it's", "it's"},
      {"load 'a' or 'b'", "'a' or 'b'"},
      {"load '", "'"},
      {"load ''", "''"},
      {"load ~ann/x", "~ann/x"},
      {"entry '1'", "'1'"},
  };
  char* const kept = getenv("HOME") ? strdup(getenv("HOME")) : NULL;
  Command command;
  assert_int_equal(setenv("HOME", "/home/ann", 1), 0);
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    assert_int_equal(commands_parse(cases[i][0], NULL, &command, NULL), STATUS_OK);
    assert_string_equal(command.text, cases[i][1]);
  }
  assert_int_equal(unsetenv("HOME"), 0);
  assert_int_equal(commands_parse("load ~/x", NULL, &command, NULL), STATUS_OK);
  assert_string_equal(command.text, "~/x");
  assert_int_equal(kept ? setenv("HOME", kept, 1) : 0, 0);
  free(kept);
}

static void
lines_are_commands(void** const state)
{
  (void)state;
  static const struct {
    const char* line;
    CommandKind kind;
    float value;
  } good[] = {{"", COMMAND_NOTHING, 0.0F},
              {"  next \r", COMMAND_NEXT, 0.0F},
              {"entry 3", COMMAND_ENTRY, 0.0F},
              {"load /a b/c.json", COMMAND_LOAD, 0.0F},
              {"model_next", COMMAND_MODEL_NEXT, 0.0F},
              {"model_prev", COMMAND_MODEL_PREV, 0.0F},
              {"set gate -60", COMMAND_SET, -60.0F},
              {"set cabinet off", COMMAND_SET, 0.0F},
              {"set treb 3", COMMAND_SET, 3.0F},
              {"set gain 3", COMMAND_SET, 3.0F},
              {"learn knob_1", COMMAND_LEARN, 0.0F},
              {"quit", COMMAND_QUIT, 0.0F},
              {"model_rate 44100", COMMAND_MODEL_RATE, 0.0F}};
  static const char* const bad[] = {"nxt",         "next 3",     "model_next 2",  "entry",
                                    "set",         "set gate",   "set gate loud", "set gate 3",
                                    "set knob 1",  "set foo 1",  "learn",         "set gate nan",
                                    "learn foo",   "model_rate", "model_rate x",  "model_rate nan",
                                    "model_rate 4"};
  Command command;
  Message message;
  for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); ++i) {
    assert_int_equal(commands_parse(good[i].line, NULL, &command, &message), STATUS_OK);
    assert_int_equal(command.kind, good[i].kind);
    assert_true(command.setting.value == good[i].value);
  }
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    message.text[0] = '\0';
    assert_int_equal(commands_parse(bad[i], NULL, &command, &message), STATUS_BAD_ARGUMENT);
    assert_true(strlen(message.text) > 10);
  }
}

static void
a_mistyped_command_is_told_the_nearest(void** const state)
{
  (void)state;
  static const char* const cases[][2] = {
      {"stats", "did you mean status?"},
      {"nxet", "did you mean next?"},
      {"xyzzy", "try help"},
      {"set trebel 3", "did you mean \"treble\"?"},
      {"get knbo_1", "did you mean \"knob_1\"?"},
      {"learn gaet", "did you mean \"gate\"?"},
      {"set level_match louder", "expected 0 to 2 (0 is raw, 1 is matched"},
  };
  Command command;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    Message message = {""};
    assert_int_equal(commands_parse(cases[i][0], NULL, &command, &message), STATUS_BAD_ARGUMENT);
    if (!strstr(message.text, cases[i][1])) {
      fail_msg("\"%s\" says \"%s\"", cases[i][0], message.text);
    }
  }
}

/// Lines that commands_feed() found
typedef struct {
  uint32_t n;
  uint32_t n_too_long;
  char last[128];
} Taken;

static void
count_line(const char* const line, void* const data)
{
  Taken* const taken = (Taken*)data;
  ++taken->n;
  taken->n_too_long += line == NULL;
  (void)snprintf(taken->last, sizeof(taken->last), "%s", line ? line : "");
}

static void
pieces_of_any_size_become_lines(void** const state)
{
  (void)state;
  static CommandLines lines;
  static char megabyte[1 << 20];
  Taken taken = {0, 0, ""};
  commands_feed(&lines, "ne", 2, count_line, &taken);
  assert_int_equal(taken.n, 0);
  commands_feed(&lines, "xt\nsta", 6, count_line, &taken);
  assert_int_equal(taken.n, 1);
  assert_string_equal(taken.last, "next");
  memset(megabyte, 'x', sizeof(megabyte));
  commands_feed(&lines, megabyte, sizeof(megabyte), count_line, &taken);
  commands_feed(&lines, "\nnext\n", 6, count_line, &taken);
  assert_int_equal(taken.n, 3);
  assert_int_equal(taken.n_too_long, 1);
  assert_string_equal(taken.last, "next");
  commands_feed(&lines, "a\0b\n", 4, count_line, &taken);
  assert_string_equal(taken.last, "a b");
}

static void
keep_error(const bool is_error, const char* const text)
{
  if (is_error) {
    (void)snprintf(last_error, sizeof(last_error), "%s", text);
  }
}

/// Load the fixture's models by their numbers; 9 is a file that does not exist
static Sounds*
sounds_of(const uint32_t* const which, const uint32_t n)
{
  Setlist list = {.oversampling = 1, .midi = midi_map_default()};
  Sounds* sounds = NULL;
  for (uint32_t i = 0; i < n; ++i) {
    SetlistEntry entry = {.controls = defaults};
    (void)snprintf(entry.model, sizeof(entry.model), "%s",
                   which[i] == 9 ? "/nowhere.json" : models[which[i]]);
    assert_int_equal(setlist_add(&list, &entry, NULL), STATUS_OK);
  }
  const LoaderTask task = {&list, NULL, RATE, 1, 0, n};
  Loader* loader = NULL;
  assert_int_equal(loader_start(&task, -1, &loader), STATUS_OK);
  const Status status = loader_finish(loader, keep_error, &sounds);
  setlist_clear(&list);
  return status ? NULL : sounds;
}

static Player*
player_with(Sounds* const sounds)
{
  Player* player = NULL;
  assert_non_null(sounds);
  assert_int_equal(player_new((PlayerStart){RATE, 1, 0, NULL}, sounds, &player), STATUS_OK);
  return player;
}

/// Play `n` blocks of a sine; return the largest step in it
static double
play_blocks(Player* const player, const uint32_t n)
{
  static uint32_t time;
  static float last;
  double largest = 0.0;
  for (uint32_t k = 0; k < n; ++k) {
    float x[BLOCK];
    for (uint32_t i = 0; i < BLOCK; ++i) {
      x[i] = (float)(0.5 * sin(2.0 * PI * 220.0 * time++ / RATE));
    }
    player_run(player, (const float* const[]){x}, (float* const[]){x}, BLOCK);
    for (uint32_t i = 0; i < BLOCK; ++i) {
      assert_true(isfinite(x[i]));
      largest = fmax(largest, fabs((double)x[i] - (double)last));
      last = x[i];
    }
  }
  return largest;
}

static void
send_order(Player* const player, const Order what)
{
  assert_true(player_order(player, &what));
}

/// Take all events; return how many there were of a kind
static uint32_t
n_events(Player* const player, const EventKind kind)
{
  Event event;
  uint32_t n = 0;
  while (player_take_event(player, &event)) {
    n += event.kind == kind;
    if (event.kind == EVENT_FREED) {
      sounds_free(event.sounds);
    }
  }
  return n;
}

/// Largest step in any of the models alone
static double
largest_step_alone(void)
{
  const uint32_t all[] = {0, 1, 2};
  Player* const player = player_with(sounds_of(all, 3));
  double alone = 0.0;
  for (uint32_t i = 0; i < 3; ++i) {
    send_order(player, (Order){.kind = ORDER_SELECT, .index = i});
    (void)play_blocks(player, 100);
    alone = fmax(alone, play_blocks(player, 200));
  }
  player_free(player);
  return alone;
}

static void
a_thousand_changes_leave_no_click(void** const state)
{
  (void)state;
  const uint32_t all[] = {0, 1, 2};
  const double alone = largest_step_alone();
  Player* const player = player_with(sounds_of(all, 3));
  double largest = 0.0;
  (void)play_blocks(player, 20);
  for (uint32_t i = 0; i < (fixture_is_slow() ? 30 : 1000); ++i) {
    send_order(player, (Order){.kind = i % 5 ? ORDER_NEXT : ORDER_PREV});
    largest = fmax(largest, play_blocks(player, i % 7 ? 3 : 40)); // Mostly faster than a fade
    (void)n_events(player, EVENT_SELECTED);
  }
  assert_true(largest <= 1.1 * alone);
  player_free(player);
}

/// Play the same block of a sine with several players
static void
play_together(Player* const* const players, const uint32_t n, const uint32_t block,
              float out[][BLOCK])
{
  for (uint32_t p = 0; p < n; ++p) {
    for (uint32_t i = 0; i < BLOCK; ++i) {
      out[p][i] = (float)(0.5 * sin(0.03 * (block * BLOCK + i)));
    }
    player_run(players[p], (const float* const[]){out[p]}, (float* const[]){out[p]}, BLOCK);
  }
}

/// Compared with a player that stays on the first entry, and one that starts on the second when it
/// is chosen
static void
a_choice_plays_at_once_and_alone_after_the_cross_fade(void** const state)
{
  (void)state;
  const uint32_t both[] = {0, 1};
  Player* const players[] = {player_with(sounds_of(both, 2)), player_with(sounds_of(both, 2)),
                             player_with(sounds_of(both + 1, 1))};
  float out[3][BLOCK];
  uint32_t first = UINT32_MAX;
  uint32_t last = 0;
  for (uint32_t k = 0; k < 50; ++k) {
    play_together(players, 2, k, out);
    assert_memory_equal(out[0], out[1], sizeof(out[0]));
  }
  send_order(players[0], (Order){.kind = ORDER_SELECT, .index = 1});
  for (uint32_t k = 0; k < 100; ++k) {
    play_together(players, 3, k + 50, out);
    for (uint32_t i = 0; i < BLOCK; ++i) {
      const uint32_t frame = k * BLOCK + i;
      first = first == UINT32_MAX && fabsf(out[0][i] - out[1][i]) > 1e-6F ? frame : first;
      last = fabsf(out[0][i] - out[2][i]) > 1e-6F ? frame : last;
    }
  }
  assert_true(first < BLOCK);
  assert_true(last > 0 && last <= BLOCK + (uint32_t)(0.030 * RATE));
  for (uint32_t p = 0; p < 3; ++p) {
    player_free(players[p]);
  }
}

/// Whatever is chosen last plays in the end, and from rest
static void
the_last_choice_plays_in_the_end(void** const state)
{
  (void)state;
  const uint32_t all[] = {0, 1, 2};
  Player* const player = player_with(sounds_of(all, 3));
  static const uint32_t choices[] = {1, 0, 1, 2, 1, 1, 0, 2, 0, 1};
  for (uint32_t i = 0; i < 10; ++i) {
    send_order(player, (Order){.kind = ORDER_SELECT, .index = choices[i]});
    (void)play_blocks(player, 1 + i % 3);
  }
  (void)play_blocks(player, 100);
  float x[2][256] = {{0.0F}};
  Player* const other = player_with(sounds_of(&choices[9], 1));
  (void)play_blocks(other, 200);
  for (uint32_t k = 0; k < 375; ++k) { // Both from two seconds of silence
    memset(x, 0, sizeof(x));
    player_run(player, (const float* const[]){x[0]}, (float* const[]){x[0]}, 256);
    player_run(other, (const float* const[]){x[1]}, (float* const[]){x[1]}, 256);
  }
  fixture_guitar(x[0], 256, 1);
  memcpy(x[1], x[0], sizeof(x[0]));
  player_run(player, (const float* const[]){x[0]}, (float* const[]){x[0]}, 256);
  player_run(other, (const float* const[]){x[1]}, (float* const[]){x[1]}, 256);
  assert_true(fixture_difference(x[0], x[1], 256) < 1e-4);
  player_free(player);
  player_free(other);
}

static void
a_broken_entry_is_reported_and_skipped(void** const state)
{
  (void)state;
  const uint32_t which[] = {0, 9, 1};
  last_error[0] = '\0';
  Player* const player = player_with(sounds_of(which, 3));
  assert_non_null(strstr(last_error, "/nowhere.json"));
  send_order(player, (Order){.kind = ORDER_SELECT, .index = 1});
  (void)play_blocks(player, 1);
  assert_int_equal(n_events(player, EVENT_REFUSED), 1);
  assert_int_equal(player_state(player).current, 0);
  send_order(player, (Order){.kind = ORDER_NEXT});
  (void)play_blocks(player, 1);
  assert_int_equal(player_state(player).current, 2);
  send_order(player, (Order){.kind = ORDER_PREV});
  (void)play_blocks(player, 1);
  assert_int_equal(player_state(player).current, 0);
  player_free(player);
  const uint32_t none[] = {9, 9};
  assert_null(sounds_of(none, 2));
}

static void
sounds_change_while_playing_and_come_back_to_be_freed(void** const state)
{
  (void)state;
  const uint32_t before[] = {0, 1};
  const uint32_t after[] = {1, 2, 0};
  Player* const player = player_with(sounds_of(before, 2));
  const double alone = largest_step_alone();
  (void)play_blocks(player, 50);
  send_order(player, (Order){.kind = ORDER_NEXT}); // A fade is going on
  send_order(player, (Order){.kind = ORDER_SOUNDS, .index = 1, .sounds = sounds_of(after, 3)});
  send_order(player, (Order){.kind = ORDER_SOUNDS, .index = 2, .sounds = sounds_of(after, 3)});
  const double during = play_blocks(player, 2);
  assert_int_equal(n_events(player, EVENT_FREED), 0); // Its models are still fading out
  const double later = play_blocks(player, 300);
  assert_int_equal(n_events(player, EVENT_FREED), 2);
  assert_int_equal(player_state(player).current, 2);
  assert_true(fmax(during, later) <= 1.1 * alone);
  player_free(player);
}

static void
send_midi(Player* const player, const uint8_t a, const uint8_t b, const uint8_t c)
{
  const uint8_t message[] = {a, b, c};
  player_midi(player, message, (a & 0xF0U) == 0xC0U ? 2 : 3);
}

static void
midi_selects_turns_and_learns(void** const state)
{
  (void)state;
  const uint32_t all[] = {0, 1, 2};
  Player* const player = player_with(sounds_of(all, 3));
  Event event;
  send_midi(player, 0xC5, 2, 0); // Any channel
  (void)play_blocks(player, 1);
  assert_int_equal(player_state(player).current, 2);
  send_midi(player, 0xC0, 99, 0);
  (void)play_blocks(player, 1);
  assert_int_equal(n_events(player, EVENT_REFUSED), 1);
  send_midi(player, 0xB0, 24, 127); // Bass, all the way up
  assert_true(player_take_event(player, &event) && event.kind == EVENT_SET);
  assert_true(event.control == CONTROL_BASS && event.value == 12.0F);
  send_midi(player, 0xB0, 64, 127);
  send_midi(player, 0xB0, 64, 0); // Releasing the switch does nothing
  assert_true(player_take_event(player, &event) && event.control == CONTROL_ENABLED &&
              event.value == 0.0F);
  assert_false(player_take_event(player, &event));
  send_midi(player, 0xB0, 86, 127);
  send_midi(player, 0xB0, 86, 0);
  assert_true(player_take_event(player, &event) && event.kind == EVENT_STEP && event.n_steps == 1);
  send_midi(player, 0xB0, 85, 127);
  assert_true(player_take_event(player, &event) && event.kind == EVENT_STEP && event.n_steps == -1);
  assert_false(player_take_event(player, &event));
  send_order(player, (Order){.kind = ORDER_LEARN, .control = CONTROL_GATE});
  (void)play_blocks(player, 1);
  send_midi(player, 0xB0, 99, 10);
  assert_true(player_take_event(player, &event) && event.kind == EVENT_LEARNED &&
              event.index == 99);
  send_midi(player, 0xB0, 99, 0);
  assert_true(player_take_event(player, &event) && event.control == CONTROL_GATE &&
              event.value == -90.0F);
  player_free(player);
}

static void
floods_and_garbage_are_survived(void** const state)
{
  (void)state;
  const uint32_t all[] = {0, 1, 2};
  Player* const player = player_with(sounds_of(all, 3));
  for (uint32_t k = 0; k < 200; ++k) {
    for (uint32_t i = 0; i < 500; ++i) {
      const uint8_t bytes[] = {(uint8_t)(k * 7 + i * 13), (uint8_t)(i * 31 + k), (uint8_t)(i * 17)};
      player_midi(player, bytes, i % 4);
    }
    (void)play_blocks(player, 1);
  }
  float x[BLOCK];
  for (uint32_t i = 0; i < BLOCK; ++i) {
    x[i] = NAN;
  }
  player_run(player, (const float* const[]){x}, (float* const[]){x}, BLOCK);
  (void)play_blocks(player, 100);
  assert_int_equal(player_state(player).guard_trips, 1);
  player_free(player);
}

static void
it_fades_out_without_a_click(void** const state)
{
  (void)state;
  const uint32_t all[] = {0};
  Player* const player = player_with(sounds_of(all, 1));
  (void)play_blocks(player, 100);
  const double steady = play_blocks(player, 100);
  send_order(player, (Order){.kind = ORDER_QUIET});
  assert_true(play_blocks(player, 16) <= 1.05 * steady); // 20 ms
  assert_true(play_blocks(player, 10) == 0.0);
  player_free(player);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_set_list_says_what_is_played_and_how),
      cmocka_unit_test(a_bad_set_list_is_refused_with_the_reason),
      cmocka_unit_test(a_byte_order_mark_is_skipped),
      cmocka_unit_test(entries_of_one_name_are_noted),
      cmocka_unit_test(knobs_have_the_names_of_their_model_and_values_may_be_words),
      cmocka_unit_test(paths_of_a_linked_list_are_beside_the_link_or_the_file),
      cmocka_unit_test(what_is_a_set_list_is_told_from_what_is_none),
      cmocka_unit_test(a_set_list_cut_anywhere_is_refused),
      cmocka_unit_test(every_control_has_its_name_everywhere),
      cmocka_unit_test(lines_are_commands),
      cmocka_unit_test(paths_may_be_typed_as_in_a_shell),
      cmocka_unit_test(a_mistyped_command_is_told_the_nearest),
      cmocka_unit_test(pieces_of_any_size_become_lines),
      cmocka_unit_test(a_thousand_changes_leave_no_click),
      cmocka_unit_test(a_choice_plays_at_once_and_alone_after_the_cross_fade),
      cmocka_unit_test(the_last_choice_plays_in_the_end),
      cmocka_unit_test(a_broken_entry_is_reported_and_skipped),
      cmocka_unit_test(sounds_change_while_playing_and_come_back_to_be_freed),
      cmocka_unit_test(midi_selects_turns_and_learns),
      cmocka_unit_test(floods_and_garbage_are_survived),
      cmocka_unit_test(it_fades_out_without_a_click),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}
