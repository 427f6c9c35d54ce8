// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One table of commands, from which both the help text and the reading of lines come.

#include "live/commands.h"

#include "cli/help.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAME 64U ///< Of a control, with its end

typedef struct {
  const char* name;
  CommandKind kind;
  const char* argument; ///< NULL: takes none
  const char* help;
} Word;

static const Word words[] = {
    {"next", COMMAND_NEXT, NULL, "select the next entry"},
    {"prev", COMMAND_PREV, NULL, "select the previous entry"},
    {"entry", COMMAND_ENTRY, "NUMBER|NAME", "select an entry; the first is 0"},
    {"load", COMMAND_LOAD, "FILE", "play a model that is not in the set list"},
    {"set", COMMAND_SET, "CONTROL VALUE", "set a control; gain is short for input_level"},
    {"bypass", COMMAND_BYPASS, NULL, "switch between bypass and sound"},
    {"learn", COMMAND_LEARN, "CONTROL", "map the next MIDI control change to a control"},
    {"status", COMMAND_STATUS, NULL, "print what plays, the load, xruns and peaks"},
    {"list", COMMAND_LIST, NULL, "print the entries"},
    {"reload", COMMAND_RELOAD, NULL, "read the set list again"},
    {"help", COMMAND_HELP, NULL, "print this"},
    {"quit", COMMAND_QUIT, NULL, "fade out and exit"},
};

#define N_WORDS (sizeof(words) / sizeof(words[0]))

static const char*
skip_spaces(const char* text)
{
  return text + strspn(text, " \t\r");
}

/// Copy text without the spaces at its end
static void
copy_trimmed(const char* const from, char* const to, const size_t size)
{
  (void)snprintf(to, size, "%s", from);
  size_t n = strlen(to);
  while (n && strchr(" \t\r", to[n - 1])) {
    to[--n] = '\0';
  }
}

static Status
find_control(const char* const name, Control* const control, Message* const message)
{
  return controls_find(name, control)
             ? STATUS_OK
             : status_fail(message, STATUS_BAD_ARGUMENT,
                           "there is no control \"%.40s\"; there are %s", name, controls_names());
}

/// Read a value; on and off are 1 and 0. Return false if a control can't be set to it.
static bool
read_value(const char* const text, const Control control, float* const value)
{
  const ControlRange range = controls_range(control);
  char* end = NULL;
  if (!strcmp(text, "on") || !strcmp(text, "off")) {
    *value = text[1] == 'n' ? 1.0F : 0.0F;
  } else {
    *value = strtof(text, &end);
  }
  *value = controls_translate(control, *value);
  return end != text && (!end || !*end) && isfinite(*value) && *value >= range.low &&
         *value <= range.high;
}

Status
commands_parse_setting(const char* const text, Setting* const setting, Message* const message)
{
  char name[MAX_NAME];
  char expected[CONTROLS_EXPECTED_SIZE];
  const size_t length = strcspn(text, " \t=");
  const char* const value = skip_spaces(text[length] ? text + length + 1 : text + length);
  Setting read = {CONTROL_ENABLED, 0.0F};
  if (!*value) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "expected a control and its value, such as gate=-60");
  }
  (void)snprintf(name, sizeof(name), "%.*s", (int)length, text);
  const Status status = find_control(name, &read.control, message);
  if (status) {
    return status;
  }
  if (!read_value(value, read.control, &read.value)) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "expected %s",
                       controls_expected(read.control, expected));
  }
  *setting = read;
  return STATUS_OK;
}

/// Return the command that a line starts with, or NULL
static const Word*
find_word(const char* const line, const size_t length)
{
  for (size_t i = 0; i < N_WORDS; ++i) {
    if (strlen(words[i].name) == length && !strncmp(words[i].name, line, length)) {
      return &words[i];
    }
  }
  return NULL;
}

/// Read an argument that is more than text
static Status
parse_argument(Command* const command, Message* const message)
{
  switch (command->kind) {
  case COMMAND_SET:
    return commands_parse_setting(command->text, &command->setting, message);
  case COMMAND_LEARN:
    return find_control(command->text, &command->setting.control, message);
  default:
    return STATUS_OK;
  }
}

static Status
check_argument(const Word* const word, Command* const command, Message* const message)
{
  Message reason = {""};
  if (word->argument && !command->text[0]) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "%s: needs an argument: %s %s", word->name,
                       word->name, word->argument);
  }
  if (!word->argument && command->text[0]) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "%s: takes no argument", word->name);
  }
  const Status status = parse_argument(command, &reason);
  return status
             ? status_fail(message, status, "%s %.60s: %s", word->name, command->text, reason.text)
             : STATUS_OK;
}

Status
commands_parse(const char* const line, Command* const command, Message* const message)
{
  const char* const begin = skip_spaces(line);
  const size_t length = strcspn(begin, " \t\r");
  const Word* const word = find_word(begin, length);
  if (!length) {
    *command = (Command){.kind = COMMAND_NOTHING};
    return STATUS_OK;
  }
  if (!word) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "%.40s: unknown command; try help", begin);
  }
  Command read = {.kind = word->kind};
  copy_trimmed(skip_spaces(begin + length), read.text, sizeof(read.text));
  const Status status = check_argument(word, &read, message);
  if (!status) {
    *command = read;
  }
  return status;
}

void
commands_print_help(FILE* const file)
{
  char left[32];
  char expected[CONTROLS_EXPECTED_SIZE];
  (void)fputs("Commands on standard input while it plays, one a line:\n", file);
  for (size_t i = 0; i < N_WORDS; ++i) {
    (void)snprintf(left, sizeof(left), "  %s %s", words[i].name,
                   words[i].argument ? words[i].argument : "");
    cli_print_help_row(left, words[i].help, file);
  }
  (void)fputs("\nControls:\n", file);
  for (int i = 0; i < N_CONTROLS; ++i) {
    (void)snprintf(left, sizeof(left), "  %s", controls_range((Control)i).name);
    cli_print_help_row(left, controls_expected((Control)i, expected), file);
  }
}

void
commands_feed(CommandLines* const lines, const char* const bytes, const size_t size,
              void (*const take)(const char* line, void* data), void* const data)
{
  for (size_t i = 0; i < size; ++i) {
    if (bytes[i] == '\n') {
      lines->line[lines->length] = '\0';
      take(lines->is_too_long ? NULL : lines->line, data);
      lines->length = 0;
      lines->is_too_long = false;
    } else if (lines->length + 1 < sizeof(lines->line)) {
      lines->line[lines->length++] = bytes[i] ? bytes[i] : ' ';
    } else {
      lines->is_too_long = true;
    }
  }
}
