// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The members of an event, as other programs read it.

#ifndef GRUS_LIVE_EVENT_FIELD_H
#define GRUS_LIVE_EVENT_FIELD_H

#include <stdbool.h>

/// A member of an event; lists end with a NULL name
typedef struct {
  const char* name;
  const char* text; ///< NULL: the value is `number`
  double number;
  bool is_whole; ///< The number is an integer by its nature
} EventField;

#endif
