// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Steps over values by counting brackets outside strings, which is enough for valid JSON.

#include "live/json_edit.h"

#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#define SPACES " \t\r\n"

Status
json_text_init(JsonText* const text, const char* const bytes, const size_t size)
{
  char* const copy = (char*)malloc(size + 1);
  if (!copy) {
    return STATUS_NO_MEMORY;
  }
  memcpy(copy, bytes, size);
  copy[size] = '\0';
  *text = (JsonText){copy, size};
  return STATUS_OK;
}

void
json_text_clear(JsonText* const text)
{
  free(text->bytes);
  *text = (JsonText){NULL, 0};
}

static size_t
skip_spaces(const char* const text, const size_t at)
{
  return at + strspn(text + at, SPACES);
}

/// Return the place behind the string that begins here
static size_t
skip_string(const char* const text, size_t at)
{
  for (++at; text[at] && text[at] != '"'; ++at) {
    at += text[at] == '\\' && text[at + 1];
  }
  return text[at] ? at + 1 : at;
}

/// Return the place behind the value that begins here
static size_t
skip_value(const char* const text, size_t at)
{
  size_t depth = 0;
  do {
    if (text[at] == '"') {
      at = skip_string(text, at);
      continue;
    }
    if (text[at] == '{' || text[at] == '[') {
      ++depth;
      ++at;
    } else if (text[at] == '}' || text[at] == ']') {
      --depth;
      ++at;
    } else {
      at += depth ? 1 : strcspn(text + at, SPACES ",]}");
    }
  } while (depth && text[at]);
  return at;
}

/// Read the item that begins here
static bool
read_item(const JsonText* const text, const size_t begin, const bool has_key, JsonItem* const item)
{
  size_t at = skip_spaces(text->bytes, begin);
  if (!text->bytes[at] || strchr("]}", text->bytes[at])) {
    return false;
  }
  item->key = (JsonSpan){at, at};
  if (has_key) {
    const size_t end = skip_string(text->bytes, at);
    item->key = (JsonSpan){at + 1, end - 1};
    at = skip_spaces(text->bytes, skip_spaces(text->bytes, end) + 1); // Behind the colon
  }
  item->value = (JsonSpan){at, skip_value(text->bytes, at)};
  return true;
}

JsonSpan
json_root(const JsonText* const text)
{
  const size_t begin = skip_spaces(text->bytes, text_mark_size(text->bytes, text->size));
  return (JsonSpan){begin, skip_value(text->bytes, begin)};
}

bool
json_first(const JsonText* const text, const JsonSpan container, JsonItem* const item)
{
  const char bracket = text->bytes[container.begin];
  return (bracket == '{' || bracket == '[') &&
         read_item(text, container.begin + 1, bracket == '{', item);
}

bool
json_next(const JsonText* const text, JsonItem* const item)
{
  const size_t at = skip_spaces(text->bytes, item->value.end);
  return text->bytes[at] == ',' &&
         read_item(text, at + 1, item->key.begin != item->value.begin, item);
}

bool
json_find(const JsonText* const text, const JsonSpan object, const char* const name,
          JsonItem* const member)
{
  const size_t n = strlen(name);
  bool is_there = json_first(text, object, member);
  while (is_there && (member->key.end - member->key.begin != n ||
                      memcmp(text->bytes + member->key.begin, name, n) != 0)) {
    is_there = json_next(text, member);
  }
  return is_there;
}

bool
json_find_item(const JsonText* const text, const JsonSpan list, const size_t index,
               JsonItem* const item)
{
  bool is_there = json_first(text, list, item);
  for (size_t i = 0; is_there && i < index; ++i) {
    is_there = json_next(text, item);
  }
  return is_there;
}

Status
json_replace(JsonText* const text, const JsonSpan part, const char* const with)
{
  const size_t n = strlen(with);
  const size_t size = text->size - (part.end - part.begin) + n;
  char* const bytes = (char*)malloc(size + 1);
  if (!bytes) {
    return STATUS_NO_MEMORY;
  }
  memcpy(bytes, text->bytes, part.begin);
  memcpy(bytes + part.begin, with, n);
  memcpy(bytes + part.begin + n, text->bytes + part.end, text->size - part.end + 1);
  free(text->bytes);
  *text = (JsonText){bytes, size};
  return STATUS_OK;
}

/// Return the spaces before the last item of a container, and where that item ends
static JsonSpan
find_last_spaces(const JsonText* const text, const JsonSpan container, size_t* const end)
{
  JsonItem item;
  size_t behind = container.begin + 1;
  JsonSpan spaces = {behind, behind};
  for (bool is_there = json_first(text, container, &item); is_there;
       is_there = json_next(text, &item)) {
    spaces = (JsonSpan){behind, skip_spaces(text->bytes, behind)};
    *end = item.value.end;
    behind = skip_spaces(text->bytes, item.value.end) + 1;
  }
  return spaces;
}

/// Write what goes between the last item and a new one: a comma, and the spaces before the last.
/// One item alone on its line does not tell, and gets one space.
static size_t
write_separator(const JsonText* const text, const JsonSpan container, const JsonSpan spaces,
                char* const to)
{
  const size_t n = spaces.end - spaces.begin;
  const char* const given = text->bytes + spaces.begin;
  const bool is_alone = spaces.begin == container.begin + 1;
  to[0] = ',';
  if (is_alone && !memchr(given, '\n', n)) {
    to[1] = ' ';
    return 2;
  }
  memcpy(to + 1, given, n);
  return n + 1;
}

Status
json_append(JsonText* const text, const JsonSpan container, const char* const item)
{
  size_t end = container.begin + 1;
  JsonItem first;
  const JsonSpan spaces = find_last_spaces(text, container, &end);
  const size_t n_item = strlen(item);
  char* const added = (char*)malloc(spaces.end - spaces.begin + n_item + 3);
  if (!added) {
    return STATUS_NO_MEMORY;
  }
  const size_t n =
      json_first(text, container, &first) ? write_separator(text, container, spaces, added) : 0;
  memcpy(added + n, item, n_item + 1);
  const Status status = json_replace(text, (JsonSpan){end, end}, added);
  free(added);
  return status;
}
