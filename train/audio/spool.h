// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// More samples than memory holds, written to a file without a name and then read as an array.
/// Offline threads.
///
/// The file lies in the folder that TMPDIR names, otherwise in /var/tmp, which unlike /tmp is
/// always on a disk. It disappears when its last mapping is released, however the program ends.

#ifndef GRUS_TRAIN_AUDIO_SPOOL_H
#define GRUS_TRAIN_AUDIO_SPOOL_H

#include "core/status.h"

#include <stdint.h>

/// A file being filled
typedef struct {
  int file;           ///< Descriptor
  const char* folder; ///< Not owned
  uint64_t n_samples;
} Spool;

NODISCARD Status spool_open(Spool* spool, Message* message);

NODISCARD Status spool_add(Spool* spool, const float* samples, uint32_t n_samples,
                           Message* message);

/// Map all that was added, read-only; NULL if nothing was
NODISCARD Status spool_map(const Spool* spool, const float** samples, Message* message);

/// Close the file; mappings stay
void spool_close(Spool* spool);

/// Unmap what spool_map() returned; NULL is legal
void spool_unmap(const float* samples, uint64_t n_samples);

#endif
