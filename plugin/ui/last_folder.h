// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The folder that a file was chosen from last, which the next interface offers: one for models,
/// one for cabinets, in $XDG_STATE_HOME/grus (~/.local/state/grus). Where nothing can be written,
/// nothing is remembered.

#ifndef GRUS_PLUGIN_UI_LAST_FOLDER_H
#define GRUS_PLUGIN_UI_LAST_FOLDER_H

#include "core/folder.h"

#include <limits.h>
#include <stdbool.h>

/// Write the folder; false if there is none
bool last_folder_read(FolderKind kind, char folder[PATH_MAX]);

void last_folder_write(FolderKind kind, const char* folder);

#endif
