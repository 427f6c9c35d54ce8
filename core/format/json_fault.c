// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Tells a file that was cut from one that is wrong: jansson stops at its end, in whatever is there.

#include "core/format/json_fault.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define LARGEST_CHARACTER 4U ///< In UTF-8 [bytes]

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

Status
json_fault_report(const KindStart file, const json_error_t* const error, const char* const expected,
                  Message* const message)
{
  if (!error->text[0]) {
    return status_fail(message, STATUS_NO_MEMORY, "%s: out of memory", file.name);
  }
  return is_cut(file, error)
             ? status_fail(message, STATUS_BAD_FILE,
                           "%s: ends early, in line %d, without its last bracket; was it copied "
                           "completely?",
                           file.name, error->line)
             : status_fail(message, STATUS_BAD_FILE,
                           "%s: line %d, column %d: %s; expected %s in "
                           "JSON",
                           file.name, error->line, error->column, error->text, expected);
}
