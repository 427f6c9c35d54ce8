// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The rig's threads side by side: commands, reloads and lost servers on this one, loading on some,
// and sound on another. Built with ThreadSanitizer, which reports every race. Usage:
// test_rig_threads STEPS MODEL.json MODEL.json

#include "tests/live/client_stub.h"

#include "live/events_out.h"
#include "live/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct timespec moment = {0, 2000000};

/// Let the rig work for a moment, as its main loop does
static void
take_turns(Rig* const rig, const unsigned n)
{
  for (unsigned i = 0; i < n; ++i) {
    rig_step(rig);
    (void)nanosleep(&moment, NULL);
  }
}

static void
run_steps(Rig* const rig, const unsigned n, const char* const model)
{
  static const char* const lines[] = {"next",       "set bass 3", "save",   "reload", "entry 0",
                                      "learn gate", "get",        "status", "bypass", "list"};
  char load[4200];
  (void)snprintf(load, sizeof(load), "load %s", model);
  for (unsigned i = 0; i < n && !rig->has_failed; ++i) {
    rig_run_line(rig, i % 7 == 3 ? load : lines[i * 7 % 10], 0);
    if (i % 50 == 49) {
      stub_set_server(i % 100 == 99 ? 44100.0 : 48000.0);
    }
    take_turns(rig, 1 + i % 3);
  }
}

int
main(const int argc, char** const argv)
{
  static Rig rig;
  const LiveOptions options = {.client = {.name = "grus", .n_channels = 1, .connects = true},
                               .controls = ENGINE_DEFAULT_CONTROLS,
                               .files = argv + 2,
                               .n_files = 2};
  FILE* const output = fopen("/dev/null", "we");
  if (argc != 4 || !output) {
    return EXIT_FAILURE;
  }
  events_print_to(output);
  stub_set_server(48000.0);
  rig_init(&rig, &options, -1);
  while (!stub_player() && !rig.has_failed) {
    take_turns(&rig, 1);
  }
  run_steps(&rig, (unsigned)strtoul(argv[1], NULL, 10), argv[3]);
  const int is_bad = rig.has_failed || rig.setlist.n_entries < 2;
  rig_clear(&rig);
  (void)fclose(output);
  (void)printf("1..1\n%s 1 - commands_loading_and_sound_do_not_race\n", is_bad ? "not ok" : "ok");
  return is_bad;
}
