// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The linear stage by products of spectra.

#include "train/learn/fir.h"

#include "core/circle.h"
#include "core/isa.h"
#include "core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define G BPTT_GROUP

extern const FirKernel fir_kernel_base;
#ifdef BPTT_HAVE_AVX2
extern const FirKernel fir_kernel_avx2;
#endif
#ifdef BPTT_HAVE_AVX512
extern const FirKernel fir_kernel_avx512;
#endif
#ifdef BPTT_HAVE_NEON
extern const FirKernel fir_kernel_neon;
#endif

static const FirKernel* const kernels[] = {
    &fir_kernel_base,
#ifdef BPTT_HAVE_AVX2
    &fir_kernel_avx2,
#endif
#ifdef BPTT_HAVE_AVX512
    &fir_kernel_avx512,
#endif
#ifdef BPTT_HAVE_NEON
    &fir_kernel_neon,
#endif
};

uint32_t
fir_n_kernels(void)
{
  return isa_count(sizeof(kernels) / sizeof(kernels[0]));
}

const FirKernel*
fir_kernel(const uint32_t isa)
{
  return kernels[isa];
}

/// Return the size of a transform that holds the past and a chunk
static uint32_t
size_for(const uint32_t n_taps, const uint32_t n_frames)
{
  uint32_t size = 4;
  while (size < n_taps - 1 + n_frames) {
    size *= 2;
  }
  return size;
}

Status
fir_taps_init(FirTaps* const taps, const uint32_t n_taps, const uint32_t max_frames)
{
  FirTaps s = {.kernel = fir_kernel(fir_n_kernels() - 1),
               .n_taps = n_taps,
               .max_size = size_for(n_taps, max_frames)};
  s.turns = memory_new_floats((size_t)s.max_size * 2);
  s.spectrum = memory_new_floats((size_t)s.max_size * 2);
  if (!s.turns || !s.spectrum) {
    fir_taps_clear(&s);
    return STATUS_NO_MEMORY;
  }
  for (uint32_t k = 0; k < s.max_size; ++k) {
    const double angle = -TAU * k / s.max_size;
    s.turns[2 * k] = (float)cos(angle);
    s.turns[2 * k + 1] = (float)sin(angle);
  }
  *taps = s;
  return STATUS_OK;
}

void
fir_taps_clear(FirTaps* const taps)
{
  free(taps->turns);
  free(taps->spectrum);
  *taps = (FirTaps){0};
}

void
fir_taps_set(FirTaps* const taps, const FirScratch* const scratch, const float* const values,
             const uint32_t n_frames)
{
  taps->size = size_for(taps->n_taps, n_frames);
  memset(scratch->work, 0, (size_t)taps->size * G * sizeof(float));
  for (uint32_t k = 0; k < taps->n_taps; ++k) {
    scratch->work[(size_t)k * G] = values[k];
  }
  taps->kernel->to_bins(taps, scratch->work);
  for (uint32_t k = 0; k < taps->size; ++k) {
    taps->spectrum[2 * k] = scratch->work[(size_t)k * G];
    taps->spectrum[2 * k + 1] = scratch->work[(size_t)k * G + G / 2];
  }
}

Status
fir_scratch_init(FirScratch* const scratch, const FirTaps* const taps)
{
  FirScratch s = {memory_new_floats((size_t)taps->max_size * G),
                  memory_new_floats((size_t)taps->max_size * G)};
  if (!s.sound || !s.work) {
    fir_scratch_clear(&s);
    return STATUS_NO_MEMORY;
  }
  *scratch = s;
  return STATUS_OK;
}

void
fir_scratch_clear(FirScratch* const scratch)
{
  free(scratch->sound);
  free(scratch->work);
  *scratch = (FirScratch){0};
}

/// Put `n_frames` of a group behind as many frames as the stage remembers, of `past` or, without
/// it, of silence
static void
place_chunk(const FirTaps* const taps, const float* const past, const float* const y,
            const uint32_t n_frames, float* const x)
{
  const size_t before = (size_t)(taps->n_taps - 1) * G;
  const size_t n = (size_t)n_frames * G;
  if (past) {
    memcpy(x, past, before * sizeof(float));
  } else {
    memset(x, 0, before * sizeof(float));
  }
  memcpy(x + before, y, n * sizeof(float));
  memset(x + before + n, 0, ((size_t)taps->size * G - before - n) * sizeof(float));
}

void
fir_play(const FirTaps* const taps, const FirScratch* const scratch, float* const past,
         float* const y, const FirChunk chunk)
{
  const size_t before = (size_t)(taps->n_taps - 1) * G;
  const size_t n = (size_t)chunk.n_frames * G;
  place_chunk(taps, past, y, chunk.n_frames, scratch->sound);
  memcpy(past, scratch->sound + (size_t)chunk.n_kept * G, before * sizeof(float));
  taps->kernel->to_bins(taps, scratch->sound);
  taps->kernel->multiply(taps, false, scratch->sound, scratch->work);
  taps->kernel->to_frames(taps, scratch->work);
  memcpy(y, scratch->work + before, n * sizeof(float));
}

void
fir_gradient(const FirTaps* const taps, const FirScratch* const scratch, float* const dy,
             const uint32_t n_frames, float* const gradient)
{
  const size_t before = (size_t)(taps->n_taps - 1) * G;
  float* const errors = scratch->work;
  place_chunk(taps, NULL, dy, n_frames, errors);
  taps->kernel->to_bins(taps, errors);
  taps->kernel->correlate(taps, scratch->sound, errors, scratch->sound);
  taps->kernel->multiply(taps, true, errors, errors);
  taps->kernel->to_frames(taps, errors);
  memcpy(dy, errors + before, (size_t)n_frames * G * sizeof(float));
  taps->kernel->to_frames(taps, scratch->sound);
  for (uint32_t k = 0; k < taps->n_taps; ++k) {
    gradient[k] = scratch->sound[(size_t)k * G];
  }
}
