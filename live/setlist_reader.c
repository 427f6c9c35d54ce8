// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// An unknown name is an error: a setting that is ignored would be missed on stage.

#include "live/setlist_reader.h"

#include "cli/similar.h"
#include "core/text.h"
#include "live/settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

SetlistReader
reader_enter(const SetlistReader* const reader, const char* const part)
{
  SetlistReader inner = *reader;
  (void)snprintf(inner.place, sizeof(inner.place), "%.48s%.100s: ", reader->place, part);
  text_repair(inner.place);
  return inner;
}

SetlistReader
reader_enter_named(const SetlistReader* const reader, const char* const part,
                   const char* const name)
{
  char item[96];
  char shown[64];
  text_shorten(shown, sizeof(shown), name);
  (void)snprintf(item, sizeof(item), "%.16s \"%s\"", part, shown);
  return reader_enter(reader, item);
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
  return status_fail(reader->message, STATUS_BAD_FILE, "%s: %s%s", reader->path, reader->place,
                     text);
}

/// Write the known members: "name, model or controls"
static void
join_names(const char* const* const known, char* const text, const size_t size)
{
  size_t length = 0;
  text[0] = '\0';
  for (const char* const* k = known; *k && length < size; ++k) {
    const char* const link = k == known ? "" : k[1] ? ", " : " or ";
    length += (size_t)snprintf(text + length, size - length, "%s%s", link, *k);
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

static Status
fail_unknown(const SetlistReader* const reader, const char* const key,
             const char* const* const known)
{
  char names[100];
  for (const char* const* k = known; *k; ++k) {
    if (cli_is_near(key, cli_word_distance(key, *k))) {
      return reader_fail(reader, "unknown key \"%.60s\"; did you mean \"%s\"?", key, *k);
    }
  }
  join_names(known, names, sizeof(names));
  return reader_fail(reader, "unknown key \"%.60s\"; expected %s", key, names);
}

Status
reader_check_members(const SetlistReader* const reader, json_t* const object,
                     const char* const* const known)
{
  const char* key = NULL;
  json_t* value = NULL;
  if (!json_is_object(object)) {
    return reader_fail(reader, "expected an object {…}");
  }
  json_object_foreach(object, key, value)
  {
    if (!is_known(key, known)) {
      return fail_unknown(reader, key, known);
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
                    const ModelFile* const model, Control* const control)
{
  Message reason = {""};
  return settings_find(name, model, control, &reason) ? reader_fail(reader, "%s", reason.text)
                                                      : STATUS_OK;
}
