// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Builds JSON in which nothing can be missing: what there is no memory for turns everything that
/// should hold it into NULL, so that only the whole has to be checked. Private to core/format; any
/// thread but the audio thread.

#ifndef GRUS_CORE_FORMAT_JSON_BUILD_H
#define GRUS_CORE_FORMAT_JSON_BUILD_H

#include "core/status.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>

/// Append `value` and return the array; if either is NULL or memory runs out, free both and return
/// NULL
NODISCARD json_t* json_build_append(json_t* array, json_t* value);

/// Set a member and return the object; NULL as above
NODISCARD json_t* json_build_set(json_t* object, const char* key, json_t* value);

/// A text that grows; zeroed, it is empty
typedef struct {
  char* bytes;
  size_t size;     ///< Without the terminator
  size_t capacity; ///< Of `bytes`
  bool has_failed; ///< Something is missing
} JsonText;

void json_text_add(JsonText* text, const char* more);

/// Add a value on one line, with numbers that read back as the same floats
void json_text_add_value(JsonText* text, const json_t* value);

/// Return the whole text, which the caller frees, or NULL if something is missing
NODISCARD char* json_text_finish(JsonText* text);

#endif
