// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Catches what an audio thread must not do: allocate, lock, wait, call the system. Linked into a
/// program or preloaded, it replaces libc's functions for every library there.

#ifndef GRUS_TESTS_TRAP_H
#define GRUS_TESTS_TRAP_H

#include <stdbool.h>

/// Of all threads since trap_forget()
typedef struct {
  unsigned n_calls; ///< Of functions that may wait
  const char* last_call;
  int n_system_calls; ///< Each failed and did nothing
  int last_system_call;
} TrapCounts;

/// Also trap system calls of the calling thread from now on; return false where the kernel, the
/// machine or Valgrind prevents it
bool trap_system_calls(void);

/// From here to trap_disarm() the calling thread must not wait
void trap_arm(void);

void trap_disarm(void);

TrapCounts trap_counts(void);

/// Do something forbidden, to show that it is trapped: "allocation", "lock" or "call" (of the
/// system); anything else, or NULL: nothing
void trap_plant(const char* what);

void trap_forget(void);

#endif
