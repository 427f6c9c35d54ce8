// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/browser.h"

#include "plugin/ui/last_folder.h"
#include "plugin/ui/letters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool
is_folder_path(const char* const path)
{
  struct stat info;
  return *path && !stat(path, &info) && S_ISDIR(info.st_mode);
}

/// Add a place, if it is a folder
static void
add_place(Browser* const browser, const char* const name, const char* const folder,
          const char* const below)
{
  BrowserPlace* const place = &browser->places[browser->n_places];
  if (browser->n_places < BROWSER_MAX_PLACES && folder && *folder &&
      folder_join(folder, below, place->path) && is_folder_path(place->path)) {
    (void)snprintf(place->name, sizeof(place->name), "%s", name);
    ++browser->n_places;
  }
}

void
browser_find_places(Browser* const browser, const char* const bundle, const FolderKind kind)
{
  const char* const home = getenv("HOME");
  char last[PATH_MAX];
  browser->n_places = 0;
  add_place(browser, "Last used", last_folder_read(kind, last) ? last : NULL, "");
  add_place(browser, "Factory", bundle, kind == FOLDER_MODELS ? "models" : "cabinets");
  add_place(browser, "Home", home, "");
  add_place(browser, "Downloads", home, "Downloads");
  add_place(browser, "Documents", home, "Documents");
  add_place(browser, "Presets", home, ".lv2");
}

void
browser_match(Browser* const browser, const char* const letters)
{
  const Folder* const folder = &browser->folder;
  browser->n_rows = 0;
  for (size_t i = 0; browser->rows && i < folder->n_entries; ++i) {
    if (letters_stand_in(folder->entries[i].name, letters)) {
      browser->rows[browser->n_rows++] = i;
    }
  }
}

void
browser_open(Browser* const browser, const char* const path, const FolderKind kind)
{
  char copy[PATH_MAX]; // `path` may be the browser's own
  (void)snprintf(copy, sizeof(copy), "%s", path);
  browser_clear(browser);
  browser->kind = kind;
  memcpy(browser->path, copy, sizeof(copy));
  if (!folder_read(browser->path, kind, &browser->folder, &browser->fault)) {
    browser->rows = (size_t*)malloc((browser->folder.n_entries + 1) * sizeof(size_t));
    browser_match(browser, "");
  }
}

bool
browser_row_path(const Browser* const browser, const size_t row, char path[PATH_MAX])
{
  return row < browser->n_rows && folder_join(browser->path, browser_name(browser, row), path);
}

bool
browser_is_single(const Browser* const browser, const size_t row, char path[PATH_MAX])
{
  char bundle[PATH_MAX];
  Folder folder = {NULL, 0, 0};
  const bool is_bundle = folder_is_bundle(browser_name(browser, row)) &&
                         browser_row_path(browser, row, bundle) &&
                         !folder_read(bundle, browser->kind, &folder, NULL);
  const bool is_single = is_bundle && folder.n_entries == folder.n_folders + 1 &&
                         folder_join(bundle, folder.entries[folder.n_folders].name, path);
  folder_clear(&folder);
  return is_single;
}

bool
browser_parent(const Browser* const browser, char path[PATH_MAX])
{
  const char* name = NULL;
  return strcmp(browser->path, "/") != 0 && folder_split(browser->path, path, &name);
}

size_t
browser_find(const Browser* const browser, const char* const path)
{
  char folder[PATH_MAX];
  const char* name = NULL;
  if (!folder_split(path, folder, &name) || strcmp(folder, browser->path) != 0) {
    return browser->n_rows;
  }
  size_t row = 0;
  while (row < browser->n_rows && strcmp(browser_name(browser, row), name) != 0) {
    ++row;
  }
  return row;
}

const char*
browser_name(const void* const source, const size_t row)
{
  const Browser* const browser = (const Browser*)source;
  return browser->folder.entries[browser->rows[row]].name;
}

bool
browser_is_folder(const void* const source, const size_t row)
{
  const Browser* const browser = (const Browser*)source;
  return browser->folder.entries[browser->rows[row]].is_folder;
}

void
browser_clear(Browser* const browser)
{
  folder_clear(&browser->folder);
  free(browser->rows);
  browser->rows = NULL;
  browser->n_rows = 0;
  browser->path[0] = '\0';
  browser->fault.text[0] = '\0';
}
