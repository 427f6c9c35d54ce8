// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A line that is typed: at its end, letters are added and taken away.

#ifndef GRUS_PLUGIN_UI_ENTRY_H
#define GRUS_PLUGIN_UI_ENTRY_H

#include "plugin/ui/widget.h"

#include <stdbool.h>

typedef struct {
  char text[128]; ///< In UTF-8
} Entry;

/// Take a key; return false if it changes nothing
bool entry_type(Entry* entry, const Key* key);

void entry_clear(Entry* entry);

#endif
