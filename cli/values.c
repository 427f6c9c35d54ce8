// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads what a user typed, strictly.

#include "cli/values.h"

#include <jansson.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_TIME (30.0 * 24.0 * 3600.0) ///< [s]
#define LONGEST_LIST 512U                   ///< Words to choose from, as text

bool
cli_refuse_value(const CliValue* const value, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  (void)fprintf(stderr, "%s: --%s=%s: expected ", value->program, value->option, value->text);
  (void)vfprintf(stderr, format, args);
  (void)fputc('\n', stderr);
  va_end(args);
  return false;
}

/// Write "this, that or those"
static void
list_choices(const CliChoice* const choices, char list[LONGEST_LIST])
{
  size_t n = 0;
  for (const CliChoice* c = choices; c->word && n < LONGEST_LIST; ++c) {
    const char* const before = c == choices ? "" : c[1].word ? ", " : " or ";
    n += (size_t)snprintf(list + n, LONGEST_LIST - n, "%s%s", before, c->word);
  }
}

bool
cli_read_choice(const CliValue* const value, const CliChoice* const choices, int* const choice)
{
  for (const CliChoice* c = choices; c->word; ++c) {
    if (!strcmp(value->text, c->word)) {
      *choice = c->value;
      return true;
    }
  }
  char list[LONGEST_LIST] = "";
  list_choices(choices, list);
  return cli_refuse_value(value, "%s", list);
}

bool
cli_read_count(const CliValue* const value, const uint32_t least, const uint32_t most,
               uint32_t* const count)
{
  char* end = NULL;
  const long long number = strtoll(value->text, &end, 10);
  if (end == value->text || *end || number < (long long)least || number > (long long)most) {
    return cli_refuse_value(value, "a whole number from %u to %u", least, most);
  }
  *count = (uint32_t)number;
  return true;
}

bool
cli_read_number(const CliValue* const value, const double least, const double most,
                double* const number)
{
  char* end = NULL;
  const double given = strtod(value->text, &end);
  if (end == value->text || *end || !(given >= least && given <= most)) {
    return cli_refuse_value(value, "a number from %.10g to %.10g", least, most);
  }
  *number = given;
  return true;
}

bool
cli_read_seed(const CliValue* const value, uint64_t* const seed)
{
  char* end = NULL;
  errno = 0;
  const unsigned long long number = strtoull(value->text, &end, 10);
  if (end == value->text || *end || errno || strchr(value->text, '-')) {
    return cli_refuse_value(value, "a whole number, 0 or more");
  }
  *seed = number;
  return true;
}

/// Read numbers with units, the longer unit first; return what could not be read
static const char*
read_times(const char* text, double* const seconds)
{
  static const char units[] = "hms";
  static const double lengths[] = {3600.0, 60.0, 1.0};
  const char* unit = units;
  while (*text && *unit) {
    char* end = NULL;
    const double number = strtod(text, &end);
    unit = *end && end > text ? strchr(unit, *end) : NULL;
    if (!unit || !(number >= 0.0)) {
      return text;
    }
    *seconds += number * lengths[unit++ - units];
    text = end + 1;
  }
  return text;
}

bool
cli_read_time(const CliValue* const value, double* const seconds)
{
  double sum = 0.0;
  const char* const left = read_times(value->text, &sum);
  char* end = NULL;
  const double without_unit = strtod(value->text, &end);
  if (end > value->text && !*end && without_unit > 0.0 && without_unit <= LONGEST_TIME) {
    // Whoever means minutes would get seconds
    return cli_refuse_value(value, "%ss, or %sm for minutes", value->text, value->text);
  }
  if (*left || !(sum > 0.0 && sum <= LONGEST_TIME)) {
    return cli_refuse_value(value, "a time such as 45s, 3m or 1h30m");
  }
  *seconds = sum;
  return true;
}

bool
cli_check_text(const CliValue* const value, const size_t most)
{
  json_t* const string = json_string(value->text); // NULL unless it is UTF-8
  const bool is_good = string && strlen(value->text) <= most;
  json_decref(string);
  return is_good || cli_refuse_value(value, "UTF-8 text of at most %zu bytes", most);
}
