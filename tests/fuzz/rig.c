// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The whole rig without JACK: commands as lines, MIDI, files that change or break between them,
// servers that vanish and return at another rate. Whatever comes, once something has played, some
// entry plays whenever there is a server, its sound is finite, and all that is said can be shown.
// An input is a row of steps.

#include "live/rig.h"
#include "core/file.h"
#include "live/events_out.h"
#include "tests/fuzz/fuzz.h"
#include "tests/live/client_stub.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LIST "list.json"
#define N_FILES 3U
#define MAX_LINE 256U

static const char whole_list[] =
    "{\"entries\": [\n  {\"name\": \"One\", \"model\": \"0.json\"},\n"
    "  {\"name\": \"Two\", \"model\": \"1.json\", \"controls\": {\"bass\": 3}}]}\n";

/// The same with an entry that can't be played
static const char longer_list[] =
    "{\"entries\": [{\"name\": \"One\", \"model\": \"0.json\"}, {\"name\": \"Two\", \"model\": "
    "\"1.json\"}, {\"name\": \"Three\", \"model\": \"none.json\"}]}\n";

static char* arguments[] = {(char[]){LIST}, NULL};
static LiveOptions options;
static Rig rig;
static Content contents[2]; ///< Models

static void
hear_answer(const uint32_t asker, const char* const event, const EventField* fields,
            void* const data)
{
  (void)asker;
  (void)data;
  fuzz_check_text(event);
  for (; fields->name; ++fields) {
    if (fields->text) {
      fuzz_check_text(fields->text);
    }
  }
}

static void
write_file(const char* const path, const void* const bytes, const size_t size)
{
  FILE* const file = fopen(path, "wbe");
  fuzz_check(file && fwrite(bytes, 1, size, file) == size && !fclose(file));
}

static void
make_model(const uint32_t number)
{
  fuzz_write_model("0.json", number);
  fuzz_check(!file_read_whole("0.json", FILE_PLAIN, MODEL_FILE_MAX_SIZE, &contents[number], NULL));
}

/// Work in a folder, once
static void
enter_folder(void)
{
  if (!contents[0].bytes) {
    fuzz_check(!chdir(fuzz_folder()));
    make_model(0);
    make_model(1);
    fuzz_silence();
    events_answer_by(hear_answer, NULL);
  }
}

/// Write what a file holds: a model, a damaged one, or nothing; or the set list
static void
change_file(FuzzBytes* const input)
{
  char path[32];
  const uint32_t choice = fuzz_take(input);
  (void)snprintf(path, sizeof(path), "%u.json", choice % N_FILES);
  if (choice / 16 == 0) {
    write_file(LIST, whole_list, sizeof(whole_list) - 1);
  } else if (choice / 16 == 1) {
    const FuzzBytes text = fuzz_take_piece(input, fuzz_take_below(input, 512));
    write_file(LIST, text.bytes, text.size);
  } else if (choice / 16 == 4) {
    write_file(LIST, longer_list, sizeof(longer_list) - 1);
  } else if (choice / 16 == 2) {
    (void)unlink(path);
  } else if (choice / 16 == 3) {
    write_file(path, contents[0].bytes, contents[0].size / 2);
  } else {
    write_file(path, contents[choice / 16 % 2].bytes, contents[choice / 16 % 2].size);
  }
}

static void
start_rig(void)
{
  static const EngineControls defaults = ENGINE_DEFAULT_CONTROLS;
  for (uint32_t i = 0; i < N_FILES; ++i) {
    char path[32];
    (void)snprintf(path, sizeof(path), "%u.json", i);
    write_file(path, contents[i % 2].bytes, contents[i % 2].size);
  }
  write_file(LIST, whole_list, sizeof(whole_list) - 1);
  options = (LiveOptions){.client = {.name = "grus", .n_channels = 1, .connects = true},
                          .controls = defaults,
                          .files = arguments,
                          .n_files = 1,
                          .osc_allow = OSC_ALLOW_ALL};
  stub_set_server(48000.0);
  rig_init(&rig, &options, -1);
}

static void
play_rig(const uint32_t n_blocks)
{
  float x[STUB_BLOCK];
  for (uint32_t k = 0; k < n_blocks && stub_player(); ++k) {
    for (uint32_t i = 0; i < STUB_BLOCK; ++i) {
      x[i] = i % 2 ? 0.3F : -0.3F;
    }
    player_run(stub_player(), (const float* const[]){x}, (float* const[]){x}, STUB_BLOCK);
    for (uint32_t i = 0; i < STUB_BLOCK; ++i) {
      fuzz_check(isfinite(x[i]) && fabsf(x[i]) <= ENGINE_OUTPUT_LIMIT);
    }
    rig_step(&rig);
  }
}

/// Run a line: a usual one, or what the input says
static void
run_line(FuzzBytes* const input)
{
  static const char* const usual[] = {
      "next",         "prev",        "entry 1",        "entry Two",
      "load 2.json",  "load 0.json", "load none",      "model_next",
      "model_prev",   "set bass 3",  "set treble=-12", "model_rate 44100",
      "model_rate 0", "get",         "save",           "bypass",
      "learn bass",   "status",      "list",           "reload",
      "help",         "load .",      "set enabled 0",  "learn gate"};
  const uint32_t n_usual = sizeof(usual) / sizeof(usual[0]);
  const uint32_t choice = fuzz_take(input);
  char line[MAX_LINE] = "";
  if (choice < n_usual) {
    (void)snprintf(line, sizeof(line), "%s", usual[choice]);
  } else {
    const FuzzBytes text = fuzz_take_piece(input, choice - n_usual);
    memcpy(line, text.bytes, text.size);
  }
  rig_run_line(&rig, line, choice % 3);
}

static void
take_step(FuzzBytes* const input)
{
  static const double rates[] = {0.0, 44100.0, 48000.0, 96000.0};
  const uint32_t step = fuzz_take(input) % 8;
  if (step < 3) {
    run_line(input);
  } else if (step == 3) {
    play_rig(1 + fuzz_take(input) % 16);
  } else if (step == 4) {
    stub_set_server(rates[fuzz_take(input) % 4]);
    rig_step(&rig); // It notices before anything is played
  } else if (step == 5) {
    change_file(input);
  } else if (step == 6 && stub_player()) {
    const FuzzBytes message = fuzz_take_piece(input, 1 + fuzz_take(input) % 3);
    player_midi(stub_player(), message.bytes, message.size);
  } else {
    stub_settle_rig(&rig);
  }
}

static void
check_rig(void)
{
  stub_set_server(48000.0);
  rig.is_leaving = false;
  stub_settle_rig(&rig);
  stub_settle_rig(&rig);
  fuzz_check(stub_player() != NULL);
  play_rig(4);
  fuzz_check(rig.current < rig.setlist.n_entries);
  fuzz_check(rig.sounds->n_sounds == rig.setlist.n_entries);
  fuzz_check(rig.sounds->sounds[player_state(stub_player()).current].sound != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  FuzzBytes input = {data, size};
  enter_folder();
  start_rig();
  stub_settle_rig(&rig);
  stub_settle_rig(&rig);
  fuzz_check(stub_player() != NULL);
  while (input.size) {
    take_step(&input);
  }
  check_rig();
  rig_clear(&rig);
  return 0;
}

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  static const uint8_t commands[] = {0,   0, 3, 4, 0, 4, 7,  3, 8, 0, 16, 6, 2,  0xB0, 99,
                                     100, 3, 8, 0, 9, 0, 14, 3, 2, 0, 13, 0, 17, 0,    18};
  static const uint8_t servers[] = {4, 0, 7, 4, 1, 7, 3, 3, 5, 32, 4, 3, 7, 0, 19, 7, 5, 0, 7};
  static const uint8_t line[] = {0,   24 + 11, 's', 'e', 't', ' ', 'b',  'a', 's',
                                 's', ' ',     '-', '4', 6,   1,   0xC0, 1,   3,
                                 5,   0,       7,   7,   0,   11,  7,    3,   9};
  static const uint8_t broken[] = {5, 64, 0, 19, 7, 3, 8, 6, 1, 0xC0, 2, 3, 8, 0, 1, 0, 18, 3, 4};
  fuzz_give(seeds, "broken", broken, sizeof(broken));
  fuzz_give(seeds, "commands", commands, sizeof(commands));
  fuzz_give(seeds, "servers", servers, sizeof(servers));
  fuzz_give(seeds, "line", line, sizeof(line));
}
