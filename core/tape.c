// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The calls that libsndfile makes in place of those of the system. Patched bytes are replaced after
// each read.

#include "core/tape.h"

#include <string.h>
#include <unistd.h>

/// Copy a patch over the bytes that were read from `at` on
static void
apply_patch(const TapePatch* const patch, const int64_t at, unsigned char* const bytes,
            const int64_t n)
{
  for (uint32_t i = 0; i < patch->size; ++i) {
    const int64_t place = patch->at + i - at;
    if (place >= 0 && place < n) {
      bytes[place] = patch->bytes[i];
    }
  }
}

/// Read up to `n` bytes; return how many there were
static int64_t
read_bytes(const Tape* const tape, const int64_t at, void* const to, const int64_t n)
{
  const int64_t left = tape->size - at;
  int64_t n_read = n < left ? n : left;
  if (at < 0 || n_read <= 0) {
    return 0;
  }
  if (tape->data) {
    memcpy(to, tape->data + at, (size_t)n_read);
  } else {
    n_read = (int64_t)pread(tape->fd, to, (size_t)n_read, (off_t)at);
  }
  for (uint32_t i = 0; i < tape->n_patches; ++i) {
    apply_patch(&tape->patches[i], at, (unsigned char*)to, n_read);
  }
  return n_read > 0 ? n_read : 0;
}

bool
tape_read_at(const Tape* const tape, const int64_t at, void* const bytes, const size_t size)
{
  return read_bytes(tape, at, bytes, (int64_t)size) == (int64_t)size;
}

void
tape_patch(Tape* const tape, const int64_t at, uint64_t number, const uint32_t size)
{
  TapePatch* const patch = &tape->patches[tape->n_patches++];
  *patch = (TapePatch){.at = at, .size = size};
  for (uint32_t i = 0; i < size; ++i) {
    patch->bytes[i] = (unsigned char)(number & 0xFFU);
    number >>= 8U;
  }
}

static sf_count_t
tape_size(void* const user)
{
  return ((const Tape*)user)->size;
}

static sf_count_t
tape_seek(const sf_count_t offset, const int whence, void* const user)
{
  Tape* const tape = (Tape*)user;
  const sf_count_t from = whence == SEEK_CUR ? tape->position : whence == SEEK_END ? tape->size : 0;
  if (offset < -from || offset > tape->size - from) {
    return -1;
  }
  tape->position = from + offset;
  return tape->position;
}

static sf_count_t
tape_read(void* const to, const sf_count_t count, void* const user)
{
  Tape* const tape = (Tape*)user;
  const sf_count_t n = read_bytes(tape, tape->position, to, count);
  tape->position += n;
  return n;
}

static sf_count_t
tape_tell(void* const user)
{
  return ((const Tape*)user)->position;
}

SNDFILE*
tape_open(Tape* const tape, SF_INFO* const info)
{
  static SF_VIRTUAL_IO io = {tape_size, tape_seek, tape_read, NULL, tape_tell};
  tape->position = 0;
  return sf_open_virtual(&io, SFM_READ, info, tape);
}
