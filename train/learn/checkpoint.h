// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The whole state of a run on disk: a killed run continues from there with the same bits. Main
/// thread.
///
/// A checkpoint is for the machine that wrote it: a header that identifies the run, bytes as they
/// lie in memory, and a hash of it all.

#ifndef GRUS_TRAIN_LEARN_CHECKPOINT_H
#define GRUS_TRAIN_LEARN_CHECKPOINT_H

#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// One part of a run's state
typedef struct {
  void* data; ///< May be NULL if the part is empty
  size_t size;
} CheckpointPart;

#define CHECKPOINT_TEXT_SIZE 24U

/// One of the things that a run is identified by: its settings, recordings and first weights. What
/// follows the texts is zeroed.
typedef struct {
  char name[CHECKPOINT_TEXT_SIZE];  ///< What stands before the value, such as "--hidden-size="
  char value[CHECKPOINT_TEXT_SIZE]; ///< A text that tells something, or a hash in brackets
} CheckpointTrait;

/// All of them, in a fixed order
typedef struct {
  const CheckpointPart* parts;
  uint32_t n_parts;
  const CheckpointTrait* traits;
  uint32_t n_traits;
} Checkpoint;

/// Return true if there is a file at `path`, and it is a checkpoint of any version
bool checkpoint_is_there(const char* path);

/// Return true if the run that wrote the checkpoint at `path` was identified by this, too
bool checkpoint_has_trait(const char* path, const CheckpointTrait* trait);

/// Remove the file at `path` if it is a checkpoint
void checkpoint_remove(const char* path);

/// Replace the checkpoint at `path`; the old one stays if that fails. Fail if the file there is
/// something else.
NODISCARD Status checkpoint_write(const Checkpoint* checkpoint, const char* path, Message* message);

/// Fill the parts, or none of them.
///
/// STATUS_CANNOT_READ without a file, STATUS_BAD_FILE if it is damaged, STATUS_BAD_ARGUMENT if it
/// was made by a different run; the message says what is different.
NODISCARD Status checkpoint_read(const Checkpoint* checkpoint, const char* path, Message* message);

#endif
