// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// hash_add() mixes in each word with the random generator.

#include "core/hash.h"

#include "core/random.h"

#include <string.h>

uint64_t
hash_fnv1a(const void* const data, const size_t size)
{
  const unsigned char* const bytes = (const unsigned char*)data;
  uint64_t hash = 0xcbf29ce484222325U;
  for (size_t i = 0; i < size; ++i) {
    hash = (hash ^ bytes[i]) * 0x100000001b3U;
  }
  return hash;
}

uint64_t
hash_add(const uint64_t hash, const void* const data, const size_t size)
{
  Random random = {hash ^ size};
  uint64_t word = 0;
  for (size_t i = 0; i < size; i += sizeof(word)) {
    const size_t left = size - i;
    word = 0;
    memcpy(&word, (const char*)data + i, left < sizeof(word) ? left : sizeof(word));
    random.state = random_bits(&random) ^ word;
  }
  return random_bits(&random);
}
