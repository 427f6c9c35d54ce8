// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The help text of a program, made from its table of options: no line over 80 columns. Any one
/// thread.

#ifndef GRUS_CLI_HELP_H
#define GRUS_CLI_HELP_H

#include "cli/table.h"

#include <stdio.h>

#define CLI_HELP_WIDTH 80U  ///< Most columns of a line
#define CLI_HELP_COLUMN 28U ///< Where the descriptions are

/// Ends the help text and what --version prints
#define CLI_LICENCE "ISC licence: you may use, change and share it; there is no warranty."

void cli_print_help(const CliProgram* program, FILE* stream);

/// Print a row of a list: `left`, and `text` in the column of descriptions
void cli_print_help_row(const char* left, const char* text, FILE* stream);

#endif
