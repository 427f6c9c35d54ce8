// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Chooses the shell, and has what its scripts share.

#include "cli/completion.h"

#include <string.h>

#define ARGUMENT "--print-completion="

bool
cli_print_completion(const CliProgram* const program, const char* const argument,
                     FILE* const stream)
{
  static const struct {
    const char* argument;
    void (*print)(const CliProgram* program, FILE* stream);
  } shells[] = {{ARGUMENT "bash", cli_print_bash_completion},
                {ARGUMENT "zsh", cli_print_zsh_completion},
                {ARGUMENT "fish", cli_print_fish_completion}};
  for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); ++i) {
    if (!strcmp(argument, shells[i].argument)) {
      shells[i].print(program, stream);
      return true;
    }
  }
  return false;
}

const char*
cli_takes_endings(const CliTakes takes)
{
  switch (takes) {
  case CLI_TAKES_MODEL:
    return CLI_MODEL_ENDINGS;
  case CLI_TAKES_SOUND:
  case CLI_TAKES_TAKE:
    return CLI_SOUND_ENDINGS;
  case CLI_TAKES_PAGE:
    return CLI_PAGE_ENDINGS;
  case CLI_TAKES_TEXT:
  case CLI_TAKES_FOLDER:
  case CLI_TAKES_PRESET:
  case CLI_TAKES_MORE:
    break;
  }
  return NULL;
}

void
cli_print_escaped(const char* const text, const char* const special, const char* const before,
                  FILE* const stream)
{
  for (const char* c = text; *c; ++c) {
    if (strchr(special, *c)) {
      (void)fputs(before, stream);
    }
    (void)fputc(*c, stream);
  }
}

void
cli_print_choices(const CliChoice* const choices, FILE* const stream)
{
  for (const CliChoice* c = choices; c->word; ++c) {
    (void)fprintf(stream, "%s%s", c == choices ? "" : " ", c->word);
  }
}
