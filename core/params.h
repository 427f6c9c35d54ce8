// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the numbers of a model mean: the one table of tensors.
///
/// Names, shapes, file order, gradients and moments are loops over this table. Gates stand in the
/// order r, z, n everywhere; only the file reader and writer know another order, only the packing
/// knows the kernel's.
///
/// With a(g) = W_i(g) x + b_i(g), x = [audio, knobs ...], h the state and ⊙ element-wise:
///
///     r  = σ(a(r) + W_h(r) h + b_h(r))                 reset gate
///     z  = σ(a(z) + W_h(z) h + b_h(z))                 update gate
///     n  = tanh(a(n) + W_h(n) (r ⊙ h))                 candidate, CELL_GRU_RESET_BEFORE
///     n  = tanh(a(n) + r ⊙ (W_h(n) h + b_h(n)))        candidate, CELL_GRU_RESET_AFTER
///     h' = z ⊙ h + (1 − z) ⊙ n
///     y  = w_o · h' + b_o (+ audio with a skip connection)
///
/// CELL_GRU_RESET_BEFORE is Cho et al., "Learning Phrase Representations using RNN
/// Encoder-Decoder", EMNLP 2014, and has no b_h; CELL_GRU_RESET_AFTER is torch.nn.GRU.

#ifndef GRUS_CORE_PARAMS_H
#define GRUS_CORE_PARAMS_H

#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARAMS_MAX_HIDDEN_SIZE 256U
#define PARAMS_MAX_KNOBS 4U

typedef enum {
  CELL_GRU_RESET_BEFORE,
  CELL_GRU_RESET_AFTER,
} CellType;

/// Everything that decides the shapes of the tensors
typedef struct {
  CellType cell;
  uint32_t hidden_size; ///< H, 1 to PARAMS_MAX_HIDDEN_SIZE
  uint32_t n_inputs;    ///< I, audio first, then up to PARAMS_MAX_KNOBS knobs in 0..1
  bool skip;            ///< The audio input is added to the output
} ParamsShape;

typedef enum {
  PARAMS_W_I, ///< Input weights (3*H, I)
  PARAMS_W_H, ///< Recurrent weights (3*H, H)
  PARAMS_B_I, ///< Input bias (3*H, 1)
  PARAMS_B_H, ///< Recurrent bias (3*H, 1); (0, 1) for CELL_GRU_RESET_BEFORE
  PARAMS_W_O, ///< Head weights (1, H)
  PARAMS_B_O, ///< Head bias (1, 1)
} ParamsTensor;

#define PARAMS_N_TENSORS 6U

/// Where one tensor lies in the values of a Params, rows first
typedef struct {
  const char* name;
  uint32_t rows;
  uint32_t cols;
  size_t offset; ///< Of its first value
} Tensor;

/// A shape and its values, which are all tensors one after another
typedef struct {
  ParamsShape shape;
  float* values;                    ///< (params_count(shape))
  float* tensors[PARAMS_N_TENSORS]; ///< First value of each
} Params;

/// Return the name used in messages and files: "reset-before" or "reset-after"
const char* params_cell_name(CellType cell);

/// Return true if the shape can be built
bool params_shape_is_valid(ParamsShape shape);

bool params_shapes_are_equal(ParamsShape a, ParamsShape b);

/// Return one row of the table
Tensor params_tensor(ParamsShape shape, ParamsTensor tensor);

/// Return the number of values of all tensors together
size_t params_count(ParamsShape shape);

/// Allocate values, all zero, for a valid shape
NODISCARD Status params_init(Params* params, ParamsShape shape);

/// Free the values; legal on a zeroed struct
void params_clear(Params* params);

/// Return the first value of a tensor
static inline float*
params_values(const Params* const params, const ParamsTensor tensor)
{
  return params->tensors[tensor];
}

#endif
