// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Text in lines of limited width, broken only between pieces. Any one thread.

#ifndef GRUS_CLI_WRAP_H
#define GRUS_CLI_WRAP_H

#include <stdio.h>

/// A line that is being printed
typedef struct {
  FILE* stream;
  unsigned width;  ///< Most columns of a line; 0: no limit
  unsigned indent; ///< Columns left free at the start of a line
  unsigned column; ///< Columns printed so far
} CliLine;

/// Print a piece behind a space, or on the next line if this one has no room for it
void cli_line_add(CliLine* line, const char* piece);

/// Format a piece and print it so
void cli_line_format(CliLine* line, const char* format, ...) __attribute__((format(printf, 2, 3)));

/// Print a text word by word; a newline in it starts a new line
void cli_line_add_words(CliLine* line, const char* text);

/// Start a new line
void cli_line_end(CliLine* line);

/// Return the columns of a UTF-8 text, one for each character
unsigned cli_columns_of(const char* text);

#endif
