// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Asks the environment and the terminal, and writes over the last line.

#include "cli/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MAX_COLUMNS 10000
#define DEFAULT_COLUMNS 80U

unsigned
cli_terminal_columns(void)
{
  if (!isatty(STDOUT_FILENO)) {
    return 0;
  }
  const char* const text = getenv("COLUMNS");
  const long columns = text ? strtol(text, NULL, 10) : 0;
  if (columns > 0 && columns <= MAX_COLUMNS) {
    return (unsigned)columns;
  }
  struct winsize window = {0};
  return !ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) && window.ws_col ? window.ws_col
                                                                     : DEFAULT_COLUMNS;
}

void
cli_terminal_overwrite(const char* const text)
{
  const unsigned columns = cli_terminal_columns();
  if (columns) {
    (void)printf("\r\033[K%.*s", (int)columns - 1, text);
    (void)fflush(stdout);
  }
}
