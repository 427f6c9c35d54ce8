// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The folder is read again for each step, since files come and go.

#include "core/step.h"

#include "core/folder.h"

#include <stdbool.h>
#include <stdlib.h>

static Status
join_path(const char* const folder, const char* const name, char path[PATH_MAX],
          Message* const message)
{
  return folder_join(folder, name, path)
             ? STATUS_OK
             : status_fail(message, STATUS_BAD_ARGUMENT, "%s: the path is too long", name);
}

/// Return true if a folder has a file besides this one
static bool
has_another(const Folder* const folder, const char* const name)
{
  const size_t n_files = folder->n_entries - folder->n_folders;
  return n_files > 1 || (n_files == 1 && folder_find(folder, name) == folder->n_entries);
}

/// Find the first model in a bundle
static bool
find_model_in(const char* const parent, const char* const bundle, char found[PATH_MAX])
{
  char path[PATH_MAX];
  Folder folder = {NULL, 0, 0};
  if (!folder_join(parent, bundle, path) || folder_read(path, FOLDER_MODELS, &folder, NULL)) {
    return false;
  }
  const bool has_model = folder.n_entries > folder.n_folders &&
                         folder_join(path, folder.entries[folder.n_folders].name, found);
  folder_clear(&folder);
  return has_model;
}

/// Keep only bundles with a model, as if they were files
static void
keep_bundles(const char* const parent, Folder* const folder)
{
  char model[PATH_MAX];
  size_t n = 0;
  for (size_t i = 0; i < folder->n_entries; ++i) {
    const FolderEntry entry = folder->entries[i];
    if (entry.is_folder && folder_is_bundle(entry.name) &&
        find_model_in(parent, entry.name, model)) {
      folder->entries[n++] = (FolderEntry){entry.name, false};
    } else {
      free(entry.name);
    }
  }
  folder->n_entries = n;
  folder->n_folders = 0;
}

/// Step from the bundle of a preset to the others beside it
static Status
step_over_bundles(const char* const path, const int32_t n_steps, char found[PATH_MAX],
                  Message* const message)
{
  char parent[PATH_MAX];
  const char* bundle = NULL;
  Folder folder = {NULL, 0, 0};
  bool is_found = false;
  if (folder_split(path, parent, &bundle) && folder_is_bundle(bundle) &&
      !folder_read(parent, FOLDER_MODELS, &folder, NULL)) {
    keep_bundles(parent, &folder);
    is_found =
        has_another(&folder, bundle) &&
        find_model_in(parent, folder.entries[folder_step(&folder, bundle, n_steps)].name, found);
    folder_clear(&folder);
  }
  return is_found ? STATUS_OK
                  : status_fail(message, STATUS_MISSING,
                                "%s: there is no other model in this folder", path);
}

Status
step_find(const FolderKind kind, const char* const path, const int32_t n_steps,
          char found[PATH_MAX], Message* const message)
{
  char around[PATH_MAX];
  const char* name = NULL;
  Folder folder = {NULL, 0, 0};
  if (!folder_split(path, around, &name)) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "%s: the path is too long", path);
  }
  Status status = folder_read(around, kind, &folder, message);
  if (status) {
    return status;
  }
  status = has_another(&folder, name)
               ? join_path(around, folder.entries[folder_step(&folder, name, n_steps)].name, found,
                           message)
           : kind == FOLDER_MODELS
               ? step_over_bundles(around, n_steps, found, message)
               : status_fail(message, STATUS_MISSING,
                             "%s: there is no other cabinet in this folder", around);
  folder_clear(&folder);
  return status;
}
