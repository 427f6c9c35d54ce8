// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Closes standard output at the end, as closeout of gnulib does, because only then a full disk
// shows. A handler of exit() can't change the status that exit() was called with; _exit() can.

#include "cli/standard_output.h"

#include "cli/exit_status.h"
#include "cli/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char* watched = NULL; ///< The program
static bool is_lost = false;       ///< There was no memory for some of the output

static void
close_output(void)
{
  const bool has_failed = ferror(stdout) != 0;
  if (fflush(stdout) || has_failed) {
    (void)cli_complain(watched, "standard output: could not be written; is the disk full?");
    _exit(CLI_EXIT_FAILED);
  }
  if (is_lost) {
    (void)cli_complain(watched, "standard output: is incomplete; out of memory");
    _exit(CLI_EXIT_FAILED);
  }
}

void
cli_lose_output(void)
{
  is_lost = true;
}

bool
cli_output_is_lost(void)
{
  return is_lost;
}

void
cli_watch_output(const char* const program)
{
  if (!watched) {
    watched = program;
    (void)atexit(close_output);
  }
}
