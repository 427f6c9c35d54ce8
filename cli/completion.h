// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How does a shell complete a program's command line? Scripts for bash, zsh and fish, made from
/// its table of options. Any one thread.

#ifndef GRUS_CLI_COMPLETION_H
#define GRUS_CLI_COMPLETION_H

#include "cli/table.h"

#include <stdbool.h>
#include <stdio.h>

/// Endings of the files that Grus reads or writes, for a regular expression
#define CLI_SOUND_ENDINGS "aif|aiff|caf|flac|mp3|oga|ogg|opus|rf64|w64|wav"
#define CLI_MODEL_ENDINGS "aidax|json|nam"
#define CLI_PAGE_ENDINGS "htm|html" // More than one: zsh takes (html) for a qualifier

/// Print the script for a shell, if `argument` is --print-completion=SHELL, which the build calls
/// a program with; otherwise return false
bool cli_print_completion(const CliProgram* program, const char* argument, FILE* stream);

void cli_print_bash_completion(const CliProgram* program, FILE* stream);
void cli_print_zsh_completion(const CliProgram* program, FILE* stream);
void cli_print_fish_completion(const CliProgram* program, FILE* stream);

/// Return the endings of the files that something takes, "a|b"; NULL: it is no file
const char* cli_takes_endings(CliTakes takes);

/// Print a text with `before` in front of each character among `special`
void cli_print_escaped(const char* text, const char* special, const char* before, FILE* stream);

/// Print the words to choose from, with a space between two
void cli_print_choices(const CliChoice* choices, FILE* stream);

#endif
