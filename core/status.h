// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What can go wrong, and how it is reported. The audio thread calls status_text() only.

#ifndef GRUS_CORE_STATUS_H
#define GRUS_CORE_STATUS_H

#include "core/realtime.h"

#define NODISCARD __attribute__((warn_unused_result))

/// Result of everything that can fail; zero is success
typedef enum {
  STATUS_OK,
  STATUS_NO_MEMORY,
  STATUS_BAD_ARGUMENT, ///< A request that makes no sense
  STATUS_MISSING,      ///< There is no such file
  STATUS_CANNOT_READ,  ///< The system can't open or read a file
  STATUS_CANNOT_WRITE, ///< The system can't create or write a file
  STATUS_BAD_FILE,     ///< The file is damaged or not what it claims to be
  STATUS_UNSUPPORTED,  ///< The file is intact, but of a kind that Grus does not play
} Status;

/// Room for the name of a file, a sentence and a command about it, with a terminator
#define STATUS_MESSAGE_SIZE 1024U

/// One sentence for a person: which file, what is wrong, what would be right
typedef struct {
  char text[STATUS_MESSAGE_SIZE];
} Message;

/// Return what `status` means, without a full stop
const char* status_text(Status status) RT;

/// Write a message (may be NULL) that is not an error: a warning or a note.
///
/// If `format` begins with "%s: ", that is a file, and "…" stands for its first folders if the path
/// is long. A message that is too long ends with "…".
void message_set(Message* message, const char* format, ...) __attribute__((format(printf, 2, 3)));

/// Format `message` (may be NULL) in the same way and return `status`, so that a caller can fail in
/// one line
Status status_fail(Message* message, Status status, const char* format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
