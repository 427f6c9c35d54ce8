// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Prints messages.

#include "cli/message.h"

#include <stdarg.h>
#include <stdio.h>

bool
cli_complain(const char* const program, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  (void)fflush(stdout); // Both may go to one log, in the order in which they were printed
  (void)fprintf(stderr, "%s: ", program);
  (void)vfprintf(stderr, format, args);
  (void)fputc('\n', stderr);
  va_end(args);
  return false;
}
