// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Hashes that tell data apart that differ by accident, not by malice. Any thread but the audio
/// thread. There are two because both are stored: neither may change.

#ifndef GRUS_CORE_HASH_H
#define GRUS_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

/// 64-bit FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv, byte by byte: plugin sessions keep it for
/// each file
uint64_t hash_fnv1a(const void* data, size_t size);

/// Return the hash of data that follows what `hash`, 0 at first, is of. Eight bytes at a time, for
/// recordings of gigabytes; checkpoints keep it. Depends on the byte order.
uint64_t hash_add(uint64_t hash, const void* data, size_t size);

#endif
