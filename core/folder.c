// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The system says of most files what they are while it lists them; only links and file systems that
// don't know are asked again, so that ten thousand files are one read.

#include "core/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static const char* const model_ends[] = {".json", ".nam", ".aidax", NULL};
static const char* const cabinet_ends[] = {".wav", ".wave", ".flac", ".aif", ".aiff", ".aifc",
                                           ".w64", ".rf64", ".caf",  ".ogg", ".au",   NULL};

bool
folder_fits(const FolderKind kind, const char* const name)
{
  const char* const dot = strrchr(name, '.');
  const char* const* end = kind == FOLDER_MODELS ? model_ends : cabinet_ends;
  while (dot && *end && strcasecmp(dot, *end)) {
    ++end;
  }
  return dot && *end;
}

bool
folder_is_bundle(const char* const name)
{
  static const char beginning[] = "grus-";
  static const char end[] = ".lv2";
  const size_t length = strlen(name);
  return length > strlen(beginning) + strlen(end) && !strncmp(name, beginning, strlen(beginning)) &&
         !strcmp(name + length - strlen(end), end);
}

bool
folder_join(const char* const folder, const char* const name, char path[PATH_MAX])
{
  const char* const slash = !*name || (*folder && folder[strlen(folder) - 1] == '/') ? "" : "/";
  return snprintf(path, PATH_MAX, "%s%s%s", folder, slash, name) < PATH_MAX;
}

bool
folder_split(const char* const path, char folder[PATH_MAX], const char** const name)
{
  const char* const slash = strrchr(path, '/');
  const size_t length = slash && slash != path ? (size_t)(slash - path) : 1;
  *name = slash ? slash + 1 : path;
  return snprintf(folder, PATH_MAX, "%.*s", (int)length, slash ? path : ".") < PATH_MAX;
}

/// Compare the numbers that two texts begin with, and move both behind them
static int
compare_numbers(const char** const a, const char** const b)
{
  *a += strspn(*a, "0");
  *b += strspn(*b, "0");
  const size_t n_a = strspn(*a, "0123456789");
  const size_t n_b = strspn(*b, "0123456789");
  const int order = n_a != n_b ? (n_a < n_b ? -1 : 1) : strncmp(*a, *b, n_a);
  *a += n_a;
  *b += n_b;
  return order;
}

static int
fold_letter(const char c)
{
  return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static bool
is_digit(const char c)
{
  return c >= '0' && c <= '9';
}

int
folder_compare(const char* const a, const char* const b)
{
  const char* left = a;
  const char* right = b;
  int order = 0;
  while (!order && *left && *right) {
    if (is_digit(*left) && is_digit(*right)) {
      order = compare_numbers(&left, &right);
    } else {
      order = fold_letter(*left++) - fold_letter(*right++);
    }
  }
  order = order ? order : (*left != '\0') - (*right != '\0');
  return order ? order : strcmp(a, b); // "amp 01" and "Amp 1" differ, too
}

static int
compare_entries(const void* const a, const void* const b)
{
  const FolderEntry* const left = (const FolderEntry*)a;
  const FolderEntry* const right = (const FolderEntry*)b;
  return left->is_folder != right->is_folder ? (left->is_folder ? -1 : 1)
                                             : folder_compare(left->name, right->name);
}

/// What an entry is, following links; 0 for one that leads nowhere
static mode_t
find_type(const int folder, const struct dirent* const entry)
{
  struct stat info;
  if (entry->d_type == DT_REG || entry->d_type == DT_DIR) {
    return entry->d_type == DT_REG ? S_IFREG : S_IFDIR;
  }
  return entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN ? 0
         : fstatat(folder, entry->d_name, &info, 0)             ? 0
                                                                : info.st_mode & S_IFMT;
}

/// Add an entry; the room for them doubles whenever their number is a power of two
static Status
add_entry(Folder* const folder, const char* const name, const bool is_folder)
{
  const size_t n = folder->n_entries;
  if (!(n & (n - 1))) {
    FolderEntry* const more =
        (FolderEntry*)realloc(folder->entries, (n ? 2 * n : 1) * sizeof(FolderEntry));
    if (!more) {
      return STATUS_NO_MEMORY;
    }
    folder->entries = more;
  }
  folder->entries[n] = (FolderEntry){strdup(name), is_folder};
  if (!folder->entries[n].name) {
    return STATUS_NO_MEMORY;
  }
  ++folder->n_entries;
  folder->n_folders += is_folder;
  return STATUS_OK;
}

static Status
add_entries(DIR* const stream, const FolderKind kind, Folder* const folder)
{
  const struct dirent* entry = NULL;
  Status status = STATUS_OK;
  while (!status && (entry = readdir(stream))) {
    const mode_t type = entry->d_name[0] == '.' ? 0 : find_type(dirfd(stream), entry);
    if (type == S_IFDIR || (type == S_IFREG && folder_fits(kind, entry->d_name))) {
      status = add_entry(folder, entry->d_name, type == S_IFDIR);
    }
  }
  return status;
}

Status
folder_read(const char* const path, const FolderKind kind, Folder* const folder,
            Message* const message)
{
  Folder found = {NULL, 0, 0};
  DIR* const stream = opendir(path);
  if (!stream) {
    return errno == ENOENT
               ? status_fail(message, STATUS_CANNOT_READ, "%s: the folder doesn't exist", path)
               : status_fail(message, STATUS_CANNOT_READ, "%s: can't be listed: %s", path,
                             strerror(errno));
  }
  const Status status = add_entries(stream, kind, &found);
  (void)closedir(stream);
  if (status) {
    folder_clear(&found);
    return status_fail(message, status, "%s: %s", path, status_text(status));
  }
  if (found.n_entries) {
    qsort(found.entries, found.n_entries, sizeof(FolderEntry), compare_entries);
  }
  *folder = found;
  return STATUS_OK;
}

void
folder_clear(Folder* const folder)
{
  for (size_t i = 0; i < folder->n_entries; ++i) {
    free(folder->entries[i].name);
  }
  free(folder->entries);
  *folder = (Folder){NULL, 0, 0};
}

/// Return the first file that doesn't come before this name
static size_t
find_place(const Folder* const folder, const char* const name)
{
  size_t low = folder->n_folders;
  size_t high = folder->n_entries;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (folder_compare(folder->entries[middle].name, name) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

size_t
folder_find(const Folder* const folder, const char* const name)
{
  const size_t place = find_place(folder, name);
  return place < folder->n_entries && !strcmp(folder->entries[place].name, name)
             ? place
             : folder->n_entries;
}

size_t
folder_step(const Folder* const folder, const char* const name, const int n_steps)
{
  const long n_files = (long)(folder->n_entries - folder->n_folders);
  const size_t place = find_place(folder, name);
  if (!n_files) {
    return folder->n_entries;
  }
  // From between two files, the first step forward leads to the second of them
  const bool is_between = folder_find(folder, name) == folder->n_entries && n_steps > 0;
  const long to = (long)(place - folder->n_folders) + n_steps - is_between;
  return folder->n_folders + (size_t)(((to % n_files) + n_files) % n_files);
}
