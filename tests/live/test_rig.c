// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The rig without JACK: whatever is loaded, broken, read again or lost, nothing changes what is
// heard unless somebody asked for it, and no entry is lost. The sound is compared, bit by bit, with
// a second player that is told only what was asked for.

#include "core/random.h"
#include "tests/fixtures.h"
#include "tests/live/client_stub.h"

#include "core/file.h"
#include "core/format/model_file_io.h"
#include "live/events_out.h"
#include "live/rig.h"
#include "live/rig_server.h"

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RATE 48000.0
#define N_LISTED 3U   ///< Entries of the set list
#define N_CONTENTS 3U ///< Models that a file can hold
#define N_FILES 5U    ///< Three of the set list, two to load
#define SETTLED 16U   ///< Blocks after which no fade goes on

static const EngineControls defaults = ENGINE_DEFAULT_CONTROLS;
static const char* const file_names[N_FILES] = {"one.json", "two.json", "three.json", "four.json",
                                                "five.json"};
static char contents[N_CONTENTS][4096]; ///< Paths of whole models
static char files[N_FILES][4096];       ///< Paths of those that are played
static char list_path[4096];
static char* arguments[] = {list_path, NULL};
static LiveOptions options;
static Rig rig;
static FILE* output;
static char said[65536]; ///< Last answers, "event: text" each on a line

// What the rig says

static void
hear_answer(const uint32_t asker, const char* const event, const EventField* fields,
            void* const data)
{
  size_t n = strlen(said);
  (void)asker;
  (void)data;
  n += (size_t)snprintf(said + n, sizeof(said) - n, "%s:", event);
  for (; fields->name && n < sizeof(said) - 1; ++fields) {
    n += (size_t)(fields->text ? snprintf(said + n, sizeof(said) - n, " %s", fields->text)
                               : snprintf(said + n, sizeof(said) - n, " %g", fields->number));
  }
  if (n < sizeof(said) - 1) {
    (void)strcat(said, "\n");
  }
}

static void
assert_said(const char* const text)
{
  if (!strstr(said, text)) {
    fail_msg("\"%s\" is not in \"%s\"", text, said);
  }
}

// Files

/// Write bytes without syncing them, which would take most of the time
static void
write_bytes(const char* const path, const Content* const content)
{
  FILE* const file = fopen(path, "we");
  assert_non_null(file);
  assert_int_equal(fwrite(content->bytes, 1, content->size, file), content->size);
  assert_int_equal(fclose(file), 0);
}

static void
copy_file(const char* const from, const char* const to)
{
  Content content = {NULL, 0};
  assert_int_equal(file_read_whole(from, FILE_PLAIN, MODEL_FILE_MAX_SIZE, &content, NULL),
                   STATUS_OK);
  write_bytes(to, &content);
  content_clear(&content);
}

static void
write_list(void)
{
  fixture_write_text(
      list_path, "{\"entries\": [\n"
                 "  {\"name\": \"One\", \"model\": \"one.json\"},\n"
                 "  {\"name\": \"Two\", \"model\": \"two.json\", \"controls\": {\"bass\": 3}},\n"
                 "  {\"name\": \"Three\", \"model\": \"three.json\"}\n"
                 "]}\n");
}

static void
write_content(const uint32_t number)
{
  char name[32];
  ModelFile file = fixture_model_file(CELL_GRU_RESET_BEFORE, 4, 70 + number);
  file.loudness = (ModelFileLoudness){.middle = {true, -20.0}};
  (void)snprintf(name, sizeof(name), "content%u", number);
  fixture_path(name, contents[number]);
  assert_int_equal(model_file_write(&file, contents[number], NULL), STATUS_OK);
  model_file_clear(&file);
}

static int
set_up(void** const state)
{
  (void)state;
  fixture_path("list.json", list_path);
  for (uint32_t i = 0; i < N_CONTENTS; ++i) {
    write_content(i);
  }
  for (uint32_t i = 0; i < N_FILES; ++i) {
    fixture_path(file_names[i], files[i]);
  }
  output = fopen("/dev/null", "we");
  assert_non_null(output);
  events_print_to(output);
  return 0;
}

static int
tear_down(void** const state)
{
  (void)state;
  events_print_to(NULL);
  return fclose(output);
}

// The rig

static void
play_rig(const uint32_t n_blocks)
{
  float x[STUB_BLOCK];
  for (uint32_t k = 0; k < n_blocks && stub_player(); ++k) {
    fixture_sine(x, STUB_BLOCK, 220.0, 0.3, RATE);
    player_run(stub_player(), (const float* const[]){x}, (float* const[]){x}, STUB_BLOCK);
    rig_step(&rig);
  }
}

/// Give a command, as from the network, and let it happen
static void
say(const char* const line)
{
  said[0] = '\0';
  rig_run_line(&rig, line, 1);
  stub_settle_rig(&rig);
  play_rig(SETTLED);
  stub_settle_rig(&rig);
}

static void
start_rig(void)
{
  for (uint32_t i = 0; i < N_FILES; ++i) {
    copy_file(contents[i % N_CONTENTS], files[i]);
  }
  write_list();
  options = (LiveOptions){.client = {.name = "grus", .n_channels = 1, .connects = true},
                          .controls = defaults,
                          .files = arguments,
                          .n_files = 1,
                          .osc_allow = OSC_ALLOW_ALL};
  stub_set_server(RATE);
  rig_init(&rig, &options, -1);
  stub_settle_rig(&rig);
  stub_settle_rig(&rig);
  assert_non_null(stub_player());
  play_rig(SETTLED);
}

static int
start_test(void** const state)
{
  (void)state;
  events_answer_by(hear_answer, NULL); // None of what was printed before counts
  start_rig();
  return 0;
}

static int
end_test(void** const state)
{
  (void)state;
  rig_clear(&rig);
  return 0;
}

static void
assert_plays(const uint32_t index, const char* const name)
{
  assert_int_equal(player_state(stub_player()).current, index);
  assert_int_equal(rig.current, index);
  assert_string_equal(rig.setlist.entries[index].name, name);
}

static void
assert_listed(const uint32_t n, ...)
{
  va_list names;
  va_start(names, n);
  assert_int_equal(rig.setlist.n_entries, n);
  for (uint32_t i = 0; i < n; ++i) {
    assert_string_equal(rig.setlist.entries[i].name, va_arg(names, const char*));
  }
  va_end(names);
}

static const Sound*
playing_sound(void)
{
  return rig.sounds->sounds[rig.current].sound;
}

// Loading

static void
a_load_that_fails_changes_nothing(void** const state)
{
  (void)state;
  static const char* const broken[] = {"load /nowhere.json", "load /dev/null", "load /tmp"};
  char line[5000];
  say("entry 1");
  const Sound* const sound = playing_sound();
  for (uint32_t i = 0; i < 3; ++i) {
    say(broken[i]);
    assert_said("error: /");
    assert_null(strstr(said, "selected"));
    assert_plays(1, "Two");
    assert_listed(3, "One", "Two", "Three");
    assert_ptr_equal(playing_sound(), sound);
  }
  (void)snprintf(line, sizeof(line), "load %s", list_path);
  say(line);
  assert_said("error");
  assert_plays(1, "Two");
  assert_listed(3, "One", "Two", "Three");
}

/// Whoever asked gets the whole command, to copy
static void
a_capture_is_named_with_the_command_that_makes_it_playable(void** const state)
{
  (void)state;
  static const char capture[] =
      "{\"architecture\":\"SlimmableContainer\",\"config\":{},\"weights\":[]}";
  char line[5000];
  char path[4096];
  char command[9000];
  fixture_path("My Amp.nam", path);
  fixture_write_text(path, capture);
  (void)snprintf(line, sizeof(line), "load %s", path);
  (void)snprintf(command, sizeof(command),
                 "is a NAM capture (A2), which Grus can't play directly; to play it, learn from "
                 "it: grus-train --teacher '%s' -o 'My Amp' --install\n",
                 path);
  say(line);
  assert_said("error: ");
  assert_said(command);
  assert_listed(3, "One", "Two", "Three");
  fixture_write_text(files[1], capture);
  say("reload");
  assert_said("two.json -o two --install; the entry plays on as it was");
}

static void
a_loaded_file_is_behind_the_set_list_whatever_its_name(void** const state)
{
  (void)state;
  char line[5000];
  char path[4096];
  fixture_path("Two.json", path); // The name of an entry
  copy_file(contents[2], path);
  (void)snprintf(line, sizeof(line), "load %s", path);
  say(line);
  assert_said("selected: 3 Two");
  assert_plays(3, "Two");
  assert_listed(4, "One", "Two", "Three", "Two");
  say(line);
  assert_listed(4, "One", "Two", "Three", "Two"); // In its place again
  fixture_write_text(path, "broken");
  say(line);
  assert_said("error");
  assert_plays(3, "Two");
  (void)snprintf(line, sizeof(line), "load %s", files[3]);
  say(line);
  assert_listed(5, "One", "Two", "Three", "Two", "four");
  const uint8_t program[] = {0xC0, 1};
  player_midi(stub_player(), program, 2);
  play_rig(SETTLED);
  assert_plays(1, "Two");
  say("reload"); // Keeps what was loaded
  assert_plays(1, "Two");
  assert_listed(5, "One", "Two", "Three", "Two", "four");
  assert_int_equal(unlink(path), 0);
}

// Steps

/// Make a folder with copies of contents as models of these names, and something that is none
static void
make_folder(const char* const name, const char* const* const models, char folder[4096])
{
  char path[5000];
  fixture_path(name, folder);
  (void)mkdir(folder, 0700);
  for (uint32_t i = 0; models[i]; ++i) {
    (void)snprintf(path, sizeof(path), "%s/%s.json", folder, models[i]);
    copy_file(contents[i % N_CONTENTS], path);
  }
  (void)snprintf(path, sizeof(path), "%s/broken.json", folder);
  fixture_write_text(path, "broken");
}

static void
load_from(const char* const folder, const char* const name)
{
  char line[5000];
  (void)snprintf(line, sizeof(line), "load %s/%s.json", folder, name);
  say(line);
  assert_said("selected");
}

/// Give commands at once, and let everything happen
static void
press(const char* const line, const uint32_t n_times)
{
  for (uint32_t i = 1; i < n_times; ++i) {
    rig_run_line(&rig, line, 1);
  }
  say(line);
  play_rig(SETTLED);
  stub_settle_rig(&rig);
}

/// Return how often something was said
static uint32_t
n_said(const char* const text)
{
  uint32_t n = 0;
  for (const char* s = said; (s = strstr(s, text)); ++n, ++s) {
  }
  return n;
}

static void
a_step_plays_the_next_model_of_the_folder(void** const state)
{
  (void)state;
  static const char* const models[] = {"amp 1", "amp 2", "Amp 10", NULL};
  char folder[4096];
  make_folder("steps", models, folder);
  load_from(folder, "amp 1");
  say("set treble 4");
  press("model_next", 1);
  assert_said("selected: 4 amp 2");
  assert_plays(4, "amp 2");
  assert_string_equal(strrchr(rig.sounds->sounds[4].entry.model, '/'), "/amp 2.json");
  say("get treble");
  assert_said("control: treble 4");
  const Sound* const sound = playing_sound();
  press("model_next", 1);
  assert_plays(4, "Amp 10");
  assert_ptr_not_equal(playing_sound(), sound);
  assert_listed(5, "One", "Two", "Three", "amp 1", "Amp 10"); // In its place again
  press("model_next", 1);
  assert_said("/broken.json: ");
  assert_said("selected: 4 amp 1");
  press("model_prev", 1);
  assert_said("/broken.json: ");
  assert_plays(4, "Amp 10");
  say("get treble");
  assert_said("control: treble 4");
  say("entry 3");
  assert_plays(3, "amp 1");
  say("reload");
  assert_listed(5, "One", "Two", "Three", "amp 1", "Amp 10");
}

static void
a_step_from_the_set_list_leaves_it_as_it_was(void** const state)
{
  (void)state;
  char line[5000];
  say("entry 1");
  press("model_prev", 1);
  assert_plays(3, "three");
  assert_listed(4, "One", "Two", "Three", "three");
  say("get bass");
  assert_said("control: bass 3"); // As entry 1 has it
  (void)snprintf(line, sizeof(line), "load %s", files[2]);
  say(line); // What was stepped to stays, and the next step is another entry
  press("model_prev", 1);
  assert_listed(5, "One", "Two", "Three", "three", "one");
}

static void
steps_at_once_are_one_step_over_several_models(void** const state)
{
  (void)state;
  static const char* const models[] = {"1", "2", "3", "4", "5", NULL};
  char folder[4096];
  make_folder("presses", models, folder);
  load_from(folder, "1");
  press("model_next", 3);
  assert_plays(4, "4");
  assert_int_equal(n_said("selected"), 1);
  press("model_prev", 2);
  assert_plays(4, "2");
  rig_run_line(&rig, "model_next", 1);
  press("model_prev", 1);
  assert_int_equal(n_said("selected"), 0); // There and back
  assert_plays(4, "2");
  press("entry 0", 1);
  rig_run_line(&rig, "entry 3", 1); // A step is from the entry that was asked for before
  press("model_next", 1);
  assert_plays(4, "2");
}

/// As many presses as a foot can make while models are loaded
static void
presses_by_midi_are_never_lost(void** const state)
{
  (void)state;
  static const char* const models[] = {"1", "2", "3", "4", "5", "6", "7", NULL};
  static const uint8_t down[] = {0xB0, 86, 127};
  static const uint8_t up[] = {0xB0, 86, 0};
  char folder[4096];
  char broken[5000];
  make_folder("pedal", models, folder);
  (void)snprintf(broken, sizeof(broken), "%s/broken.json", folder);
  assert_int_equal(unlink(broken), 0); // It counts as a step, but only where one ends there
  load_from(folder, "1");
  for (uint32_t i = 0; i < 7 * 5 + 3; ++i) {
    player_midi(stub_player(), down, 3);
    player_midi(stub_player(), up, 3);
    play_rig(1); // And loads go on meanwhile
  }
  stub_settle_rig(&rig);
  play_rig(SETTLED);
  stub_settle_rig(&rig);
  play_rig(SETTLED);
  assert_plays(4, "4");
}

static void
what_cannot_be_stepped_to_is_said_and_the_sound_goes_on(void** const state)
{
  (void)state;
  static const char* const models[] = {"only", NULL};
  static const char* const none[] = {NULL};
  char folder[4096];
  char path[5000];
  make_folder("alone", models, folder);
  load_from(folder, "only");
  const Sound* const sound = playing_sound();
  press("model_next", 1);
  assert_said("/broken.json: ");
  assert_said("only.json: plays on, after steps over models that can't be played");
  (void)snprintf(path, sizeof(path), "%s/worse.json", folder);
  fixture_write_text(path, "worse");
  (void)snprintf(path, sizeof(path), "%s/only.json", folder);
  assert_int_equal(unlink(path), 0); // Now it is not among those that steps come back to
  press("model_prev", 2);
  assert_said("/broken.json: ");
  assert_said("/worse.json: ");
  assert_said("plays on");
  make_folder("alone", none, folder);
  (void)snprintf(path, sizeof(path), "%s/worse.json", folder);
  assert_int_equal(unlink(path), 0);
  (void)snprintf(path, sizeof(path), "%s/broken.json", folder);
  assert_int_equal(unlink(path), 0);
  press("model_next", 1);
  assert_said("there is no other model in this folder");
  assert_ptr_equal(playing_sound(), sound);
  assert_plays(3, "only");
}

static void
an_entry_that_breaks_on_disk_plays_on(void** const state)
{
  (void)state;
  say("entry 1");
  say("set treble 4");
  const Sound* const sound = playing_sound();
  fixture_write_text(files[1], "{ broken");
  say("reload");
  assert_said("two.json: ends early, in line 1");
  assert_said("plays on as it was");
  assert_plays(1, "Two");
  assert_ptr_equal(playing_sound(), sound);
  say("get treble");
  assert_said("control: treble 4");
  assert_int_equal(unlink(files[1]), 0);
  say("reload");
  say("reload");
  assert_plays(1, "Two");
  assert_ptr_equal(playing_sound(), sound);
  say("load /nowhere.json"); // Other failures are not repeated
  assert_null(strstr(said, "two.json"));
  copy_file(contents[2], files[1]);
  say("reload"); // Whole again, and another model
  assert_plays(1, "Two");
  assert_ptr_not_equal(playing_sound(), sound);
}

static void
a_set_list_that_is_broken_changes_nothing(void** const state)
{
  (void)state;
  say("entry 2");
  const Sound* const sound = playing_sound();
  fixture_write_text(list_path, "{\"entries\": [\n{\"model\": \"one.json\"},\n]}");
  say("reload");
  assert_said("list.json: line 3, column 1: there is a comma before this bracket");
  assert_plays(2, "Three");
  assert_ptr_equal(playing_sound(), sound);
  assert_listed(3, "One", "Two", "Three");
}

static void
a_reload_follows_the_entry_and_keeps_what_was_set(void** const state)
{
  (void)state;
  say("entry 1");
  say("set gate -60");
  say("bypass");
  const Sound* const sound = playing_sound();
  fixture_write_text(list_path, "{\"entries\": [{\"name\": \"New\", \"model\": \"three.json\"},"
                                "{\"name\": \"One\", \"model\": \"one.json\"},"
                                "{\"name\": \"Second\", \"model\": \"two.json\","
                                " \"controls\": {\"bass\": 3}}]}");
  say("reload");
  assert_plays(2, "Second"); // By its file
  assert_ptr_equal(playing_sound(), sound);
  say("get");
  assert_said("control: gate -60");
  assert_said("control: enabled 0");
  fixture_write_text(list_path, "{\"entries\": [{\"name\": \"Second\", \"model\": \"two.json\","
                                " \"controls\": {\"bass\": 5}}]}");
  say("reload");
  assert_plays(0, "Second");
  say("get");
  assert_said("control: bass 5"); // The set list changed the controls
  assert_said("control: gate -90");
  assert_said("control: enabled 0");
}

static void
many_broken_loads_leave_the_list_as_it_was(void** const state)
{
  (void)state;
  for (uint32_t i = 0; i < 140; ++i) {
    rig_run_line(&rig, "load /nowhere.json", 1);
    stub_settle_rig(&rig);
  }
  play_rig(2);
  assert_listed(3, "One", "Two", "Three");
  assert_plays(0, "One");
}

// Servers

static void
a_server_at_another_rate_plays_the_same_whatever_is_on_disk(void** const state)
{
  (void)state;
  say("entry 1");
  say("set presence 5");
  say("bypass");
  for (uint32_t i = 0; i < N_FILES; ++i) {
    assert_int_equal(unlink(files[i]), 0);
  }
  stub_set_server(0.0);
  stub_settle_rig(&rig);
  assert_null(stub_player());
  stub_set_server(44100.0);
  stub_settle_rig(&rig);
  stub_settle_rig(&rig);
  assert_non_null(stub_player());
  play_rig(SETTLED);
  assert_plays(1, "Two");
  say("get");
  assert_said("control: presence 5");
  assert_said("control: bass 3");
  assert_said("control: enabled 0");
  say("entry Three");
  assert_plays(2, "Three");
}

static void
commands_under_way_survive_the_server(void** const state)
{
  (void)state;
  rig_run_line(&rig, "entry 2", 1);
  rig_run_line(&rig, "set bass 7", 1); // Not yet seen by the JACK thread
  stub_set_server(96000.0);
  stub_settle_rig(&rig);
  stub_settle_rig(&rig);
  play_rig(2);
  assert_plays(2, "Three");
  say("get bass");
  assert_said("control: bass 7");
}

// Entries

static void
an_entry_that_cannot_be_selected_says_which_and_why(void** const state)
{
  (void)state;
  const uint8_t beyond[] = {0xC0, 40};
  said[0] = '\0';
  say("entry 40");
  assert_said("entry 40: expected a number from 0 to 2, or a name");
  say("entry Fuor");
  assert_said("entry Fuor: expected a number");
  char* text = NULL;
  size_t size = 0;
  FILE* const memory = open_memstream(&text, &size); // A pedal gets no answer
  events_print_to(memory);
  player_midi(stub_player(), beyond, 2);
  play_rig(1);
  events_print_to(output);
  assert_int_equal(fclose(memory), 0);
  assert_string_equal(text, "grus-live: MIDI program 40: there is no such entry; the 3 of the set "
                            "list are 0 to 2\n");
  free(text);
  assert_plays(0, "One");
}

static void
a_broken_entry_keeps_its_number_and_says_what_is_wrong(void** const state)
{
  (void)state;
  fixture_write_text(list_path, "{\"entries\": [{\"name\": \"One\", \"model\": \"one.json\"},"
                                "{\"name\": \"Gone\", \"model\": \"gone.json\"},"
                                "{\"name\": \"Three\", \"model\": \"three.json\"}]}");
  say("reload");
  say("list");
  assert_said("entry: 1 Gone");
  assert_said("gone.json: no such file");
  say("entry Gone");
  assert_said("entry 1, \"Gone\", could not be loaded:");
  say("next");
  assert_plays(2, "Three");
}

static void
long_names_in_any_script_are_whole(void** const state)
{
  (void)state;
  char name[SETLIST_NAME_SIZE] = "";
  char text[2 * SETLIST_NAME_SIZE];
  for (uint32_t i = 0; i < 300; ++i) {
    (void)strcat(name, i % 2 ? "ж" : "管");
  }
  (void)snprintf(text, sizeof(text),
                 "{\"entries\": [{\"name\": \"%s1\", \"model\": \"one.json\"},"
                 "{\"name\": \"%s2\", \"model\": \"two.json\"}]}",
                 name, name);
  fixture_write_text(list_path, text);
  say("reload");
  (void)snprintf(text, sizeof(text), "entry %s2", name);
  say(text);
  (void)snprintf(text, sizeof(text), "selected: 1 %s2\n", name);
  assert_said(text);
  (void)snprintf(text, sizeof(text), "entry %s3", name);
  say(text);
  assert_said("error: entry 管ж");
  assert_said("expected a number from 0 to 1");
}

// Keeping

static void
assert_list_is(const char* const expected)
{
  Content content = {NULL, 0};
  assert_int_equal(setlist_read_file(list_path, &content, NULL), STATUS_OK);
  assert_int_equal(content.size, strlen(expected));
  assert_memory_equal(content.bytes, expected, content.size);
  content_clear(&content);
}

static void
saved_controls_are_in_the_file_and_stay(void** const state)
{
  (void)state;
  say("entry 1");
  say("set bass -2.5");
  say("set level_match matched");
  say("bypass");
  say("save");
  assert_said("saved: 1 Two");
  assert_list_is("{\"entries\": [\n"
                 "  {\"name\": \"One\", \"model\": \"one.json\"},\n"
                 "  {\"name\": \"Two\", \"model\": \"two.json\", \"controls\": {\"bass\": -2.5, "
                 "\"level_match\": \"matched\"}},\n"
                 "  {\"name\": \"Three\", \"model\": \"three.json\"}\n"
                 "]}\n");
  say("next");
  say("prev");
  say("get bass");
  assert_said("control: bass -2.5");
  say("reload");
  say("get bass");
  assert_said("control: bass -2.5");
  assert_plays(1, "Two");
}

static double
rate_of(const uint32_t index)
{
  return rig.sounds->sounds[index].files->model.sample_rate;
}

static void
a_model_rate_is_heard_at_once_and_kept_in_the_file(void** const state)
{
  (void)state;
  fixture_write_guitarml(files[1], 0.0);
  say("reload");
  assert_said("two.json: gives no sample rate, 44100 Hz is assumed; model_rate sets another");
  say("entry 1");
  say("set treble 4");
  const Sound* sound = playing_sound();
  say("model_rate 48000");
  assert_said("note: ");
  assert_said("two.json: gives no sample rate, 48000 Hz is taken from model_rate");
  assert_said("model_rate: 1 Two 48000");
  assert_plays(1, "Two");
  assert_ptr_not_equal(playing_sound(), sound);
  assert_true(rate_of(1) == 48000.0);
  assert_list_is("{\"entries\": [\n"
                 "  {\"name\": \"One\", \"model\": \"one.json\"},\n"
                 "  {\"name\": \"Two\", \"model\": \"two.json\", \"controls\": {\"bass\": 3}, "
                 "\"model_rate\": 48000},\n"
                 "  {\"name\": \"Three\", \"model\": \"three.json\"}\n"
                 "]}\n");
  say("get treble");
  assert_said("control: treble 4");
  sound = playing_sound();
  say("reload"); // The file has it
  assert_ptr_equal(playing_sound(), sound);
  assert_null(strstr(said, "model_rate"));
  say("model_rate 0");
  assert_said("model_rate: 1 Two 0");
  assert_true(rate_of(1) == 44100.0);
  say("reload");
  assert_true(rate_of(1) == 44100.0);
  assert_plays(1, "Two");
}

static void
a_model_rate_is_only_for_files_that_give_none(void** const state)
{
  (void)state;
  char line[5000];
  say("model_rate 96000");
  assert_said("one.json: is for 48000 Hz, as it says; 96000 Hz from model_rate is ignored");
  assert_true(rate_of(0) == 48000.0);
  say("model_rate 48");
  assert_said("error: model_rate 48: expected 0 (the usual one) or 8000 to 768000 [Hz]");
  fixture_write_guitarml(files[4], 0.0); // Not in the set list
  (void)snprintf(line, sizeof(line), "load %s", files[4]);
  say(line);
  say("model_rate 88200");
  assert_said("model_rate: 3 five 88200");
  assert_plays(3, "five");
  assert_true(rate_of(3) == 88200.0);
  fixture_write_text(files[4], "broken");
  const Sound* const sound = playing_sound();
  say("model_rate 96000");
  assert_said("error: ");
  assert_null(strstr(said, "model_rate:"));
  assert_plays(3, "five");
  assert_ptr_equal(playing_sound(), sound);
  assert_true(rate_of(3) == 88200.0);
  stub_set_server(44100.0); // The next server gets it, too
  rig_step(&rig);
  stub_settle_rig(&rig);
  stub_settle_rig(&rig);
  assert_true(rate_of(3) == 88200.0);
}

static void
the_command_line_gives_a_model_rate_to_all(void** const state)
{
  (void)state;
  fixture_write_guitarml(files[0], 0.0);
  fixture_write_guitarml(files[1], 0.0);
  fixture_write_text(list_path, "{\"entries\": [{\"model\": \"one.json\"}, "
                                "{\"model\": \"two.json\", \"model_rate\": 96000}]}");
  options.model_rate = 48000.0;
  say("reload");
  assert_true(rate_of(0) == 48000.0);
  assert_true(rate_of(1) == 96000.0);
}

/// Write a model that was captured with its cabinet
static void
write_rig_model(const char* const path)
{
  ModelFile file = fixture_staged_file(4, 300, 70);
  file.stage_is_cabinet = true;
  file.loudness = (ModelFileLoudness){.middle = {true, -20.0}};
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file);
}

/// Write a cabinet beside the set list
static void
write_cabinet(const char* const name)
{
  SF_INFO info = {
      .samplerate = (int)RATE, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  const float taps[] = {0.5F, 0.25F};
  char path[FILE_MAX_PATH];
  fixture_path(name, path);
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  assert_non_null(file);
  assert_int_equal(sf_write_float(file, taps, 2), 2);
  (void)sf_close(file);
}

/// Check that the rig printed these lines about cabinets, and no others
static void
assert_printed(const char* const path, const char* const expected)
{
  char line[STATUS_MESSAGE_SIZE];
  char found[1024] = "";
  FILE* const file = fopen(path, "re");
  assert_non_null(file);
  while (fgets(line, sizeof(line), file)) {
    if (!strncmp(line, "cabinet: ", 9)) {
      (void)strcat(found, line);
    }
  }
  (void)fclose(file);
  assert_string_equal(found, expected);
}

static void
a_rig_is_heard_as_captured_without_or_with_the_cabinet_of_its_entry(void** const state)
{
  (void)state;
  char path[FILE_MAX_PATH];
  fixture_path("printed", path);
  FILE* const printed = fopen(path, "we");
  assert_non_null(printed);
  write_rig_model(files[0]);
  write_cabinet("own.wav");
  fixture_write_text(
      list_path, "{\"entries\": [{\"name\": \"Captured\", \"model\": \"one.json\"},"
                 " {\"name\": \"Own\", \"model\": \"one.json\", \"cabinet\": \"own.wav\"},"
                 " {\"name\": \"Off\", \"model\": \"one.json\", \"controls\": {\"cabinet\": 0}}]}");
  events_print_to(printed);
  say("reload");
  say("status");
  assert_said(" as captured\n");
  say("entry Own");
  say("status");
  assert_said(" own cabinet\n");
  say("set cabinet off");
  say("set cabinet on");
  say("entry Off");
  say("status");
  assert_said(" without cabinet\n");
  events_print_to(output);
  (void)fclose(printed);
  assert_printed(path, "cabinet: as captured\ncabinet: own cabinet\ncabinet: without cabinet\n"
                       "cabinet: own cabinet\ncabinet: without cabinet\n");
}

static void
a_learned_controller_says_what_it_did_before(void** const state)
{
  (void)state;
  const uint8_t move[] = {0xB0, 11, 100};
  const uint8_t back[] = {0xB0, 11, 0};
  say("learn treble");
  assert_said("note: learn treble: move the pedal or knob within 10 s");
  player_midi(stub_player(), move, 3);
  rig_step(&rig);
  assert_said("learned: 11 treble input_level");
  player_midi(stub_player(), back, 3);
  play_rig(1);
  say("get treble");
  assert_said("control: treble -12");
  say("reload"); // The file has it
  player_midi(stub_player(), move, 3);
  play_rig(1);
  say("get treble");
  assert_null(strstr(said, "treble -12"));
}

/// While the loader is at work
static void
what_is_learned_and_saved_during_a_load_is_kept(void** const state)
{
  (void)state;
  for (uint32_t i = 0; i < 2; ++i) {
    const uint8_t move[] = {0xB0, (uint8_t)(90 + i), 127};
    const uint8_t back[] = {0xB0, (uint8_t)(90 + i), 0};
    char line[5000];
    say("entry 0");
    say("set treble 3");
    (void)snprintf(line, sizeof(line), "%s%s", i ? "load " : "reload", i ? files[3] : "");
    rig_run_line(&rig, line, 1);
    rig_step(&rig); // Starts loading, and is not waited for
    assert_non_null(rig.loader);
    rig_run_line(&rig, i ? "learn presence" : "learn middle", 1);
    rig_run_line(&rig, "save", 1);
    player_run(stub_player(), (const float* const[]){NULL}, (float* const[]){NULL}, 0);
    player_midi(stub_player(), move, 3);
    stub_settle_rig(&rig);
    play_rig(SETTLED);
    say("entry 0");
    say("get treble");
    assert_said("control: treble 3");
    player_midi(stub_player(), back, 3);
    play_rig(1);
    say(i ? "get presence" : "get middle");
    assert_said("-12");
  }
}

static void
the_network_may_be_allowed_only_to_play(void** const state)
{
  (void)state;
  static const char* const refused[] = {"load /x", "save", "learn bass",
                                        "reload",  "quit", "model_rate 48000"};
  options.osc_allow = OSC_ALLOW_PLAY;
  for (uint32_t i = 0; i < 6; ++i) {
    say(refused[i]);
    assert_said("--osc-allow=all");
  }
  assert_false(rig.is_leaving);
  say("next");
  assert_plays(1, "Two");
  press("model_prev", 1);
  assert_plays(3, "three");
  rig_run_line(&rig, "quit", 0); // Not from the network
  assert_true(rig.is_leaving);
}

// Soak

/// What was asked for
typedef struct {
  uint32_t current;
  uint32_t n_entries;
  uint32_t on_disk[N_FILES]; ///< Content of each file; N_CONTENTS: broken
  uint32_t in_use[N_FILES];  ///< Content that was read last
  uint32_t file_of[8];       ///< By entry
  EngineControls listed[8];  ///< By entry
  EngineControls controls;
  double rate;
  Player* twin;   ///< Told only that
  Sounds* pool;   ///< Its sounds
  uint64_t frame; ///< Of the input
} Wanted;

static Wanted wanted;
static Random chance;

static uint32_t
choose(const uint32_t n)
{
  return (uint32_t)random_between(&chance, 0.0, (double)n) % n;
}

/// The twin has an entry for each entry with each content
static uint32_t
pool_index(const uint32_t entry)
{
  return entry * N_CONTENTS + wanted.in_use[wanted.file_of[entry]];
}

static void
ignore_remark(const bool is_error, const char* const text)
{
  (void)is_error;
  (void)text;
}

static Sounds*
load_pool(void)
{
  Setlist list = {.oversampling = 1, .midi = midi_map_default()};
  Sounds* sounds = NULL;
  Loader* loader = NULL;
  for (uint32_t i = 0; i < N_FILES * N_CONTENTS; ++i) {
    SetlistEntry entry = {.controls = defaults};
    (void)snprintf(entry.model, sizeof(entry.model), "%s", contents[i % N_CONTENTS]);
    assert_int_equal(setlist_add(&list, &entry, NULL), STATUS_OK);
  }
  const LoaderTask task = {&list, wanted.pool, wanted.rate, 1, 0, wanted.pool ? 0 : list.n_entries};
  assert_int_equal(loader_start(&task, -1, &loader), STATUS_OK);
  assert_int_equal(loader_finish(loader, ignore_remark, &sounds), STATUS_OK);
  setlist_clear(&list);
  return sounds;
}

static void
start_twin(void)
{
  Sounds* const sounds = load_pool();
  const PlayerStart start = {wanted.rate, 1, pool_index(wanted.current), &wanted.controls};
  sounds_free(wanted.pool);
  wanted.pool = sounds_copy(sounds);
  player_free(wanted.twin);
  assert_int_equal(player_new(start, sounds, &wanted.twin), STATUS_OK);
}

static void
order_twin(const Order order)
{
  assert_true(player_order(wanted.twin, &order));
}

/// Tell the twin what plays now
static void
change_twin(void)
{
  order_twin((Order){.kind = ORDER_SELECT, .index = pool_index(wanted.current)});
  for (int i = 0; i < N_CONTROLS; ++i) {
    order_twin((Order){.kind = ORDER_SET,
                       .control = (Control)i,
                       .value = controls_get(&wanted.controls, (Control)i)});
  }
}

/// Play rig and twin; they must sound alike to the last bit
static void
play_both(const uint32_t n_blocks)
{
  float x[STUB_BLOCK];
  float y[STUB_BLOCK];
  Event event;
  for (uint32_t k = 0; k < n_blocks; ++k) {
    for (uint32_t i = 0; i < STUB_BLOCK; ++i, ++wanted.frame) {
      x[i] = y[i] = (float)(0.3 * sin(0.03 * (double)(wanted.frame % 100000)));
    }
    player_run(stub_player(), (const float* const[]){x}, (float* const[]){x}, STUB_BLOCK);
    player_run(wanted.twin, (const float* const[]){y}, (float* const[]){y}, STUB_BLOCK);
    assert_memory_equal(x, y, sizeof(x));
    rig_step(&rig);
    while (player_take_event(wanted.twin, &event)) {
    }
  }
}

static void
want_entry(const uint32_t index)
{
  const bool enabled = wanted.controls.enabled;
  wanted.current = index;
  wanted.controls = wanted.listed[index];
  wanted.controls.enabled = enabled;
}

static void
soak_selection(void)
{
  static const char* const lines[] = {"next", "prev"};
  char line[32];
  const uint32_t kind = choose(4);
  const uint32_t index = choose(wanted.n_entries + 2);
  const uint8_t program[] = {0xC3, (uint8_t)index};
  if (kind < 2) {
    rig_run_line(&rig, lines[kind], 1);
    want_entry((wanted.current + (kind ? wanted.n_entries - 1 : 1)) % wanted.n_entries);
    return;
  }
  (void)snprintf(line, sizeof(line), "entry %u", index);
  if (kind == 2) {
    rig_run_line(&rig, line, 1);
  } else {
    player_midi(stub_player(), program, 2);
  }
  if (index < wanted.n_entries) {
    want_entry(index);
  }
}

static void
soak_setting(void)
{
  char line[64];
  const Control control = (Control)choose(N_CONTROLS);
  const ControlRange range = controls_range(control);
  const bool is_whole = range.kind == CONTROL_KIND_SWITCH || range.kind == CONTROL_KIND_CHOICE;
  const float value =
      is_whole ? (float)choose((uint32_t)range.high + 1)
               : rintf((float)random_between(&chance, (double)range.low, (double)range.high));
  (void)snprintf(line, sizeof(line), "set %s %g", range.name, (double)value);
  if (control == CONTROL_OUTPUT_LEVEL || control == CONTROL_GATE) {
    return; // All would be alike in silence
  }
  rig_run_line(&rig, line, 1);
  controls_set(&wanted.controls, control, value);
}

static void
soak_controller(void)
{
  const uint8_t message[] = {0xB0, 24, (uint8_t)choose(128)};
  player_midi(stub_player(), message, 3); // Bass
  controls_set(&wanted.controls, CONTROL_BASS, -12.0F + 24.0F * (float)message[2] / 127.0F);
}

static void
soak_nonsense(void)
{
  static const char* const lines[] = {"",         "nxt",       "entry",     "set bass loud",
                                      "get",      "status",    "list",      "load",
                                      "entry -1", "set x 1",   "get bass",  "load /nowhere.json",
                                      "learn",    "learn foo", "load /tmp", "load /dev/null"};
  rig_run_line(&rig, lines[choose(16)], 1);
}

/// Break a file, or write a model into it; nobody asks to read it
static void
soak_disk(void)
{
  const uint32_t file = choose(N_FILES);
  const uint32_t content = choose(N_CONTENTS + 2);
  wanted.on_disk[file] = content < N_CONTENTS ? content : N_CONTENTS;
  if (content < N_CONTENTS) {
    copy_file(contents[content], files[file]);
  } else if (content == N_CONTENTS) {
    fixture_write_text(files[file], "{\"layers\": [");
  } else {
    (void)unlink(files[file]);
  }
}

static void
soak_load(void)
{
  char line[5000];
  const uint32_t file = N_LISTED + choose(N_FILES - N_LISTED);
  uint32_t entry = N_LISTED;
  (void)snprintf(line, sizeof(line), "load %s", files[file]);
  rig_run_line(&rig, line, 1);
  stub_settle_rig(&rig);
  if (wanted.on_disk[file] == N_CONTENTS) {
    return;
  }
  while (entry < wanted.n_entries && wanted.file_of[entry] != file) {
    ++entry;
  }
  wanted.n_entries += entry == wanted.n_entries;
  wanted.file_of[entry] = file;
  wanted.listed[entry] = defaults;
  wanted.in_use[file] = wanted.on_disk[file];
  want_entry(entry);
}

static void
soak_reload(void)
{
  rig_run_line(&rig, "reload", 1);
  if (!choose(3)) {
    rig_run_line(&rig, "reload", 1);
  }
  stub_settle_rig(&rig);
  for (uint32_t i = 0; i < wanted.n_entries; ++i) {
    const uint32_t file = wanted.file_of[i];
    wanted.in_use[file] =
        wanted.on_disk[file] < N_CONTENTS ? wanted.on_disk[file] : wanted.in_use[file];
  }
}

/// Read a set list that is broken
static void
soak_broken_list(void)
{
  Content content = {NULL, 0};
  assert_int_equal(setlist_read_file(list_path, &content, NULL), STATUS_OK);
  assert_int_equal(truncate(list_path, (off_t)choose((uint32_t)content.size - 4)), 0);
  rig_run_line(&rig, "reload", 1);
  stub_settle_rig(&rig);
  write_bytes(list_path, &content);
  content_clear(&content);
}

static void
soak_save(void)
{
  const bool enabled = wanted.listed[wanted.current].enabled;
  rig_run_line(&rig, "save", 1);
  wanted.listed[wanted.current] = wanted.controls;
  wanted.listed[wanted.current].enabled = enabled;
}

static void
soak_server(void)
{
  static const double rates[] = {48000.0, 44100.0, 48000.0, 96000.0};
  wanted.rate = rates[choose(4)];
  stub_set_server(0.0);
  stub_settle_rig(&rig);
  if (!choose(2)) {
    rig_run_line(&rig, "reload", 1); // Without a server
    stub_settle_rig(&rig);
    for (uint32_t i = 0; i < wanted.n_entries; ++i) {
      const uint32_t file = wanted.file_of[i];
      wanted.in_use[file] =
          wanted.on_disk[file] < N_CONTENTS ? wanted.on_disk[file] : wanted.in_use[file];
    }
  }
  stub_set_server(wanted.rate);
  stub_settle_rig(&rig);
  stub_settle_rig(&rig);
  assert_non_null(stub_player());
  start_twin();
}

static void
soak_bypass(void)
{
  rig_run_line(&rig, "bypass", 1);
  wanted.controls.enabled = !wanted.controls.enabled;
}

/// Do something; return false if it was done to the twin, too
static bool
soak_step(void)
{
  const uint32_t kind = choose(100);
  if (kind < 30) {
    soak_selection();
  } else if (kind < 50) {
    soak_setting();
  } else if (kind < 55) {
    soak_controller();
  } else if (kind < 60) {
    soak_bypass();
  } else if (kind < 68) {
    soak_nonsense();
  } else if (kind < 80) {
    soak_disk();
  } else {
    play_both(2 * SETTLED);
    if (kind < 87) {
      soak_load();
    } else if (kind < 93) {
      soak_reload();
    } else if (kind < 95) {
      soak_broken_list();
    } else if (kind < 98) {
      soak_save();
    } else {
      soak_server();
      return false;
    }
  }
  return true;
}

static void
check_entries(void)
{
  static const char* const names[N_LISTED] = {"One", "Two", "Three"};
  assert_int_equal(rig.setlist.n_entries, wanted.n_entries);
  for (uint32_t i = 0; i < wanted.n_entries; ++i) {
    assert_string_equal(rig.setlist.entries[i].model, files[wanted.file_of[i]]);
    if (i < N_LISTED) {
      assert_string_equal(rig.setlist.entries[i].name, names[i]);
    }
  }
}

/// How many events; GRUS_SOAK_EVENTS says it
static uint32_t
n_soak_events(void)
{
  const char* const given = getenv("GRUS_SOAK_EVENTS");
  return given ? (uint32_t)strtoul(given, NULL, 10) : fixture_is_slow() ? 30 : 200;
}

static void
begin_wanting(void)
{
  wanted = (Wanted){.n_entries = N_LISTED, .rate = RATE, .controls = defaults};
  for (uint32_t i = 0; i < N_FILES; ++i) {
    wanted.on_disk[i] = wanted.in_use[i] = i % N_CONTENTS;
  }
  for (uint32_t i = 0; i < N_LISTED; ++i) {
    wanted.file_of[i] = i;
    wanted.listed[i] = defaults;
  }
  wanted.listed[1].tone.bass_db = 3.0F;
  stub_set_server(RATE); // Both from rest
  stub_settle_rig(&rig);
  stub_settle_rig(&rig);
  start_twin();
}

static void
nothing_changes_that_nobody_asked_for(void** const state)
{
  (void)state;
  chance = random_for(1, 2);
  begin_wanting();
  for (uint32_t i = 0; i < n_soak_events(); ++i) {
    if (soak_step()) {
      change_twin();
    }
    stub_settle_rig(&rig);
    play_both(1 + choose(3));
    said[0] = '\0';
    assert_int_equal(player_state(stub_player()).current, wanted.current);
    check_entries();
  }
  player_free(wanted.twin);
  sounds_free(wanted.pool);
}

#define RIG_TEST(name) cmocka_unit_test_setup_teardown(name, start_test, end_test)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      RIG_TEST(a_load_that_fails_changes_nothing),
      RIG_TEST(a_capture_is_named_with_the_command_that_makes_it_playable),
      RIG_TEST(a_loaded_file_is_behind_the_set_list_whatever_its_name),
      RIG_TEST(a_step_plays_the_next_model_of_the_folder),
      RIG_TEST(a_step_from_the_set_list_leaves_it_as_it_was),
      RIG_TEST(steps_at_once_are_one_step_over_several_models),
      RIG_TEST(presses_by_midi_are_never_lost),
      RIG_TEST(what_cannot_be_stepped_to_is_said_and_the_sound_goes_on),
      RIG_TEST(an_entry_that_breaks_on_disk_plays_on),
      RIG_TEST(a_set_list_that_is_broken_changes_nothing),
      RIG_TEST(a_reload_follows_the_entry_and_keeps_what_was_set),
      RIG_TEST(many_broken_loads_leave_the_list_as_it_was),
      RIG_TEST(a_server_at_another_rate_plays_the_same_whatever_is_on_disk),
      RIG_TEST(commands_under_way_survive_the_server),
      RIG_TEST(an_entry_that_cannot_be_selected_says_which_and_why),
      RIG_TEST(a_broken_entry_keeps_its_number_and_says_what_is_wrong),
      RIG_TEST(long_names_in_any_script_are_whole),
      RIG_TEST(saved_controls_are_in_the_file_and_stay),
      RIG_TEST(a_model_rate_is_heard_at_once_and_kept_in_the_file),
      RIG_TEST(a_model_rate_is_only_for_files_that_give_none),
      RIG_TEST(the_command_line_gives_a_model_rate_to_all),
      RIG_TEST(a_rig_is_heard_as_captured_without_or_with_the_cabinet_of_its_entry),
      RIG_TEST(a_learned_controller_says_what_it_did_before),
      RIG_TEST(what_is_learned_and_saved_during_a_load_is_kept),
      RIG_TEST(the_network_may_be_allowed_only_to_play),
      RIG_TEST(nothing_changes_that_nobody_asked_for),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
