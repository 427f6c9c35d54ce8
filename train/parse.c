// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads what a user typed, strictly.

#include "train/parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_TIME (30.0 * 24.0 * 3600.0)

bool
parse_choice(const char* const option, const char* const text, const ParseChoice* const choices,
             int* const value)
{
  for (const ParseChoice* c = choices; c->word; ++c) {
    if (!strcmp(text, c->word)) {
      *value = c->value;
      return true;
    }
  }
  (void)fprintf(stderr, "%s: \"%s\" is not known; choose from", option, text);
  for (const ParseChoice* c = choices; c->word; ++c) {
    (void)fprintf(stderr, " %s", c->word);
  }
  (void)fputc('\n', stderr);
  return false;
}

bool
parse_count(const char* const option, const char* const text, const uint32_t least,
            const uint32_t most, uint32_t* const count)
{
  char* end = NULL;
  const long long number = strtoll(text, &end, 10);
  if (end == text || *end || number < (long long)least || number > (long long)most) {
    (void)fprintf(stderr, "%s: \"%s\" should be a whole number from %u to %u\n", option, text,
                  least, most);
    return false;
  }
  *count = (uint32_t)number;
  return true;
}

bool
parse_number(const char* const option, const char* const text, const double least,
             const double most, double* const number)
{
  char* end = NULL;
  const double value = strtod(text, &end);
  if (end == text || *end || !(value >= least && value <= most)) {
    (void)fprintf(stderr, "%s: \"%s\" should be a number from %g to %g\n", option, text, least,
                  most);
    return false;
  }
  *number = value;
  return true;
}

bool
parse_seed(const char* const option, const char* const text, uint64_t* const seed)
{
  char* end = NULL;
  errno = 0;
  const unsigned long long value = strtoull(text, &end, 10);
  if (end == text || *end || errno || strchr(text, '-')) {
    (void)fprintf(stderr, "%s: \"%s\" should be a whole number\n", option, text);
    return false;
  }
  *seed = value;
  return true;
}

bool
parse_time(const char* const option, const char* const text, double* const seconds)
{
  char* end = NULL;
  const double number = strtod(text, &end);
  const double unit = *end == 'h' ? 3600.0 : *end == 'm' ? 60.0 : 1.0;
  const bool ends = !*end || (strchr("smh", *end) && !end[1]);
  if (end == text || !ends || !(number > 0.0 && number * unit <= LONGEST_TIME)) {
    (void)fprintf(stderr, "%s: \"%s\" should be a time such as 45s, 3m or 1h\n", option, text);
    return false;
  }
  *seconds = number * unit;
  return true;
}
