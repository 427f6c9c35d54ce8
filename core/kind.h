// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What is a file that was chosen by mistake? Its first bytes show it, so that each reader can say
/// what it got and what would be right. Any thread but the audio thread.

#ifndef GRUS_CORE_KIND_H
#define GRUS_CORE_KIND_H

#include "core/status.h"

#include <stddef.h>

/// How many bytes at the beginning of a file are looked at
#define KIND_START_SIZE 512U

/// What a reader expects
typedef enum {
  FILE_PLAIN,         ///< A file on disk with any content; reading a pipe could block forever
  FILE_MODEL,         ///< A model on disk
  FILE_MODEL_OR_PIPE, ///< A model, also from a pipe, which a program may wait for
  FILE_SETLIST,       ///< A set list or a model on disk
  FILE_SOUND,         ///< A sound file on disk
  FILE_CHECKPOINT,    ///< A checkpoint of grus-train on disk
} FileKind;

/// The first bytes of a file, or all of them
typedef struct {
  const char* name; ///< In messages
  const char* bytes;
  size_t size;
} KindStart;

/// Return what is expected, such as "a model (JSON)"
const char* kind_expected(FileKind kind);

/// Fail if a file that should hold JSON is something else or empty, and say what it is. Other kinds
/// always pass: only their decoders know.
NODISCARD Status kind_check(FileKind kind, KindStart start, Message* message);

/// Say what a file is that can't be decoded; never STATUS_OK
Status kind_fail(FileKind kind, KindStart start, Message* message);

#endif
