// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The recurrent step as a vector kernel: one body per cell, compiled once per instruction set
// (CELL_ISA, LANES) and unrolled for the common hidden sizes. Audio thread.
//
// A step is a product of the recurrent weights with the state, followed by activations. Small
// models spend most of the time waiting for the activations, large ones reading the weights. So:
//
// - The sums of a block of units stay in registers while the state is broadcast unit by unit. If
//   there are too few sums to hide the latency of a multiply-add, they are split.
// - Input, biases and head are part of the same sums; whatever does not need the state comes first.
// - The activations of one block overlap with the product of the next.
// - A state of one vector stays in a register.
// - Weights that do not fit into the first cache are read forwards and backwards in turn, so that
//   the end of one step is still cached at the beginning of the next.

#include "core/activation.h"
#include "core/lanes.h"
#include "core/model/cell_layout.h"
#include "core/model/cells.h"
#include "core/realtime.h"

#include <stdint.h>
#include <string.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define CELL_FIND JOIN(cell_find_, CELL_ISA)
#define CELL_GATES JOIN(cell_gates_, CELL_ISA)

#define MAX_STREAMS LAYOUT_MAX_STREAMS
#define MAX_VECTORS (PARAMS_MAX_HIDDEN_SIZE / LANES)
#define MAX_SUMS (LAYOUT_MAX_GATES * LAYOUT_MAX_STREAMS * 4) ///< Of a block
#define MAX_SPLIT 4U
#define FIRST_CACHE (24U * 1024U / 4) ///< Weights beyond this do not stay in it [floats]

bool CELL_FIND(CellChoice choice, CellKernel* kernel);
void CELL_GATES(CellChoice choice, const CellWeights* weights, const CellStep* step,
                float* gates) RT;

/// Compile-time constants, except for the general size
typedef struct {
  CellType cell;
  uint32_t hidden_size;
  uint32_t n_streams;
  uint32_t max_width; ///< Of a block [vectors]
  uint32_t n_vectors;
  bool is_general;
} KernelShape;

/// Everything that changes from step to step, for each stream
typedef struct {
  Lanes* h[MAX_STREAMS];     ///< State before the step (n_vectors)
  Lanes* next[MAX_STREAMS];  ///< State after it
  Lanes* inner[MAX_STREAMS]; ///< LSTM: c; reset-before: 2 r ⊙ h
  float x[MAX_STREAMS];
  Lanes y[MAX_STREAMS]; ///< Products of the head
} StepState;

/// The same sums for each block, if the order of blocks changes
typedef struct {
  Lanes y[MAX_VECTORS][MAX_STREAMS];
} HeadParts;

/// A block of units
typedef struct {
  const float* weights;
  uint32_t begin; ///< [vectors]
  uint32_t width; ///< [vectors]
} UnitBlock;

/// Return a vector of one of the rows before the columns
KERNEL_INLINE Lanes
fixed(const UnitBlock b, const uint32_t row, const uint32_t v) RT
{
  return lanes_load(b.weights + (row * b.width + v) * LANES);
}

/// Return the first of the recurrent columns
KERNEL_INLINE const float*
columns(const UnitBlock b, const uint32_t n_fixed) RT
{
  return b.weights + n_fixed * b.width * LANES;
}

/// Return bias + input column * x
KERNEL_INLINE Lanes
input_part(const UnitBlock b, const uint32_t bias, const uint32_t column, const uint32_t v,
           const float x) RT
{
  return fixed(b, bias, v) + fixed(b, column, v) * x;
}

/// Return true if the state is one vector, which stays in a register
KERNEL_INLINE bool
is_single(const KernelShape s) RT
{
  return s.n_vectors == 1 && !s.is_general;
}

/// Return unit `j` in all lanes
KERNEL_INNER Lanes
unit(const KernelShape s, const Lanes* const units, const uint32_t j) RT
{
  if (is_single(s)) {
    return lanes_splat_lane(units[0], j);
  }
  return lanes_splat(((const float*)units)[j]);
}

/// sums (stream, k) += w (k) * unit j of the stream
KERNEL_INNER void
add_column(const KernelShape s, const float* const w, Lanes* const* const units, const uint32_t j,
           Lanes* const sums, const uint32_t n) RT
{
  Lanes u[MAX_STREAMS];
  KERNEL_UNROLL
  for (uint32_t i = 0; i < s.n_streams; ++i) {
    u[i] = unit(s, units[i], j);
  }
  KERNEL_UNROLL
  for (uint32_t k = 0; k < n; ++k) {
    Lanes w_k = lanes_load(w + k * LANES);
    if (s.n_streams > 1 && n < 4) {
      lanes_keep(&w_k); // Load once, use twice
    }
    KERNEL_UNROLL
    for (uint32_t i = 0; i < s.n_streams; ++i) {
      sums[i * n + k] += w_k * u[i];
    }
  }
}

/// sums (stream, n) += w (4, n) four units from the j-th on; return what follows w
KERNEL_INNER const float*
add_four_columns(const KernelShape s, const float* w, Lanes* const* const units, const uint32_t j,
                 Lanes* const sums, const uint32_t n) RT
{
  Lanes u[MAX_STREAMS];
  KERNEL_UNROLL
  for (uint32_t i = 0; i < s.n_streams; ++i) {
    u[i] = lanes_load((const float*)units[i] + j);
  }
  KERNEL_UNROLL
  for (uint32_t first = 0; first < 4 * n; first += 4) {
    Lanes four[4];
    lanes_load_four(&w, four);
    KERNEL_UNROLL
    for (uint32_t k = 0; k < 4; ++k) {
      KERNEL_UNROLL
      for (uint32_t i = 0; i < s.n_streams; ++i) {
        Lanes* const sum = sums + i * n + (first + k) % n;
        *sum = lanes_add_by_lane(*sum, four[k], u[i], (first + k) / n);
      }
    }
  }
  return w;
}

/// sums (stream, n) += w (H, n) units, where a lane can be a factor
KERNEL_INLINE void
add_product_by_lanes(const KernelShape s, const float* w, Lanes* const* const units,
                     Lanes* const sums, const uint32_t n) RT
{
  uint32_t j = 0;
  for (; j + 4 <= s.hidden_size; j += 4) {
    w = add_four_columns(s, w, units, j, sums, n);
  }
  for (; j < s.hidden_size; ++j, w += n * LANES) {
    add_column(s, w, units, j, sums, n);
  }
}

/// sums (stream, n) += w (H, n) units
KERNEL_INLINE void
add_product(const KernelShape s, const float* const w, Lanes* const* const units, Lanes* const sums,
            const uint32_t n) RT
{
  if (LANES_BY_ELEMENT) {
    add_product_by_lanes(s, w, units, sums, n);
    return;
  }
  const uint32_t n_sums = n * s.n_streams;
  const uint32_t most =
      s.n_streams == 1 ? 7 : 4; // Sums that are split: two streams need registers, too
  const uint32_t split = n_sums > most ? 1 : n_sums >= 3 ? 2 : MAX_SPLIT;
  Lanes part[LAYOUT_SUMS];
  uint32_t j = 0;
  KERNEL_UNROLL
  for (uint32_t k = 0; k < n_sums * split; ++k) {
    part[k] = k < n_sums ? sums[k] : lanes_splat(0.0F);
  }
  if (is_single(s)) { // The state is in a register: the lane has to be a constant
    KERNEL_UNROLL
    for (; j + split <= s.hidden_size; j += split) {
      KERNEL_UNROLL
      for (uint32_t k = 0; k < split; ++k) {
        add_column(s, w + (size_t)(j + k) * n * LANES, units, j + k, part + k * n_sums, n);
      }
    }
  } else {
    for (; j + split <= s.hidden_size; j += split) {
      KERNEL_UNROLL
      for (uint32_t k = 0; k < split; ++k) {
        add_column(s, w + (size_t)(j + k) * n * LANES, units, j + k, part + k * n_sums, n);
      }
    }
  }
  for (; j < s.hidden_size; ++j) {
    add_column(s, w + (size_t)j * n * LANES, units, j, part, n);
  }
  KERNEL_UNROLL
  for (uint32_t k = 0; k < n_sums; ++k) {
    sums[k] = split == 4
                  ? (part[k] + part[n_sums + k]) + (part[2 * n_sums + k] + part[3 * n_sums + k])
              : split == 2 ? part[k] + part[n_sums + k]
                           : part[k];
  }
}

/// Stop compilers from keeping sums in registers that a product on other data needs
KERNEL_INLINE void
keep_in_memory(Lanes sums[MAX_SUMS]) RT
{
  typedef Lanes Sums[MAX_SUMS];
  __asm__ volatile("" : "+m"(*(Sums*)sums));
}

/// Add the products of `n_gates` gates of a block; sums (gate, stream, vector)
KERNEL_INLINE void
add_gates(const KernelShape s, const UnitBlock b, const float* const w, StepState* const step,
          Lanes* const sums, const uint32_t n_gates) RT
{
  if (layout_gates_lie_together(s.n_streams)) {
    add_product(s, w, step->h, sums, n_gates * b.width);
    return;
  }
  KERNEL_UNROLL
  for (uint32_t gate = 0; gate < n_gates; ++gate) {
    keep_in_memory(sums);
    add_product(s, w + (size_t)gate * s.hidden_size * b.width * LANES, step->h,
                sums + gate * s.n_streams * b.width, b.width);
  }
  keep_in_memory(sums);
}

/// Return a + σ * m, given half of σ's pre-activation and half of m
KERNEL_INLINE Lanes
gated(const Lanes a, const Lanes half_gate, const Lanes half_m) RT
{
  const ActivationFraction t = activation_tanh_fraction(half_gate);
  return (a + half_m) + lanes_divide(t.numerator * half_m, t.denominator);
}

/// Return σ, given half its pre-activation
KERNEL_INLINE Lanes
half_sigmoid(const Lanes half) RT
{
  const ActivationFraction t = activation_tanh_fraction(half);
  return 0.5F + lanes_divide(0.5F * t.numerator, t.denominator);
}

/// Compute h' = z ⊙ h + (1 − z) ⊙ tanh(a), and add to the head. One division for z and tanh would
/// do, but its rounding stops slow units five times as far from where they rest.
KERNEL_INLINE void
finish_unit(StepState* const step, const uint32_t i, const uint32_t v, const Lanes z, const Lanes a,
            const Lanes head) RT
{
  const ActivationFraction n = activation_tanh_fraction(a);
  const Lanes next = z * step->h[i][v] + lanes_divide((1.0F - z) * n.numerator, n.denominator);
  step->next[i][v] = next;
  step->y[i] += head * next;
}

/// Compute n = tanh(a_n + r ⊙ (W_n h + b_hn))
KERNEL_INLINE void
reset_after_block(const KernelShape s, const UnitBlock b, StepState* const step) RT
{
  Lanes sums[MAX_SUMS];
  const uint32_t n = s.n_streams * b.width; // Sums of a gate
  KERNEL_UNROLL
  for (uint32_t i = 0; i < s.n_streams; ++i) {
    KERNEL_UNROLL
    for (uint32_t v = 0; v < b.width; ++v) {
      Lanes* const sum = sums + i * b.width + v;
      sum[0] = input_part(b, ROW_AFTER_BIAS_R, ROW_AFTER_INPUT_R, v, step->x[i]);
      sum[n] = input_part(b, ROW_AFTER_BIAS_Z, ROW_AFTER_INPUT_Z, v, step->x[i]);
      sum[2 * n] = fixed(b, ROW_AFTER_BIAS_H_N, v);
    }
  }
  add_gates(s, b, columns(b, LAYOUT_RESET_AFTER_FIXED), step, sums, 3);
  KERNEL_UNROLL
  for (uint32_t v = 0; v < b.width; ++v) {
    KERNEL_UNROLL
    for (uint32_t i = 0; i < s.n_streams; ++i) {
      const Lanes* const sum = sums + i * b.width + v;
      const Lanes a = gated(input_part(b, ROW_AFTER_BIAS_I_N, ROW_AFTER_INPUT_N, v, step->x[i]),
                            sum[0], sum[2 * n]);
      finish_unit(step, i, b.begin + v, half_sigmoid(sum[n]), a, fixed(b, ROW_AFTER_HEAD, v));
    }
  }
}

/// Compute 2 r ⊙ h, the input of the candidate's product
KERNEL_INLINE void
reset_block(const KernelShape s, const UnitBlock b, StepState* const step) RT
{
  Lanes sums[LAYOUT_SUMS];
  KERNEL_UNROLL
  for (uint32_t i = 0; i < s.n_streams; ++i) {
    KERNEL_UNROLL
    for (uint32_t v = 0; v < b.width; ++v) {
      sums[i * b.width + v] = input_part(b, ROW_RESET_BIAS_R, ROW_RESET_INPUT_R, v, step->x[i]);
    }
  }
  add_product(s, columns(b, LAYOUT_RESET_FIXED), step->h, sums, b.width);
  KERNEL_UNROLL
  for (uint32_t v = 0; v < b.width; ++v) {
    KERNEL_UNROLL
    for (uint32_t i = 0; i < s.n_streams; ++i) {
      const Lanes h = step->h[i][b.begin + v];
      step->inner[i][b.begin + v] = gated(lanes_splat(0.0F), sums[i * b.width + v], h);
    }
  }
}

/// Compute n = tanh(a_n + W_n (r ⊙ h))
KERNEL_INLINE void
update_block(const KernelShape s, const UnitBlock b, StepState* const step) RT
{
  Lanes z[LAYOUT_SUMS];
  Lanes n[LAYOUT_SUMS];
  const float* const w_z = columns(b, LAYOUT_UPDATE_FIXED);
  KERNEL_UNROLL
  for (uint32_t i = 0; i < s.n_streams; ++i) {
    KERNEL_UNROLL
    for (uint32_t v = 0; v < b.width; ++v) {
      z[i * b.width + v] = input_part(b, ROW_UPDATE_BIAS_Z, ROW_UPDATE_INPUT_Z, v, step->x[i]);
      n[i * b.width + v] = input_part(b, ROW_UPDATE_BIAS_N, ROW_UPDATE_INPUT_N, v, step->x[i]);
    }
  }
  add_product(s, w_z, step->h, z, b.width);
  add_product(s, w_z + (size_t)s.hidden_size * b.width * LANES, step->inner, n, b.width);
  KERNEL_UNROLL
  for (uint32_t v = 0; v < b.width; ++v) {
    KERNEL_UNROLL
    for (uint32_t i = 0; i < s.n_streams; ++i) {
      finish_unit(step, i, b.begin + v, half_sigmoid(z[i * b.width + v]), n[i * b.width + v],
                  fixed(b, ROW_UPDATE_HEAD, v));
    }
  }
}

/// Compute c' = σ(f) ⊙ c + σ(i) ⊙ tanh(g), h' = σ(o) ⊙ tanh(c')
KERNEL_INLINE void
lstm_block(const KernelShape s, const UnitBlock b, StepState* const step) RT
{
  Lanes sums[MAX_SUMS];
  const uint32_t n = s.n_streams * b.width; // Sums of a gate
  KERNEL_UNROLL
  for (uint32_t gate = 0; gate < 4; ++gate) {
    KERNEL_UNROLL
    for (uint32_t i = 0; i < s.n_streams; ++i) {
      KERNEL_UNROLL
      for (uint32_t v = 0; v < b.width; ++v) {
        sums[gate * n + i * b.width + v] =
            input_part(b, ROW_LSTM_BIAS + gate, ROW_LSTM_INPUT + gate, v, step->x[i]);
      }
    }
  }
  add_gates(s, b, columns(b, LAYOUT_LSTM_FIXED), step, sums, 4);
  KERNEL_UNROLL
  for (uint32_t v = 0; v < b.width; ++v) {
    KERNEL_UNROLL
    for (uint32_t i = 0; i < s.n_streams; ++i) {
      const Lanes* const sum = sums + i * b.width + v;
      Lanes* const c = step->inner[i] + b.begin + v;
      const ActivationFraction g = activation_tanh_fraction(sum[2 * n]);
      const Lanes fresh = lanes_divide(half_sigmoid(sum[0]) * g.numerator, g.denominator);
      *c = half_sigmoid(sum[n]) * *c + fresh;
      const ActivationFraction t = activation_tanh_fraction(*c);
      const Lanes next = lanes_divide(half_sigmoid(sum[3 * n]) * t.numerator, t.denominator);
      step->next[i][b.begin + v] = next;
      step->y[i] += fixed(b, ROW_LSTM_HEAD, v) * next;
    }
  }
}

/// The kinds of blocks a step consists of
typedef enum { PASS_RESET_AFTER, PASS_RESET, PASS_UPDATE, PASS_LSTM } Pass;

KERNEL_INLINE void
run_block(const Pass pass, const KernelShape s, const UnitBlock b, StepState* const step) RT
{
  switch (pass) {
  case PASS_RESET_AFTER:
    reset_after_block(s, b, step);
    break;
  case PASS_RESET:
    reset_block(s, b, step);
    break;
  case PASS_UPDATE:
    update_block(s, b, step);
    break;
  case PASS_LSTM:
    lstm_block(s, b, step);
    break;
  }
}

/// Run a block whose width is between widths[0] and widths[1]
KERNEL_INLINE void
run_any_block(const Pass pass, const KernelShape s, const UnitBlock b, StepState* const step,
              const uint32_t widths[2]) RT
{
  if (!s.is_general) {
    const bool is_narrow = widths[0] == widths[1] || b.width == widths[0];
    if (is_narrow) {
      run_block(pass, s, (UnitBlock){b.weights, b.begin, widths[0]}, step);
    } else {
      run_block(pass, s, (UnitBlock){b.weights, b.begin, widths[1]}, step);
    }
    return;
  }
  KERNEL_UNROLL
  for (uint32_t width = widths[0]; width <= widths[1]; ++width) {
    if (b.width == width) {
      run_block(pass, s, (UnitBlock){b.weights, b.begin, width}, step);
    }
  }
}

/// Return how many floats the weights of one unit take in a pass
KERNEL_INLINE uint32_t
weights_per_unit(const Pass pass, const uint32_t hidden_size) RT
{
  return pass == PASS_RESET_AFTER ? LAYOUT_RESET_AFTER_FIXED + 3 * hidden_size
         : pass == PASS_RESET     ? LAYOUT_RESET_FIXED + hidden_size
         : pass == PASS_UPDATE    ? LAYOUT_UPDATE_FIXED + 2 * hidden_size
                                  : LAYOUT_LSTM_FIXED + 4 * hidden_size;
}

/// Return true if the weights don't fit into the first cache
KERNEL_INLINE bool
is_large(const KernelShape s) RT
{
  return !s.is_general && s.hidden_size * s.n_vectors * LANES * 3 > FIRST_CACHE;
}

/// Move the head's sums out of the step
KERNEL_INLINE void
set_apart(const KernelShape s, StepState* const step, Lanes part[MAX_STREAMS]) RT
{
  KERNEL_UNROLL
  for (uint32_t i = 0; i < s.n_streams; ++i) {
    part[i] = step->y[i];
    step->y[i] = lanes_splat(0.0F);
  }
}

/// Sum in ascending order, whichever way the blocks ran: splitting a call must not change a bit
KERNEL_INLINE void
sum_parts(const KernelShape s, const HeadParts* const parts, const uint32_t n_blocks,
          StepState* const step) RT
{
  for (uint32_t block = 0; block < n_blocks; ++block) {
    KERNEL_UNROLL
    for (uint32_t i = 0; i < s.n_streams; ++i) {
      step->y[i] += parts->y[block][i];
    }
  }
}

/// Run all blocks of a pass, the last one first if `is_backward`
KERNEL_INLINE void
run_pass(const Pass pass, const KernelShape s, const float* const weights, StepState* const step,
         const bool is_backward) RT
{
  const uint32_t n_blocks = layout_n_blocks(s.n_vectors, s.max_width);
  const size_t stride = (size_t)weights_per_unit(pass, s.hidden_size) * LANES;
  const uint32_t narrow = s.n_vectors / n_blocks;
  const uint32_t wide = narrow + (s.n_vectors % n_blocks != 0);
  const uint32_t widths[2] = {s.is_general ? 1 : narrow, s.is_general ? s.max_width : wide};
  const bool has_parts = is_large(s) && pass != PASS_RESET;
  HeadParts parts;
  for (uint32_t k = 0; k < n_blocks; ++k) {
    const uint32_t block = is_backward ? n_blocks - 1 - k : k;
    const uint32_t begin = layout_block_begin(s.n_vectors, n_blocks, block);
    const uint32_t end = layout_block_begin(s.n_vectors, n_blocks, block + 1);
    run_any_block(pass, s, (UnitBlock){weights + begin * stride, begin, end - begin}, step, widths);
    if (has_parts) {
      set_apart(s, step, parts.y[block]);
    }
  }
  if (has_parts) {
    sum_parts(s, &parts, n_blocks, step);
  }
}

KERNEL_INLINE void
run_step(const KernelShape s, const float* const weights, StepState* const step,
         const bool is_backward) RT
{
  KERNEL_UNROLL
  for (uint32_t i = 0; i < s.n_streams; ++i) {
    step->y[i] = lanes_splat(0.0F);
  }
  switch (s.cell) {
  case CELL_GRU_RESET_AFTER:
    run_pass(PASS_RESET_AFTER, s, weights, step, is_backward);
    break;
  case CELL_GRU_RESET_BEFORE:
    run_pass(PASS_RESET, s, weights, step, is_backward);
    run_pass(PASS_UPDATE, s,
             weights + (size_t)weights_per_unit(PASS_RESET, s.hidden_size) * s.n_vectors * LANES,
             step, is_backward);
    break;
  case CELL_LSTM:
    run_pass(PASS_LSTM, s, weights, step, is_backward);
    break;
  }
}

/// Make `next` the new `h`
KERNEL_INLINE void
swap_states(const KernelShape s, StepState* const step) RT
{
  KERNEL_UNROLL
  for (uint32_t i = 0; i < s.n_streams; ++i) {
    Lanes* const h = step->h[i];
    step->h[i] = step->next[i];
    step->next[i] = h;
  }
}

/// Play a block of sound. All inputs of a frame are read before its outputs are written, so any
/// output may be any input.
KERNEL_INLINE void
run(const KernelShape s, const CellWeights* const weights, float* const state,
    const CellBuffers* const io, const uint32_t n_frames) RT
{
  const float* const w = weights->values + LAYOUT_HEADER;
  const float head_bias = weights->values[0];
  const float skip_gain = weights->values[1];
  const uint32_t n_lanes = s.n_vectors * LANES;
  const size_t size = n_lanes * sizeof(float);
  Lanes memory
      [MAX_STREAMS * 3 *
       MAX_VECTORS]; // In one array: far apart, the states would compete for the same cache sets
  StepState step;
  KERNEL_UNROLL
  for (uint32_t i = 0; i < s.n_streams; ++i) {
    step.h[i] = memory + 3 * i * s.n_vectors;
    step.inner[i] = step.h[i] + s.n_vectors;
    step.next[i] = step.h[i] + (is_single(s) ? 0 : 2 * s.n_vectors);
    memcpy(step.h[i], state + 2 * i * n_lanes, size);
    memcpy(step.inner[i], state + (2 * i + 1) * n_lanes, size);
  }
  for (uint32_t t = 0; t < n_frames; ++t) {
    KERNEL_UNROLL
    for (uint32_t i = 0; i < s.n_streams; ++i) {
      step.x[i] = io->in[i][t];
    }
    run_step(s, w, &step, is_large(s) && t % 2);
    KERNEL_UNROLL
    for (uint32_t i = 0; i < s.n_streams; ++i) {
      io->out[i][t] = lanes_sum(step.y[i]) + head_bias + skip_gain * step.x[i];
    }
    if (!is_single(s)) {
      swap_states(s, &step);
    }
  }
  KERNEL_UNROLL
  for (uint32_t i = 0; i < s.n_streams; ++i) {
    memcpy(state + 2 * i * n_lanes, step.h[i], size);
    memcpy(state + (2 * i + 1) * n_lanes, step.inner[i], size);
  }
}

// One function for each cell, hidden size (0 is the general one) and number of streams; macros are
// C's only templates
#define SMALL_SIZES(DO, cell, streams)                                                             \
  DO(cell, 8, streams) DO(cell, 12, streams) DO(cell, 16, streams) DO(cell, 20, streams)
#define MEDIUM_SIZES(DO, cell, streams)                                                            \
  DO(cell, 24, streams) DO(cell, 32, streams) DO(cell, 40, streams) DO(cell, 48, streams)
#if defined(__arm__) && !defined(__ARM_NEON) // Without vectors, unrolling only fills memory
#define SIZES(DO, cell, streams) DO(cell, 0, streams)
#else
#define SIZES(DO, cell, streams)                                                                   \
  SMALL_SIZES(DO, cell, streams)                                                                   \
  MEDIUM_SIZES(DO, cell, streams)                                                                  \
  DO(cell, 64, streams) DO(cell, 80, streams) DO(cell, 0, streams)
#endif

#define DEFINE_RUN(cell, size, streams)                                                            \
  static void run_##cell##_##size##_##streams(const CellWeights* const weights,                    \
                                              float* const state, const CellBuffers* const io,     \
                                              const uint32_t n_frames) RT                          \
  {                                                                                                \
    const uint32_t hidden_size = (size) ? (size) : weights->hidden_size;                           \
    const KernelShape s = {cell,                                                                   \
                           hidden_size,                                                            \
                           streams,                                                                \
                           layout_max_width(cell, hidden_size, LANES, streams),                    \
                           layout_n_vectors(hidden_size, LANES),                                   \
                           (size) == 0};                                                           \
    run(s, weights, state, io, n_frames);                                                          \
  }

#define CASE_RUN(cell, size, streams)                                                              \
  case size:                                                                                       \
    return run_##cell##_##size##_##streams;

#define DEFINE_FIND(cell, streams)                                                                 \
  SIZES(DEFINE_RUN, cell, streams)                                                                 \
  static CellRun find_##cell##_##streams(const uint32_t hidden_size)                               \
  {                                                                                                \
    switch (hidden_size) {                                                                         \
      SIZES(CASE_RUN, cell, streams)                                                               \
    default:                                                                                       \
      return run_##cell##_0_##streams;                                                             \
    }                                                                                              \
  }

DEFINE_FIND(CELL_GRU_RESET_BEFORE, 1)
DEFINE_FIND(CELL_GRU_RESET_BEFORE, 2)
DEFINE_FIND(CELL_GRU_RESET_AFTER, 1)
DEFINE_FIND(CELL_GRU_RESET_AFTER, 2)
DEFINE_FIND(CELL_LSTM, 1)
DEFINE_FIND(CELL_LSTM, 2)

static CellRun
find(const CellChoice c)
{
  const bool is_mono = c.n_streams == 1;
  switch (c.cell) {
  case CELL_GRU_RESET_BEFORE:
    return is_mono ? find_CELL_GRU_RESET_BEFORE_1(c.hidden_size)
                   : find_CELL_GRU_RESET_BEFORE_2(c.hidden_size);
  case CELL_GRU_RESET_AFTER:
    return is_mono ? find_CELL_GRU_RESET_AFTER_1(c.hidden_size)
                   : find_CELL_GRU_RESET_AFTER_2(c.hidden_size);
  case CELL_LSTM:
    return is_mono ? find_CELL_LSTM_1(c.hidden_size) : find_CELL_LSTM_2(c.hidden_size);
  }
  return NULL;
}

/// Return false if narrower vectors are as fast
bool
CELL_FIND(const CellChoice choice, CellKernel* const kernel)
{
  *kernel =
      (CellKernel){find(choice), choice.cell == CELL_LSTM ? NULL : CELL_GATES, choice, LANES,
                   layout_max_width(choice.cell, choice.hidden_size, LANES, choice.n_streams)};
  return choice.hidden_size > LANES / 2;
}
