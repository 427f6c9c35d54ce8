// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Breaks lines.

#include "cli/wrap.h"

#include <stdarg.h>
#include <string.h>

#define LONGEST_WORD 256U
#define LONGEST_PIECE 4352U ///< A path and some words

unsigned
cli_columns_of(const char* const text)
{
  unsigned n = 0;
  for (const char* c = text; *c; ++c) {
    n += ((unsigned char)*c & 0xC0U) != 0x80U; // Not a continuation of the character before
  }
  return n;
}

void
cli_line_end(CliLine* const line)
{
  (void)fputc('\n', line->stream);
  line->column = 0;
}

void
cli_line_add(CliLine* const line, const char* const piece)
{
  const unsigned n = cli_columns_of(piece);
  if (line->column > line->indent) {
    if (line->width && line->column + 1 + n > line->width) {
      cli_line_end(line);
    } else {
      (void)fputc(' ', line->stream);
      ++line->column;
    }
  }
  for (; line->column < line->indent; ++line->column) {
    (void)fputc(' ', line->stream);
  }
  (void)fputs(piece, line->stream);
  line->column += n;
}

void
cli_line_format(CliLine* const line, const char* const format, ...)
{
  char piece[LONGEST_PIECE];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(piece, sizeof(piece), format, args);
  va_end(args);
  cli_line_add(line, piece);
}

void
cli_line_add_words(CliLine* const line, const char* const text)
{
  for (const char* c = text; *c;) {
    const size_t n = strcspn(c, " \n");
    if (n) {
      char word[LONGEST_WORD];
      (void)snprintf(word, sizeof(word), "%.*s", (int)n, c);
      cli_line_add(line, word);
    }
    c += n;
    if (*c == '\n') {
      cli_line_end(line);
    }
    c += *c != '\0';
  }
}
