// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads files whole. Any thread but the audio thread.

#include "core/content.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/// Read what is left of `file`, whose size is known
static Status
read_bytes(FILE* const file, const char* const path, Content* const content, Message* const message)
{
  if (fread(content->bytes, 1, content->size, file) != content->size) {
    return status_fail(message, STATUS_CANNOT_READ, "%.300s: %s", path,
                       ferror(file) ? strerror(errno) : "it became shorter while it was read");
  }
  return STATUS_OK;
}

static Status
read_open(FILE* const file, const char* const path, const size_t max_size, Content* const content,
          Message* const message)
{
  struct stat info;
  if (fstat(fileno(file), &info)) {
    return status_fail(message, STATUS_CANNOT_READ, "%.300s: %s", path, strerror(errno));
  }
  if (!S_ISREG(info.st_mode)) {
    return status_fail(message, STATUS_CANNOT_READ, "%.300s: not a file", path);
  }
  if (!info.st_size || (uintmax_t)info.st_size > max_size) {
    return status_fail(message, STATUS_BAD_FILE, "%.300s: %jd bytes; expected 1 to %zu", path,
                       (intmax_t)info.st_size, max_size);
  }
  Content read = {malloc((size_t)info.st_size), (size_t)info.st_size};
  if (!read.bytes) {
    return status_fail(message, STATUS_NO_MEMORY, "%.300s: out of memory", path);
  }
  const Status status = read_bytes(file, path, &read, message);
  if (status) {
    content_clear(&read);
    return status;
  }
  *content = read;
  return STATUS_OK;
}

Status
content_read(const char* const path, const size_t max_size, Content* const content,
             Message* const message)
{
  FILE* const file = fopen(path, "rbe");
  if (!file) {
    return status_fail(message, STATUS_CANNOT_READ, "%.300s: %s", path, strerror(errno));
  }
  const Status status = read_open(file, path, max_size, content, message);
  (void)fclose(file);
  return status;
}

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
  uint64_t h = 0xcbf29ce484222325U;
  for (size_t i = 0; i < content->size; ++i) {
    h = (h ^ (unsigned char)content->bytes[i]) * 0x100000001b3U;
  }
  (void)snprintf(hash, CONTENT_HASH_SIZE, "%016" PRIx64, h);
}
