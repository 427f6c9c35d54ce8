// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The recurrent step as a kernel: which kernels there are, how their weights are packed, which one
/// to choose.
///
/// One kernel plays a block: one indirect call per block, not per step. Kernels are compiled for
/// each instruction set, cell, hidden size and number of streams, all from one body
/// (core/model/cell_kernel.c).

#ifndef GRUS_CORE_MODEL_CELLS_H
#define GRUS_CORE_MODEL_CELLS_H

#include "core/params.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CELLS_MAX_STREAMS 2U

/// Everything that determines which kernel fits
typedef struct {
  CellType cell;
  uint32_t hidden_size;
  uint32_t n_streams; ///< Sounds that run through the same weights, 1 or 2
} CellChoice;

/// Weights in the order in which a kernel reads them (core/model/cell_layout.h)
typedef struct {
  uint32_t hidden_size;
  uint32_t n_knobs;
  float* values; ///< (cells_weights_count()), 64-byte aligned
} CellWeights;

/// The sound of all streams
typedef struct {
  const float* in[CELLS_MAX_STREAMS];
  float* out[CELLS_MAX_STREAMS]; ///< Any of these may be any of `in`
} CellBuffers;

/// Play `n_frames` from `state` to `state`
typedef void (*CellRun)(const CellWeights* weights, float* state, const CellBuffers* io,
                        uint32_t n_frames) RT;

/// What one stream steps from
typedef struct {
  float h[PARAMS_MAX_HIDDEN_SIZE]; ///< State before the step; zeros beyond H
  float x;                         ///< Input
} CellStep;

/// Write r, z, n and the state after a step (4, H)
typedef void (*CellGates)(CellChoice choice, const CellWeights* weights, const CellStep* step,
                          float* gates) RT;

/// A kernel and what it expects
typedef struct {
  CellRun run;
  CellGates gates; ///< NULL for an LSTM
  CellChoice choice;
  uint32_t lanes;     ///< Of a vector
  uint32_t max_width; ///< Width of a block, at most [vectors]
} CellKernel;

/// Gains folded into the packed weights, both linear
typedef struct {
  float input;
  float output;
} CellGains;

/// Return how many of the compiled instruction sets this machine can run; 0 is base, the last one
/// is best
uint32_t cells_n_isas(void);

/// Return "base", "avx2" or "avx512"
const char* cells_isa_name(uint32_t isa);

/// Return the kernel for an instruction set, or for a lesser one that is as fast
CellKernel cells_choose(CellChoice choice, uint32_t isa);

/// Return how many floats a kernel's state takes; it starts as zeros, 64-byte aligned
size_t cells_state_count(const CellKernel* kernel) RT;

/// Return how many floats the packed weights for a kernel take
size_t cells_weights_count(const CellKernel* kernel);

/// Pack weights for a kernel; `weights->values` holds cells_weights_count() zeros. Knobs as in
/// cells_set_knobs(), or NULL if there are none.
void cells_pack(const CellKernel* kernel, const Params* params, const float* knobs, CellGains gains,
                CellWeights* weights);

/// Turn the knobs (I - 1, in 0..1) of packed weights. Knobs are inputs that don't change from frame
/// to frame, so they go into the biases and cost nothing per sample; turning them costs less than
/// one step. Gives the same bits as packing with these knobs.
void cells_set_knobs(const CellKernel* kernel, const float* knobs, CellWeights* weights) RT;

/// Compute one step of a GRU once more, for a picture of it at work: kernels don't keep their
/// gates. Write r, z, n and the state after it (4, H) and return H; 0 for an LSTM. Costs about as
/// much as a frame.
uint32_t cells_gates(const CellKernel* kernel, const CellWeights* weights, const CellStep* step,
                     float* gates) RT;

#endif
