// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the browser shows: the folder, where else to look, and what has been typed to find.

#ifndef GRUS_PLUGIN_UI_BROWSER_H
#define GRUS_PLUGIN_UI_BROWSER_H

#include "core/folder.h"
#include "core/status.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define BROWSER_MAX_PLACES 6U

/// A folder to begin at
typedef struct {
  char name[64];
  char path[PATH_MAX];
} BrowserPlace;

/// Zeroed, it is closed
typedef struct {
  FolderKind kind;
  char path[PATH_MAX];
  Folder folder;
  size_t* rows; ///< Entries that match what was typed, (n_rows)
  size_t n_rows;
  Message fault; ///< Why the folder can't be listed; "" if it can
  BrowserPlace places[BROWSER_MAX_PLACES];
  size_t n_places;
} Browser;

/// Look up the places: what came with the plugin, in `bundle`, the player's home, downloads
void browser_find_places(Browser* browser, const char* bundle, FolderKind kind);

/// List a folder
void browser_open(Browser* browser, const char* path, FolderKind kind);

/// Keep the rows whose names have these letters, whatever their case
void browser_match(Browser* browser, const char* letters);

/// Write the path of a row, or of the folder around this one; false if it is too long
bool browser_row_path(const Browser* browser, size_t row, char path[PATH_MAX]);
bool browser_parent(const Browser* browser, char path[PATH_MAX]);

/// Return true if a row is the bundle of an installed preset, and write the path of its only file
bool browser_is_single(const Browser* browser, size_t row, char path[PATH_MAX]);

/// Return the row of a file in this folder; n_rows if it isn't there
size_t browser_find(const Browser* browser, const char* path);

/// For ListRows
const char* browser_name(const void* browser, size_t row);
bool browser_is_folder(const void* browser, size_t row);

void browser_clear(Browser* browser);

#endif
