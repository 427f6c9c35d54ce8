// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Lines into commands. Main thread.

#include "live/commands.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] = "next, prev              the next or previous entry\n"
                           "entry NUMBER or NAME    select an entry; numbers begin with 0\n"
                           "load FILE               play a model that is not in the set list\n"
                           "set CONTROL VALUE       turn a control; gain is short for input_level\n"
                           "bypass                  switch between bypass and sound\n"
                           "learn CONTROL           map the next MIDI control change to it\n"
                           "status, list            what plays; what there is\n"
                           "reload                  read the set list again\n"
                           "quit                    fade out and leave\n";

/// A word, and what comes behind it
typedef struct {
  const char* name;
  CommandKind kind;
  int wants_text;
} Word;

static const Word words[] = {
    {"next", COMMAND_NEXT, 0},     {"prev", COMMAND_PREV, 0},     {"entry", COMMAND_ENTRY, 1},
    {"load", COMMAND_LOAD, 1},     {"set", COMMAND_SET, 1},       {"bypass", COMMAND_BYPASS, 0},
    {"learn", COMMAND_LEARN, 1},   {"status", COMMAND_STATUS, 0}, {"list", COMMAND_LIST, 0},
    {"reload", COMMAND_RELOAD, 0}, {"help", COMMAND_HELP, 0},     {"quit", COMMAND_QUIT, 0},
};

static const char*
skip_spaces(const char* text)
{
  return text + strspn(text, " \t\r");
}

/// Copy text without spaces at its end
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

/// Read "CONTROL VALUE", where on and off are numbers, too
static Status
parse_setting(char* const text, Command* const command, Message* const message)
{
  char expected[CONTROLS_EXPECTED_SIZE];
  char* const space = strpbrk(text, " \t=");
  char* end = NULL;
  if (!space) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "set wants a control and a value: set gate -60");
  }
  *space = '\0';
  const char* const value = skip_spaces(space + 1);
  const Status status = find_control(text, &command->control, message);
  if (status) {
    return status;
  }
  const ControlRange range = controls_range(command->control);
  command->value = !strcmp(value, "on") ? 1.0F : !strcmp(value, "off") ? 0.0F : strtof(value, &end);
  if ((end && (end == value || *end)) || !isfinite(command->value) || command->value < range.low ||
      command->value > range.high) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "%s is \"%.40s\"; expected %s", range.name,
                       value, controls_expected(command->control, expected));
  }
  return STATUS_OK;
}

static Status
parse_text(Command* const command, Message* const message)
{
  switch (command->kind) {
  case COMMAND_SET:
    return parse_setting(command->text, command, message);
  case COMMAND_LEARN:
    return find_control(command->text, &command->control, message);
  default:
    return STATUS_OK;
  }
}

/// Return the word that a line begins with, or NULL
static const Word*
find_word(const char* const line, const size_t length)
{
  for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); ++i) {
    if (strlen(words[i].name) == length && !strncmp(words[i].name, line, length)) {
      return &words[i];
    }
  }
  return NULL;
}

Status
commands_parse(const char* const line, Command* const command, Message* const message)
{
  const char* const begin = skip_spaces(line);
  const size_t length = strcspn(begin, " \t\r");
  const Word* const word = find_word(begin, length);
  Command read = {COMMAND_NOTHING, CONTROL_ENABLED, 0.0F, ""};
  if (!length) {
    *command = read;
    return STATUS_OK;
  }
  if (!word) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "\"%.40s\" is no command; try help", begin);
  }
  read.kind = word->kind;
  copy_trimmed(skip_spaces(begin + length), read.text, sizeof(read.text));
  if (!word->wants_text != !read.text[0]) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       word->wants_text ? "%s wants something behind it; try help"
                                        : "%s stands alone; try help",
                       word->name);
  }
  const Status status = parse_text(&read, message);
  if (!status) {
    *command = read;
  }
  return status;
}

void
commands_print_help(FILE* const file)
{
  char expected[CONTROLS_EXPECTED_SIZE];
  (void)fprintf(file, "%s\nControls:\n", help);
  for (int i = 0; i < N_CONTROLS; ++i) {
    (void)fprintf(file, "%-24s%s\n", controls_range((Control)i).name,
                  controls_expected((Control)i, expected));
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
      lines->is_too_long = 0;
    } else if (lines->length + 1 < sizeof(lines->line)) {
      lines->line[lines->length++] = bytes[i] ? bytes[i] : ' ';
    } else {
      lines->is_too_long = 1;
    }
  }
}
