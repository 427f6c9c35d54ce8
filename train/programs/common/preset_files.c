// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A bundle has a manifest that names the preset, the preset for each plugin, and the model. Older
// versions called the model model.json.

#include "train/programs/common/preset_files.h"

#include "core/file.h"
#include "core/format/model_file_io.h"
#include "core/text.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANIFEST "manifest.ttl"
#define OLD_MODEL "model.json"
#define MANIFEST_MAX_SIZE 16384U
#define LABEL "rdfs:label \""
#define FILE_NAME_SIZE (MODEL_FILE_TEXT_SIZE + 8U)

/// The plugins that the preset is for, and the file that holds it
static const struct {
  const char* plugin;
  const char* file;
} targets[] = {{"urn:grus:mono", "preset.ttl"}, {"urn:grus:stereo", "preset-stereo.ttl"}};

#define N_TARGETS (sizeof(targets) / sizeof(targets[0]))

/// How every manifest of ours begins
static const char beginning[] = "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
                                "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n";

static bool
is_control(const char c)
{
  return (unsigned char)c < ' ' || c == '\x7f';
}

/// Name the model's file after the model
static void
name_model_file(const char* const name, char file[FILE_NAME_SIZE])
{
  (void)snprintf(file, FILE_NAME_SIZE, "%s.json", *name ? name : "model");
  for (char* c = file; *c; ++c) {
    *c = *c == '/' || (c == file && *c == '.') ? '-' : is_control(*c) ? ' ' : *c;
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
    (void)fputc(is_control(*c) ? ' ' : *c, file);
  }
  (void)fputc('"', file);
}

/// Print a file's name as a relative URI (RFC 3986)
static void
print_uri(FILE* const file, const char* const name)
{
  (void)fputc('<', file);
  for (const char* c = name; *c; ++c) {
    const unsigned char u = (unsigned char)*c;
    (void)fprintf(file, u < 128 && (isalnum(u) || strchr("-._~", u)) ? "%c" : "%%%02X", u);
  }
  (void)fputc('>', file);
}

static void
print_manifest(FILE* const file, const ModelFile* const model, const size_t target)
{
  (void)target;
  (void)fprintf(file, "%s@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n", beginning);
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

static void
print_preset(FILE* const file, const ModelFile* const model, const size_t target)
{
  char model_file[FILE_NAME_SIZE];
  name_model_file(model->name, model_file);
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
  (void)fputs(" ;\n\tstate:state [ <urn:grus:form> \"2\" ; <urn:grus:model> ", file);
  print_uri(file, model_file);
  (void)fputs(" ] ;\n\trdfs:label ", file);
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
write_file(const char* const folder, const BundleFile what, const ModelFile* const model,
           Message* const message)
{
  char path[PATH_MAX];
  (void)snprintf(path, sizeof(path), "%.3000s/%s", folder, what.name);
  FILE* const file = fopen(path, "we");
  if (!file) {
    return file_fail_writing(path, message);
  }
  what.print(file, model, what.target);
  const bool is_written = !fflush(file) && !fsync(fileno(file));
  return fclose(file) || !is_written ? file_fail_writing(path, message) : STATUS_OK;
}

Status
preset_files_write(const ModelFile* const model, const char* const folder, Message* const message)
{
  char path[PATH_MAX];
  char name[FILE_NAME_SIZE];
  name_model_file(model->name, name);
  (void)snprintf(path, sizeof(path), "%.3000s/%s", folder, name);
  Status status = chmod(folder, 0755) ? file_fail_writing(folder, message) : STATUS_OK;
  status = status ? status : model_file_write(model, path, message);
  for (size_t i = 0; !status && i < N_TARGETS; ++i) {
    status = write_file(folder, (BundleFile){targets[i].file, print_preset, i}, model, message);
  }
  return status ? status
                : write_file(folder, (BundleFile){MANIFEST, print_manifest, 0}, model, message);
}

/// Copy a Turtle string without its quotes
static void
read_quoted(const char* text, char name[MODEL_FILE_TEXT_SIZE])
{
  size_t n = 0;
  for (; *text && *text != '"' && n + 1 < MODEL_FILE_TEXT_SIZE; ++text) {
    text += *text == '\\' && text[1];
    name[n++] = *text;
  }
  name[n] = '\0';
}

/// Read the preset's name from a manifest; false if it isn't one that print_manifest() writes:
/// other bundles may be called grus-something, too
static bool
read_manifest(const char* const folder, char name[MODEL_FILE_TEXT_SIZE])
{
  char path[PATH_MAX];
  char text[MANIFEST_MAX_SIZE];
  Content content = {NULL, 0};
  (void)snprintf(path, sizeof(path), "%.3000s/" MANIFEST, folder);
  if (file_read_whole(path, FILE_PLAIN, sizeof(text) - 1, &content, NULL)) {
    return false;
  }
  memcpy(text, content.bytes, content.size);
  text[content.size] = '\0';
  content_clear(&content);
  const char* const label = strstr(text, LABEL);
  if (strncmp(text, beginning, sizeof(beginning) - 1) != 0 || !label ||
      !strstr(text, "<preset.ttl>\n\ta pset:Preset ;\n\tlv2:appliesTo <urn:grus:mono> ;")) {
    return false;
  }
  read_quoted(label + sizeof(LABEL) - 1, name);
  return true;
}

/// Return true for the names of files that Grus writes for the preset called `name`
static bool
is_our_file(const char* const file, const char* const name)
{
  char model[FILE_NAME_SIZE];
  name_model_file(name, model);
  bool is_ours = !strcmp(file, MANIFEST) || !strcmp(file, OLD_MODEL) || !strcmp(file, model);
  for (size_t i = 0; i < N_TARGETS; ++i) {
    is_ours = is_ours || !strcmp(file, targets[i].file);
  }
  return is_ours;
}

static bool
is_dot(const char* const name)
{
  return !strcmp(name, ".") || !strcmp(name, "..");
}

static void
find_stray(const char* const path, PresetLook* const look)
{
  DIR* const folder = opendir(path);
  if (!folder) { // Then nobody knows what else is in it
    look->kind = PRESET_FOREIGN;
    return;
  }
  for (const struct dirent* entry = readdir(folder); entry; entry = readdir(folder)) {
    if (!is_dot(entry->d_name) && !is_our_file(entry->d_name, look->name)) {
      (void)snprintf(look->stray, sizeof(look->stray), "%s", entry->d_name);
    }
  }
  (void)closedir(folder);
}

PresetLook
preset_files_look(const char* const path)
{
  struct stat info;
  PresetLook look = {.kind = PRESET_NONE};
  if (lstat(path, &info)) {
    return look;
  }
  look.kind = read_manifest(path, look.name) ? PRESET_OURS : PRESET_FOREIGN;
  if (look.kind == PRESET_OURS && S_ISDIR(info.st_mode)) {
    find_stray(path, &look);
  }
  return look;
}

/// Remove a file that Grus may have written
static void
remove_file(const int folder, const char* const name)
{
  (void)unlinkat(folder, name, 0);
}

void
preset_files_remove(const char* const path, const char* const name)
{
  char model[FILE_NAME_SIZE];
  const int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) {
    (void)unlink(path); // A link, behind which nothing is touched
    return;
  }
  name_model_file(name, model);
  remove_file(fd, MANIFEST); // By name, as listing a folder takes memory
  remove_file(fd, OLD_MODEL);
  remove_file(fd, model);
  for (size_t i = 0; i < N_TARGETS; ++i) {
    remove_file(fd, targets[i].file);
  }
  (void)close(fd);
  (void)rmdir(path);
}
