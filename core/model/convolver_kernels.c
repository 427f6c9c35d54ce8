// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which kernels were compiled, and which of them this processor can run. Any thread.

#include "core/model/convolver_kernel.h"

#include "core/isa.h"

extern const ConvolverKernel convolver_kernel_base;
#ifdef CELLS_HAVE_AVX2
extern const ConvolverKernel convolver_kernel_avx2;
#endif
#ifdef CELLS_HAVE_AVX512
extern const ConvolverKernel convolver_kernel_avx512;
#endif
#ifdef CELLS_HAVE_NEON
extern const ConvolverKernel convolver_kernel_neon;
#endif

static const ConvolverKernel* const kernels[] = {
    &convolver_kernel_base,
#ifdef CELLS_HAVE_AVX2
    &convolver_kernel_avx2,
#endif
#ifdef CELLS_HAVE_AVX512
    &convolver_kernel_avx512,
#endif
#ifdef CELLS_HAVE_NEON
    &convolver_kernel_neon,
#endif
};

uint32_t
convolver_kernel_count(void)
{
  return isa_count(sizeof(kernels) / sizeof(kernels[0]));
}

ConvolverKernel
convolver_kernel(const uint32_t isa)
{
  return *kernels[isa];
}
