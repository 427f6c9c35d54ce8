// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/last_folder.h"

#include "core/content.h"
#include "core/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/// Write where it is remembered; false without a home
static bool
find_memory(const FolderKind kind, char path[PATH_MAX])
{
  const char* const state = getenv("XDG_STATE_HOME");
  const char* const home = getenv("HOME");
  const bool has_state = state && state[0] == '/';
  const int n =
      snprintf(path, PATH_MAX, "%s%s/grus/%s-folder",
               has_state ? state
               : home    ? home
                         : "",
               has_state ? "" : "/.local/state", kind == FOLDER_MODELS ? "models" : "cabinets");
  return (has_state || home) && n < PATH_MAX;
}

/// Make the folders that lead to a file
static void
make_folders(const char* const path)
{
  char folder[PATH_MAX];
  for (const char* slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    (void)snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
    (void)mkdir(folder, 0700); // Mostly there already
  }
}

bool
last_folder_read(const FolderKind kind, char folder[PATH_MAX])
{
  char path[PATH_MAX];
  Content content = {NULL, 0};
  if (!find_memory(kind, path) || file_read_whole(path, FILE_PLAIN, PATH_MAX - 1, &content, NULL)) {
    return false;
  }
  memcpy(folder, content.bytes, content.size);
  folder[content.size] = '\0';
  content_clear(&content);
  return folder[0] == '/';
}

void
last_folder_write(const FolderKind kind, const char* const folder)
{
  char path[PATH_MAX];
  if (find_memory(kind, path)) {
    make_folders(path);
    (void)!file_replace(path, folder, strlen(folder), NULL); // Without it, nothing is remembered
  }
}
