// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Chooses the kernel by what the processor has.

#include "train/teacher/kernel.h"

#include "core/isa.h"

extern const TeacherKernel teacher_kernel_base;
#ifdef TEACHER_HAVE_AVX2
extern const TeacherKernel teacher_kernel_avx2;
#endif
#ifdef TEACHER_HAVE_AVX512
extern const TeacherKernel teacher_kernel_avx512;
#endif
#ifdef TEACHER_HAVE_NEON
extern const TeacherKernel teacher_kernel_neon;
#endif

static const TeacherKernel* const kernels[] = {
    &teacher_kernel_base,
#ifdef TEACHER_HAVE_AVX2
    &teacher_kernel_avx2,
#endif
#ifdef TEACHER_HAVE_AVX512
    &teacher_kernel_avx512,
#endif
#ifdef TEACHER_HAVE_NEON
    &teacher_kernel_neon,
#endif
};

const TeacherKernel*
teacher_kernel(void)
{
  return kernels[isa_count(sizeof(kernels) / sizeof(kernels[0])) - 1];
}
