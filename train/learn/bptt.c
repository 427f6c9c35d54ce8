// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Memory of a group, and the choice of the kernel that computes it.

#include "train/learn/bptt.h"

#include "core/isa.h"
#include "core/memory.h"

#include <stdlib.h>

extern const BpttKernel bptt_kernel_base;
#ifdef BPTT_HAVE_AVX2
extern const BpttKernel bptt_kernel_avx2;
#endif
#ifdef BPTT_HAVE_AVX512
extern const BpttKernel bptt_kernel_avx512;
#endif
#ifdef BPTT_HAVE_NEON
extern const BpttKernel bptt_kernel_neon;
#endif

static const BpttKernel* const kernels[] = {
    &bptt_kernel_base,
#ifdef BPTT_HAVE_AVX2
    &bptt_kernel_avx2,
#endif
#ifdef BPTT_HAVE_AVX512
    &bptt_kernel_avx512,
#endif
#ifdef BPTT_HAVE_NEON
    &bptt_kernel_neon,
#endif
};

uint32_t
bptt_n_kernels(void)
{
  return isa_count(sizeof(kernels) / sizeof(kernels[0]));
}

const BpttKernel*
bptt_kernel(const uint32_t isa)
{
  return kernels[isa];
}

/// Allocate (n_frames, n_rows, G), aligned for any vector
static float*
new_array(const uint32_t n_frames, const uint32_t n_rows)
{
  return memory_new_floats((size_t)n_frames * n_rows * BPTT_GROUP);
}

Status
bptt_group_init(BpttGroup* const group, const ParamsShape shape, const uint32_t max_frames)
{
  const uint32_t n = shape.hidden_size;
  BpttGroup g = {.shape = shape, .max_frames = max_frames};
  g.x = new_array(max_frames, shape.n_inputs);
  g.h = new_array(max_frames + 1, n);
  g.gates = new_array(max_frames, bptt_n_kept(shape.cell) * n);
  g.y = new_array(max_frames, 1);
  g.dy = new_array(max_frames, 1);
  g.da = new_array(BPTT_TILE, 4 * n);
  g.dh = new_array(1, n);
  g.reset = new_array(1, n);
  if (!g.x || !g.h || !g.gates || !g.y || !g.dy || !g.da || !g.dh || !g.reset) {
    bptt_group_clear(&g);
    return STATUS_NO_MEMORY;
  }
  *group = g;
  return STATUS_OK;
}

void
bptt_group_clear(BpttGroup* const group)
{
  free(group->x);
  free(group->h);
  free(group->gates);
  free(group->y);
  free(group->dy);
  free(group->da);
  free(group->dh);
  free(group->reset);
  *group = (BpttGroup){0};
}

float*
bptt_first_state(const BpttGroup* const group)
{
  return group->h;
}

const float*
bptt_state_after(const BpttGroup* const group, const uint32_t n_frames)
{
  return group->h + (size_t)n_frames * group->shape.hidden_size * BPTT_GROUP;
}
