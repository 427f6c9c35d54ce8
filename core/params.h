// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the numbers of a model mean: the one table of tensors.
///
/// Names, shapes, file order, gradients and moments are loops over this table. Gates are in the
/// order r, z, n everywhere; only the file readers and writers know another order, and only the
/// packing knows the kernel's.
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
/// and, with a linear stage behind the network, such as a loudspeaker or what a load does:
///
///     y'[t] = Σ_k taps[k] y[t − k],  0 <= k < n_taps
///
/// CELL_LSTM has the gates i, f, g, o and a second state c:
///
///     c' = σ(f) ⊙ c + σ(i) ⊙ tanh(g),  h' = σ(o) ⊙ tanh(c'),  each W_i x + b_i + W_h h
///
/// CELL_GRU_RESET_BEFORE is Cho et al., "Learning Phrase Representations using RNN
/// Encoder-Decoder", EMNLP 2014, and has no b_h; CELL_GRU_RESET_AFTER is torch.nn.GRU;
/// CELL_LSTM is Hochreiter and Schmidhuber, Neural Computation 9(8), 1997, with forget gate.

#ifndef GRUS_CORE_PARAMS_H
#define GRUS_CORE_PARAMS_H

#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARAMS_MAX_HIDDEN_SIZE 256U
#define PARAMS_MAX_KNOBS 4U
#define PARAMS_MAX_STATE (2 * PARAMS_MAX_HIDDEN_SIZE)
#define PARAMS_MAX_TAPS 2048U

typedef enum {
  CELL_GRU_RESET_BEFORE,
  CELL_GRU_RESET_AFTER,
  CELL_LSTM, ///< Played, not trained
} CellType;

/// Everything that determines the shapes of the tensors
typedef struct {
  CellType cell;
  uint32_t hidden_size; ///< H, 1 to PARAMS_MAX_HIDDEN_SIZE
  uint32_t n_inputs;    ///< I, audio first, then up to PARAMS_MAX_KNOBS knobs in 0..1
  bool skip;            ///< The audio input is added to the output
  uint32_t n_taps;      ///< Of the linear stage, up to PARAMS_MAX_TAPS; 0: there is none
} ParamsShape;

typedef enum {
  PARAMS_W_I,  ///< Input weights (G*H, I); G gates, 3 or 4
  PARAMS_W_H,  ///< Recurrent weights (G*H, H)
  PARAMS_B_I,  ///< Input bias (G*H, 1)
  PARAMS_B_H,  ///< Recurrent bias (3*H, 1) of CELL_GRU_RESET_AFTER; else (0, 1)
  PARAMS_W_O,  ///< Head weights (1, H)
  PARAMS_B_O,  ///< Head bias (1, 1)
  PARAMS_TAPS, ///< Linear stage (1, n_taps); without one (0, 0)
} ParamsTensor;

#define PARAMS_N_TENSORS 7U

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

/// Return the name used in messages and files: "reset-before", "reset-after", "lstm"
const char* params_cell_name(CellType cell);

/// Return G
static inline uint32_t
params_n_gates(const CellType cell)
{
  return cell == CELL_LSTM ? 4 : 3;
}

/// Return true if the shape can be built
bool params_shape_is_valid(ParamsShape shape);

bool params_shapes_are_equal(ParamsShape a, ParamsShape b);

/// Return one row of the table
Tensor params_tensor(ParamsShape shape, ParamsTensor tensor);

/// Return the total number of values
size_t params_count(ParamsShape shape);

/// Allocate values, all zero, for a valid shape
NODISCARD Status params_init(Params* params, ParamsShape shape);

/// Initialise `to` with the values of `from` and `n_taps`: the first of its taps, or more that are
/// zero
NODISCARD Status params_copy_with_taps(const Params* from, uint32_t n_taps, Params* to);

/// Return true if every value is finite
bool params_are_finite(const Params* params);

/// Return true if there is a linear stage that lets nothing through
bool params_stage_is_silent(const Params* params);

/// Free the values; legal on a zeroed struct
void params_clear(Params* params);

/// Give a GRU the same memory in seconds at another rate, `ratio` times the one it learned at.
///
/// A unit that keeps its state for n frames has z = 1 - 1/n, so σ⁻¹(z) ≈ ln n and b_i(z) grows by
/// ln ratio. A unit without memory, z ≈ 0, stays as it is.
void params_change_rate(Params* params, double ratio);

/// Return the first value of a tensor
static inline float*
params_values(const Params* const params, const ParamsTensor tensor)
{
  return params->tensors[tensor];
}

#endif
