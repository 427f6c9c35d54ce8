// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Vectors of floats without intrinsics, for the kernels.
///
/// A kernel is compiled once per instruction set; if no register is as wide as Lanes, the compiler
/// splits it. LANES is 8 unless a kernel's build defines it.

#ifndef GRUS_CORE_LANES_H
#define GRUS_CORE_LANES_H

#include "core/realtime.h"

#include <stdint.h>
#include <string.h>

#ifndef LANES
#define LANES 8
#endif

// Clang takes minutes to inline a whole kernel. Builds that need not be fast can leave that to the
// compiler, except in the innermost loop.
#define KERNEL_INNER static inline __attribute__((always_inline))
#ifdef GRUS_SLOW_KERNELS
#define KERNEL_INLINE static inline
#else
#define KERNEL_INLINE KERNEL_INNER
#endif

typedef float Lanes __attribute__((vector_size(4 * LANES)));
typedef int32_t LaneBits __attribute__((vector_size(4 * LANES)));

KERNEL_INLINE Lanes
lanes_load(const float* const p) RT
{
  Lanes v;
  memcpy(&v, p, sizeof(v));
  return v;
}

KERNEL_INLINE void
lanes_store(float* const p, const Lanes v) RT
{
  memcpy(p, &v, sizeof(v));
}

KERNEL_INLINE Lanes
lanes_splat(const float x) RT
{
  return x - (Lanes){0}; // A scalar beside a vector applies to all lanes, and − 0 changes none
}

// A register's lanes
#if defined(__AVX512F__)
#define REGISTER_LANES 16
#elif defined(__AVX__)
#define REGISTER_LANES 8
#else
#define REGISTER_LANES 4
#endif

/// Keep a vector in a register, if it fits one, where a compiler would load it again at each use
KERNEL_INLINE void
lanes_keep(Lanes* const v) RT
{
#if LANES > REGISTER_LANES
  (void)v;
#elif defined(__x86_64__)
  __asm__("" : "+x"(*v));
#elif defined(__aarch64__)
  __asm__("" : "+w"(*v));
#else
  (void)v;
#endif
}

/// Return lane `lane` in all lanes; its number must be known at compile time
KERNEL_INLINE Lanes
lanes_splat_lane(const Lanes v, const uint32_t lane) RT
{
  Lanes w;
  for (uint32_t i = 0; i < LANES; ++i) {
    w[i] = v[lane];
  }
  return w;
}

KERNEL_INLINE LaneBits
lanes_splat_bits(const int32_t bits) RT
{
  return bits - (LaneBits){0};
}

/// Return the smaller of two floats' bits, lane by lane. For positive floats that is the smaller
/// float; NaN counts as larger than anything.
KERNEL_INLINE LaneBits
lanes_min_bits(const LaneBits a, const LaneBits b) RT
{
  LaneBits v;
  for (int i = 0; i < LANES; ++i) {
    v[i] = a[i] < b[i] ? a[i] : b[i];
  }
  return v;
}

/// Return the sum of all lanes, in the order of a balanced tree
KERNEL_INLINE float
lanes_sum(Lanes v) RT
{
#pragma GCC unroll 4
  for (int width = LANES / 2; width > 0; width /= 2) {
    Lanes w = v;
#pragma GCC unroll 16
    for (int i = 0; i < LANES; ++i) {
      w[i] = v[i ^ width];
    }
    v += w;
  }
  return v[0];
}

#endif
