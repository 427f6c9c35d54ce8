// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A command line, read by the program's table of options. Main thread, once.

#ifndef GRUS_CLI_OPTIONS_H
#define GRUS_CLI_OPTIONS_H

#include "cli/table.h"

/// What to do after reading the command line
typedef enum {
  CLI_RUN,
  CLI_DONE,    ///< Help or version was printed
  CLI_REFUSED, ///< A message was printed
} CliResult;

/// Arguments that are not options
typedef struct {
  char** items; ///< End with NULL
  int n;
} CliOperands;

/// Read the options into `options`, the program's own struct; `argv` is reordered, options first
CliResult cli_read_options(const CliProgram* program, int argc, char** argv, void* options,
                           CliOperands* operands);

/// Print "PROGRAM: ...; try 'PROGRAM --help'" and return CLI_REFUSED
CliResult cli_refuse_usage(const CliProgram* program, const char* format, ...)
    __attribute__((format(printf, 2, 3)));

/// Return the exit status for what is not CLI_RUN
int cli_exit_result(CliResult result);

#endif
