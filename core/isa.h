// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which instruction sets the kernels may use on this processor. Any thread.

#ifndef GRUS_CORE_ISA_H
#define GRUS_CORE_ISA_H

#include <stdint.h>

/// Return how many of base, AVX2 and AVX-512, in this order, the processor has, at most
/// `n_compiled` of them
static inline uint32_t
isa_count(const uint32_t n_compiled)
{
  uint32_t n = 1;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    ++n;
    n += __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
  }
#endif
  return n < n_compiled ? n : n_compiled;
}

#endif
