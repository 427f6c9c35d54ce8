// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The network and its gradient over a chunk of time, for a group of sequences at once: truncated
/// back-propagation through time. Offline threads.
///
/// The sequences of a group are the innermost dimension of every array, so that every inner loop is
/// a vector over them. Shapes: T frames, I inputs, H hidden size, G = BPTT_GROUP sequences.

#ifndef GRUS_TRAIN_LEARN_BPTT_H
#define GRUS_TRAIN_LEARN_BPTT_H

#include "core/params.h"
#include "core/status.h"

#include <stdint.h>

#define BPTT_GROUP 16U

/// Frames whose gradients w.r.t. pre-activations are kept at once
#define BPTT_TILE 32U

/// One group of sequences over one chunk, and everything that backward() needs from forward()
typedef struct {
  ParamsShape shape;
  uint32_t max_frames;
  float* x;     ///< Inputs (T, I, G), filled by the caller
  float* h;     ///< States (T + 1, H, G); the caller fills the first: zero, or carried over
  float* gates; ///< r, z, n, and of reset-after W_n h + b_hn (T, K*H, G), K = bptt_n_kept()
  float* y;     ///< Outputs (T, G)
  float* dy;    ///< Gradient of the loss w.r.t. y (T, G), filled by the caller
  float* da;    ///< Gradients by pre-activations, as the rows of W_h see them; after those, by n's
                ///< input part (reset-after) or r ⊙ h (reset-before) (BPTT_TILE, 4*H, G)
  float* dh;    ///< Gradient w.r.t. the state, running back (H, G)
  float* reset; ///< r ⊙ h of the current frame, reset-before only (H, G)
} BpttGroup;

/// Both passes for one instruction set
typedef struct {
  const char* isa;

  /// Fill h, gates and y from x and the first state, over `n_frames` <= max_frames
  void (*forward)(const Params* params, BpttGroup* group, uint32_t n_frames);

  /// Add the gradient of every tensor to `gradient` (params_count()), after forward()
  void (*backward)(const Params* params, BpttGroup* group, uint32_t n_frames, float* gradient);
} BpttKernel;

NODISCARD Status bptt_group_init(BpttGroup* group, ParamsShape shape, uint32_t max_frames);

/// Free the arrays; legal on a zeroed struct
void bptt_group_clear(BpttGroup* group);

/// Return how many values a unit leaves for the backward pass in each frame
static inline uint32_t
bptt_n_kept(const CellType cell)
{
  return cell == CELL_GRU_RESET_AFTER ? 4 : 3;
}

/// Return the first state (H, G)
float* bptt_first_state(const BpttGroup* group);

/// Return the state after `n_frames` (H, G)
const float* bptt_state_after(const BpttGroup* group, uint32_t n_frames);

/// Return the number of compiled instruction sets that this machine runs; 0 is base, the last best
uint32_t bptt_n_kernels(void);

const BpttKernel* bptt_kernel(uint32_t isa);

#endif
