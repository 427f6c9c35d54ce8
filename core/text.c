// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Knows where a character ends: its first byte says how many follow, which begin with the bits 10.

#include "core/text.h"

#include <stdbool.h>
#include <string.h>

static bool
is_continuation(const char byte)
{
  return ((unsigned char)byte & 0xC0U) == 0x80U;
}

/// Return how many bytes the character with this first byte has
static size_t
character_size(const char first)
{
  const unsigned char byte = (unsigned char)first;
  return byte >= 0xF0U ? 4 : byte >= 0xE0U ? 3 : byte >= 0xC0U ? 2 : 1;
}

size_t
text_fitting(const char* const text, const size_t size)
{
  size_t n = strnlen(text, size);
  if (n < size) {
    return n;
  }
  n = size - 1;
  while (n > 0 && is_continuation(text[n])) {
    --n;
  }
  return n;
}

void
text_copy(char* const to, const size_t size, const char* const from)
{
  const size_t n = text_fitting(from, size);
  memmove(to, from, n);
  to[n] = '\0';
}

void
text_repair(char* const text)
{
  size_t n = 0;
  for (size_t i = 0; text[i];) {
    const size_t size = character_size(text[i]);
    size_t n_there = 1;
    while (n_there < size && is_continuation(text[i + n_there])) {
      ++n_there;
    }
    if (n_there == size && !is_continuation(text[i])) {
      memmove(text + n, text + i, size);
      n += size;
    }
    i += n_there;
  }
  text[n] = '\0';
}

const char*
text_path_end(const char* const path, const size_t size)
{
  const size_t length = strlen(path);
  if (length < size) {
    return path;
  }
  const char* end = path + length - (size - 1);
  const char* const slash = strchr(end, '/');
  if (slash && slash[1]) {
    return slash + 1;
  }
  while (is_continuation(*end)) {
    ++end;
  }
  return end;
}

size_t
text_mark_size(const char* const bytes, const size_t size)
{
  static const char mark[3] = {'\xEF', '\xBB', '\xBF'};
  return size >= sizeof(mark) && !memcmp(bytes, mark, sizeof(mark)) ? sizeof(mark) : 0;
}
