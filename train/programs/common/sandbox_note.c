// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// An application of Flatpak is a host if it has the extension point for plugins. It sees the
// folders that "filesystems" in its metadata and in overrides give it. If LV2_PATH is set there, it
// searches only what that names. Keys: flatpak-metadata(5).

#include "train/programs/common/sandbox_note.h"

#include "core/folder.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERMISSIONS_SIZE 65536U ///< Metadata of hosts have 2 KiB
#define NAMES_SIZE 256U
#define EXTENSION_POINT "[Extension org.freedesktop.LinuxAudio.Plugins]"
#define EXTENSION_PATH "/app/extensions/Plugins/lv2"

enum { OF_SYSTEM, OF_USER, N_INSTALLATIONS };

/// What is asked of each host, and the answer
typedef struct {
  const char* folder;                            ///< Absolute
  char installations[N_INSTALLATIONS][PATH_MAX]; ///< Flatpak's folders
  char names[NAMES_SIZE];                        ///< Of hosts that don't find it, separated by ", "
  char first[NAMES_SIZE];
} Question;

/// Add a file's text to `text`, if there is such a file and it fits
static void
append_file(const char* const path, char text[PERMISSIONS_SIZE])
{
  FILE* const file = fopen(path, "r");
  if (file) {
    const size_t used = strlen(text);
    const size_t n_read = fread(text + used, 1, PERMISSIONS_SIZE - used - 1, file);
    text[used + n_read] = '\0';
    (void)fclose(file);
  }
}

/// Return true if `folder` is the first `length` characters of `path`, or in that folder
static bool
is_in(const char* const folder, const char* const path, const size_t length)
{
  return !strncmp(folder, path, length) && (folder[length] == '/' || !folder[length]);
}

/// Return true if one of "filesystems", which ends at ';' or ':', gives a folder
static bool
gives_folder(const char* const entry, const char* const folder)
{
  const size_t length = strcspn(entry, ":;\n");
  const char* const home = getenv("HOME");
  const size_t home_length = home ? strlen(home) : 0;
  if (length == strlen("host") && !strncmp(entry, "host", length)) {
    return true;
  }
  if (*entry == '/') {
    return is_in(folder, entry, length);
  }
  if (!home_length || !is_in(folder, home, home_length)) {
    return false;
  }
  if (length == strlen("home") && !strncmp(entry, "home", length)) {
    return true;
  }
  const char* const rest = folder + home_length;
  return *entry == '~' && (length == 1 || is_in(rest, entry + 1, length - 1));
}

/// Return the value of the next line with this key from `text` on; NULL: there is none
static const char*
find_value(const char* text, const char* const key)
{
  const size_t length = strlen(key);
  for (; text; text = (text = strchr(text, '\n')) ? text + 1 : NULL) {
    if (!strncmp(text, key, length) && text[length] == '=') {
      return text + length + 1;
    }
  }
  return NULL;
}

static bool
sees_folder(const char* const permissions, const char* const folder)
{
  for (const char* value = find_value(permissions, "filesystems"); value;
       value = find_value(value, "filesystems")) {
    for (const char* entry = value; *entry && *entry != '\n';
         entry += strcspn(entry, ";\n"), entry += *entry == ';') {
      if (gives_folder(entry, folder)) {
        return true;
      }
    }
  }
  return false;
}

/// Return true unless the last LV2_PATH leads elsewhere
static bool
searches_folder(const char* const permissions, const char* const folder)
{
  bool searches = true;
  for (const char* value = find_value(permissions, "LV2_PATH"); value;
       value = find_value(value, "LV2_PATH")) {
    const char* const found = strstr(value, folder);
    searches = found && (size_t)(found - value) < strcspn(value, "\n");
  }
  return searches;
}

static void
note_host(const char* const name, Question* const question)
{
  const size_t used = strlen(question->names);
  if (!used) {
    (void)snprintf(question->first, NAMES_SIZE, "%s", name);
  }
  (void)snprintf(question->names + used, NAMES_SIZE - used, "%s%s", used ? ", " : "", name);
}

/// Add what the system and then the user allow all applications, and this one
static void
append_overrides(const Question* const question, const char* const name,
                 char permissions[PERMISSIONS_SIZE])
{
  for (int i = 0; i < N_INSTALLATIONS; ++i) {
    char path[PATH_MAX];
    (void)snprintf(path, PATH_MAX, "%.2000s/overrides/global", question->installations[i]);
    append_file(path, permissions);
    (void)snprintf(path, PATH_MAX, "%.2000s/overrides/%.255s", question->installations[i], name);
    append_file(path, permissions);
  }
}

static void
ask_application(const char* const installation, const char* const name, Question* const question)
{
  char path[PATH_MAX];
  char permissions[PERMISSIONS_SIZE] = "";
  (void)snprintf(path, PATH_MAX, "%.2000s/app/%.255s/current/active/metadata", installation, name);
  append_file(path, permissions);
  if (!strstr(permissions, EXTENSION_POINT)) {
    return;
  }
  append_overrides(question, name, permissions);
  if (!sees_folder(permissions, question->folder) ||
      !searches_folder(permissions, question->folder)) {
    note_host(name, question);
  }
}

static void
ask_installation(const char* const installation, Question* const question)
{
  char path[PATH_MAX];
  struct dirent** entries = NULL;
  (void)snprintf(path, PATH_MAX, "%.2000s/app", installation);
  const int n = scandir(path, &entries, NULL, alphasort);
  for (int i = 0; i < n; ++i) {
    ask_application(installation, entries[i]->d_name, question);
    free(entries[i]);
  }
  free(entries);
}

/// Find Flatpak's folders as flatpak(1) does
static void
find_installations(Question* const question)
{
  const char* const system = getenv("FLATPAK_SYSTEM_DIR");
  const char* const user = getenv("FLATPAK_USER_DIR");
  const char* const data = getenv("XDG_DATA_HOME");
  const char* const home = getenv("HOME");
  char* const of_user = question->installations[OF_USER];
  (void)snprintf(question->installations[OF_SYSTEM], PATH_MAX, "%s",
                 system ? system : "/var/lib/flatpak");
  if (user) {
    (void)snprintf(of_user, PATH_MAX, "%s", user);
  } else if (data && *data) {
    (void)snprintf(of_user, PATH_MAX, "%s/flatpak", data);
  } else {
    (void)snprintf(of_user, PATH_MAX, "%s/.local/share/flatpak", home ? home : "");
  }
}

Message
sandbox_note(const char* const folder)
{
  Message note = {""};
  Question question = {.folder = folder};
  find_installations(&question);
  for (int i = 0; i < N_INSTALLATIONS; ++i) {
    ask_installation(question.installations[i], &question);
  }
  if (question.first[0]) {
    message_set(&note,
                "hosts from Flatpak that don't find presets in %.300s: %s. To let one: flatpak "
                "override --user --filesystem=%.300s:ro --env=LV2_PATH=" EXTENSION_PATH
                ":%.300s %s",
                folder, question.names, folder, folder, question.first);
  }
  return note;
}

Message
sandbox_note_for(const char* const bundle)
{
  static bool is_noted;
  Message note = {""};
  char parent[PATH_MAX];
  char folder[PATH_MAX];
  const char* name = NULL;
  if (!is_noted && folder_split(bundle, parent, &name) && realpath(parent, folder)) {
    note = sandbox_note(folder);
    is_noted = note.text[0] != '\0';
  }
  return note;
}

void
sandbox_note_print(const char* const bundle)
{
  const Message note = sandbox_note_for(bundle);
  if (note.text[0]) {
    (void)printf("note: %s\n", note.text);
  }
}
