// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Vectors of floats without intrinsics: what a kernel is written in.
///
/// A kernel is compiled once per instruction set; a compiler that lacks a register as wide as Lanes
/// splits it. LANES is 8 unless the build of a kernel says otherwise.

#ifndef GRUS_CORE_LANES_H
#define GRUS_CORE_LANES_H

#include "core/realtime.h"

#include <string.h>

#ifndef LANES
#define LANES 8
#endif

#define KERNEL_INLINE static inline __attribute__((always_inline))

typedef float Lanes __attribute__((vector_size(4 * LANES)));

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
  Lanes v;
  for (int i = 0; i < LANES; ++i) {
    v[i] = x;
  }
  return v;
}

/// NaN comes out as `limit`
KERNEL_INLINE Lanes
lanes_min(const Lanes a, const float limit) RT
{
  Lanes v;
  for (int i = 0; i < LANES; ++i) {
    v[i] = a[i] < limit ? a[i] : limit;
  }
  return v;
}

/// NaN comes out as `limit`
KERNEL_INLINE Lanes
lanes_max(const Lanes a, const float limit) RT
{
  Lanes v;
  for (int i = 0; i < LANES; ++i) {
    v[i] = a[i] > limit ? a[i] : limit;
  }
  return v;
}

/// Sum in the order of a balanced tree, the same on every instruction set
KERNEL_INLINE float
lanes_sum(const Lanes v) RT
{
  float s[LANES];
  lanes_store(s, v);
  for (int width = LANES / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; ++i) {
      s[i] += s[i + width];
    }
  }
  return s[0];
}

#endif
