// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Vectors of floats for the kernels, without intrinsics outside this file.
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

#if defined(__ARM_NEON) && LANES == 4
#include <arm_neon.h>
#define LANES_NEON 1
#else
#define LANES_NEON 0
#endif

// On aarch64 a multiply-add takes one of its factors from a lane of a register
#if LANES_NEON && defined(__aarch64__)
#define LANES_BY_ELEMENT 1
#else
#define LANES_BY_ELEMENT 0
#endif

// Clang takes minutes to inline a whole kernel. Builds that need not be fast can leave that to the
// compiler, except in the innermost loop.
#define KERNEL_INNER static inline __attribute__((always_inline))
#ifdef GRUS_SLOW_KERNELS
#define KERNEL_INLINE static inline
#else
#define KERNEL_INLINE KERNEL_INNER
#endif

// Loops whose count is known once everything is inlined; clang needs to hear that all of it is
// meant
#ifdef __clang__
#define KERNEL_UNROLL _Pragma("unroll")
#else
#define KERNEL_UNROLL _Pragma("GCC unroll 32")
#endif

typedef float Lanes __attribute__((vector_size(4 * LANES)));
typedef int32_t LaneBits __attribute__((vector_size(4 * LANES)));
typedef uint32_t UnsignedLaneBits __attribute__((vector_size(4 * LANES)));

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

/// Load four vectors, and move on to the next
KERNEL_INLINE void
lanes_load_four(const float** const p, Lanes v[4]) RT
{
#if LANES_BY_ELEMENT
  const float32x4x4_t four = vld1q_f32_x4(*p);
  KERNEL_UNROLL
  for (int i = 0; i < 4; ++i) {
    v[i] = (Lanes)four.val[i];
  }
#else
  memcpy(v, *p, 4 * sizeof(Lanes));
#endif
  *p += 4 * LANES;
#if LANES_BY_ELEMENT && !defined(__clang__)
  __asm__("" : "+r"(*p)); // One address for all loads, which they themselves move on
#endif
}

/// Return sum + a * b's lane `lane`, whose number must be known at compile time
KERNEL_INLINE Lanes
lanes_add_by_lane(const Lanes sum, const Lanes a, const Lanes b, const uint32_t lane) RT
{
#if LANES_BY_ELEMENT
  return (Lanes)vfmaq_f32((float32x4_t)sum, (float32x4_t)a, (float32x4_t)lanes_splat_lane(b, lane));
#else
  return sum + a * lanes_splat_lane(b, lane);
#endif
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

/// Return `x` between -limit and limit, given the bits of both; NaN gives one of them
KERNEL_INLINE Lanes
lanes_clamp(const Lanes x, const int32_t limit_bits) RT
{
#if defined(__SSE2__) && !defined(__SSE4_1__) // Without a smaller one of unsigned numbers
  const LaneBits bits = (LaneBits)x;
  const LaneBits size =
      lanes_min_bits(bits & lanes_splat_bits(INT32_MAX), lanes_splat_bits(limit_bits));
  return (Lanes)(size | (bits & lanes_splat_bits(INT32_MIN)));
#else
  // Without a sign, negative floats are the largest numbers; with one, they are below all limits
  const uint32_t lowest = (uint32_t)limit_bits | 0x80000000U;
  UnsignedLaneBits bits = (UnsignedLaneBits)x;
  for (int i = 0; i < LANES; ++i) {
    bits[i] = bits[i] < lowest ? bits[i] : lowest;
  }
  return (Lanes)lanes_min_bits((LaneBits)bits, lanes_splat_bits(limit_bits));
#endif
}

/// Return the square of `clamped`, which is x within limits: one operation less, or without waiting
/// for the clamp
KERNEL_INLINE Lanes
lanes_clamped_square(const Lanes x, const Lanes clamped, const int32_t limit_bits) RT
{
  return LANES_NEON ? clamped * clamped
                    : (Lanes)lanes_min_bits((LaneBits)(x * x), lanes_splat_bits(limit_bits));
}

/// Return a / b, which takes least time if `a` is there first
KERNEL_INLINE Lanes
lanes_divide(const Lanes a, const Lanes b) RT
{
#if LANES_NEON
  const Lanes rough = (Lanes)vrecpeq_f32((float32x4_t)b);
  const Lanes close = rough * (Lanes)vrecpsq_f32((float32x4_t)b, (float32x4_t)rough);
  return (a * close) * (Lanes)vrecpsq_f32((float32x4_t)b, (float32x4_t)close);
#else
  return a * (1.0F / b);
#endif
}

/// Return the sum of all lanes, in the order of a balanced tree
KERNEL_INLINE float
lanes_sum(Lanes v) RT
{
  KERNEL_UNROLL
  for (int width = LANES / 2; width > 0; width /= 2) {
    Lanes w = v;
    KERNEL_UNROLL
    for (int i = 0; i < LANES; ++i) {
      w[i] = v[i ^ width];
    }
    v += w;
  }
  return v[0];
}

#endif
