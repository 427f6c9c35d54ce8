// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads a command line by a table, with getopt_long() for the rules of dashes and abbreviations and
// with messages of its own.

#include "cli/options.h"

#include "cli/completion.h"
#include "cli/exit_status.h"
#include "cli/help.h"
#include "cli/similar.h"
#include "cli/standard_output.h"

#include <assert.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define FIRST_KEY 256 ///< Of row 0 for getopt_long(); below are letters
#define LONGEST_NAME 64U
#define LONGEST_LIST 512U

/// The table as getopt_long() takes it
typedef struct {
  struct option names[CLI_MAX_OPTIONS + 1];
  char letters[3 * CLI_MAX_OPTIONS + 2];
} GetoptTable;

int
cli_exit_result(const CliResult result)
{
  return result == CLI_REFUSED ? CLI_EXIT_BAD_INPUT : CLI_EXIT_DONE;
}

CliResult
cli_refuse_usage(const CliProgram* const program, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  (void)fprintf(stderr, "%s: ", program->name);
  (void)vfprintf(stderr, format, args);
  (void)fprintf(stderr, "%s Try '%s%s%s --help'.\n", format[strlen(format) - 1] == '?' ? "" : ".",
                program->name, program->command ? " " : "",
                program->command ? program->command : "");
  va_end(args);
  return CLI_REFUSED;
}

/// Return true if a user can type the row's name
static bool
is_option(const CliOption* const row)
{
  return row->kind != CLI_HEADING && row->kind != CLI_FORM;
}

/// Return the row of the option called `name`
static const CliOption*
find_name(const CliOption* const table, const char* const name)
{
  const CliOption* row = table;
  while (!is_option(row) || strcmp(row->name, name) != 0) {
    ++row;
    assert(row->kind != CLI_END);
  }
  return row;
}

/// Return the row of what getopt_long() returned, a letter or a key; NULL: there is none
static const CliOption*
find_key(const CliOption* const table, const int key)
{
  if (key >= FIRST_KEY) {
    return &table[key - FIRST_KEY];
  }
  for (const CliOption* row = table; row->kind != CLI_END; ++row) {
    if (row->letter && row->letter == key) {
      return row;
    }
  }
  return NULL;
}

static int
argument_rule(const CliOption* const row)
{
  return !row->argument                  ? no_argument
         : cli_argument_is_optional(row) ? optional_argument
                                         : required_argument;
}

static void
make_getopt_table(const CliOption* const table, GetoptTable* const out)
{
  size_t n_names = 0;
  size_t n_letters = 0;
  out->letters[n_letters++] = ':'; // Distinguish a missing argument from an unknown option
  for (const CliOption* row = table; row->kind != CLI_END; ++row) {
    if (!is_option(row)) {
      continue;
    }
    const CliOption* const meant = row->kind == CLI_ALIAS ? find_name(table, row->alias) : row;
    assert(n_names < CLI_MAX_OPTIONS);
    out->names[n_names++] =
        (struct option){row->name, argument_rule(meant), NULL, FIRST_KEY + (int)(meant - table)};
    if (row->letter) {
      out->letters[n_letters++] = row->letter;
      for (int colons = argument_rule(row); colons; --colons) { // One or, if optional, two
        out->letters[n_letters++] = ':';
      }
    }
  }
  out->names[n_names] = (struct option){NULL, 0, NULL, 0};
  out->letters[n_letters] = '\0';
}

/// List the options that `typed` is an abbreviation of, "--this, --that"; return their number
static size_t
list_abbreviated(const CliOption* const table, const char* const typed, char list[LONGEST_LIST])
{
  size_t n_options = 0;
  size_t n = 0;
  for (const CliOption* row = table; row->kind != CLI_END; ++row) {
    if (cli_is_shown_option(row) && !strncmp(row->name, typed, strlen(typed)) && n < LONGEST_LIST) {
      n += (size_t)snprintf(list + n, LONGEST_LIST - n, "%s--%s", n_options ? ", " : "", row->name);
      ++n_options;
    }
  }
  return n_options;
}

/// Return the option that `typed` looks like, or NULL
static const char*
find_similar(const CliOption* const table, const char* const typed)
{
  const char* nearest = NULL;
  size_t least = SIZE_MAX;
  for (const CliOption* row = table; row->kind != CLI_END; ++row) {
    const size_t distance =
        cli_is_shown_option(row) ? cli_word_distance(typed, row->name) : SIZE_MAX;
    if (distance < least) {
      nearest = row->name;
      least = distance;
    }
  }
  return cli_is_near(typed, least) ? nearest : NULL;
}

static CliResult
refuse_name(const CliProgram* const program, const char* const typed)
{
  char list[LONGEST_LIST] = "";
  if (list_abbreviated(program->options, typed, list) > 1) {
    return cli_refuse_usage(program, "--%s: ambiguous; it could be %s", typed, list);
  }
  const char* const similar = find_similar(program->options, typed);
  return similar
             ? cli_refuse_usage(program, "--%s: unknown option; did you mean --%s?", typed, similar)
             : cli_refuse_usage(program, "--%s: unknown option", typed);
}

static CliResult
refuse_missing_argument(const CliProgram* const program)
{
  const CliOption* const row = find_key(program->options, optopt);
  return optopt < FIRST_KEY ? cli_refuse_usage(program, "-%c: needs an argument, -%c %s", optopt,
                                               optopt, row->argument)
                            : cli_refuse_usage(program, "--%s: needs an argument, --%s=%s",
                                               row->name, row->name, row->argument);
}

/// Refuse a letter, which may be that of a file whose name begins with '-'; getopt_long() is still
/// within `now`, or behind `before`
static CliResult
refuse_letter(const CliProgram* const program, const char* const before, const char* const now)
{
  const char* const words[] = {now, before};
  for (size_t i = 0; i < 2; ++i) {
    if (words[i] && words[i][0] == '-' && strchr(words[i], optopt) && !access(words[i], F_OK)) {
      return cli_refuse_usage(program, "%s: is taken for options; expected ./%s for the file",
                              words[i], words[i]);
    }
  }
  return cli_refuse_usage(program, "-%c: unknown option", optopt);
}

/// Say what is wrong with what getopt_long() refused
static CliResult
refuse_option(const CliProgram* const program, char* const* const argv)
{
  const char* const word = argv[optind - 1];
  if (optopt >= FIRST_KEY) {
    return cli_refuse_usage(program, "%s: takes no argument", word);
  }
  if (optopt) {
    return refuse_letter(program, word, argv[optind]);
  }
  char typed[LONGEST_NAME];
  (void)snprintf(typed, sizeof(typed), "%.*s", (int)strcspn(word + 2, "="), word + 2);
  return refuse_name(program, typed);
}

static bool
read_float(const CliOption* const row, const CliValue* const value, float* const to)
{
  double number = 0.0;
  const bool is_good = cli_read_number(value, row->least, row->most, &number);
  *to = is_good ? (float)number : *to;
  return is_good;
}

/// Put a value where the row says
static bool
store_value(const CliOption* const row, const CliValue* const value, void* const options)
{
  void* const to = (char*)options + row->to;
  switch (row->kind) {
  case CLI_SET:
  case CLI_CLEAR:
    *(bool*)to = row->kind == CLI_SET;
    return true;
  case CLI_TEXT:
    if (!cli_check_text(value, (size_t)row->most)) {
      return false;
    }
    *(const char**)to = value->text;
    return true;
  case CLI_PATH:
    *(const char**)to = value->text;
    return true;
  case CLI_COUNT:
    return cli_read_count(value, (uint32_t)row->least, (uint32_t)row->most, (uint32_t*)to);
  case CLI_NUMBER:
    return cli_read_number(value, row->least, row->most, (double*)to);
  case CLI_FLOAT:
    return read_float(row, value, (float*)to);
  case CLI_TIME:
    return cli_read_time(value, (double*)to);
  case CLI_SEED:
    return cli_read_seed(value, (uint64_t*)to);
  case CLI_CHOICE:
    return cli_read_choice(value, row->choices, (int*)to);
  case CLI_READ:
    return row->read(value, options);
  case CLI_END:
  case CLI_HEADING:
  case CLI_FORM:
  case CLI_ALIAS:
  case CLI_HELP:
  case CLI_VERSION:
    break;
  }
  return false;
}

static CliResult
read_option(const CliProgram* const program, const int key, void* const options)
{
  const CliOption* const row = find_key(program->options, key);
  if (row->kind == CLI_HELP) {
    cli_print_help(program, stdout);
    return CLI_DONE;
  }
  if (row->kind == CLI_VERSION) {
    (void)printf("%s %s\nCopyright 2026 The Grus developers\n%s\n", program->name, GRUS_VERSION,
                 CLI_LICENCE);
    return CLI_DONE;
  }
  return store_value(row, &(CliValue){program->name, row->name, optarg}, options) ? CLI_RUN
                                                                                  : CLI_REFUSED;
}

CliResult
cli_read_options(const CliProgram* const program, const int argc, char** const argv,
                 void* const options, CliOperands* const operands)
{
  GetoptTable table;
  cli_watch_output(program->name);
  if (argc == 2 && cli_print_completion(program, argv[1], stdout)) {
    return CLI_DONE;
  }
  make_getopt_table(program->options, &table);
  optind = 0; // Start again, whatever was read before
  opterr = 0;
  CliResult result = CLI_RUN;
  int key = 0;
  while (result == CLI_RUN &&
         (key = getopt_long(argc, argv, table.letters, table.names, NULL)) != -1) {
    result = key == ':'   ? refuse_missing_argument(program)
             : key == '?' ? refuse_option(program, argv)
                          : read_option(program, key, options);
  }
  *operands = (CliOperands){argv + optind, argc - optind};
  return result;
}
