// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Chooses the kernel by what the processor has.

#include "train/teacher/kernel.h"

extern const TeacherKernel teacher_kernel_base;
#ifdef TEACHER_HAVE_AVX2
extern const TeacherKernel teacher_kernel_avx2;
#endif
#ifdef TEACHER_HAVE_AVX512
extern const TeacherKernel teacher_kernel_avx512;
#endif

const TeacherKernel*
teacher_kernel(void)
{
#ifdef TEACHER_HAVE_AVX512
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")) {
    return &teacher_kernel_avx512;
  }
#endif
#ifdef TEACHER_HAVE_AVX2
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return &teacher_kernel_avx2;
  }
#endif
  return &teacher_kernel_base;
}
