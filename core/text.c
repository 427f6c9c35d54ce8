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

/// Return true for what a terminal may obey: U+0000 to U+001F, U+007F to U+009F
static bool
is_control(const char* const character)
{
  const unsigned char first = (unsigned char)character[0];
  return first < 0x20U || first == 0x7FU || (first == 0xC2U && (unsigned char)character[1] < 0xA0U);
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
    if (n_there == size && is_control(text + i)) {
      text[n++] = ' ';
    } else if (n_there == size && !is_continuation(text[i])) {
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

void
text_shorten_path(char* const to, const size_t size, const char* const path)
{
  static const char mark[] = "…/";
  if (strlen(path) < size) {
    text_copy(to, size, path);
    return;
  }
  text_copy(to, size, mark);
  text_copy(to + strlen(mark), size - strlen(mark), text_path_end(path, size - strlen(mark)));
}

void
text_mark_cut(char* const text, const size_t size)
{
  static const char mark[] = "…";
  text[size - sizeof(mark)] = '\0';
  text_repair(text);
  text_copy(text + strlen(text), sizeof(mark), mark);
}

void
text_shorten(char* const to, const size_t size, const char* const from)
{
  text_copy(to, size, from);
  if (strlen(from) >= size) {
    text_mark_cut(to, size);
  }
}

/// Return true if no shell gives a meaning to any character
static bool
is_plain_word(const char* const text)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "_./,:=@%+-";
  return *text && !text[strspn(text, plain)];
}

static bool
has_control_character(const char* text)
{
  while (*text && !is_control(text)) {
    ++text;
  }
  return *text;
}

/// Append some bytes to a text of `size`; return false if they don't fit
static bool
append_bytes(char* const to, const size_t size, const char* const bytes, const size_t n)
{
  const size_t length = strlen(to);
  if (length + n >= size) {
    return false;
  }
  memcpy(to + length, bytes, n);
  to[length + n] = '\0';
  return true;
}

/// Append a text in single quotes, between which only they have a meaning
static bool
append_quoted(char* const to, const size_t size, const char* const text)
{
  static const char escaped[] = "'\\''";
  bool fits = append_bytes(to, size, "'", 1);
  for (const char* c = text; *c && fits; ++c) {
    fits = *c == '\'' ? append_bytes(to, size, escaped, strlen(escaped))
                      : append_bytes(to, size, c, 1);
  }
  return fits && append_bytes(to, size, "'", 1);
}

bool
text_quote(char* const to, const size_t size, const char* const from)
{
  to[0] = '\0';
  const bool fits = is_plain_word(from) ? append_bytes(to, size, from, strlen(from))
                                        : append_quoted(to, size, from);
  const size_t length = strlen(to);
  text_repair(to);
  return fits && strlen(to) == length && !has_control_character(from);
}

size_t
text_mark_size(const char* const bytes, const size_t size)
{
  static const char mark[3] = {'\xEF', '\xBB', '\xBF'};
  return size >= sizeof(mark) && !memcmp(bytes, mark, sizeof(mark)) ? sizeof(mark) : 0;
}
