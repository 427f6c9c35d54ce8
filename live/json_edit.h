// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Changes single values in the text of a JSON file, so that everything else stays as its author
/// wrote it: order, spaces, line ends. The text must be valid JSON. Any thread.

#ifndef GRUS_LIVE_JSON_EDIT_H
#define GRUS_LIVE_JSON_EDIT_H

#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>

/// A part of the text
typedef struct {
  size_t begin;
  size_t end; ///< Behind the last byte
} JsonSpan;

/// A member of an object or an item of a list
typedef struct {
  JsonSpan key; ///< Without quotes; empty in a list
  JsonSpan value;
} JsonItem;

/// The text, which ends with a zero
typedef struct {
  char* bytes;
  size_t size;
} JsonText;

/// Copy the text of a file
NODISCARD Status json_text_init(JsonText* text, const char* bytes, size_t size);

void json_text_clear(JsonText* text);

/// Return the root value
JsonSpan json_root(const JsonText* text);

/// Find the first item in a list or object; false if it is empty or no container
bool json_first(const JsonText* text, JsonSpan container, JsonItem* item);

/// Find the item that follows; false at the end
bool json_next(const JsonText* text, JsonItem* item);

/// Find a member of an object by its name; false if there is none
bool json_find(const JsonText* text, JsonSpan object, const char* name, JsonItem* member);

/// Find an item of a list by its number; false if there is none
bool json_find_item(const JsonText* text, JsonSpan list, size_t index, JsonItem* item);

/// Put `with` in place of a part
NODISCARD Status json_replace(JsonText* text, JsonSpan part, const char* with);

/// Add `item` at the end of a list or object, spaced like the items before it
NODISCARD Status json_append(JsonText* text, JsonSpan container, const char* item);

#endif
