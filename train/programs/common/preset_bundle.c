// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Writes a preset bundle beside its final place and moves it there in one step, so that a host
// never sees half of one. Unfinished and replaced bundles are one folder deeper than hosts look:
// they look into hidden folders, too, and would list what a killed program left there.

#include "train/programs/common/preset_bundle.h"
#include "core/format/model_file_io.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static Status
fail_with_errno(const char* const path, Message* const message)
{
  return status_fail(message, STATUS_CANNOT_WRITE, "%.300s: %s", path, strerror(errno));
}

Status
preset_bundle_check_folder(const char* const folder, Message* const message)
{
  struct stat info;
  if (stat(folder, &info)) {
    return fail_with_errno(folder, message);
  }
  if (!S_ISDIR(info.st_mode)) {
    errno = ENOTDIR;
    return fail_with_errno(folder, message);
  }
  return access(folder, W_OK | X_OK) ? fail_with_errno(folder, message) : STATUS_OK;
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
  return mkdir(folder, 0777) && errno != EEXIST ? fail_with_errno(folder, message) : STATUS_OK;
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

/// Print a Turtle string; control characters become spaces
static void
print_quoted(FILE* const file, const char* const text)
{
  (void)fputc('"', file);
  for (const char* c = text; *c; ++c) {
    if (*c == '"' || *c == '\\') {
      (void)fputc('\\', file);
    }
    (void)fputc((unsigned char)*c < ' ' ? ' ' : *c, file);
  }
  (void)fputc('"', file);
}

/// The plugins that the preset is for, and the file that holds it
static const struct {
  const char* plugin;
  const char* file;
} targets[] = {{"urn:grus:mono", "preset.ttl"}, {"urn:grus:stereo", "preset-stereo.ttl"}};

#define N_TARGETS (sizeof(targets) / sizeof(targets[0]))

static void
print_manifest(FILE* const file, const ModelFile* const model, const size_t target)
{
  (void)target;
  (void)fputs("@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
              "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
              "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n",
              file);
  for (size_t i = 0; i < N_TARGETS; ++i) {
    (void)fprintf(file,
                  "\n<%s>\n"
                  "\ta pset:Preset ;\n"
                  "\tlv2:appliesTo <%s> ;\n"
                  "\trdfs:seeAlso <%s> ;\n"
                  "\trdfs:label ",
                  targets[i].file, targets[i].plugin, targets[i].file);
    print_quoted(file, model->name);
    (void)fputs(" .\n", file);
  }
}

/// Print a preset with levels at 0 dB, no gate, and the model's knobs in the middle
static void
print_preset(FILE* const file, const ModelFile* const model, const size_t target)
{
  (void)fprintf(file,
                "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
                "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
                "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
                "@prefix state: <http://lv2plug.in/ns/ext/state#> .\n\n"
                "<>\n"
                "\ta pset:Preset ;\n"
                "\tlv2:appliesTo <%s> ;\n"
                "\tlv2:port [ lv2:symbol \"input_level\" ; pset:value 0.0 ] ,\n"
                "\t\t[ lv2:symbol \"output_level\" ; pset:value 0.0 ] ,\n"
                "\t\t[ lv2:symbol \"gate\" ; pset:value -90.0 ]",
                targets[target].plugin);
  for (uint32_t k = 1; k < model->params.shape.n_inputs; ++k) {
    (void)fprintf(file, " ,\n\t\t[ lv2:symbol \"knob_%u\" ; pset:value 0.5 ]", k);
  }
  (void)fputs(" ;\n"
              "\tstate:state [ <urn:grus:form> \"2\" ; <urn:grus:model> <model.json> ] ;\n"
              "\trdfs:label ",
              file);
  print_quoted(file, model->name);
  (void)fputs(" .\n", file);
}

/// One file of a bundle
typedef struct {
  const char* name;
  void (*print)(FILE* file, const ModelFile* model, size_t target);
  size_t target;
} BundleFile;

static Status
write_file(const char* const bundle, const BundleFile what, const ModelFile* const model,
           Message* const message)
{
  char path[PATH_MAX];
  (void)snprintf(path, sizeof(path), "%.3000s/%s", bundle, what.name);
  FILE* const file = fopen(path, "we");
  if (!file) {
    return fail_with_errno(path, message);
  }
  what.print(file, model, what.target);
  const bool is_written = !fflush(file) && !fsync(fileno(file));
  return fclose(file) || !is_written ? fail_with_errno(path, message) : STATUS_OK;
}

static Status
fill_bundle(const ModelFile* const model, const char* const bundle, Message* const message)
{
  char path[PATH_MAX];
  (void)snprintf(path, sizeof(path), "%.3000s/model.json", bundle);
  Status status = chmod(bundle, 0755) ? fail_with_errno(bundle, message) : STATUS_OK;
  status = status ? status : model_file_write(model, path, message);
  for (size_t i = 0; !status && i < N_TARGETS; ++i) {
    status = write_file(bundle, (BundleFile){targets[i].file, print_preset, i}, model, message);
  }
  return status
             ? status
             : write_file(bundle, (BundleFile){"manifest.ttl", print_manifest, 0}, model, message);
}

/// Remove a folder of plain files, if it is there
static void
remove_bundle(const char* const bundle)
{
  DIR* const folder = opendir(bundle);
  if (!folder) {
    return;
  }
  for (const struct dirent* entry = readdir(folder); entry; entry = readdir(folder)) {
    if (entry->d_name[0] != '.') {
      (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
  }
  (void)closedir(folder);
  (void)rmdir(bundle);
}

/// A folder that hosts do not look into, and a bundle in it
typedef struct {
  char outer[PATH_MAX];
  char bundle[PATH_MAX];
} HiddenBundle;

static Status
open_hidden_folder(const char* const parent, HiddenBundle* const hidden, Message* const message)
{
  (void)snprintf(hidden->outer, PATH_MAX, "%.3000s/.grus-XXXXXX", parent);
  if (!mkdtemp(hidden->outer)) {
    return fail_with_errno(parent, message);
  }
  (void)snprintf(hidden->bundle, PATH_MAX, "%.3020s/bundle", hidden->outer);
  return STATUS_OK;
}

static void
remove_hidden_folder(const HiddenBundle* const hidden)
{
  remove_bundle(hidden->bundle);
  (void)rmdir(hidden->outer);
}

/// Put `fresh` in the place of `bundle`, exchanging the two if there is an older one
static Status
move_into_place(const char* const fresh, const char* const bundle, Message* const message)
{
  const bool is_there = !access(bundle, F_OK);
  const int failed = is_there ? renameat2(AT_FDCWD, fresh, AT_FDCWD, bundle, RENAME_EXCHANGE)
                              : rename(fresh, bundle);
  return failed ? fail_with_errno(bundle, message) : STATUS_OK;
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

Status
preset_bundle_install(const ModelFile* const model, const char* const folder, char bundle[PATH_MAX],
                      Message* const message)
{
  char own[PATH_MAX];
  HiddenBundle hidden;
  char slug[MODEL_FILE_TEXT_SIZE];
  const char* const parent = choose_folder(folder, own, message);
  if (!parent) {
    return STATUS_CANNOT_WRITE;
  }
  make_slug(model->name, slug);
  (void)snprintf(bundle, PATH_MAX, "%.3000s/grus-%s.lv2", parent, slug);
  Status status = open_hidden_folder(parent, &hidden, message);
  if (status) {
    return status;
  }
  status = mkdir(hidden.bundle, 0777) ? fail_with_errno(hidden.bundle, message)
                                      : fill_bundle(model, hidden.bundle, message);
  if (!status) {
    status = move_into_place(hidden.bundle, bundle, message);
  }
  remove_hidden_folder(&hidden);
  return status;
}

/// Return whether a folder may be a bundle of preset_bundle_install()
static int
is_grus_bundle(const struct dirent* const entry)
{
  const size_t length = strlen(entry->d_name);
  return !strncmp(entry->d_name, "grus-", 5) && length > 9 &&
         !strcmp(entry->d_name + length - 4, ".lv2");
}

/// Return true if a bundle's manifest is one that print_manifest() writes: other bundles may be
/// called grus-something, too
static bool
has_our_manifest(const char* const bundle)
{
  static const char beginning[] = "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
                                  "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n";
  char path[PATH_MAX];
  char text[1024] = "";
  (void)snprintf(path, sizeof(path), "%.3000s/manifest.ttl", bundle);
  FILE* const file = fopen(path, "re");
  if (!file) {
    return false;
  }
  text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
  (void)fclose(file);
  return !strncmp(text, beginning, sizeof(beginning) - 1) &&
         strstr(text, "<preset.ttl>\n\ta pset:Preset ;\n\tlv2:appliesTo <urn:grus:mono> ;");
}

/// Read the name of the model in a bundle of ours; false if it isn't one
static bool
read_preset_name(const char* const bundle, char name[MODEL_FILE_TEXT_SIZE])
{
  char path[PATH_MAX];
  ModelFile model = {0};
  (void)snprintf(path, sizeof(path), "%.3000s/model.json", bundle);
  if (!has_our_manifest(bundle) || model_file_read(path, &model, NULL)) {
    return false;
  }
  (void)snprintf(name, MODEL_FILE_TEXT_SIZE, "%s", model.name);
  model_file_clear(&model);
  return true;
}

Status
preset_bundle_list(const char* const folder, const PresetVisitor visit, Message* const message)
{
  char own[PATH_MAX];
  struct dirent** entries = NULL;
  const char* const parent = choose_folder(folder, own, message);
  if (!parent) {
    return STATUS_CANNOT_READ;
  }
  const int n = scandir(parent, &entries, is_grus_bundle, alphasort);
  if (n < 0) {
    return status_fail(message, STATUS_CANNOT_READ, "%.300s: %s", parent, strerror(errno));
  }
  for (int i = 0; i < n; ++i) {
    char bundle[PATH_MAX];
    char name[MODEL_FILE_TEXT_SIZE];
    (void)snprintf(bundle, sizeof(bundle), "%.3000s/%.255s", parent, entries[i]->d_name);
    if (read_preset_name(bundle, name)) {
      visit(name, bundle);
    }
    free(entries[i]);
  }
  free(entries);
  return STATUS_OK;
}

Status
preset_bundle_remove(const char* const name, const char* const folder, char bundle[PATH_MAX],
                     Message* const message)
{
  char own[PATH_MAX];
  HiddenBundle hidden;
  char slug[MODEL_FILE_TEXT_SIZE];
  char found[MODEL_FILE_TEXT_SIZE];
  const char* const parent = choose_folder(folder, own, message);
  if (!parent) {
    return STATUS_CANNOT_READ;
  }
  make_slug(name, slug);
  (void)snprintf(bundle, PATH_MAX, "%.3000s/grus-%s.lv2", parent, slug);
  if (!read_preset_name(bundle, found) ||
      strcmp(found, name) != 0) { // Names may differ in what slugs drop
    return status_fail(message, STATUS_CANNOT_READ,
                       "no preset \"%.100s\" in %.200s; grus-model list shows those there are",
                       name, parent);
  }
  Status status = open_hidden_folder(parent, &hidden, message);
  if (status) {
    return status;
  }
  status = rename(bundle, hidden.bundle) ? fail_with_errno(bundle, message) : STATUS_OK;
  remove_hidden_folder(&hidden);
  return status;
}
