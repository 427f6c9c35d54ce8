// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// May a program write here? Asked before the work begins, and answered by one rule: a program
/// replaces only what it wrote itself, unless it is told to, and never what it reads. Any one
/// thread.

#ifndef GRUS_TRAIN_PROGRAMS_COMMON_OUTPUT_FILE_H
#define GRUS_TRAIN_PROGRAMS_COMMON_OUTPUT_FILE_H

#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>

/// Kinds of files, by the end of their names
typedef enum {
  OUTPUT_SOUND,
  OUTPUT_MODEL,
  OUTPUT_PAGE,
  OUTPUT_CAPTURE, ///< None is ever written
} OutputKind;

typedef struct {
  const char* path;
  OutputKind kind;
  const char* const* inputs; ///< Paths, some may be NULL
  size_t n_inputs;
  const char* program; ///< That wrote the file that is there, if `is_own`; NULL: can't be known
  bool is_own;
  bool overwrites; ///< Replace it whatever it is
} OutputFile;

/// Fail, with a reason, unless the output is a file of its kind that can be written without losing
/// something: no input, no folder, no file of others. A pipe or a device can be written.
NODISCARD Status output_file_check(const OutputFile* output, Message* message);

/// Turn NAME, or NAME with the ending of a model (.json or .aidax, in any case), into NAME followed
/// by `ending`, in a path of `size` bytes
void output_file_name(const char* output, const char* ending, char* path, size_t size);

/// Fail if a path names no file, or a file of another kind
NODISCARD Status output_file_check_name(const char* path, OutputKind kind, Message* message);

/// Remove an unfinished file (its name, or "" if it has none) if a signal ends the program: some
/// file systems give every file a name. Main thread, for one file at a time.
void output_file_guard(const char* temporary);

#endif
