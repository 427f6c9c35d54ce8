// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Lays out the help text.

#include "cli/help.h"

#include "cli/wrap.h"

#include <string.h>

#define LONGEST_LEFT 256U

void
cli_print_help_row(const char* const left, const char* const text, FILE* const stream)
{
  CliLine line = {stream, CLI_HELP_WIDTH, CLI_HELP_COLUMN, cli_columns_of(left)};
  (void)fputs(left, stream);
  if (line.column + 2 > CLI_HELP_COLUMN) {
    cli_line_end(&line);
  }
  cli_line_add_words(&line, text);
  cli_line_end(&line);
}

static void
print_paragraph(const char* const text, FILE* const stream)
{
  CliLine line = {.stream = stream, .width = CLI_HELP_WIDTH};
  cli_line_add_words(&line, text);
  cli_line_end(&line);
}

/// Print "Usage: PROGRAM ..." for each way to call it
static void
print_usage(const CliProgram* const program, FILE* const stream)
{
  const size_t n_usages = sizeof(program->usage) / sizeof(program->usage[0]);
  for (size_t i = 0; i < n_usages && program->usage[i]; ++i) {
    CliLine line = {.stream = stream, .width = CLI_HELP_WIDTH, .indent = 7};
    (void)fputs(i ? "       " : "Usage: ", stream);
    line.column = line.indent;
    cli_line_add(&line, program->name);
    line.indent += 2; // What does not fit
    if (program->command) {
      cli_line_add(&line, program->command);
    }
    cli_line_add_words(&line, program->usage[i]);
    cli_line_end(&line);
  }
}

/// Append "=ARGUMENT", or "[=ARGUMENT]" where it may be left out
static void
append_argument(const CliOption* const option, char left[LONGEST_LEFT])
{
  const size_t n = strlen(left);
  if (cli_argument_is_optional(option)) {
    (void)snprintf(left + n, LONGEST_LEFT - n, "[=%s", option->argument + 1);
  } else if (option->argument) {
    (void)snprintf(left + n, LONGEST_LEFT - n, "=%s", option->argument);
  }
}

/// Append the names of the options that share a line; return the last of them
static const CliOption*
append_names(const CliOption* option, char left[LONGEST_LEFT])
{
  for (;; ++option) {
    const size_t n = strlen(left);
    (void)snprintf(left + n, LONGEST_LEFT - n, "--%s%s", option->name, option->help ? "" : ", ");
    if (option->help) {
      return option;
    }
  }
}

/// Print the row that begins with `option`; return the last option on it
static const CliOption*
print_row(const CliOption* const option, FILE* const stream)
{
  char left[LONGEST_LEFT] = "      ";
  if (option->letter) {
    (void)snprintf(left, sizeof(left), "  -%c, ", option->letter);
  }
  const CliOption* const last = append_names(option, left);
  append_argument(last, left);
  cli_print_help_row(left, last->help, stream);
  return last;
}

static void
print_options(const CliOption* const options, FILE* const stream)
{
  for (const CliOption* o = options; o->kind != CLI_END; ++o) {
    if (o->kind == CLI_HEADING) {
      (void)fprintf(stream, o->help[0] ? "\n%s:\n" : "\n", o->help);
    } else if (o->kind != CLI_ALIAS) {
      o = print_row(o, stream);
    }
  }
}

void
cli_print_help(const CliProgram* const program, FILE* const stream)
{
  print_usage(program, stream);
  print_paragraph(program->summary, stream);
  (void)fputc('\n', stream);
  print_options(program->options, stream);
  if (program->print_more) {
    (void)fputc('\n', stream);
    program->print_more(stream);
  }
  if (program->closing) {
    (void)fputc('\n', stream);
    print_paragraph(program->closing, stream);
  }
  if (!program->command) {
    (void)fputs("\n" CLI_LICENCE "\n", stream);
  }
}
