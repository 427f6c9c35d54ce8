// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// An unknown name is an error: a setting that is ignored would be missed on stage.

#include "live/setlist_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

SetlistReader
reader_enter(const SetlistReader* const reader, const char* const part)
{
  SetlistReader inner = *reader;
  (void)snprintf(inner.place, sizeof(inner.place), "%.24s%.16s: ", reader->place, part);
  return inner;
}

SetlistReader
reader_enter_item(const SetlistReader* const reader, const char* const part, const size_t index)
{
  char item[16];
  (void)snprintf(item, sizeof(item), "%.7s %u", part, (unsigned)index % 1000000U);
  return reader_enter(reader, item);
}

Status
reader_fail(const SetlistReader* const reader, const char* const format, ...)
{
  char text[sizeof(reader->message->text)];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  return status_fail(reader->message, STATUS_BAD_FILE, "%.200s: %s%s", reader->path, reader->place,
                     text);
}

/// Write the known members with commas
static void
join_names(const char* const* const known, char* const text, const size_t size)
{
  size_t length = 0;
  text[0] = '\0';
  for (const char* const* k = known; *k && length < size; ++k) {
    length += (size_t)snprintf(text + length, size - length, "%s%s", k == known ? "" : ", ", *k);
  }
}

static bool
is_known(const char* const name, const char* const* known)
{
  while (*known && strcmp(*known, name) != 0) {
    ++known;
  }
  return *known != NULL;
}

Status
reader_check_members(const SetlistReader* const reader, json_t* const object,
                     const char* const* const known)
{
  const char* key = NULL;
  json_t* value = NULL;
  char names[100];
  if (!json_is_object(object)) {
    return reader_fail(reader, "expected an object {…}");
  }
  json_object_foreach(object, key, value)
  {
    if (!is_known(key, known)) {
      join_names(known, names, sizeof(names));
      return reader_fail(reader, "\"%.40s\" is not known; expected %s", key, names);
    }
  }
  return STATUS_OK;
}

Status
reader_read_count(const SetlistReader* const reader, const json_t* const object,
                  const char* const name, const uint32_t most, uint32_t* const number)
{
  const json_t* const value = json_object_get(object, name);
  const json_int_t n = json_integer_value(value);
  if (!value) {
    return STATUS_OK;
  }
  if (!json_is_integer(value) || n < 0 || n > (json_int_t)most) {
    return reader_fail(reader, "\"%s\": expected a whole number from 0 to %u", name, most);
  }
  *number = (uint32_t)n;
  return STATUS_OK;
}

Status
reader_find_control(const SetlistReader* const reader, const char* const name,
                    Control* const control)
{
  return controls_find(name, control)
             ? STATUS_OK
             : reader_fail(reader, "there is no control \"%.40s\"; there are %s", name,
                           controls_names());
}
