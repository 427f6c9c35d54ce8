// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Preloaded into a whole program (LD_PRELOAD), together with tests/allocation.c: allocation
// GRUS_FAIL_AT fails, counted from 0, and with GRUS_FAIL_LATER all after it. At the end the number
// of allocations goes to the file GRUS_FAIL_LOG. If the program crashes, a line on standard error
// says where: "crashed in" and the files of the functions that were running, the innermost first.

#include "tests/allocation.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_FRAMES 32

static void
print_text(const char* const text)
{
  (void)!write(STDERR_FILENO, text, strlen(text));
}

/// Print the files of all functions that are running but this one and the one that called it
static void
on_crash(const int number)
{
  void* frames[MAX_FRAMES];
  const int n = backtrace(frames, MAX_FRAMES);
  (void)signal(number, SIG_DFL);
  print_text("crashed in");
  for (int i = 2; i < n; ++i) {
    Dl_info info;
    if (dladdr(frames[i], &info) && info.dli_fname) {
      const char* const slash = strrchr(info.dli_fname, '/');
      print_text(" ");
      print_text(slash ? slash + 1 : info.dli_fname);
    }
  }
  print_text("\n");
  (void)raise(number);
}

__attribute__((constructor)) static void
begin_failing(void)
{
  static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
  const char* const at = getenv("GRUS_FAIL_AT");
  void* frame = NULL;
  (void)backtrace(&frame, 1); // Loads what it needs
  for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); ++i) {
    (void)signal(signals[i], on_crash);
  }
  allocation_count((AllocationFailures){.first = at ? atol(at) : ALLOCATION_NEVER,
                                        .and_later = getenv("GRUS_FAIL_LATER") != NULL});
}

__attribute__((destructor)) static void
write_count(void)
{
  const AllocationCounts counts = allocation_stop();
  const char* const path = getenv("GRUS_FAIL_LOG");
  FILE* const file = path ? fopen(path, "we") : NULL;
  if (file) {
    (void)fprintf(file, "%ld\n", counts.n_requested);
    (void)fclose(file);
  }
}
