// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Both passes of core/params.h's equations, compiled once per instruction set (BPTT_ISA, LANES).
// Offline threads. The backward pass is the chain rule, equation by equation, over what the forward
// pass kept; the weight gradients are outer products summed over time at the end of the chunk.
//
// Source: Werbos, "Backpropagation through time", Proc. IEEE 1990; register blocking as in Goto and
// van de Geijn, "Anatomy of high-performance matrix multiplication", TOMS 2008.

#include "train/learn/bptt.h"

#include "core/activation.h"
#include "core/lanes.h"

#include <string.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)
#define BPTT_KERNEL JOIN(bptt_kernel_, BPTT_ISA)

#define G BPTT_GROUP
#define VECTORS (BPTT_GROUP / LANES) ///< Of one group

// As many sums in registers as the instruction set has room for
#if LANES == 16
#define ROWS 12U
#define OUTER_ROWS 6U
#define OUTER_COLS 4U
#elif LANES == 8
#define ROWS 6U
#define OUTER_ROWS 6U
#define OUTER_COLS 2U
#else
#define ROWS 3U
#define OUTER_ROWS 4U
#define OUTER_COLS 2U
#endif

extern const BpttKernel BPTT_KERNEL;

/// A matrix of weights seen by rows, or, with the strides exchanged, by columns
typedef struct {
  const float* values;
  uint32_t row_stride;
  uint32_t col_stride;
  uint32_t rows;
  uint32_t cols;
} WeightsView;

static WeightsView
make_matrix(const float* const values, const uint32_t rows, const uint32_t cols)
{
  return (WeightsView){values, cols, 1, rows, cols};
}

static WeightsView
transpose_matrix(const WeightsView m)
{
  return (WeightsView){m.values, m.col_stride, m.row_stride, m.cols, m.rows};
}

/// `rows` rows of out += m v, from row `first`
KERNEL_INLINE void
add_rows(const uint32_t rows, const WeightsView* const m, const uint32_t first,
         const float* const v, float* const out)
{
  Lanes sum[ROWS * VECTORS];
#pragma GCC unroll 16
  for (uint32_t i = 0; i < rows * VECTORS; ++i) {
    sum[i] = lanes_load(out + (size_t)first * G + i * LANES);
  }
  const float* w = m->values + (size_t)first * m->row_stride;
  for (uint32_t k = 0; k < m->cols; ++k, w += m->col_stride) {
#pragma GCC unroll 16
    for (uint32_t r = 0; r < rows; ++r) {
      const Lanes w_k = lanes_splat(w[(size_t)r * m->row_stride]);
#pragma GCC unroll 4
      for (uint32_t i = 0; i < VECTORS; ++i) {
        sum[r * VECTORS + i] += w_k * lanes_load(v + (size_t)k * G + i * LANES);
      }
    }
  }
#pragma GCC unroll 16
  for (uint32_t i = 0; i < rows * VECTORS; ++i) {
    lanes_store(out + (size_t)first * G + i * LANES, sum[i]);
  }
}

/// Return how many of the remaining rows make the next block: `most` or two thirds of it, so that
/// few are left for blocks of one, which wait for each other's sums
static uint32_t
block_size(const uint32_t left, const uint32_t most)
{
  const uint32_t less = 2 * most / 3;
  if (left == most || (left > most && left != 2 * less)) {
    return most;
  }
  return left >= less ? less : 1;
}

/// out += m v, with v (cols, G) and out (rows, G)
static void
add_product(const WeightsView m, const float* const v, float* const out)
{
  for (uint32_t row = 0; row < m.rows;) {
    const uint32_t n = block_size(m.rows - row, ROWS);
    switch (n) {
    case ROWS:
      add_rows(ROWS, &m, row, v, out);
      break;
    case 2 * ROWS / 3:
      add_rows(2 * ROWS / 3, &m, row, v, out);
      break;
    default:
      add_rows(1, &m, row, v, out);
    }
    row += n;
  }
}

/// One array of a chunk: `n` rows of a frame that has `stride` of them
typedef struct {
  const float* values;
  uint32_t n;
  uint32_t stride;
} FrameRows;

/// A block of `rows` by `cols` of gradient (…, b.n) += Σ_t,g a_t ⊗ b_t
KERNEL_INLINE void
add_outer_block(const uint32_t rows, const uint32_t cols, const FrameRows a, const FrameRows b,
                const uint32_t n_frames, float* const gradient)
{
  const float* a_t = a.values;
  const float* b_t = b.values;
  Lanes sum[OUTER_ROWS * OUTER_COLS];
#pragma GCC unroll 32
  for (uint32_t i = 0; i < rows * cols; ++i) {
    sum[i] = lanes_splat(0.0F);
  }
  for (uint32_t t = 0; t < n_frames;
       ++t, a_t += (size_t)a.stride * G, b_t += (size_t)b.stride * G) {
#pragma GCC unroll 4
    for (uint32_t v = 0; v < VECTORS; ++v) {
      Lanes b_c[OUTER_COLS];
#pragma GCC unroll 4
      for (uint32_t c = 0; c < cols; ++c) {
        b_c[c] = lanes_load(b_t + (size_t)c * G + v * LANES);
      }
#pragma GCC unroll 8
      for (uint32_t r = 0; r < rows; ++r) {
        const Lanes a_r = lanes_load(a_t + (size_t)r * G + v * LANES);
#pragma GCC unroll 4
        for (uint32_t c = 0; c < cols; ++c) {
          sum[r * cols + c] += a_r * b_c[c];
        }
      }
    }
  }
#pragma GCC unroll 8
  for (uint32_t r = 0; r < rows; ++r) {
#pragma GCC unroll 4
    for (uint32_t c = 0; c < cols; ++c) {
      gradient[(size_t)r * b.n + c] += lanes_sum(sum[r * cols + c]);
    }
  }
}

/// `rows` rows of gradient (…, b.n) += Σ_t,g a_t ⊗ b_t
KERNEL_INLINE void
add_outer_rows(const uint32_t rows, const FrameRows a, const FrameRows b, const uint32_t n_frames,
               float* const gradient)
{
  uint32_t c = 0;
  for (; c + OUTER_COLS <= b.n; c += OUTER_COLS) {
    add_outer_block(rows, OUTER_COLS, a, (FrameRows){b.values + (size_t)c * G, b.n, b.stride},
                    n_frames, gradient + c);
  }
  for (; c < b.n; ++c) {
    add_outer_block(rows, 1, a, (FrameRows){b.values + (size_t)c * G, b.n, b.stride}, n_frames,
                    gradient + c);
  }
}

/// gradient (a.n, b.n) += Σ_t,g a_t ⊗ b_t
static void
add_outer(const FrameRows a, const FrameRows b, const uint32_t n_frames, float* const gradient)
{
  for (uint32_t r = 0; r < a.n;) {
    const uint32_t n_rows = block_size(a.n - r, OUTER_ROWS);
    const FrameRows a_r = {a.values + (size_t)r * G, a.n, a.stride};
    switch (n_rows) {
    case OUTER_ROWS:
      add_outer_rows(OUTER_ROWS, a_r, b, n_frames, gradient + (size_t)r * b.n);
      break;
    case 2 * OUTER_ROWS / 3:
      add_outer_rows(2 * OUTER_ROWS / 3, a_r, b, n_frames, gradient + (size_t)r * b.n);
      break;
    default:
      add_outer_rows(1, a_r, b, n_frames, gradient + (size_t)r * b.n);
    }
    r += n_rows;
  }
}

/// gradient (a.n) += Σ_t,g a_t
static void
add_sum(const FrameRows a, const uint32_t n_frames, float* const gradient)
{
  for (uint32_t r = 0; r < a.n; ++r) {
    Lanes sum = lanes_splat(0.0F);
    for (uint32_t t = 0; t < n_frames; ++t) {
      const float* const a_t = a.values + ((size_t)t * a.stride + r) * G;
#pragma GCC unroll 4
      for (uint32_t v = 0; v < VECTORS; ++v) {
        sum += lanes_load(a_t + v * LANES);
      }
    }
    gradient[r] += lanes_sum(sum);
  }
}

/// Set `n` rows to a bias each; NULL is zero
static void
set_rows(const float* const bias, const uint32_t n, float* const rows)
{
  for (uint32_t i = 0; i < n; ++i) {
#pragma GCC unroll 4
    for (uint32_t v = 0; v < VECTORS; ++v) {
      lanes_store(rows + (size_t)i * G + v * LANES, lanes_splat(bias ? bias[i] : 0.0F));
    }
  }
}

static void
sigmoid_rows(const uint32_t n, float* const rows)
{
  for (size_t i = 0; i < (size_t)n * G; i += LANES) {
    lanes_store(rows + i, activation_sigmoid(lanes_load(rows + i)));
  }
}

/// r, z = σ(W_i x + b_i + W_h h + b_h); rows 0 to 2*H of `gates`
static void
compute_gates(const Params* const p, const float* const x, const float* const h, float* const gates)
{
  const ParamsShape s = p->shape;
  const uint32_t n = 2 * s.hidden_size;
  const float* b_h = params_values(p, PARAMS_B_H);
  set_rows(params_values(p, PARAMS_B_I), n, gates);
  if (s.cell == CELL_GRU_RESET_AFTER) {
    for (size_t i = 0; i < (size_t)n * G; ++i) {
      gates[i] += b_h[i / G];
    }
  }
  add_product(make_matrix(params_values(p, PARAMS_W_I), n, s.n_inputs), x, gates);
  add_product(make_matrix(params_values(p, PARAMS_W_H), n, s.hidden_size), h, gates);
  sigmoid_rows(n, gates);
}

/// The part of n that has no reset gate, W_h h + b_h, or what the recurrent weights see, r ⊙ h
static void
compute_candidate_aux(const Params* const p, const float* const h, const float* const r,
                      float* const aux)
{
  const uint32_t n = p->shape.hidden_size;
  if (p->shape.cell == CELL_GRU_RESET_AFTER) {
    set_rows(params_values(p, PARAMS_B_H) + 2 * n, n, aux);
    add_product(make_matrix(params_values(p, PARAMS_W_H) + 2 * (size_t)n * n, n, n), h, aux);
    return;
  }
  for (size_t i = 0; i < (size_t)n * G; i += LANES) {
    lanes_store(aux + i, lanes_load(r + i) * lanes_load(h + i));
  }
}

/// n = tanh(W_i x + b_i + r ⊙ aux), or tanh(W_i x + b_i + W_h aux)
static void
compute_candidate(const Params* const p, const float* const x, const float* const r,
                  const float* const aux, float* const out)
{
  const ParamsShape s = p->shape;
  const uint32_t n = s.hidden_size;
  set_rows(params_values(p, PARAMS_B_I) + 2 * n, n, out);
  add_product(make_matrix(params_values(p, PARAMS_W_I) + 2 * (size_t)n * s.n_inputs, n, s.n_inputs),
              x, out);
  if (s.cell == CELL_GRU_RESET_BEFORE) {
    add_product(make_matrix(params_values(p, PARAMS_W_H) + 2 * (size_t)n * n, n, n), aux, out);
  }
  for (size_t i = 0; i < (size_t)n * G; i += LANES) {
    Lanes a = lanes_load(out + i);
    if (s.cell == CELL_GRU_RESET_AFTER) {
      a += lanes_load(r + i) * lanes_load(aux + i);
    }
    lanes_store(out + i, activation_tanh(a));
  }
}

/// h' = z ⊙ h + (1 − z) ⊙ n
static void
compute_next_state(const float* const z, const float* const n, const float* const h,
                   const uint32_t size, float* const next)
{
  for (size_t i = 0; i < (size_t)size * G; i += LANES) {
    const Lanes n_i = lanes_load(n + i);
    lanes_store(next + i, n_i + lanes_load(z + i) * (lanes_load(h + i) - n_i));
  }
}

/// y = w_o · h + b_o (+ x)
static void
compute_head(const Params* const p, const float* const h, const float* const x, float* const y)
{
  set_rows(params_values(p, PARAMS_B_O), 1, y);
  add_product(make_matrix(params_values(p, PARAMS_W_O), 1, p->shape.hidden_size), h, y);
  for (uint32_t g = 0; g < G && p->shape.skip; ++g) {
    y[g] += x[g];
  }
}

static void
run_forward(const Params* const params, BpttGroup* const group, const uint32_t n_frames)
{
  const uint32_t n = params->shape.hidden_size;
  const uint32_t kept = bptt_n_kept(params->shape.cell);
  for (uint32_t t = 0; t < n_frames; ++t) {
    const float* const x = group->x + (size_t)t * params->shape.n_inputs * G;
    const float* const h = group->h + (size_t)t * n * G;
    float* const r = group->gates + (size_t)t * kept * n * G;
    float* const z = r + (size_t)n * G;
    float* const cand = z + (size_t)n * G;
    float* const aux = kept > 3 ? cand + (size_t)n * G : group->reset;
    float* const next = group->h + (size_t)(t + 1) * n * G;
    compute_gates(params, x, h, r);
    compute_candidate_aux(params, h, r, aux);
    compute_candidate(params, x, r, aux, cand);
    compute_next_state(z, cand, h, n, next);
    compute_head(params, next, x, group->y + (size_t)t * G);
  }
}

/// A part of the chunk, short enough that the second-level cache holds all that the backward pass
/// needs of it
typedef struct {
  uint32_t begin;
  uint32_t n_frames;
} FrameTile;

/// Everything one step of the backward pass reads and writes (H, G each); d… are gradients
typedef struct {
  const float* r;
  const float* z;
  const float* n;
  const float* aux; ///< Reset-after only
  const float* h;   ///< Before the step
  float* dh;        ///< In: w.r.t. the state after the step; out: before it
  float* da_r;
  float* da_z;
  float* da_h;  ///< W.r.t. what the rows of n in W_h compute
  float* da_n;  ///< W.r.t. the pre-activation of n; da_h if reset-before
  float* reset; ///< r ⊙ h, reset-before only
} BackStep;

/// dh' splits into z and n; what is left goes to h
static void
back_through_blend(const BackStep* const b, const uint32_t size)
{
  for (size_t i = 0; i < (size_t)size * G; i += LANES) {
    const Lanes dh = lanes_load(b->dh + i);
    const Lanes z = lanes_load(b->z + i);
    const Lanes n = lanes_load(b->n + i);
    const Lanes dz = dh * (lanes_load(b->h + i) - n);
    const Lanes dn = dh * (1.0F - z);
    lanes_store(b->da_z + i, dz * z * (1.0F - z));
    lanes_store(b->da_n + i, dn * (1.0F - n * n));
    lanes_store(b->dh + i, dh * z);
  }
}

/// n = tanh(… + r ⊙ aux): to r, and to aux, which is W_h h + b_h
static void
back_through_reset_after(const BackStep* const b, const uint32_t size)
{
  for (size_t i = 0; i < (size_t)size * G; i += LANES) {
    const Lanes r = lanes_load(b->r + i);
    const Lanes da_n = lanes_load(b->da_n + i);
    lanes_store(b->da_r + i, da_n * lanes_load(b->aux + i) * r * (1.0F - r));
    lanes_store(b->da_h + i, da_n * r);
  }
}

/// n = tanh(… + W_h (r ⊙ h)): to r and to h; da_r serves as scratch for d(r ⊙ h)
static void
back_through_reset_before(const Params* const p, const BackStep* const b)
{
  const uint32_t size = p->shape.hidden_size;
  const WeightsView w_n =
      make_matrix(params_values(p, PARAMS_W_H) + 2 * (size_t)size * size, size, size);
  set_rows(NULL, size, b->da_r);
  add_product(transpose_matrix(w_n), b->da_n, b->da_r);
  for (size_t i = 0; i < (size_t)size * G; i += LANES) {
    const Lanes r = lanes_load(b->r + i);
    const Lanes reset_h = r * lanes_load(b->h + i);
    const Lanes d_reset_h = lanes_load(b->da_r + i);
    lanes_store(b->reset + i, reset_h);
    lanes_store(b->da_r + i, d_reset_h * reset_h * (1.0F - r));
    lanes_store(b->dh + i, lanes_load(b->dh + i) + d_reset_h * r);
  }
}

/// One step back in time
static void
step_back(const Params* const p, const BackStep* const b)
{
  const uint32_t size = p->shape.hidden_size;
  const bool after = p->shape.cell == CELL_GRU_RESET_AFTER;
  back_through_blend(b, size);
  if (after) {
    back_through_reset_after(b, size);
  } else {
    back_through_reset_before(p, b);
  }
  const uint32_t rows = (after ? 3 : 2) * size;
  add_product(transpose_matrix(make_matrix(params_values(p, PARAMS_W_H), rows, size)), b->da_r,
              b->dh);
}

/// dh += w_o dy
static void
back_through_head(const Params* const p, const float* const dy, float* const dh)
{
  add_product(transpose_matrix(make_matrix(params_values(p, PARAMS_W_O), 1, p->shape.hidden_size)),
              dy, dh);
}

/// Back through the frames of a tile, from the last
static void
run_tile_back(const Params* const p, BpttGroup* const group, const FrameTile tile)
{
  const size_t size = (size_t)p->shape.hidden_size * G;
  const size_t kept = bptt_n_kept(p->shape.cell) * size;
  for (uint32_t i = tile.n_frames; i-- > 0;) {
    const uint32_t t = tile.begin + i;
    const float* const gates = group->gates + kept * t;
    float* const da = group->da + 4 * size * i;
    const BackStep b = {gates,
                        gates + size,
                        gates + 2 * size,
                        gates + 3 * size,
                        group->h + size * t,
                        group->dh,
                        da,
                        da + size,
                        da + 2 * size,
                        da + (p->shape.cell == CELL_GRU_RESET_AFTER ? 3 : 2) * size,
                        da + 3 * size};
    back_through_head(p, group->dy + (size_t)t * G, group->dh);
    step_back(p, &b);
  }
}

static float*
gradient_of(const Params* const p, float* const gradient, const ParamsTensor tensor)
{
  return gradient + params_tensor(p->shape, tensor).offset;
}

static void
add_recurrent_gradients(const Params* const p, const BpttGroup* const group, const FrameTile tile,
                        float* const gradient)
{
  const uint32_t n = p->shape.hidden_size;
  const uint32_t n_frames = tile.n_frames;
  float* const w_h = gradient_of(p, gradient, PARAMS_W_H);
  const FrameRows h = {group->h + (size_t)tile.begin * n * G, n, n};
  if (p->shape.cell == CELL_GRU_RESET_AFTER) {
    const FrameRows da = {group->da, 3 * n, 4 * n};
    add_outer(da, h, n_frames, w_h);
    add_sum(da, n_frames, gradient_of(p, gradient, PARAMS_B_H));
    return;
  }
  const FrameRows da_n = {group->da + (size_t)2 * n * G, n, 4 * n};
  const FrameRows reset_h = {group->da + (size_t)3 * n * G, n, 4 * n};
  add_outer((FrameRows){group->da, 2 * n, 4 * n}, h, n_frames, w_h);
  add_outer(da_n, reset_h, n_frames, w_h + (size_t)2 * n * n);
}

static void
add_input_gradients(const Params* const p, const BpttGroup* const group, const FrameTile tile,
                    float* const gradient)
{
  const uint32_t n = p->shape.hidden_size;
  const uint32_t n_frames = tile.n_frames;
  const uint32_t n_i = p->shape.n_inputs;
  const uint32_t slot = p->shape.cell == CELL_GRU_RESET_AFTER ? 3 : 2;
  float* const w_i = gradient_of(p, gradient, PARAMS_W_I);
  float* const b_i = gradient_of(p, gradient, PARAMS_B_I);
  const FrameRows x = {group->x + (size_t)tile.begin * n_i * G, n_i, n_i};
  const FrameRows da = {group->da, 2 * n, 4 * n};
  const FrameRows da_n = {group->da + (size_t)slot * n * G, n, 4 * n};
  add_outer(da, x, n_frames, w_i);
  add_outer(da_n, x, n_frames, w_i + (size_t)2 * n * n_i);
  add_sum(da, n_frames, b_i);
  add_sum(da_n, n_frames, b_i + 2 * n);
}

static void
add_head_gradients(const Params* const p, const BpttGroup* const group, const FrameTile tile,
                   float* const gradient)
{
  const uint32_t n = p->shape.hidden_size;
  const FrameRows dy = {group->dy + (size_t)tile.begin * G, 1, 1};
  const FrameRows after = {group->h + (size_t)(tile.begin + 1) * n * G, n, n};
  add_outer(dy, after, tile.n_frames, gradient_of(p, gradient, PARAMS_W_O));
  add_sum(dy, tile.n_frames, gradient_of(p, gradient, PARAMS_B_O));
}

static void
run_backward(const Params* const params, BpttGroup* const group, const uint32_t n_frames,
             float* const gradient)
{
  set_rows(NULL, params->shape.hidden_size, group->dh);
  for (uint32_t end = n_frames; end > 0;) {
    const uint32_t n = end < BPTT_TILE ? end : BPTT_TILE;
    const FrameTile tile = {end - n, n};
    run_tile_back(params, group, tile);
    add_recurrent_gradients(params, group, tile, gradient);
    add_input_gradients(params, group, tile, gradient);
    add_head_gradients(params, group, tile, gradient);
    end -= n;
  }
}

const BpttKernel BPTT_KERNEL = {TEXT(BPTT_ISA), run_forward, run_backward};
