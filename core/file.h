// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How a file comes to disk without ever being half there. Not for the audio thread.

#ifndef GRUS_CORE_FILE_H
#define GRUS_CORE_FILE_H

#include "core/status.h"

#include <stddef.h>

#define FILE_MAX_PATH 4096U

/// A file that is being written beside the one it is to replace
typedef struct {
  const char* path; ///< Not owned
  char temporary[FILE_MAX_PATH];
  int fd; ///< For whoever writes
} FileDraft;

/// Begin to write what is to become `path`; a device or a pipe is written to at once
NODISCARD Status file_begin(const char* path, FileDraft* draft, Message* message);

/// Make the draft, all written, the file; what was there before stays if that fails
NODISCARD Status file_keep(FileDraft* draft, Message* message);

/// Remove the draft
void file_discard(FileDraft* draft);

/// Make `path` a file of these bytes; what was there before stays if that fails
NODISCARD Status file_replace(const char* path, const void* data, size_t size, Message* message);

#endif
