// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The folder is read again for each step, since files come and go.

#include "core/step.h"

#include "core/folder.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// A path in two parts
typedef struct {
  char folder[PATH_MAX];
  char name[PATH_MAX]; ///< In it
} Place;

/// Split a path; without a folder, it is in the one that the process runs in
static void
split_path(const char* const path, Place* const place)
{
  const char* const slash = strrchr(path, '/');
  const size_t n = slash ? (size_t)(slash - path) : 0;
  const char* const folder = n ? path : slash ? "/" : ".";
  (void)snprintf(place->folder, PATH_MAX, "%.*s", n ? (int)n : 1, folder);
  (void)snprintf(place->name, PATH_MAX, "%s", slash ? slash + 1 : path);
}

static Status
join_path(const char* const folder, const char* const name, char path[PATH_MAX],
          Message* const message)
{
  const int n = snprintf(path, PATH_MAX, "%s/%s", strcmp(folder, "/") ? folder : "", name);
  return n < PATH_MAX ? STATUS_OK
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
  if (join_path(parent, bundle, path, NULL) || folder_read(path, FOLDER_MODELS, &folder, NULL)) {
    return false;
  }
  const bool has_model = folder.n_entries > folder.n_folders &&
                         !join_path(path, folder.entries[folder.n_folders].name, found, NULL);
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
  Place bundle;
  Folder folder = {NULL, 0, 0};
  bool is_found = false;
  split_path(path, &bundle);
  if (folder_is_bundle(bundle.name) && !folder_read(bundle.folder, FOLDER_MODELS, &folder, NULL)) {
    keep_bundles(bundle.folder, &folder);
    is_found =
        has_another(&folder, bundle.name) &&
        find_model_in(bundle.folder,
                      folder.entries[folder_step(&folder, bundle.name, n_steps)].name, found);
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
  Place place;
  Folder folder = {NULL, 0, 0};
  split_path(path, &place);
  Status status = folder_read(place.folder, kind, &folder, message);
  if (status) {
    return status;
  }
  status =
      has_another(&folder, place.name)
          ? join_path(place.folder, folder.entries[folder_step(&folder, place.name, n_steps)].name,
                      found, message)
      : kind == FOLDER_MODELS
          ? step_over_bundles(place.folder, n_steps, found, message)
          : status_fail(message, STATUS_MISSING, "%s: there is no other cabinet in this folder",
                        place.folder);
  folder_clear(&folder);
  return status;
}
