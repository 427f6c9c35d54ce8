// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What users of hosts from Flatpak should know about a preset that was installed: sentences, empty
/// if there is nothing. Any one thread.

#ifndef GRUS_TRAIN_PROGRAMS_COMMON_SANDBOX_NOTE_H
#define GRUS_TRAIN_PROGRAMS_COMMON_SANDBOX_NOTE_H

#include "core/status.h"

/// Return which installed hosts don't find presets in an LV2 folder, and the command that lets one
Message sandbox_note(const char* folder);

/// Return that for the folder of a bundle, once in a program
Message sandbox_note_for(const char* bundle);

/// Print it
void sandbox_note_print(const char* bundle);

#endif
