// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The bytes of a file, as a session keeps them, and a hash that identifies them. Any thread but
/// the audio thread.

#ifndef GRUS_CORE_CONTENT_H
#define GRUS_CORE_CONTENT_H

#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

/// Size of a hash in hexadecimal digits, with the terminating zero
#define CONTENT_HASH_SIZE 17U

/// Zeroed, there is no content
typedef struct {
  char* bytes;
  size_t size;
} Content;

/// Copy `size` bytes
NODISCARD Status content_copy(const void* bytes, size_t size, Content* content);

/// Free the bytes; legal if there are none
void content_clear(Content* content);

/// Write the hash: 64-bit FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv. It detects accidental
/// differences, not forgeries.
void content_hash(const Content* content, char hash[CONTENT_HASH_SIZE]);

#endif
