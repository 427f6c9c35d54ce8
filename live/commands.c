// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One table of commands, from which both the help text and the reading of lines come.

#include "live/commands.h"

#include "cli/help.h"
#include "cli/similar.h"
#include "core/text.h"
#include "live/setlist.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const char* name;
  CommandKind kind;
  const char* argument; ///< NULL: takes none; in brackets: may be left out
  bool only_plays;
  const char* help;
} Word;

static const Word words[] = {
    {"next", COMMAND_NEXT, NULL, true, "select the next entry"},
    {"prev", COMMAND_PREV, NULL, true, "select the previous entry"},
    {"entry", COMMAND_ENTRY, "NUMBER|NAME", true, "select an entry; the first is 0"},
    {"load", COMMAND_LOAD, "FILE", false, "play a model that is not in the set list"},
    {"model_next", COMMAND_MODEL_NEXT, NULL, true, "play the next model of the same folder"},
    {"model_prev", COMMAND_MODEL_PREV, NULL, true, "play the previous one"},
    {"set", COMMAND_SET, "CONTROL VALUE", true, "set a control; gain is short for input_level"},
    {"model_rate", COMMAND_MODEL_RATE, "HZ", false,
     "sample rate of this entry's model, if its file gives none; 0: the usual one"},
    {"get", COMMAND_GET, "[CONTROL]", true, "print a control, or all"},
    {"save", COMMAND_SAVE, NULL, false, "keep the controls in the set list"},
    {"bypass", COMMAND_BYPASS, NULL, true, "switch between bypass and sound"},
    {"learn", COMMAND_LEARN, "CONTROL", false, "map the next MIDI controller that moves to it"},
    {"status", COMMAND_STATUS, NULL, true, "print what plays, the load, xruns and peaks"},
    {"list", COMMAND_LIST, NULL, true, "print the entries"},
    {"reload", COMMAND_RELOAD, NULL, false, "read the set list again"},
    {"help", COMMAND_HELP, NULL, true, "print this"},
    {"quit", COMMAND_QUIT, NULL, false, "fade out and exit"},
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
  text_copy(to, size, from);
  size_t n = strlen(to);
  while (n && strchr(" \t\r", to[n - 1])) {
    to[--n] = '\0';
  }
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

static CommandArgument
argument_of(const Word* const word)
{
  return !word->argument            ? COMMAND_TAKES_NOTHING
         : word->argument[0] == '[' ? COMMAND_MAY_TAKE
                                    : COMMAND_NEEDS;
}

bool
commands_find(const char* const text, CommandArgument* const argument)
{
  const Word* const word = find_word(text, strlen(text));
  if (word) {
    *argument = argument_of(word);
  }
  return word != NULL;
}

bool
commands_only_plays(const CommandKind kind)
{
  for (size_t i = 0; i < N_WORDS; ++i) {
    if (words[i].kind == kind) {
      return words[i].only_plays;
    }
  }
  return true; // An empty line
}

/// Return the command that was probably meant, or NULL
static const char*
find_nearest(const char* const typed)
{
  const char* nearest = NULL;
  size_t least = 0;
  for (size_t i = 0; i < N_WORDS; ++i) {
    const size_t distance = cli_word_distance(typed, words[i].name);
    if (cli_is_near(typed, distance) && (!nearest || distance < least)) {
      nearest = words[i].name;
      least = distance;
    }
  }
  return nearest;
}

static Status
fail_unknown(const char* const line, const size_t length, Message* const message)
{
  char typed[64];
  (void)snprintf(typed, sizeof(typed), "%.*s", (int)(length < 60 ? length : 60), line);
  const char* const nearest = find_nearest(typed);
  return nearest
             ? status_fail(message, STATUS_BAD_ARGUMENT, "%s: unknown command; did you mean %s?",
                           typed, nearest)
             : status_fail(message, STATUS_BAD_ARGUMENT, "%s: unknown command; try help", typed);
}

static Status
parse_rate(const char* const text, double* const rate, Message* const message)
{
  char* end = NULL;
  *rate = strtod(text, &end);
  return end != text && !*end && setlist_may_be_rate(*rate)
             ? STATUS_OK
             : status_fail(message, STATUS_BAD_ARGUMENT, "expected " SETLIST_RATES);
}

/// Take quotes off a path, and put the user's folder in place of ~, as a shell would
static void
read_path(char path[PATH_MAX])
{
  char copy[PATH_MAX];
  const size_t n = strlen(path);
  const char* const home = getenv("HOME");
  if (n > 2 && (path[0] == '\'' || path[0] == '"') && strchr(path + 1, path[0]) == path + n - 1) {
    path[n - 1] = '\0';
    memmove(path, path + 1, n - 1);
  }
  if (!strncmp(path, "~/", 2) && home && *home && strlen(home) + n < PATH_MAX) {
    (void)snprintf(copy, sizeof(copy), "%s", path + 1);
    (void)snprintf(path, PATH_MAX, "%s%s", home, copy);
  }
}

/// Read an argument that is more than text
static Status
parse_argument(Command* const command, const ModelFile* const model, Message* const message)
{
  switch (command->kind) {
  case COMMAND_LOAD:
    read_path(command->text);
    return STATUS_OK;
  case COMMAND_SET:
    return settings_parse(command->text, model, &command->setting, message);
  case COMMAND_MODEL_RATE:
    return parse_rate(command->text, &command->rate, message);
  case COMMAND_GET:
    command->setting.control = N_CONTROLS;
    return command->text[0]
               ? settings_find(command->text, model, &command->setting.control, message)
               : STATUS_OK;
  case COMMAND_LEARN:
    return settings_find(command->text, model, &command->setting.control, message);
  default:
    return STATUS_OK;
  }
}

static Status
check_argument(const Word* const word, const ModelFile* const model, Command* const command,
               Message* const message)
{
  Message reason = {""};
  if (argument_of(word) == COMMAND_NEEDS && !command->text[0]) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "%s: needs an argument: %s %s", word->name,
                       word->name, word->argument);
  }
  if (!word->argument && command->text[0]) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "%s: takes no argument", word->name);
  }
  const Status status = parse_argument(command, model, &reason);
  return status
             ? status_fail(message, status, "%s %.60s: %s", word->name, command->text, reason.text)
             : STATUS_OK;
}

Status
commands_parse(const char* const line, const ModelFile* const model, Command* const command,
               Message* const message)
{
  const char* const begin = skip_spaces(line);
  const size_t length = strcspn(begin, " \t\r");
  const Word* const word = find_word(begin, length);
  if (!length) {
    *command = (Command){.kind = COMMAND_NOTHING};
    return STATUS_OK;
  }
  if (!word) {
    return fail_unknown(begin, length, message);
  }
  Command read = {.kind = word->kind};
  copy_trimmed(skip_spaces(begin + length), read.text, sizeof(read.text));
  const Status status = check_argument(word, model, &read, message);
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
