// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Reads whole files, and replaces files so that no reader sees a partial one. Not for the audio
/// thread.

#ifndef GRUS_CORE_FILE_H
#define GRUS_CORE_FILE_H

#include "core/content.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>

#define FILE_MAX_PATH 4096U

/// Which kinds of files may be read
typedef enum {
  FILE_PLAIN, ///< Only files on disk; reading a pipe could block forever
  FILE_ANY,   ///< Also pipes and devices
} FileKind;

/// A file that is being written, to replace another in the end
typedef struct {
  const char* path; ///< Not owned
  char temporary[FILE_MAX_PATH];
  int fd; ///< To write to
} FileDraft;

/// Fail if the output is the input (may be NULL), which would be lost
NODISCARD Status file_check_apart(const char* output, const char* input, Message* message);

/// Start writing a new `path`; a device or a pipe is written to directly
NODISCARD Status file_begin(const char* path, FileDraft* draft, Message* message);

/// Put the complete draft in the file's place; on failure the old file stays
NODISCARD Status file_keep(FileDraft* draft, Message* message);

/// Remove the draft
void file_discard(FileDraft* draft);

/// Write all bytes to an open file; false, with errno, on failure
NODISCARD bool file_write_all(int fd, const void* data, size_t size);

/// Replace `path` by a file with these bytes; on failure the old file stays
NODISCARD Status file_replace(const char* path, const void* data, size_t size, Message* message);

/// Read a whole file of at most `max_size` bytes, which the caller frees with content_clear(). On
/// failure `content` is untouched.
NODISCARD Status file_read_whole(const char* path, FileKind kind, size_t max_size, Content* content,
                                 Message* message);

/// Write a file's name without folder and extension, truncated to fit `size`. Bytes that are not
/// UTF-8 are left out.
void file_stem(const char* path, char* stem, size_t size);

#endif
