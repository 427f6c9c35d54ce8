// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Writes a preset bundle beside its final place and moves it there in one step, so that a host
// never sees half of one. Unfinished and replaced bundles are one folder deeper than hosts look:
// they look into hidden folders, too, and would list what a killed program left there. Signals wait
// meanwhile, so that only SIGKILL can leave something.
//
// Older versions put every preset into grus-SLUG.lv2, without a hash. One of the same name is found
// and replaced there.

#include "train/programs/common/preset_bundle.h"

#include "cli/json_output.h"
#include "core/file.h"
#include "core/folder.h"
#include "core/hash.h"
#include "train/programs/common/preset_files.h"
#include "train/programs/common/sandbox_note.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLUG_BEFORE_HASH 40U ///< Letters
#define N_PLACES 2U          ///< Where a preset of one name can be: without and with a hash

/// Say why a folder can't be used, from errno
static Status
fail_for_folder(const char* const folder, const Status status, Message* const message)
{
  return errno == ENOENT
             ? status_fail(message, status,
                           "%s: there is no such folder; make it first, or choose another", folder)
             : status_fail(message, status, "%s: %s", folder, strerror(errno));
}

/// Fail unless files can be written into a folder
static Status
check_folder(const char* const folder, Message* const message)
{
  struct stat info;
  if (stat(folder, &info)) {
    return fail_for_folder(folder, STATUS_CANNOT_WRITE, message);
  }
  errno = ENOTDIR;
  return !S_ISDIR(info.st_mode) || access(folder, W_OK | X_OK)
             ? fail_for_folder(folder, STATUS_CANNOT_WRITE, message)
             : STATUS_OK;
}

/// Find the user's own LV2 folder, and make it if it is missing
static Status
default_folder(char folder[PATH_MAX], Message* const message)
{
  const char* const home = getenv("HOME");
  if (!home || !*home) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "HOME is not set; name the LV2 folder with --install=FOLDER of grus-train, "
                       "--folder=FOLDER of grus-model");
  }
  (void)snprintf(folder, PATH_MAX, "%s/.lv2", home);
  return mkdir(folder, 0777) && errno != EEXIST ? file_fail_writing(folder, message) : STATUS_OK;
}

/// Return the given folder, the user's own if it is empty, or NULL if that fails
static const char*
choose_folder(const char* const folder, char own[PATH_MAX], Message* const message)
{
  if (*folder) {
    return folder;
  }
  return default_folder(own, message) ? NULL : own;
}

/// Make a name for files and URIs: letters, digits, '-' and '_' stay
static void
make_slug(const char* const name, char slug[MODEL_FILE_TEXT_SIZE])
{
  size_t n = 0;
  for (const char* c = name; *c && n + 1 < MODEL_FILE_TEXT_SIZE; ++c) {
    const unsigned char u = (unsigned char)*c;
    slug[n++] = (char)(u < 128 && (isalnum(u) || u == '_') ? u : '-');
  }
  slug[n] = '\0';
  if (!n) {
    (void)strcpy(slug, "model");
  }
}

/// Shorten a slug to what a reader needs in front of a hash: "-Drive--TS-9" becomes "Drive-TS-9-"
static void
shorten_slug(char slug[MODEL_FILE_TEXT_SIZE])
{
  size_t n = 0;
  for (const char* c = slug; *c && n < SLUG_BEFORE_HASH; ++c) {
    if (*c != '-' || (n && slug[n - 1] != '-')) {
      slug[n++] = *c;
    }
  }
  if (n && slug[n - 1] != '-') {
    slug[n++] = '-';
  }
  slug[n] = '\0';
}

/// The places where a preset of one name can be
typedef struct {
  char paths[N_PLACES][PATH_MAX];
  uint32_t usual; ///< Which of them a new one gets: the one without a hash if the name has a slug
} Places;

static Places
places_of(const char* const name, const char* const folder)
{
  Places places;
  char slug[MODEL_FILE_TEXT_SIZE];
  make_slug(name, slug);
  const unsigned hash = (unsigned)(hash_fnv1a(name, strlen(name)) & 0xFFFFFFFFU);
  (void)snprintf(places.paths[0], PATH_MAX, "%.3000s/grus-%s.lv2", folder, slug);
  places.usual = strcmp(slug, name) != 0;
  shorten_slug(slug);
  (void)snprintf(places.paths[1], PATH_MAX, "%.3000s/grus-%s%08x.lv2", folder, slug, hash);
  return places;
}

/// Return true if hosts show two names alike: control characters are spaces in a manifest
static bool
is_same_name(const char* a, const char* b)
{
  for (; *a && *b; ++a, ++b) {
    if (*a != *b && !(iscntrl((unsigned char)*a) && *b == ' ')) {
      return false;
    }
  }
  return *a == *b;
}

/// Find an installed preset by its name; NULL: there is none
static const char*
find_installed(const Places* const places, const char* const name, PresetLook* const look)
{
  for (uint32_t i = 0; i < N_PLACES; ++i) {
    *look = preset_files_look(places->paths[i]);
    if (look->kind == PRESET_OURS && is_same_name(name, look->name)) {
      return places->paths[i];
    }
  }
  return NULL;
}

/// Fail if a bundle can't be removed without losing something
static Status
check_strays(const char* const bundle, const PresetLook* const look, Message* const message)
{
  return look->stray[0] ? status_fail(message, STATUS_BAD_ARGUMENT,
                                      "%s: has a file that Grus did not put there, %.100s; "
                                      "move it elsewhere first",
                                      bundle, look->stray)
                        : STATUS_OK;
}

/// Choose the place of a preset that is not installed: beside one of another name, but never in the
/// place of something else
static Status
choose_new_place(const Places* const places, PresetPlace* const place, Message* const message)
{
  for (uint32_t i = places->usual; i < N_PLACES; ++i) {
    const PresetKind kind = preset_files_look(places->paths[i]).kind;
    (void)strcpy(place->bundle, places->paths[i]);
    if (kind == PRESET_NONE) {
      return STATUS_OK;
    }
    if (kind == PRESET_FOREIGN) {
      break;
    }
  }
  return status_fail(message, STATUS_BAD_ARGUMENT,
                     "%s: is there, but is not a preset that Grus installed; move it "
                     "elsewhere, or give the model another name",
                     place->bundle);
}

Status
preset_bundle_find_place(const char* const name, const char* const folder, PresetPlace* const place,
                         Message* const message)
{
  char own[PATH_MAX];
  PresetLook look;
  const char* const parent = choose_folder(folder, own, message);
  const Status status = parent ? check_folder(parent, message) : STATUS_CANNOT_WRITE;
  if (status) {
    return status;
  }
  const Places places = places_of(name, parent);
  const char* const installed = find_installed(&places, name, &look);
  place->replaces = installed != NULL;
  if (!installed) {
    return choose_new_place(&places, place, message);
  }
  (void)strcpy(place->bundle, installed);
  return check_strays(installed, &look, message);
}

/// A folder that hosts do not look into, and a bundle in it
typedef struct {
  char outer[PATH_MAX];
  char bundle[PATH_MAX];
} HiddenBundle;

/// Make a hidden folder beside a bundle
static Status
open_hidden_folder(const char* const bundle, HiddenBundle* const hidden, Message* const message)
{
  const int folder = (int)(strrchr(bundle, '/') - bundle);
  (void)snprintf(hidden->outer, PATH_MAX, "%.*s/.grus-XXXXXX", folder, bundle);
  if (!mkdtemp(hidden->outer)) {
    return file_fail_writing(bundle, message);
  }
  (void)snprintf(hidden->bundle, PATH_MAX, "%.3020s/bundle", hidden->outer);
  return STATUS_OK;
}

static void
remove_hidden_folder(const HiddenBundle* const hidden, const char* const name)
{
  preset_files_remove(hidden->bundle, name);
  (void)rmdir(hidden->outer);
}

/// Put `fresh` in its place, exchanging the two if there is an older one
static Status
move_into_place(const char* const fresh, const PresetPlace* const place, Message* const message)
{
  const unsigned flags = place->replaces ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  int failed = renameat2(AT_FDCWD, fresh, AT_FDCWD, place->bundle, flags);
  if (failed && errno == EINVAL && !place->replaces) { // The file system has no such rename
    failed = rename(fresh, place->bundle);
  }
  return failed ? file_fail_writing(place->bundle, message) : STATUS_OK;
}

static Status
install_in_place(const ModelFile* const model, const PresetPlace* const place,
                 Message* const message)
{
  HiddenBundle hidden;
  Status status = open_hidden_folder(place->bundle, &hidden, message);
  if (status) {
    return status;
  }
  status = mkdir(hidden.bundle, 0777) ? file_fail_writing(hidden.bundle, message)
                                      : preset_files_write(model, hidden.bundle, message);
  if (!status) {
    status = move_into_place(hidden.bundle, place, message);
  }
  remove_hidden_folder(&hidden, model->name);
  return status;
}

/// Let signals wait that would end the program
static void
hold_signals(sigset_t* const before)
{
  sigset_t all;
  (void)sigfillset(&all);
  (void)pthread_sigmask(SIG_SETMASK, &all, before);
}

static void
release_signals(const sigset_t* const before)
{
  (void)pthread_sigmask(SIG_SETMASK, before, NULL);
}

Status
preset_bundle_install(const ModelFile* const model, const char* const folder,
                      PresetPlace* const place, Message* const message)
{
  sigset_t signals;
  Status status = preset_bundle_find_place(model->name, folder, place, message);
  if (!status) {
    hold_signals(&signals);
    status = install_in_place(model, place, message);
    release_signals(&signals);
  }
  return status;
}

/// Return whether a folder may be a bundle of preset_bundle_install()
static int
is_grus_bundle(const struct dirent* const entry)
{
  return folder_is_bundle(entry->d_name);
}

Status
preset_bundle_list(const char* const folder, const PresetVisitor visit, void* const context,
                   Message* const message)
{
  char own[PATH_MAX];
  struct dirent** entries = NULL;
  const char* const parent = choose_folder(folder, own, message);
  if (!parent) {
    return STATUS_CANNOT_READ;
  }
  const int n = scandir(parent, &entries, is_grus_bundle, alphasort);
  if (n < 0) {
    return fail_for_folder(parent, STATUS_CANNOT_READ, message);
  }
  for (int i = 0; i < n; ++i) {
    char bundle[PATH_MAX];
    (void)snprintf(bundle, sizeof(bundle), "%.3000s/%.255s", parent, entries[i]->d_name);
    const PresetLook look = preset_files_look(bundle);
    if (look.kind == PRESET_OURS) {
      visit(context, look.name, bundle);
    }
    free(entries[i]);
  }
  free(entries);
  return STATUS_OK;
}

/// Move a bundle out of the hosts' sight, and remove it there
static Status
remove_from_place(const char* const bundle, const char* const name, Message* const message)
{
  HiddenBundle hidden;
  Status status = open_hidden_folder(bundle, &hidden, message);
  if (status) {
    return status;
  }
  status = rename(bundle, hidden.bundle) ? file_fail_writing(bundle, message) : STATUS_OK;
  remove_hidden_folder(&hidden, name);
  return status;
}

Status
preset_bundle_remove(const char* const name, const char* const folder, char bundle[PATH_MAX],
                     Message* const message)
{
  char own[PATH_MAX];
  sigset_t signals;
  PresetLook look;
  const char* const parent = choose_folder(folder, own, message);
  if (!parent) {
    return STATUS_CANNOT_READ;
  }
  const Places places = places_of(name, parent);
  const char* const installed = find_installed(&places, name, &look);
  if (!installed) {
    return status_fail(message, STATUS_CANNOT_READ,
                       "no preset \"%.100s\" in %.200s; grus-model list shows those there are",
                       name, parent);
  }
  (void)strcpy(bundle, installed);
  Status status = check_strays(bundle, &look, message);
  if (!status) {
    hold_signals(&signals);
    status = remove_from_place(bundle, name, message);
    release_signals(&signals);
  }
  return status;
}

json_t*
preset_bundle_json(const PresetPlace* const place, const char* const name)
{
  json_t* const object = json_object();
  cli_json_set_text(object, "name", name);
  cli_json_set_text(object, "bundle", place->bundle);
  cli_json_set_bool(object, "replaced", place->replaces);
  cli_json_set_text(object, "note", sandbox_note_for(place->bundle).text);
  return object;
}
