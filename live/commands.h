// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a musician can say while the rig runs: a line on standard input, or an OSC message. Main
/// thread.
///
///     next | prev | entry NUMBER|NAME      select an entry; the first is 0, as with MIDI programs
///     load FILE                            play a model that is not in the set list
///     model_next | model_prev              play the model after or before it in its folder
///     set CONTROL VALUE | bypass           set a control; switch between bypass and sound
///     model_rate HZ                        say what a model is for whose file doesn't
///     get [CONTROL] | save                 print controls; keep them in the set list
///     learn CONTROL                        map the next MIDI controller that moves to a control
///     status | list | reload | help | quit
///
/// In OSC the same words are addresses below /grus: "/grus/next", "/grus/set" with a name and a
/// number, "/grus/entry" with a number or a name, or "/grus/CONTROL" with a number.

#ifndef GRUS_LIVE_COMMANDS_H
#define GRUS_LIVE_COMMANDS_H

#include "core/format/model_file.h"
#include "core/status.h"
#include "live/settings.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum {
  COMMAND_NOTHING, ///< An empty line
  COMMAND_NEXT,
  COMMAND_PREV,
  COMMAND_ENTRY, ///< `text` is a number or a name
  COMMAND_LOAD,  ///< `text` is a path, without the quotes and ~ that were typed
  COMMAND_MODEL_NEXT,
  COMMAND_MODEL_PREV,
  COMMAND_SET,        ///< `setting`
  COMMAND_MODEL_RATE, ///< `rate`
  COMMAND_GET,        ///< `setting.control`; N_CONTROLS: all
  COMMAND_SAVE,
  COMMAND_BYPASS,
  COMMAND_LEARN, ///< `setting.control`
  COMMAND_STATUS,
  COMMAND_LIST,
  COMMAND_RELOAD,
  COMMAND_HELP,
  COMMAND_QUIT,
} CommandKind;

typedef struct {
  CommandKind kind;
  Setting setting;
  double rate;         ///< [Hz]; 0: the usual one
  char text[PATH_MAX]; ///< The argument, without spaces around it
} Command;

/// What an argument of a command may be
typedef enum {
  COMMAND_TAKES_NOTHING,
  COMMAND_MAY_TAKE,
  COMMAND_NEEDS,
} CommandArgument;

/// Print the commands and the controls, a line each
void commands_print_help(FILE* file);

/// Read a line without its end; `model` (may be NULL) names knobs. On failure `message` says what
/// was wrong and what would be right.
NODISCARD Status commands_parse(const char* line, const ModelFile* model, Command* command,
                                Message* message);

/// Return false if there is no such command; otherwise say whether it takes an argument
bool commands_find(const char* word, CommandArgument* argument);

/// Return true if a command only plays: it changes no file, names none to be opened, and doesn't
/// end the rig
bool commands_only_plays(CommandKind kind);

/// Lines put together from pieces of any size
typedef struct {
  char line[PATH_MAX + 64];
  size_t length;
  bool is_too_long;
} CommandLines;

/// Add `size` bytes; call `take` with every line that ends in them, or NULL for a line that is too
/// long
void commands_feed(CommandLines* lines, const char* bytes, size_t size,
                   void (*take)(const char* line, void* data), void* data);

#endif
