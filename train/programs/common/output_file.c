// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Asks the name first, then the file system.

#include "train/programs/common/output_file.h"

#include "core/file.h"

#include <libgen.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/// What a name ends in, for files that a user may mix up
static const struct {
  const char* ending;
  OutputKind kind;
} endings[] = {{".wav", OUTPUT_SOUND},   {".wave", OUTPUT_SOUND}, {".flac", OUTPUT_SOUND},
               {".aif", OUTPUT_SOUND},   {".aiff", OUTPUT_SOUND}, {".aifc", OUTPUT_SOUND},
               {".mp3", OUTPUT_SOUND},   {".ogg", OUTPUT_SOUND},  {".opus", OUTPUT_SOUND},
               {".m4a", OUTPUT_SOUND},   {".json", OUTPUT_MODEL}, {".nam", OUTPUT_CAPTURE},
               {".aidax", OUTPUT_MODEL}, {".html", OUTPUT_PAGE},  {".htm", OUTPUT_PAGE}};

/// How messages call a kind, and a name of it
static const struct {
  const char* what;
  const char* example;
} kinds[] = {[OUTPUT_SOUND] = {"a sound file", ".wav"},
             [OUTPUT_MODEL] = {"a model", ".json"},
             [OUTPUT_PAGE] = {"a page", ".html"},
             [OUTPUT_CAPTURE] = {"a capture", ".nam"}};

/// Fail if a path has the name of another kind of file than `kind`
static Status
check_kind(const char* const path, const OutputKind kind, Message* const message)
{
  const char* const slash = strrchr(path, '/');
  const char* const ending = strrchr(slash ? slash : path, '.');
  for (size_t i = 0; ending && i < sizeof(endings) / sizeof(endings[0]); ++i) {
    if (!strcasecmp(ending, endings[i].ending) && endings[i].kind != kind) {
      return status_fail(message, STATUS_BAD_ARGUMENT,
                         "%s: is the name of %s; expected that of %s, such as NAME%s", path,
                         kinds[endings[i].kind].what, kinds[kind].what, kinds[kind].example);
    }
  }
  return STATUS_OK;
}

/// Return the size of NAME without the ending of a model
static size_t
stem_size(const char* const output)
{
  const char* const slash = strrchr(output, '/');
  const char* const name = slash ? slash + 1 : output;
  const char* const ending = strrchr(name, '.');
  for (size_t i = 0; ending && ending > name && i < sizeof(endings) / sizeof(endings[0]); ++i) {
    if (!strcasecmp(ending, endings[i].ending) && endings[i].kind == OUTPUT_MODEL) {
      return (size_t)(ending - output);
    }
  }
  return strlen(output);
}

void
output_file_name(const char* const output, const char* const ending, char* const path,
                 const size_t size)
{
  (void)snprintf(path, size, "%.*s%s", (int)stem_size(output), output, ending);
}

Status
output_file_check_name(const char* const path, const OutputKind kind, Message* const message)
{
  const size_t n = strlen(path);
  if (!n || !strcmp(path, "-")) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "\"%s\": expected the name of %s to write",
                       path, kinds[kind].what);
  }
  if (path[n - 1] == '/') {
    return status_fail(message, STATUS_BAD_ARGUMENT, "%s: names a folder; expected %sNAME%s", path,
                       path, kinds[kind].example);
  }
  return check_kind(path, kind, message);
}

/// Fail unless a new file can be made
static Status
check_folder(const char* const path, Message* const message)
{
  char copy[FILE_MAX_PATH];
  if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy)) {
    return status_fail(message, STATUS_CANNOT_WRITE, "%.200s…: the path is too long", path);
  }
  return access(dirname(copy), W_OK | X_OK) ? file_fail_writing(path, message) : STATUS_OK;
}

static Status
fail_exists(const OutputFile* const output, Message* const message)
{
  char whose[64] = "";
  if (output->program) {
    (void)snprintf(whose, sizeof(whose), ", but %s did not write it", output->program);
  }
  return status_fail(message, STATUS_BAD_ARGUMENT,
                     "%s: exists%s; choose another name, or replace it with --overwrite",
                     output->path, whose);
}

/// Fail unless a file that is there may be replaced
static Status
check_old(const OutputFile* const output, Message* const message)
{
  Status status = STATUS_OK;
  for (size_t i = 0; i < output->n_inputs && !status; ++i) {
    status = file_check_apart(output->path, output->inputs[i], message);
  }
  if (!status && !output->is_own && !output->overwrites) {
    status = fail_exists(output, message);
  }
  return !status && access(output->path, W_OK) ? file_fail_writing(output->path, message) : status;
}

Status
output_file_check(const OutputFile* const output, Message* const message)
{
  struct stat info;
  const Status status = output_file_check_name(output->path, output->kind, message);
  if (status) {
    return status;
  }
  if (file_is_written_directly(output->path)) {
    return STATUS_OK;
  }
  if (stat(output->path, &info)) {
    return check_folder(output->path, message);
  }
  if (S_ISDIR(info.st_mode)) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: is a folder; expected the name of %s to write", output->path,
                       kinds[output->kind].what);
  }
  return check_old(output, message);
}

static char guarded[FILE_MAX_PATH];

static void
remove_guarded(const int signal_number)
{
  (void)unlink(guarded);
  (void)raise(signal_number); // Which is no longer caught
}

void
output_file_guard(const char* const temporary)
{
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  if (!*temporary) {
    return;
  }
  (void)snprintf(guarded, sizeof(guarded), "%s", temporary);
  for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); ++i) {
    struct sigaction before;
    struct sigaction action = {.sa_handler = remove_guarded, .sa_flags = (int)SA_RESETHAND};
    (void)sigemptyset(&action.sa_mask);
    if (!sigaction(signals[i], NULL, &before) && before.sa_handler != SIG_IGN) {
      (void)sigaction(signals[i], &action, NULL);
    }
  }
}
