// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Elapsed time. Any thread.

#ifndef GRUS_CORE_CLOCK_H
#define GRUS_CORE_CLOCK_H

#include <time.h>

/// Return the time since an arbitrary start [s]; setting the system's clock does not change it
static inline double
clock_seconds(void)
{
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

#endif
