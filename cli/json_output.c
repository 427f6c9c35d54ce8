// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Builds with jansson, which writes numbers alike in all locales.

#include "cli/json_output.h"

#include "cli/standard_output.h"
#include "core/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 9           ///< As many as a float needs
#define MOST_WHOLE 1e15    ///< Beyond it, not all whole numbers are doubles
#define LONGEST_UTF8 3U    ///< Bytes in place of one that is not UTF-8
#define SHORTEST_BUFFER 8U ///< For text_shorten_path()

/// Copy a text, with U+FFFD in place of what is not UTF-8
static json_t*
repair_text(const char* const text)
{
  const size_t size = LONGEST_UTF8 * strlen(text) + SHORTEST_BUFFER;
  char* const copy = (char*)malloc(size);
  json_t* value = NULL;
  if (copy) {
    text_shorten_path(copy, size, text);
    value = json_string(copy);
  }
  free(copy);
  return value;
}

json_t*
cli_json_text(const char* const text)
{
  json_t* const plain = json_string(text);
  json_t* const value = plain ? plain : repair_text(text);
  if (!value) {
    cli_lose_output();
  }
  return value;
}

json_t*
cli_json_number(const double number)
{
  if (!isfinite(number)) {
    return NULL;
  }
  json_t* const value = number == floor(number) && fabs(number) < MOST_WHOLE
                            ? json_integer((json_int_t)number)
                            : json_real(number);
  if (!value) {
    cli_lose_output();
  }
  return value;
}

void
cli_json_set(json_t* const object, const char* const name, json_t* const value)
{
  if (value && json_object_set_new(object, name, value)) {
    cli_lose_output();
  }
}

void
cli_json_set_text(json_t* const object, const char* const name, const char* const text)
{
  if (text && *text) {
    cli_json_set(object, name, cli_json_text(text));
  }
}

void
cli_json_set_number(json_t* const object, const char* const name, const double number)
{
  cli_json_set(object, name, cli_json_number(number));
}

void
cli_json_set_bool(json_t* const object, const char* const name, const bool value)
{
  cli_json_set(object, name, json_boolean(value));
}

void
cli_json_append(json_t* const array, json_t* const value)
{
  if (json_array_append_new(array, value)) {
    cli_lose_output();
  }
}

/// Print, unless something is missing
static void
print_json(json_t* const value, const size_t flags)
{
  if (!value) {
    cli_lose_output();
  }
  if (!cli_output_is_lost()) {
    char* const text = json_dumps(value, flags | JSON_REAL_PRECISION(DIGITS));
    if (text) {
      (void)puts(text);
    } else {
      cli_lose_output();
    }
    free(text);
  }
  json_decref(value);
}

void
cli_json_print(json_t* const document)
{
  print_json(document, JSON_INDENT(2));
}

void
cli_json_print_line(json_t* const object)
{
  print_json(object, JSON_COMPACT);
  (void)fflush(stdout);
}
