// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which instruction sets the kernels may use on this processor. Any thread.

#ifndef GRUS_CORE_ISA_H
#define GRUS_CORE_ISA_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __arm__
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

/// Return how many of base, AVX2 and AVX-512, or base and NEON on ARM of 32 bits, in this order,
/// the processor has, at most `n_compiled` of them. There NEON comes with fused multiply-adds: of
/// what plays music only Cortex-A8 and A9 are without, and base serves them.
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
#elif defined(__arm__)
  const unsigned long wanted = HWCAP_NEON | HWCAP_VFPv4;
  n += (getauxval(AT_HWCAP) & wanted) == wanted;
#endif
  return n < n_compiled ? n : n_compiled;
}

/// Return true if a processor with AVX-512 works on its vectors half by half (Zen 4: family 19h, of
/// which Zen 3 doesn't have them), so that they are only worth something where nothing is padded
static inline bool
isa_halves_512(void)
{
#ifdef __x86_64__
  return __builtin_cpu_is("amdfam19h");
#else
  return false;
#endif
}

#endif
