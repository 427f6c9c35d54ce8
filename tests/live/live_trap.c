// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Preloaded into grus-live (LD_PRELOAD), it runs the process callback under the trap of
// tests/trap.h, on a real server, and at the end writes a line of results to the file
// GRUS_TRAP_LOG. GRUS_TRAP_PLANT is what it does in the callback that is forbidden, to show that
// the trap works: trap_plant().
//
// "worst" is the processor time of the slowest block. Unlike JACK's xruns, it does not depend on
// what else the machine does.

#include "tests/trap.h"

#include <jack/jack.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_FREE_BLOCKS 4U ///< The first ones: the linker may bind symbols in them

typedef int (*SetProcessCallback)(jack_client_t* client, JackProcessCallback process, void* data);

static JackProcessCallback process;
static unsigned n_blocks = 0;
static bool has_system_calls = false;
static const char* planted = NULL;
static double worst_seconds = 0.0;

/// Return the processor time of the calling thread [s]
static double
processor_time(void)
{
  struct timespec now;
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/// On the audio thread
static int
run_trapped(const jack_nframes_t n_frames, void* const data)
{
  static _Thread_local unsigned n_seen = 0;
  if (n_seen == 0) {
    has_system_calls = trap_system_calls();
  }
  if (++n_seen <= N_FREE_BLOCKS) {
    return process(n_frames, data);
  }
  const double begin = processor_time();
  trap_arm();
  const int result = process(n_frames, data);
  trap_plant(planted);
  trap_disarm();
  const double seconds = processor_time() - begin;
  worst_seconds = seconds > worst_seconds ? seconds : worst_seconds;
  ++n_blocks;
  return result;
}

/// Called in place of JACK's function
__attribute__((visibility("default"))) int
jack_set_process_callback(jack_client_t* const client, const JackProcessCallback callback,
                          void* const data)
{
  SetProcessCallback real = NULL;
  void* const symbol = dlsym(RTLD_NEXT, "jack_set_process_callback");
  memcpy(&real, &symbol, sizeof(symbol));
  process = callback;
  planted = getenv("GRUS_TRAP_PLANT");
  return real(client, run_trapped, data);
}

__attribute__((destructor)) static void
write_results(void)
{
  const char* const path = getenv("GRUS_TRAP_LOG");
  FILE* const file = path && n_blocks ? fopen(path, "we") : NULL;
  if (file) {
    const TrapCounts counts = trap_counts();
    (void)fprintf(file, "%u blocks, %u forbidden calls %s, %s %d system calls %d, worst %.0f us\n",
                  n_blocks, counts.n_calls, counts.last_call,
                  has_system_calls ? "trapped" : "untrapped", counts.n_system_calls,
                  counts.last_system_call, 1e6 * worst_seconds);
    (void)fclose(file);
  }
}
