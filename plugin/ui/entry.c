// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/entry.h"

#include <string.h>

/// Remove the last character, which may be several bytes
static bool
remove_last(Entry* const entry)
{
  size_t n = strlen(entry->text);
  if (!n) {
    return false;
  }
  do {
    --n;
  } while (n && ((unsigned char)entry->text[n] & 0xC0U) == 0x80U);
  entry->text[n] = '\0';
  return true;
}

bool
entry_type(Entry* const entry, const Key* const key)
{
  const size_t n = strlen(entry->text);
  const size_t n_more = strlen(key->text);
  if (key->name == KEY_BACKSPACE) {
    return remove_last(entry);
  }
  if (key->name != KEY_TEXT || !n_more || n + n_more >= sizeof(entry->text)) {
    return false;
  }
  memcpy(entry->text + n, key->text, n_more + 1);
  return true;
}

void
entry_clear(Entry* const entry)
{
  entry->text[0] = '\0';
}
