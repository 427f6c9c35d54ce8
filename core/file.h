// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Reads whole files, and replaces files so that no reader sees a partial one. Not for the audio
/// thread.

#ifndef GRUS_CORE_FILE_H
#define GRUS_CORE_FILE_H

#include "core/content.h"
#include "core/kind.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>

#define FILE_MAX_PATH 4096U

/// A file that is being written, to replace another in the end
typedef struct {
  const char* path;              ///< As given, for messages; not owned
  char target[FILE_MAX_PATH];    ///< The same with its links followed; "": written to directly
  char temporary[FILE_MAX_PATH]; ///< Name until then; "": it has none, and a kill leaves nothing
  int fd;                        ///< To write to
} FileDraft;

/// Return true if no other file can take this one's place: for a device or a pipe, and for links
/// such as /dev/stdout, which may lead to a plain file at the moment
bool file_is_written_directly(const char* path);

/// Return true if two paths lead to one file on disk
bool file_is_same(const char* path, const char* other);

/// Fail if the output is the input (may be NULL), which would be lost
NODISCARD Status file_check_apart(const char* output, const char* input, Message* message);

/// Start writing a new `path`. If it is a symbolic link, what it leads to will be replaced, and the
/// link stays; the permissions of an existing file stay too, and its group and owner if the system
/// allows it. A file that may not be written is refused. A device or a pipe is written to directly.
NODISCARD Status file_begin(const char* path, FileDraft* draft, Message* message);

/// Put the complete draft in the file's place; on failure the old file stays
NODISCARD Status file_keep(FileDraft* draft, Message* message);

/// Remove the draft
void file_discard(FileDraft* draft);

/// Write all bytes to an open file; false, with errno, on failure
NODISCARD bool file_write_all(int fd, const void* data, size_t size);

/// Say why a path can't be written, from errno: which folder is missing, or the system's reason;
/// never STATUS_OK
Status file_fail_writing(const char* path, Message* message);

/// Replace `path` by a file with these bytes; on failure the old file stays
NODISCARD Status file_replace(const char* path, const void* data, size_t size, Message* message);

/// Read a whole file of at most `max_size` bytes, which the caller frees with content_clear().
/// Folders, devices, sockets and pipes are refused without waiting, and what is too large or empty.
/// On failure `content` is untouched.
NODISCARD Status file_read_whole(const char* path, FileKind kind, size_t max_size, Content* content,
                                 Message* message);

/// Say why a file can't be read that a library could not open; never STATUS_OK
Status file_explain(const char* path, FileKind kind, Message* message);

/// Write a file's name without folder and extension, truncated to fit `size`. Bytes that are not
/// UTF-8 are left out.
void file_stem(const char* path, char* stem, size_t size);

#endif
