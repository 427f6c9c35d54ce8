// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The recurrent step as a vector kernel: one body per cell, compiled once per instruction set
// (CELL_ISA) and unrolled for the common hidden sizes. Audio thread.
//
// A vector holds 8 units of one gate. The state is broadcast unit by unit and meets one column of
// the recurrent weights, which lie in the order in which they are read. The head's products are
// kept as 8 lanes a sample and summed once per slice, off the recurrent chain.

#include "core/activation.h"
#include "core/cells.h"
#include "core/lanes.h"
#include "core/realtime.h"

#include <stdint.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define CELL_FIND JOIN(cell_find_, CELL_ISA)

#define SLICE 64U
#define MAX_VECTORS (PARAMS_MAX_HIDDEN_SIZE / LANES)

CellRun CELL_FIND(CellType cell, uint32_t hidden_size);

/// Packed weights, taken apart
typedef struct {
  const float* bias;
  const float* column;
  const float* head;
  const float* recurrent;
  float head_bias;
  float skip_gain;
} Parts;

KERNEL_INLINE Parts
parts_of(const CellWeights* const w, const uint32_t padded) RT
{
  const float* const head = w->values + 7 * (size_t)padded;
  return (Parts){w->values,    w->values + 4 * (size_t)padded,
                 head,         head + padded + LANES,
                 head[padded], head[padded + 1]};
}

/// sum += column of one gate * h_j
KERNEL_INLINE void
add_column(Lanes* const sum, const float* const column, const Lanes h_j, const uint32_t n_v) RT
{
#pragma GCC unroll 32
  for (uint32_t v = 0; v < n_v; ++v) {
    sum[v] += lanes_load(column + v * LANES) * h_j;
  }
}

/// sum = bias + input column * x
KERNEL_INLINE void
start_gate(Lanes* const sum, const float* const bias, const float* const column, const float x,
           const uint32_t n_v) RT
{
#pragma GCC unroll 32
  for (uint32_t v = 0; v < n_v; ++v) {
    sum[v] = lanes_load(bias + v * LANES) + lanes_load(column + v * LANES) * x;
  }
}

/// h' = z ⊙ h + (1 − z) ⊙ n; returns this step's products of the head
KERNEL_INLINE Lanes
blend(const Parts* const w, float* const h, const Lanes* const z, const Lanes* const n,
      const uint32_t n_v) RT
{
  Lanes y = lanes_splat(0.0F);
#pragma GCC unroll 32
  for (uint32_t v = 0; v < n_v; ++v) {
    const Lanes next = n[v] + activation_sigmoid(z[v]) * (lanes_load(h + v * LANES) - n[v]);
    lanes_store(h + v * LANES, next);
    y += lanes_load(w->head + v * LANES) * next;
  }
  return y;
}

/// n = tanh(a_n + r ⊙ (W_n h + b_hn))
KERNEL_INLINE Lanes
step_reset_after(const Parts* const w, const uint32_t hidden_size, float* const h, const float x) RT
{
  const uint32_t n_v = (hidden_size + LANES - 1) / LANES;
  const uint32_t p = n_v * LANES;
  Lanes r[MAX_VECTORS];
  Lanes z[MAX_VECTORS];
  Lanes n[MAX_VECTORS];
  start_gate(r, w->bias, w->column, x, n_v);
  start_gate(z, w->bias + p, w->column + p, x, n_v);
  start_gate(n, w->bias + 3 * p, w->column, 0.0F, n_v);
  for (uint32_t j = 0; j < hidden_size; ++j) {
    const float* const column = w->recurrent + (size_t)j * 3 * p;
    const Lanes h_j = lanes_splat(h[j]);
    add_column(r, column, h_j, n_v);
    add_column(z, column + p, h_j, n_v);
    add_column(n, column + 2 * p, h_j, n_v);
  }
#pragma GCC unroll 32
  for (uint32_t v = 0; v < n_v; ++v) {
    const uint32_t i = v * LANES;
    const Lanes a = lanes_load(w->bias + 2 * p + i) + lanes_load(w->column + 2 * p + i) * x;
    n[v] = activation_tanh(a + activation_sigmoid(r[v]) * n[v]);
  }
  return blend(w, h, z, n, n_v);
}

/// n = tanh(a_n + W_n (r ⊙ h))
KERNEL_INLINE Lanes
step_reset_before(const Parts* const w, const uint32_t hidden_size, float* const h,
                  const float x) RT
{
  const uint32_t n_v = (hidden_size + LANES - 1) / LANES;
  const uint32_t p = n_v * LANES;
  Lanes r[MAX_VECTORS];
  Lanes z[MAX_VECTORS];
  Lanes n[MAX_VECTORS];
  float reset_h[PARAMS_MAX_HIDDEN_SIZE] __attribute__((aligned(64)));
  start_gate(r, w->bias, w->column, x, n_v);
  start_gate(z, w->bias + p, w->column + p, x, n_v);
  start_gate(n, w->bias + 2 * p, w->column + 2 * p, x, n_v);
  for (uint32_t j = 0; j < hidden_size; ++j) {
    const float* const column = w->recurrent + (size_t)j * 2 * p;
    const Lanes h_j = lanes_splat(h[j]);
    add_column(r, column, h_j, n_v);
    add_column(z, column + p, h_j, n_v);
  }
#pragma GCC unroll 32
  for (uint32_t v = 0; v < n_v; ++v) {
    lanes_store(reset_h + v * LANES, activation_sigmoid(r[v]) * lanes_load(h + v * LANES));
  }
  for (uint32_t j = 0; j < hidden_size; ++j) {
    add_column(n, w->recurrent + ((size_t)2 * hidden_size + j) * p, lanes_splat(reset_h[j]), n_v);
  }
#pragma GCC unroll 32
  for (uint32_t v = 0; v < n_v; ++v) {
    n[v] = activation_tanh(n[v]);
  }
  return blend(w, h, z, n, n_v);
}

KERNEL_INLINE Lanes
step(const CellType cell, const Parts* const w, const uint32_t hidden_size, float* const h,
     const float x) RT
{
  return cell == CELL_GRU_RESET_AFTER ? step_reset_after(w, hidden_size, h, x)
                                      : step_reset_before(w, hidden_size, h, x);
}

/// All inputs of a slice are read before its outputs are written: `in` may be `out`
KERNEL_INLINE void
run(const CellType cell, const uint32_t hidden_size, const CellWeights* const weights,
    float* const state, const float* const in, float* const out, const uint32_t n_frames) RT
{
  const Parts w = parts_of(weights, (hidden_size + LANES - 1) / LANES * LANES);
  Lanes y[SLICE];
  for (uint32_t start = 0; start < n_frames; start += SLICE) {
    const uint32_t n = n_frames - start < SLICE ? n_frames - start : SLICE;
    for (uint32_t t = 0; t < n; ++t) {
      y[t] = step(cell, &w, hidden_size, state, in[start + t]);
    }
    for (uint32_t t = 0; t < n; ++t) {
      out[start + t] = lanes_sum(y[t]) + w.head_bias + w.skip_gain * in[start + t];
    }
  }
}

// One function per cell and hidden size, 0 being the general one: C's only templates are macros
#define SMALL_SIZES(DO, cell) DO(cell, 8) DO(cell, 12) DO(cell, 16) DO(cell, 20) DO(cell, 24)
#define LARGE_SIZES(DO, cell) DO(cell, 32) DO(cell, 40) DO(cell, 48) DO(cell, 64) DO(cell, 80)
#define SIZES(DO, cell) SMALL_SIZES(DO, cell) LARGE_SIZES(DO, cell) DO(cell, 0)

#define DEFINE_RUN(cell, size)                                                                     \
  static void run_##cell##_##size(const CellWeights* const weights, float* const state,            \
                                  const float* const in, float* const out, const uint32_t n) RT    \
  {                                                                                                \
    run(cell, (size) ? (size) : weights->hidden_size, weights, state, in, out, n);                 \
  }

#define CASE_RUN(cell, size)                                                                       \
  case size:                                                                                       \
    return run_##cell##_##size;

SIZES(DEFINE_RUN, CELL_GRU_RESET_AFTER)
SIZES(DEFINE_RUN, CELL_GRU_RESET_BEFORE)

static CellRun
find_reset_after(const uint32_t hidden_size)
{
  switch (hidden_size) {
    SIZES(CASE_RUN, CELL_GRU_RESET_AFTER)
  default:
    return run_CELL_GRU_RESET_AFTER_0;
  }
}

static CellRun
find_reset_before(const uint32_t hidden_size)
{
  switch (hidden_size) {
    SIZES(CASE_RUN, CELL_GRU_RESET_BEFORE)
  default:
    return run_CELL_GRU_RESET_BEFORE_0;
  }
}

CellRun
CELL_FIND(const CellType cell, const uint32_t hidden_size)
{
  return cell == CELL_GRU_RESET_AFTER ? find_reset_after(hidden_size)
                                      : find_reset_before(hidden_size);
}
