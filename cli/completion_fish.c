// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The script for fish: a line for each option. Where fish would offer all files, a function that is
// the same in all scripts offers folders and those with the right ending.

#include "cli/completion.h"

static const char list_files[] =
    "function __grus_files --description 'Folders, and files with one of the endings'\n"
    "    set -l typed (commandline -ct | string replace -r -- '^--[^=]*=' '')\n"
    "    complete -C \"__grus_no_command $typed\" | string match -r -i -- "
    "\"^[^\\t]*(?:/|\\.(?:$argv[1]))(?=\\t|\\$)\"\n"
    "end\n";

/// Print a text in quotes
static void
print_quoted(const char* const text, FILE* const stream)
{
  (void)fputc('\'', stream);
  cli_print_escaped(text, "'\\", "\\", stream);
  (void)fputc('\'', stream);
}

/// Print the beginning of a line
static void
print_begin(const CliProgram* const program, FILE* const stream)
{
  (void)fprintf(stream, "complete -c %s", program->name);
  if (program->command) {
    (void)fprintf(stream, " -n '__fish_seen_subcommand_from %s'", program->command);
  } else if (program->command_at) {
    (void)fputs(" -n __fish_use_subcommand", stream);
  }
}

/// Print what completes a value or an operand
static void
print_action(const CliProgram* const program, const CliTakes takes, FILE* const stream)
{
  const char* const endings = cli_takes_endings(takes);
  if (endings) {
    (void)fprintf(stream, " -a '(__grus_files \"%s\")'", endings);
  } else if (takes == CLI_TAKES_FOLDER) {
    (void)fputs(" -a '(__grus_files \"\")'", stream);
  } else if (takes == CLI_TAKES_PRESET) {
    (void)fprintf(stream, " -a '(%s list 2>/dev/null | string replace -r \"\\t.*\" \"\")'",
                  program->name);
  }
}

static void
print_option(const CliProgram* const program, const CliOption* const o, FILE* const stream)
{
  print_begin(program, stream);
  if (o->letter) {
    (void)fprintf(stream, " -s %c", o->letter);
  }
  (void)fprintf(stream, " -l %s%s", o->name,
                o->argument && !cli_argument_is_optional(o) ? " -x" : "");
  if (o->argument && o->choices) {
    (void)fputs(" -a '", stream);
    cli_print_choices(o->choices, stream);
    (void)fputc('\'', stream);
  } else if (o->argument) {
    print_action(program, o->takes, stream);
  }
  (void)fputs(" -d ", stream);
  print_quoted(cli_option_help(o), stream);
  (void)fputc('\n', stream);
}

/// Print the lines of a program or of a command
static void
print_lines(const CliProgram* const program, FILE* const stream)
{
  for (const CliOption* o = program->options; o->kind != CLI_END; ++o) {
    if (cli_is_shown_option(o)) {
      print_option(program, o, stream);
    }
  }
  for (size_t i = 0; i < CLI_MAX_TAKES && program->operands[i]; ++i) {
    const CliTakes takes = program->operands[i];
    if (takes != CLI_TAKES_MORE && (!i || takes != program->operands[i - 1])) {
      print_begin(program, stream);
      print_action(program, takes, stream);
      (void)fputc('\n', stream);
    }
  }
}

void
cli_print_fish_completion(const CliProgram* const program, FILE* const stream)
{
  (void)fprintf(stream, "# Completes %s in fish. Made from its table of options.\n\n%s\n",
                program->name, list_files);
  (void)fprintf(stream, "complete -c %s -f\n", program->name);
  for (size_t i = 0; program->command_at && program->command_at(i); ++i) {
    print_begin(program, stream);
    (void)fprintf(stream, " -a %s -d ", program->command_at(i)->command);
    print_quoted(program->command_at(i)->summary, stream);
    (void)fputc('\n', stream);
  }
  print_lines(program, stream);
  for (size_t i = 0; program->command_at && program->command_at(i); ++i) {
    print_lines(program->command_at(i), stream);
  }
}
