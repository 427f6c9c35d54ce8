// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The files of a folder that a player steps through or chooses from: models or cabinets, told by
/// their names alone. Any thread but the audio thread.
///
/// Folders come before files, each in the order in which people count and spell, whatever the
/// locale: "amp 2" before "Amp 10". What can't be a file to play is left out: hidden files, pipes,
/// devices, links that lead nowhere or in a circle.

#ifndef GRUS_CORE_FOLDER_H
#define GRUS_CORE_FOLDER_H

#include "core/status.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum {
  FOLDER_MODELS,   ///< .json, .nam, .aidax
  FOLDER_CABINETS, ///< Sounds, such as .wav and .flac
} FolderKind;

typedef struct {
  char* name; ///< Without the folder's path
  bool is_folder;
} FolderEntry;

/// Zeroed, it is empty
typedef struct {
  FolderEntry* entries;
  size_t n_entries;
  size_t n_folders; ///< They are the first entries
} Folder;

/// Read what is in a folder. On failure, with a message (may be NULL), `folder` is untouched.
NODISCARD Status folder_read(const char* path, FolderKind kind, Folder* folder, Message* message);

/// Free the entries; legal on a zeroed struct
void folder_clear(Folder* folder);

/// Return true if a name ends as those of this kind do
bool folder_fits(FolderKind kind, const char* name);

/// Return true if a folder is called as those that grus-train and grus-model install presets in:
/// grus-NAME.lv2
bool folder_is_bundle(const char* name);

/// Write the path of a name in a folder; a name that is "" is the folder. Return false if it is too
/// long.
bool folder_join(const char* folder, const char* name, char path[PATH_MAX]);

/// Split a path into its folder, "." if it names none, and the name in it. Return false if it is
/// too long.
bool folder_split(const char* path, char folder[PATH_MAX], const char** name);

/// Compare two names: negative, 0 or positive. Only equal names are 0.
int folder_compare(const char* a, const char* b);

/// Return the number of the file of this name, n_entries if there is none
size_t folder_find(const Folder* folder, const char* name);

/// Return the file that is `n_steps` (may be negative) after the one of this name, from the last to
/// the first and back. A file that isn't there any more counts by where it would be. Return
/// n_entries if there is no file.
size_t folder_step(const Folder* folder, const char* name, int n_steps);

#endif
