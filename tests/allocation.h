// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Counts the allocations of a test program, and lets chosen ones fail. A program built with this
/// has its own malloc() and so on, for itself and every library it loads.

#ifndef GRUS_TESTS_ALLOCATION_H
#define GRUS_TESTS_ALLOCATION_H

#include <stdbool.h>

#define ALLOCATION_NEVER (-1L)

/// Which allocations fail
typedef struct {
  long first;     ///< Counted from 0, or ALLOCATION_NEVER
  bool and_later; ///< All after it fail, too
  bool only_own;  ///< Those of libraries are neither counted nor fail
} AllocationFailures;

/// What happened since allocation_count()
typedef struct {
  long n_requested;
  long n_held; ///< Not yet freed
  bool has_failed;
} AllocationCounts;

/// Return true if allocations are counted; false where something else replaced them, as Valgrind
/// does
bool allocation_is_trapped(void);

/// Count from here on
void allocation_count(AllocationFailures failures);

/// Let others fail from here on, and count requests from 0; what is held goes on. Return what was
/// counted before.
AllocationCounts allocation_plan(AllocationFailures failures);

/// Stop counting, and let nothing fail any more
AllocationCounts allocation_stop(void);

#endif
