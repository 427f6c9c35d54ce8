// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Tells a file that was cut from one that is wrong: jansson stops at its end, in whatever is there.
// Its words for the commonest mistakes are a parser's; these are for people.

#include "core/format/json_fault.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define LARGEST_CHARACTER 4U ///< In UTF-8 [bytes]

/// A mistake, by what jansson says of it
typedef struct {
  const char* said;
  const char* words;
} Mistake;

static const Mistake mistakes[] = {
    {"near 'NaN'", "there is NaN in place of a number; what wrote it had failed, so make it again"},
    {"near 'Infinity'",
     "there is Infinity in place of a number; what wrote it had failed, so make it again"},
    {"near '-'", "a number is missing behind this minus, or isn't finite; make the file again"},
    {"end of file expected", "there is more behind its last bracket; remove it"},
    {"without JSON_ALLOW_NUL", "there is a character \\u0000 in a text; remove it"},
};

/// Return true if the file ends within a value
static bool
is_cut(const KindStart file, const json_error_t* const error)
{
  const enum json_error_code code = json_error_code(error);
  size_t size = file.size;
  while (size && strchr(" \t\r\n", file.bytes[size - 1])) {
    --size;
  }
  const bool is_closed = !size || strchr("]}", file.bytes[size - 1]);
  const bool is_at_end = (size_t)error->position + LARGEST_CHARACTER > size;
  return code == json_error_premature_end_of_input ||
         (code != json_error_end_of_input_expected && !is_closed && is_at_end);
}

json_t*
json_fault_parse(const char* const text, const size_t size, const size_t flags,
                 json_error_t* const error)
{
  errno = 0;
  json_t* const root = json_loadb(text, size, flags, error);
  if (!root && errno == ENOMEM) {
    error->text[0] = '\0';
  }
  return root;
}

/// Return true if a bracket is closed right after a comma, which is what jansson then complains of
static bool
has_comma_too_many(const KindStart file, const json_error_t* const error)
{
  int i = error->position - 1;
  while (i > 0 && strchr(" \t\r\n]}", file.bytes[i])) {
    --i;
  }
  return (strstr(error->text, "near '}'") || strstr(error->text, "near ']'")) && i > 0 &&
         file.bytes[i] == ',';
}

/// Return plain words for a mistake, or NULL
static const char*
find_words(const KindStart file, const json_error_t* const error)
{
  for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); ++i) {
    if (strstr(error->text, mistakes[i].said)) {
      return mistakes[i].words;
    }
  }
  return has_comma_too_many(file, error) ? "there is a comma before this bracket; remove it" : NULL;
}

Status
json_fault_report(const KindStart file, const json_error_t* const error, const char* const expected,
                  Message* const message)
{
  if (!error->text[0]) {
    return status_fail(message, STATUS_NO_MEMORY, "%s: out of memory", file.name);
  }
  if (is_cut(file, error)) {
    return status_fail(message, STATUS_BAD_FILE,
                       "%s: ends early, in line %d, without its last bracket; was it copied "
                       "completely?",
                       file.name, error->line);
  }
  const char* const words = find_words(file, error);
  return words ? status_fail(message, STATUS_BAD_FILE, "%s: line %d, column %d: %s", file.name,
                             error->line, error->column, words)
               : status_fail(message, STATUS_BAD_FILE,
                             "%s: line %d, column %d: %s; expected %s in JSON", file.name,
                             error->line, error->column, error->text, expected);
}
