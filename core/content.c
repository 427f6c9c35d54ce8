// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Copies of file contents.

#include "core/content.h"

#include "core/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Status
content_copy(const void* const bytes, const size_t size, Content* const content)
{
  char* const copy = (char*)malloc(size ? size : 1);
  if (!copy) {
    return STATUS_NO_MEMORY;
  }
  memcpy(copy, bytes, size);
  *content = (Content){copy, size};
  return STATUS_OK;
}

void
content_clear(Content* const content)
{
  free(content->bytes);
  *content = (Content){NULL, 0};
}

void
content_hash(const Content* const content, char hash[CONTENT_HASH_SIZE])
{
  (void)snprintf(hash, CONTENT_HASH_SIZE, "%016" PRIx64, hash_fnv1a(content->bytes, content->size));
}
