// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Model files on disk: read whole, written under a temporary name, synced and renamed, so that a
// reader sees the old file or the new one and never half of either.

#include "core/model_file.h"

#include "core/model_json.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Rates that differ by less, relative to each other, are the same
#define RATE_TOLERANCE 1e-6

/// Read all of `stream`, which the caller closes
static Status
read_stream(FILE* const stream, const char* const path, char** const text, size_t* const size,
            Message* const message)
{
  char* const buffer = (char*)malloc(MODEL_FILE_MAX_SIZE + 1);
  if (!buffer) {
    return status_fail(message, STATUS_NO_MEMORY, "%.200s: out of memory", path);
  }
  *size = fread(buffer, 1, MODEL_FILE_MAX_SIZE + 1, stream);
  if (ferror(stream) || *size > MODEL_FILE_MAX_SIZE) {
    const Status status = ferror(stream) ? STATUS_CANNOT_READ : STATUS_BAD_FILE;
    (void)status_fail(message, status, "%.200s: %s", path,
                      ferror(stream) ? strerror(errno) : "is too large for a model file (32 MiB)");
    free(buffer);
    return status;
  }
  *text = buffer;
  return STATUS_OK;
}

Status
model_file_read(const char* const path, ModelFile* const file, Message* const message)
{
  char* text = NULL;
  size_t size = 0;
  FILE* const stream = fopen(path, "rbe");
  if (!stream) {
    return status_fail(message, STATUS_CANNOT_READ, "%.200s: %s", path, strerror(errno));
  }
  Status status = read_stream(stream, path, &text, &size, message);
  (void)fclose(stream);
  if (!status) {
    status = model_json_decode(text, size, path, file, message);
  }
  free(text);
  return status;
}

Status
model_file_parse(const char* const text, const size_t size, const char* const name,
                 ModelFile* const file, Message* const message)
{
  return model_json_decode(text, size, name, file, message);
}

/// Make a rename last through a power cut; a file system that can't is not an error
static void
sync_folder_of(const char* const path)
{
  char* const copy = strdup(path);
  const int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  if (fd >= 0) {
    (void)fsync(fd);
    (void)close(fd);
  }
  free(copy);
}

/// Write all and sync; the descriptor is closed in any case
static bool
write_all(const int fd, const char* const text)
{
  const size_t size = strlen(text);
  size_t done = 0;
  while (done < size) {
    const ssize_t n = write(fd, text + done, size - done);
    if (n < 0 && errno != EINTR) {
      break;
    }
    done += n > 0 ? (size_t)n : 0;
  }
  const bool is_synced = done == size && !fsync(fd);
  return !close(fd) && is_synced;
}

/// Give the file the permissions that a new file gets
static void
apply_umask(const int fd)
{
  const mode_t mask = umask(0);
  (void)umask(mask);
  (void)fchmod(fd, 0666 & ~mask);
}

static Status
replace_file(const char* const path, const char* const text, Message* const message)
{
  char temporary[4096];
  if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary)) {
    return status_fail(message, STATUS_CANNOT_WRITE, "%.200s…: the path is too long", path);
  }
  const int fd = mkostemp(temporary, O_CLOEXEC);
  if (fd < 0) {
    return status_fail(message, STATUS_CANNOT_WRITE, "%.200s: %s", path, strerror(errno));
  }
  apply_umask(fd);
  if (!write_all(fd, text) || rename(temporary, path)) {
    (void)status_fail(message, STATUS_CANNOT_WRITE, "%.200s: %s", path, strerror(errno));
    (void)unlink(temporary);
    return STATUS_CANNOT_WRITE;
  }
  sync_folder_of(path);
  return STATUS_OK;
}

Status
model_file_write(const ModelFile* const file, const char* const path, Message* const message)
{
  char* text = NULL;
  Status status = model_json_encode(file, &text, message);
  if (!status) {
    status = replace_file(path, text, message);
  }
  free(text);
  return status;
}

/// How much of `rate` goes into `sample_rate`: 1, 2, 3 …, or 0 if it is no multiple
static double
multiple_of(const double rate, const double sample_rate)
{
  const double multiple = round(sample_rate / rate);
  return fabs(sample_rate / rate - multiple) <= RATE_TOLERANCE * multiple ? multiple : 0.0;
}

ModelSet
model_file_set_for(const ModelFile* const file, const double sample_rate)
{
  ModelSet set = {file->sample_rate, file->params, file->record};
  double least = multiple_of(file->sample_rate, sample_rate);
  for (uint32_t i = 0; i < file->n_others; ++i) {
    const double multiple = multiple_of(file->others[i].sample_rate, sample_rate);
    if (multiple > 0.0 && (least <= 0.0 || multiple < least)) {
      set = file->others[i];
      least = multiple;
    }
  }
  return set;
}

void
model_file_clear(ModelFile* const file)
{
  params_clear(&file->params);
  for (uint32_t i = 0; i < MODEL_FILE_MAX_SETS - 1; ++i) {
    params_clear(&file->others[i].params);
  }
  file->n_others = 0;
}
