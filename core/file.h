// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Files read whole, and files replaced without ever being half there. Not for the audio thread.

#ifndef GRUS_CORE_FILE_H
#define GRUS_CORE_FILE_H

#include "core/content.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>

#define FILE_MAX_PATH 4096U

/// What may be read
typedef enum {
  FILE_PLAIN, ///< Files on disk alone; with a pipe one might wait for ever
  FILE_ANY,   ///< Pipes and devices, too
} FileKind;

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

/// Write all bytes to an open file; false, with errno, on failure
NODISCARD bool file_write_all(int fd, const void* data, size_t size);

/// Make `path` a file of these bytes; what was there before stays if that fails
NODISCARD Status file_replace(const char* path, const void* data, size_t size, Message* message);

/// Read a whole file of at most `max_size` bytes, which the caller frees by content_clear(). On
/// failure `content` is untouched.
NODISCARD Status file_read_whole(const char* path, FileKind kind, size_t max_size, Content* content,
                                 Message* message);

/// Write a file's name without folder and extension, cut off at `size`
void file_stem(const char* path, char* stem, size_t size);

#endif
