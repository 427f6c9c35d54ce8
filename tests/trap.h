// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Finds what an audio thread may not do: allocate, lock, wait, call the system. Linked into a program or
/// loaded before it, it stands in front of libc's functions for every library there.

#ifndef GRUS_TESTS_TRAP_H
#define GRUS_TESTS_TRAP_H

#include <stdbool.h>

/// Of all threads since trap_forget()
typedef struct {
  unsigned n_calls; ///< Of functions that may wait
  const char* last_call;
  int n_system_calls; ///< Each was answered with a failure, and not done
  int last_system_call;
} TrapCounts;

/// Trap system calls of the calling thread, too, from then on; return false where the kernel or the
/// machine can't, or Valgrind is between
bool trap_system_calls(void);

/// From here to trap_disarm() the calling thread must not wait
void trap_arm(void);

void trap_disarm(void);

TrapCounts trap_counts(void);

void trap_forget(void);

#endif
