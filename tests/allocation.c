// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Functions of the program are found before those of libc.

#include "tests/allocation.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

static atomic_bool is_counting = false;
static AllocationFailures planned;
static atomic_long n_requested = 0;
static atomic_long n_held = 0;
static atomic_bool has_failed = false;

// libc's own functions, under names that this program doesn't replace
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t n, size_t size);
void* __libc_realloc(void* p, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* p);

#define TRAP __attribute__((visibility("default")))

// Addresses of this program, core included, from the linker; there are none in a library
extern const char __executable_start[] __attribute__((weak));
extern const char etext[] __attribute__((weak));

/// Return true if the allocation doesn't count: libsndfile doesn't survive all failures
static bool
is_spared(const void* const caller)
{
  const uintptr_t at = (uintptr_t)caller;
  return planned.only_own && (at < (uintptr_t)__executable_start || at >= (uintptr_t)etext);
}

/// Return true if this allocation must fail
static bool
must_fail(const void* const caller)
{
  if (!is_counting || is_spared(caller)) {
    return false;
  }
  const long index = atomic_fetch_add(&n_requested, 1);
  const bool fails = planned.first != ALLOCATION_NEVER &&
                     (planned.and_later ? index >= planned.first : index == planned.first);
  if (fails) {
    has_failed = true;
    errno = ENOMEM;
  }
  return fails;
}

static void*
count_held(void* const p)
{
  n_held += is_counting && p;
  return p;
}

TRAP void*
malloc(const size_t size)
{
  return must_fail(__builtin_return_address(0)) ? NULL : count_held(__libc_malloc(size));
}

TRAP void*
calloc(const size_t n, const size_t size)
{
  return must_fail(__builtin_return_address(0)) ? NULL : count_held(__libc_calloc(n, size));
}

TRAP void*
realloc(void* const p, const size_t size)
{
  if (must_fail(__builtin_return_address(0))) {
    return NULL;
  }
  void* const moved = __libc_realloc(p, size);
  return p ? moved : count_held(moved);
}

TRAP int
posix_memalign(void** const p, const size_t alignment, const size_t size)
{
  *p = must_fail(__builtin_return_address(0)) ? NULL : count_held(__libc_memalign(alignment, size));
  return *p ? 0 : ENOMEM;
}

TRAP void*
aligned_alloc(const size_t alignment, const size_t size)
{
  return must_fail(__builtin_return_address(0)) ? NULL
                                                : count_held(__libc_memalign(alignment, size));
}

TRAP void
free(void* const p)
{
  n_held -= is_counting && p;
  __libc_free(p);
}

bool
allocation_is_trapped(void)
{
  void* (*volatile const allocate)(size_t) = malloc; // Otherwise the compiler removes the call
  allocation_count((AllocationFailures){.first = ALLOCATION_NEVER});
  void* const p = allocate(10);
  const AllocationCounts found = allocation_stop();
  free(p);
  return found.n_requested == 1 && found.n_held == 1;
}

AllocationCounts
allocation_plan(const AllocationFailures failures)
{
  const AllocationCounts before = {n_requested, n_held, has_failed};
  planned = failures;
  n_requested = 0;
  has_failed = false;
  return before;
}

void
allocation_count(const AllocationFailures failures)
{
  (void)allocation_plan(failures);
  n_held = 0;
  is_counting = true;
}

AllocationCounts
allocation_stop(void)
{
  is_counting = false;
  return (AllocationCounts){n_requested, n_held, has_failed};
}
