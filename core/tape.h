// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A sound file as libsndfile reads it, in memory or on disk, with some bytes replaced. Any thread
/// but the audio thread.

#ifndef GRUS_CORE_TAPE_H
#define GRUS_CORE_TAPE_H

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TAPE_MAX_PATCHES 3U
#define TAPE_PATCH_SIZE 8U

/// Bytes to read in place of the file's
typedef struct {
  int64_t at;
  unsigned char bytes[TAPE_PATCH_SIZE];
  uint32_t size;
} TapePatch;

/// Must stay where it is while libsndfile reads it
typedef struct {
  const char* data; ///< Not owned; NULL: `fd` is read
  int fd;           ///< Of a file that can be sought in; not owned
  int64_t size;     ///< [bytes]
  int64_t position;
  TapePatch patches[TAPE_MAX_PATCHES];
  uint32_t n_patches;
} Tape;

/// Read bytes from any place; false if there are fewer
bool tape_read_at(const Tape* tape, int64_t at, void* bytes, size_t size);

/// Replace up to TAPE_PATCH_SIZE bytes by a number, the lowest byte first
void tape_patch(Tape* tape, int64_t at, uint64_t number, uint32_t size);

/// Open a tape from its beginning; NULL if libsndfile can't read it
SNDFILE* tape_open(Tape* tape, SF_INFO* info);

#endif
