// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A program's options as a table.

#ifndef GRUS_CLI_TABLE_H
#define GRUS_CLI_TABLE_H

#include "cli/values.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define CLI_MAX_OPTIONS 96U

/// What a row of the table is, or where the value of an option goes: into the member at `to` of the
/// program's own struct
typedef enum {
  CLI_END,     ///< Ends the table
  CLI_HEADING, ///< Not an option: `help` is printed over the rows that follow, "" as an empty line
  CLI_FORM,    ///< Another way to give the option before, for the help text
  CLI_ALIAS,   ///< An old spelling of the option `alias`, not in the help text
  CLI_HELP,    ///< Print the help text, to exit
  CLI_VERSION, ///< Print the version, to exit
  CLI_SET,     ///< A bool becomes true
  CLI_CLEAR,   ///< A bool becomes false
  CLI_PATH,    ///< A const char*, unchecked
  CLI_TEXT,    ///< A const char*: UTF-8 of at most `most` bytes
  CLI_COUNT,   ///< A uint32_t from `least` to `most`
  CLI_NUMBER,  ///< A double from `least` to `most`
  CLI_FLOAT,   ///< A float from `least` to `most`
  CLI_TIME,    ///< A double [s]
  CLI_SEED,    ///< A uint64_t
  CLI_CHOICE,  ///< An int or enumeration, one of `choices`
  CLI_READ,    ///< What `read` makes of it
} CliKind;

/// What an operand or the value of an option is, so that shells can complete it
typedef enum {
  CLI_TAKES_TEXT,   ///< What no shell can know; after the last operand: there are no more
  CLI_TAKES_MODEL,  ///< A file: a model, a capture or a set list
  CLI_TAKES_SOUND,  ///< A file: a recording or an impulse response
  CLI_TAKES_TAKE,   ///< A recording behind settings: 0.5=FILE or 0.5=FILE:FILE
  CLI_TAKES_PAGE,   ///< A file: HTML
  CLI_TAKES_FOLDER, ///< A folder
  CLI_TAKES_PRESET, ///< The name of an installed preset
  CLI_TAKES_MORE,   ///< After the last operand: any number of the same
} CliTakes;

#define CLI_MAX_TAKES 4U

typedef struct {
  const char* name;     ///< Without dashes
  char letter;          ///< 0: none
  const char* argument; ///< As the help text calls it; "[X]": can be left out; NULL: takes none
  const char* help;     ///< NULL: shares the line of the option that follows
  CliKind kind;
  size_t to; ///< offsetof() the member
  double least;
  double most;
  const CliChoice* choices; ///< Of CLI_CHOICE; of others, words among what can be given
  const char* alias;
  /// Read a value into the program's struct; if it is wrong, print why and return false
  bool (*read)(const CliValue* value, void* options);
  CliTakes takes;
} CliOption;

typedef struct CliProgram {
  const char* name;                 ///< Of the program
  const char* command;              ///< The first argument, if this is one command of several
  const char* usage[4];             ///< What may follow the name, each on a line of its own
  const char* summary;              ///< What the program does
  const CliOption* options;         ///< Ends with CLI_END
  void (*print_more)(FILE* stream); ///< Print what follows the options; NULL: nothing
  const char* closing;              ///< Text at the end; NULL: none
  CliTakes operands[CLI_MAX_TAKES]; ///< In their order
  /// Return a command, NULL for an index after the last; NULL: it has none
  const struct CliProgram* (*command_at)(size_t index);
} CliProgram;

/// Return true if a user can type the row's name and --help prints it
static inline bool
cli_is_shown_option(const CliOption* const row)
{
  return row->kind != CLI_END && row->kind != CLI_HEADING && row->kind != CLI_FORM &&
         row->kind != CLI_ALIAS;
}

/// Return what the help text says of an option, which may stand with one that follows it
static inline const char*
cli_option_help(const CliOption* option)
{
  while (!option->help) {
    ++option;
  }
  return option->help;
}

/// Return true if an option that takes an argument can be given without it
static inline bool
cli_argument_is_optional(const CliOption* const option)
{
  const char* const argument = option->argument;
  return argument && argument[0] == '[' && argument[strlen(argument) - 1] == ']';
}

#endif
