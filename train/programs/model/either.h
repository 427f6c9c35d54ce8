// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Reads what may be a model or a capture. Any one thread.

#ifndef GRUS_TRAIN_PROGRAMS_MODEL_EITHER_H
#define GRUS_TRAIN_PROGRAMS_MODEL_EITHER_H

#include "core/format/model_file_io.h"
#include "core/status.h"
#include "train/teacher/teacher.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

/// One of the two; zeroed at first
typedef struct {
  ModelFile model;
  Teacher* teacher; ///< NULL: it is a model
} ModelOrCapture;

/// Read a file. On success the caller frees with either_clear().
NODISCARD static inline Status
either_read(const char* const path, ModelOrCapture* const either, Message* const message)
{
  struct stat info;
  if (!stat(path, &info) && S_ISDIR(info.st_mode)) {
    const size_t n = strlen(path);
    return status_fail(message, STATUS_CANNOT_READ,
                       "%s: is a folder; expected its files, such as %s%s*.nam", path, path,
                       n && path[n - 1] == '/' ? "" : "/");
  }
  const Status status = model_file_read(path, &either->model, message);
  return status == STATUS_UNSUPPORTED ? teacher_read_unplayable(path, &either->teacher, message)
                                      : status;
}

/// Free it; legal on a zeroed struct
static inline void
either_clear(ModelOrCapture* const either)
{
  model_file_clear(&either->model);
  teacher_free(either->teacher);
  *either = (ModelOrCapture){.teacher = NULL};
}

#endif
