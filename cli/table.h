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

typedef struct {
  const char* name;     ///< Without dashes
  char letter;          ///< 0: none
  const char* argument; ///< As the help text calls it; "[X]": can be left out; NULL: takes none
  const char* help;     ///< NULL: shares the line of the option that follows
  CliKind kind;
  size_t to; ///< offsetof() the member
  double least;
  double most;
  const CliChoice* choices;
  const char* alias;
  /// Read a value into the program's struct; if it is wrong, print why and return false
  bool (*read)(const CliValue* value, void* options);
} CliOption;

typedef struct {
  const char* name;                 ///< Of the program
  const char* command;              ///< The first argument, if this is one command of several
  const char* usage[4];             ///< What may follow the name, each on a line of its own
  const char* summary;              ///< What the program does
  const CliOption* options;         ///< Ends with CLI_END
  void (*print_more)(FILE* stream); ///< Print what follows the options; NULL: nothing
  const char* closing;              ///< Text at the end; NULL: none
} CliProgram;

/// Return true if an option that takes an argument can be given without it
static inline bool
cli_argument_is_optional(const CliOption* const option)
{
  const char* const argument = option->argument;
  return argument && argument[0] == '[' && argument[strlen(argument) - 1] == ']';
}

#endif
