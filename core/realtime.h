// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the audio thread may run, and the floating-point mode it runs in.

#ifndef GRUS_CORE_REALTIME_H
#define GRUS_CORE_REALTIME_H

#include <stdint.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

/// Marks every function reachable from the audio callback: no allocation, lock, file, log or wait.
/// Clang 20 and later check it; older compilers read it as documentation.
#if defined(__clang__) && __clang_major__ >= 20
#define RT __attribute__((nonblocking))
#else
#define RT
#endif

/// Floating-point control word of the calling thread, as it was before realtime_enter()
typedef uint64_t RealtimeMode;

/// Flush denormals to zero for the block that follows; they cost 10 to 100 times a normal number
static inline RealtimeMode
realtime_enter(void) RT
{
#if defined(__SSE2__)
  const unsigned mode = _mm_getcsr();
  _mm_setcsr(mode | 0x8040U); // Flush-to-zero and denormals-are-zero
  return mode;
#elif defined(__aarch64__)
  uint64_t mode = 0;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" : : "r"(mode | (1ULL << 24U))); // FZ
  return mode;
#elif defined(__arm__) && defined(__ARM_FP)
  uint32_t mode = 0; // NEON of 32 bits always flushes
  __asm__ volatile("vmrs %0, fpscr" : "=r"(mode));
  __asm__ volatile("vmsr fpscr, %0" : : "r"(mode | (1U << 24U))); // FZ
  return mode;
#else
  return 0;
#endif
}

/// Restore the mode that realtime_enter() found
static inline void
realtime_leave(const RealtimeMode mode) RT
{
#if defined(__SSE2__)
  _mm_setcsr((unsigned)mode);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#elif defined(__arm__) && defined(__ARM_FP)
  __asm__ volatile("vmsr fpscr, %0" : : "r"((uint32_t)mode));
#else
  (void)mode;
#endif
}

#endif
