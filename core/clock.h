// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Elapsed time. Any thread; the audio thread reads ticks.

#ifndef GRUS_CORE_CLOCK_H
#define GRUS_CORE_CLOCK_H

#include "core/realtime.h"

#include <stdint.h>
#include <time.h>

/// Return the time since an arbitrary start [s]; setting the system's clock does not change it
static inline double
clock_seconds(void)
{
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/// Return the time since an arbitrary start in ticks of no certain length: the processor's own
/// counter, where there is one
static inline uint64_t
clock_ticks(void) RT
{
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  uint64_t ticks = 0;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#else
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now); // No system call either, where libc has a page of it
  return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
#endif
}

#endif
