// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// C11's aligned_alloc() needs a size that is a multiple of the alignment.

#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

#define FLOATS_PER_ALIGNMENT (MEMORY_ALIGNMENT / sizeof(float))

size_t
memory_round_floats(const size_t count)
{
  return (count + FLOATS_PER_ALIGNMENT - 1) / FLOATS_PER_ALIGNMENT * FLOATS_PER_ALIGNMENT;
}

float*
memory_new_floats(const size_t count)
{
  const size_t size = memory_round_floats(count) * sizeof(float);
  float* const p = (float*)aligned_alloc(MEMORY_ALIGNMENT, size);
  return p ? (float*)memset(p, 0, size) : NULL;
}
