// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Everything that a run is in the middle of, on disk: a run that was killed goes on from there
/// with the same bits. Main thread.
///
/// A checkpoint is for the machine that wrote it: bytes as they lie in memory, behind what tells
/// one run from another and before a hash of it all.

#ifndef GRUS_TRAIN_LEARN_CHECKPOINT_H
#define GRUS_TRAIN_LEARN_CHECKPOINT_H

#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

/// One of the things that make up a run
typedef struct {
  void* data;
  size_t size;
} CheckpointPart;

/// All of them, in an order that stays
typedef struct {
  const CheckpointPart* parts;
  uint32_t n_parts;
  uint64_t run; ///< Hash of what the run is made of: settings, recordings, first weights
} Checkpoint;

/// Replace the file at `path`; what was there stays if that fails
NODISCARD Status checkpoint_write(const Checkpoint* checkpoint, const char* path, Message* message);

/// Fill the parts, or none of them.
///
/// STATUS_CANNOT_READ without a file, STATUS_BAD_FILE if it is damaged, STATUS_BAD_ARGUMENT if it
/// is of another run.
NODISCARD Status checkpoint_read(const Checkpoint* checkpoint, const char* path, Message* message);

#endif
