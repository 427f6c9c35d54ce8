// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a musician can say while the rig runs: a line on standard input, or an OSC message. Main
/// thread.
///
///     next | prev | entry NUMBER|NAME      select an entry; the first is 0, as with MIDI programs
///     load FILE                            play a model that is not in the set list
///     set CONTROL VALUE | bypass           set a control; switch between bypass and sound
///     learn CONTROL                        map the next MIDI control change to a control
///     status | list | reload | help | quit
///
/// In OSC the same words are addresses below /grus: "/grus/next", "/grus/set" with a name and a
/// number, "/grus/entry" with a number or a name, or "/grus/CONTROL" with a number.

#ifndef GRUS_LIVE_COMMANDS_H
#define GRUS_LIVE_COMMANDS_H

#include "core/engine/controls.h"
#include "core/status.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum {
  COMMAND_NOTHING, ///< An empty line
  COMMAND_NEXT,
  COMMAND_PREV,
  COMMAND_ENTRY, ///< `text` is a number or a name
  COMMAND_LOAD,  ///< `text` is a path
  COMMAND_SET,   ///< `setting`
  COMMAND_BYPASS,
  COMMAND_LEARN, ///< `setting.control`
  COMMAND_STATUS,
  COMMAND_LIST,
  COMMAND_RELOAD,
  COMMAND_HELP,
  COMMAND_QUIT,
} CommandKind;

/// A control and its new value
typedef struct {
  Control control;
  float value;
} Setting;

typedef struct {
  CommandKind kind;
  Setting setting;
  char text[PATH_MAX]; ///< The argument, without spaces around it
} Command;

/// Print the commands and the controls, a line each
void commands_print_help(FILE* file);

/// Read "CONTROL VALUE" or "CONTROL=VALUE"; on and off are 1 and 0. On failure `message` says what
/// would be right.
NODISCARD Status commands_parse_setting(const char* text, Setting* setting, Message* message);

/// Read a line without its end. On failure `message` says what was wrong and what would be right.
NODISCARD Status commands_parse(const char* line, Command* command, Message* message);

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
