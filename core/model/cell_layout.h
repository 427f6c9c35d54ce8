// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How packed weights lie in memory: the agreement between the packing (core/model/cells.c) and the
/// kernels (core/model/cell_kernel.c, core/model/cell_gates.c), which nothing else needs.
///
/// A vector holds L units. Units are cut into blocks of up to W vectors, of widths as equal as
/// possible. A kernel works block by block, keeps the sums of one block in registers, and reads its
/// weights once, in the order in which they lie. V is the width of a block [vectors]. m = ½ where σ
/// is computed as ½ + ½ tanh(·/2): the inner half is multiplied into the weights.
///
///     head bias, skip gain, zeros       (16 floats)
///
///     reset-after, a block:             bias m r, m z, m b_h n, b_i n    (4, V, L)
///                                       input column m r, m z, n         (3, V, L)
///                                       head                             (V, L)
///                                       recurrent column j of m r, m z, m n  (H, 3, V, L)
///     reset-before, all blocks of r:    bias m r, input column m r       (2, V, L)
///                                       recurrent m r                    (H, V, L)
///                   all blocks of z, n: bias m z, n, input column m z, n (4, V, L)
///                                       head                             (V, L)
///                                       recurrent m z                    (H, V, L)
///                                       recurrent m n                    (H, V, L)
///     LSTM, a block:                    bias m i, m f, g, m o            (4, V, L)
///                                       input column m i, m f, g, m o    (4, V, L)
///                                       head                             (V, L)
///                                       recurrent m i, m f, g, m o       (H, 4, V, L)
///
/// That is for one stream. With two, the sums of all gates would not fit into registers, and
/// weights are read half as often: each gate's recurrent columns then lie apart, (gates, H, V, L).
///
/// Weights for units beyond H are zero.
///
/// A knob is an input that doesn't change from frame to frame, so what it adds to a gate is a bias.
/// After all blocks come the parts that those biases are the sum of, in the same order: first the
/// biases without knobs, then what each knob adds when turned from 0 to 1: (1 + PARAMS_MAX_KNOBS,
/// biases).

#ifndef GRUS_CORE_MODEL_CELL_LAYOUT_H
#define GRUS_CORE_MODEL_CELL_LAYOUT_H

#include "core/params.h"
#include "core/realtime.h"

#include <stddef.h>
#include <stdint.h>

#define LAYOUT_HEADER 16U     ///< [floats]
#define LAYOUT_SUMS 12U       ///< Registers for the sums of one product
#define LAYOUT_MAX_STREAMS 2U ///< Streams that share one reading of the weights
#define LAYOUT_MAX_WIDTH 6U   ///< Of a block [vectors]
#define LAYOUT_MAX_GATES 4U
#define LAYOUT_FIRST_CACHE                                                                         \
  (32U * 1024U / 4) ///< Of the smallest machine with vectors of 16 [floats]
#define LAYOUT_INLINE static inline __attribute__((always_inline))

/// Rows of a block, V vectors each, before the recurrent columns; biases come first. Rows of
/// reset-after,
enum {
  ROW_AFTER_BIAS_R,
  ROW_AFTER_BIAS_Z,
  ROW_AFTER_BIAS_H_N,
  ROW_AFTER_BIAS_I_N,
  ROW_AFTER_INPUT_R,
  ROW_AFTER_INPUT_Z,
  ROW_AFTER_INPUT_N,
  ROW_AFTER_HEAD,
  N_ROWS_AFTER
};

/// of reset-before's blocks of r,
enum { ROW_RESET_BIAS_R, ROW_RESET_INPUT_R, N_ROWS_RESET };

/// of its blocks of z and n,
enum {
  ROW_UPDATE_BIAS_Z,
  ROW_UPDATE_BIAS_N,
  ROW_UPDATE_INPUT_Z,
  ROW_UPDATE_INPUT_N,
  ROW_UPDATE_HEAD,
  N_ROWS_UPDATE
};

/// and of the LSTM, whose gates are i, f, g, o
enum {
  ROW_LSTM_BIAS,
  ROW_LSTM_INPUT = ROW_LSTM_BIAS + 4,
  ROW_LSTM_HEAD = ROW_LSTM_INPUT + 4,
  N_ROWS_LSTM
};

/// Number of these rows
#define LAYOUT_RESET_AFTER_FIXED ((uint32_t)N_ROWS_AFTER)
#define LAYOUT_RESET_FIXED ((uint32_t)N_ROWS_RESET)
#define LAYOUT_UPDATE_FIXED ((uint32_t)N_ROWS_UPDATE)
#define LAYOUT_LSTM_FIXED ((uint32_t)N_ROWS_LSTM)

/// Number of biases among them
#define LAYOUT_RESET_AFTER_BIASES ((uint32_t)ROW_AFTER_INPUT_R)
#define LAYOUT_RESET_BIASES ((uint32_t)ROW_RESET_INPUT_R)
#define LAYOUT_UPDATE_BIASES ((uint32_t)ROW_UPDATE_INPUT_Z)
#define LAYOUT_LSTM_BIASES ((uint32_t)ROW_LSTM_INPUT)

/// Return the number of vectors that H takes
LAYOUT_INLINE uint32_t
layout_n_vectors(const uint32_t hidden_size, const uint32_t lanes) RT
{
  return (hidden_size + lanes - 1) / lanes;
}

/// Return W: as many vectors as leave all sums in registers. Machines with vectors of 4 may need
/// another register for a product before it is added. Four wide vectors are a whole step of 64
/// units; where the first cache doesn't hold all weights, a step has to consist of blocks, so that
/// reading them forwards and backwards in turn finds some of them there.
LAYOUT_INLINE uint32_t
layout_max_width(const CellType cell, const uint32_t hidden_size, const uint32_t lanes,
                 const uint32_t n_streams) RT
{
  if (n_streams > 1) {
    return lanes == 4 ? 3 : 4;
  }
  const uint32_t n_gates = cell == CELL_GRU_RESET_BEFORE ? 1 : params_n_gates(cell);
  if (lanes == 16 && n_gates > 1 &&
      n_gates * hidden_size * layout_n_vectors(hidden_size, lanes) * lanes > LAYOUT_FIRST_CACHE) {
    return 1;
  }
  const uint32_t width = (lanes == 4 ? LAYOUT_SUMS - 3 : LAYOUT_SUMS) / n_gates;
  return width < LAYOUT_MAX_WIDTH ? width : LAYOUT_MAX_WIDTH;
}

/// Return true if the columns of all gates lie together
LAYOUT_INLINE bool
layout_gates_lie_together(const uint32_t n_streams) RT
{
  return n_streams == 1;
}

/// Where a gate's recurrent weights lie in a block: the first column is `first` rows into it, each
/// next one `stride` rows further
typedef struct {
  uint32_t first;
  uint32_t stride;
} LayoutColumns;

/// Return the columns of one of `n_gates` gates that share a product, after `n_fixed` rows
LAYOUT_INLINE LayoutColumns
layout_columns(const uint32_t n_fixed, const uint32_t gate, const uint32_t n_gates,
               const uint32_t hidden_size, const uint32_t n_streams) RT
{
  return layout_gates_lie_together(n_streams) ? (LayoutColumns){n_fixed + gate, n_gates}
                                              : (LayoutColumns){n_fixed + gate * hidden_size, 1};
}

LAYOUT_INLINE uint32_t
layout_n_blocks(const uint32_t n_vectors, const uint32_t max_width) RT
{
  return (n_vectors + max_width - 1) / max_width;
}

/// Return the first vector of a block
LAYOUT_INLINE uint32_t
layout_block_begin(const uint32_t n_vectors, const uint32_t n_blocks, const uint32_t block) RT
{
  const uint32_t wider = n_vectors % n_blocks;
  return block * (n_vectors / n_blocks) + (block < wider ? block : wider);
}

#endif
