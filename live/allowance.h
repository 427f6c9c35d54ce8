// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How much of something may happen in a second, so that a flood from the network fills no log and
/// no other machine's line. Main thread.

#ifndef GRUS_LIVE_ALLOWANCE_H
#define GRUS_LIVE_ALLOWANCE_H

#include <stdbool.h>

/// Zeroed but for the first two, everything is allowed at first
typedef struct {
  double most;       ///< At once
  double per_second; ///< In the long run
  double used;
  double at; ///< When that was [s]
} Allowance;

/// Use one; return false if there is none left now [s]
static inline bool
allowance_use(Allowance* const allowance, const double now)
{
  const double regained = (now - allowance->at) * allowance->per_second;
  allowance->used = allowance->used > regained ? allowance->used - regained : 0.0;
  allowance->at = now;
  if (allowance->used + 1.0 > allowance->most) {
    return false;
  }
  allowance->used += 1.0;
  return true;
}

#endif
