// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/letters.h"

#include <stddef.h>
#include <stdint.h>

/// Read a letter of two bytes, or one byte, and move behind it; no script beyond has cases
static uint32_t
read_letter(const char** const text)
{
  const unsigned char first = (unsigned char)(*text)[0];
  const unsigned char second = first ? (unsigned char)(*text)[1] : 0;
  const bool is_double = first >= 0xc2U && first < 0xe0U && (second & 0xc0U) == 0x80U;
  *text += is_double ? 2 : 1;
  return is_double ? (first & 0x1fU) << 6U | (second & 0x3fU) : first;
}

/// Return a capital's small letter, or the letter itself: Latin, Greek, Cyrillic (Unicode's blocks)
static uint32_t
make_small(const uint32_t c)
{
  static const struct {
    uint32_t first;
    uint32_t last;
    uint32_t step; ///< To the small letter; 1: capitals and small letters take turns
  } capitals[] = {
      {'A', 'Z', 32},     {0x0c0, 0x0d6, 32}, {0x0d8, 0x0de, 32}, {0x100, 0x12e, 1},
      {0x132, 0x136, 1},  {0x139, 0x147, 1},  {0x14a, 0x176, 1},  {0x179, 0x17d, 1},
      {0x386, 0x386, 38}, {0x388, 0x38a, 37}, {0x38c, 0x38c, 64}, {0x38e, 0x38f, 63},
      {0x391, 0x3ab, 32}, {0x400, 0x40f, 80}, {0x410, 0x42f, 32}, {0x460, 0x480, 1},
      {0x48a, 0x4be, 1},  {0x4d0, 0x52e, 1},
  };
  for (size_t i = 0; i < sizeof(capitals) / sizeof(capitals[0]); ++i) {
    const uint32_t step = capitals[i].step;
    if (c >= capitals[i].first && c <= capitals[i].last &&
        (step > 1 || (c - capitals[i].first) % 2 == 0)) {
      return c + step;
    }
  }
  return c;
}

static bool
begins_with(const char* name, const char* letters)
{
  while (*letters) {
    if (!*name || make_small(read_letter(&name)) != make_small(read_letter(&letters))) {
      return false;
    }
  }
  return true;
}

bool
letters_stand_in(const char* name, const char* const letters)
{
  while (*name && !begins_with(name, letters)) {
    (void)read_letter(&name);
  }
  return *name || !*letters;
}
