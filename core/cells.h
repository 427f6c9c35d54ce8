// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The recurrent step as a kernel: which exist, how their weights are packed, which to take.
///
/// One kernel plays a block: one indirect call per block, not per step. Kernels are compiled per
/// instruction set and hidden size from one body (core/cell_kernel.c).

#ifndef GRUS_CORE_CELLS_H
#define GRUS_CORE_CELLS_H

#include "core/params.h"
#include "core/realtime.h"

#include <stddef.h>
#include <stdint.h>

/// Weights in the order in which a kernel reads them; P is H rounded up to a multiple of 8, and
/// what lies above H is zero:
///
///     bias r, z, n, recurrent bias n    (4, P)   b_i + b_h where the two only occur as a sum
///     input column r, z, n              (3, P)
///     head                              (P)
///     head bias, skip gain              (8)      the rest zero
///     recurrent                         reset-after: (H, 3, P), column j of r, z, n
///                                       reset-before: (H, 2, P) of r, z, then (H, P) of n
typedef struct {
  uint32_t hidden_size;
  float* values; ///< 64-byte aligned
} CellWeights;

/// Play `n_frames` from `state` (P, 64-byte aligned, zero above H); `in` may be `out`
typedef void (*CellRun)(const CellWeights* weights, float* state, const float* in, float* out,
                        uint32_t n_frames) RT;

/// Gains folded into the packed weights, both linear
typedef struct {
  float input;
  float output;
} CellGains;

/// Return H rounded up to whole vectors
uint32_t cells_padded_size(uint32_t hidden_size) RT;

/// Return how many floats the packed weights of a shape take
size_t cells_weights_count(ParamsShape shape);

/// Pack for the kernel; `weights->values` holds cells_weights_count() zeros.
/// Knobs (I - 1, in 0..1) are constant inputs and go into the biases.
void cells_pack(const Params* params, const float* knobs, CellGains gains, CellWeights* weights);

/// Return how many of the compiled instruction sets this machine can run; 0 is base, the last is
/// best
uint32_t cells_n_isas(void);

/// Return "base", "avx2" …
const char* cells_isa_name(uint32_t isa);

/// Return the kernel for a cell
CellRun cells_choose(CellType cell, uint32_t hidden_size, uint32_t isa);

#endif
