// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Chooses the kernel of an instruction set.

#include "bench/peak.h"

extern const PeakKernel peak_base;
#ifdef CELLS_HAVE_AVX2
extern const PeakKernel peak_avx2;
#endif
#ifdef CELLS_HAVE_AVX512
extern const PeakKernel peak_avx512;
#endif
#ifdef CELLS_HAVE_NEON
extern const PeakKernel peak_neon;
#endif

const PeakKernel*
peak_kernel(const uint32_t isa)
{
  static const PeakKernel* const kernels[] = {
      &peak_base,
#ifdef CELLS_HAVE_AVX2
      &peak_avx2,
#endif
#ifdef CELLS_HAVE_AVX512
      &peak_avx512,
#endif
#ifdef CELLS_HAVE_NEON
      &peak_neon,
#endif
  };
  return kernels[isa];
}
