// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads what a user typed, strictly.

#include "train/programs/common/option_values.h"

#include "core/format/model_file.h"

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

/// Return the length of the character at `text`, or 0 if it is not UTF-8 (RFC 3629)
static size_t
character_length(const char* const text)
{
  const unsigned char* const c = (const unsigned char*)text;
  const size_t n = c[0] < 0x80 ? 1 : c[0] < 0xC2 ? 0 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : 4;
  for (size_t i = 1; i < n; ++i) {
    if ((c[i] & 0xC0U) != 0x80U) {
      return 0;
    }
  }
  const bool is_overlong = (c[0] == 0xE0 && c[1] < 0xA0) || (c[0] == 0xF0 && c[1] < 0x90);
  const bool is_surrogate = c[0] == 0xED && c[1] >= 0xA0;
  const bool is_beyond = c[0] > 0xF4 || (c[0] == 0xF4 && c[1] >= 0x90);
  return is_overlong || is_surrogate || is_beyond ? 0 : n;
}

bool
parse_text(const char* const option, const char* const text)
{
  size_t n = 1;
  for (const char* c = text; *c && n; c += n) {
    n = character_length(c);
  }
  if (!n || strlen(text) >= MODEL_FILE_TEXT_SIZE) {
    (void)fprintf(stderr, "%s: \"%s\" should be UTF-8 and shorter than %u bytes\n", option, text,
                  MODEL_FILE_TEXT_SIZE);
    return false;
  }
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
