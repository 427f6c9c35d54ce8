// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Knows where a character ends: its first byte says how many follow, which begin with the bits 10.
// What is longer than it needs to be, a half of UTF-16, or beyond U+10FFFF is none (RFC 3629).

#include "core/text.h"

#include <stdbool.h>
#include <string.h>

static bool
is_continuation(const char byte)
{
  return ((unsigned char)byte & 0xC0U) == 0x80U;
}

/// Return how many bytes the character with this first byte has; 0 if none begins with it
static size_t
character_size(const char first)
{
  const unsigned char byte = (unsigned char)first;
  return byte < 0x80U   ? 1
         : byte < 0xC2U ? 0
         : byte < 0xE0U ? 2
         : byte < 0xF0U ? 3
         : byte < 0xF5U ? 4
                        : 0;
}

/// Return true if a byte may be the second of a character
static bool
may_be_second(const char first, const char second)
{
  const unsigned char before = (unsigned char)first;
  const unsigned char byte = (unsigned char)second;
  const unsigned char least = before == 0xE0U ? 0xA0U : before == 0xF0U ? 0x90U : 0x80U;
  const unsigned char most = before == 0xEDU ? 0x9FU : before == 0xF4U ? 0x8FU : 0xBFU;
  return byte >= least && byte <= most;
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

/// A character, or what is left of one
typedef struct {
  size_t size; ///< Bytes that are there
  bool is_whole;
} Character;

static Character
read_character(const char* const text)
{
  const size_t size = character_size(*text);
  size_t n_there = 1;
  if (size > 1 && !may_be_second(text[0], text[1])) {
    return (Character){1, false};
  }
  while (n_there < size && is_continuation(text[n_there])) {
    ++n_there;
  }
  return (Character){n_there, n_there == size};
}

void
text_repair(char* const text)
{
  size_t n = 0;
  for (size_t i = 0; text[i];) {
    const Character character = read_character(text + i);
    if (character.is_whole && is_control(text + i)) {
      text[n++] = ' ';
    } else if (character.is_whole) {
      memmove(text + n, text + i, character.size);
      n += character.size;
    }
    i += character.size;
  }
  text[n] = '\0';
}

/// Copy a text with U+FFFD in place of what is no character, as much as fits; return false if
/// something doesn't
static bool
copy_readable(char* const to, const size_t size, const char* const from)
{
  static const char replacement[] = "\xEF\xBF\xBD";
  size_t n = 0;
  for (size_t i = 0; from[i];) {
    const Character character = read_character(from + i);
    const size_t n_bytes = character.is_whole ? character.size : strlen(replacement);
    if (n + n_bytes >= size) {
      to[n] = '\0';
      return false;
    }
    memcpy(to + n, character.is_whole ? from + i : replacement, n_bytes);
    n += n_bytes;
    i += character.size;
  }
  to[n] = '\0';
  return true;
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
  const size_t n_mark = strlen(mark);
  if (copy_readable(to, size, path)) {
    return;
  }
  text_copy(to, size, mark);
  for (size_t room = size - n_mark;
       !copy_readable(to + n_mark, size - n_mark, text_path_end(path, room));) {
    room -= room > 1 ? 1 : 0; // What is no character takes more room
  }
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
text_quote_path(char* const to, const size_t size, const char* const path)
{
  static const char folder[] = "./";
  to[0] = '\0';
  const bool has_room = path[0] != '-' || append_bytes(to, size, folder, strlen(folder));
  const bool fits = is_plain_word(path) ? append_bytes(to, size, path, strlen(path))
                                        : append_quoted(to, size, path);
  const size_t length = strlen(to);
  text_repair(to);
  return has_room && fits && strlen(to) == length && !has_control_character(path);
}

size_t
text_mark_size(const char* const bytes, const size_t size)
{
  static const char mark[3] = {'\xEF', '\xBB', '\xBF'};
  return size >= sizeof(mark) && !memcmp(bytes, mark, sizeof(mark)) ? sizeof(mark) : 0;
}
