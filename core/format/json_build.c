// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// jansson's own functions release the value when they fail, and fail for NULL. Failures to add to a
// text must stick, because jansson goes on after it could not write a key.

#include "core/format/json_build.h"

#include <stdlib.h>
#include <string.h>

/// Nine digits are enough for a float
#define VALUE_FORMAT (JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9))

json_t*
json_build_append(json_t* const array, json_t* const value)
{
  if (json_array_append_new(array, value)) {
    json_decref(array);
    return NULL;
  }
  return array;
}

json_t*
json_build_set(json_t* const object, const char* const key, json_t* const value)
{
  if (json_object_set_new(object, key, value)) {
    json_decref(object);
    return NULL;
  }
  return object;
}

/// Make room for `size` more bytes and a terminator
static void
reserve_room(JsonText* const text, const size_t size)
{
  if (text->size + size < text->capacity) {
    return;
  }
  const size_t capacity = 2 * (text->size + size) + 1;
  char* const bytes = (char*)realloc(text->bytes, capacity);
  if (!bytes) {
    text->has_failed = true;
    return;
  }
  text->bytes = bytes;
  text->capacity = capacity;
}

/// Append bytes; jansson expects -1 if that fails
static int
add_bytes(const char* const bytes, const size_t size, void* const user)
{
  JsonText* const text = (JsonText*)user;
  reserve_room(text, size);
  if (text->has_failed) {
    return -1;
  }
  memcpy(text->bytes + text->size, bytes, size);
  text->size += size;
  text->bytes[text->size] = '\0';
  return 0;
}

void
json_text_add(JsonText* const text, const char* const more)
{
  (void)add_bytes(more, strlen(more), text);
}

void
json_text_add_value(JsonText* const text, const json_t* const value)
{
  const bool is_added = !json_dump_callback(value, add_bytes, text, VALUE_FORMAT);
  text->has_failed = text->has_failed || !is_added;
}

char*
json_text_finish(JsonText* const text)
{
  if (text->has_failed) {
    free(text->bytes);
    return NULL;
  }
  return text->bytes;
}
