// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Hashes that detect accidental differences, not forgeries. Any thread but the audio thread. There
/// are two because stored data depends on both: neither may change.

#ifndef GRUS_CORE_HASH_H
#define GRUS_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

/// 64-bit FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv, byte by byte. Plugin sessions keep it
/// for each file.
uint64_t hash_fnv1a(const void* data, size_t size);

/// Return the hash of some data and all data before it, whose hash is `hash` (0 for none). It takes
/// eight bytes at a time, for recordings of gigabytes. Checkpoints keep it. Depends on the byte
/// order.
uint64_t hash_add(uint64_t hash, const void* data, size_t size);

#endif
