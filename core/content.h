// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The bytes of a file as a session keeps them: read once, told apart by a hash. Any thread but the
/// audio thread.

#ifndef GRUS_CORE_CONTENT_H
#define GRUS_CORE_CONTENT_H

#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

/// A hash in hexadecimal digits, with the zero
#define CONTENT_HASH_SIZE 17U

/// Zeroed, it is none
typedef struct {
  char* bytes;
  size_t size;
} Content;

/// Copy `size` bytes
NODISCARD Status content_copy(const void* bytes, size_t size, Content* content);

/// Free the bytes; legal on none
void content_clear(Content* content);

/// Write the hash: 64-bit FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv. It tells files apart that
/// differ by accident, not by malice.
void content_hash(const Content* content, char hash[CONTENT_HASH_SIZE]);

#endif
