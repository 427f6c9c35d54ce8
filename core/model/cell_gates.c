// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The gates of one step, for a picture of a GRU at work: the step of core/model/cell_kernel.c, with
// loops instead of unrolled bodies, compiled once per instruction set (CELL_ISA, LANES). Fast
// enough for thirty steps a second. Audio thread.

#include "core/activation.h"
#include "core/lanes.h"
#include "core/model/cell_layout.h"
#include "core/model/cells.h"

#include <string.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define CELL_GATES JOIN(cell_gates_, CELL_ISA)

void CELL_GATES(CellChoice choice, const CellWeights* weights, const CellStep* step,
                float* gates) RT;

/// A vector of units in a block
typedef struct {
  const float* weights; ///< The first row, at these units
  size_t row;           ///< Distance between two rows [floats]
  uint32_t unit;        ///< Number of the first one
} UnitVector;

/// A step under way
typedef struct {
  const CellStep* from;
  CellChoice choice;
  float reset_h[PARAMS_MAX_HIDDEN_SIZE]; ///< Reset-before: 2 r ⊙ h
  float gates[4][PARAMS_MAX_HIDDEN_SIZE];
} Gates;

/// Return row `row` of a vector
static Lanes
read_row(const UnitVector* const u, const size_t row) RT
{
  return lanes_load(u->weights + row * u->row);
}

/// Return bias + input column * x
static Lanes
input_part(const UnitVector* const u, const uint32_t bias, const uint32_t column, const float x) RT
{
  return read_row(u, bias) + read_row(u, column) * x;
}

/// Return the product of recurrent columns with v (H)
static Lanes
product(const UnitVector* const u, const LayoutColumns columns, const float* const v,
        const uint32_t n) RT
{
  const float* w = u->weights + columns.first * u->row;
  const size_t stride = columns.stride * u->row;
  Lanes even = lanes_splat(0.0F);
  Lanes odd = even;
  for (uint32_t j = 0; j + 2 <= n; j += 2, w += 2 * stride) {
    even += lanes_load(w) * v[j];
    odd += lanes_load(w + stride) * v[j + 1];
  }
  return n % 2 ? even + odd + lanes_load(w) * v[n - 1] : even + odd;
}

/// Return σ, given half its pre-activation
static Lanes
half_sigmoid(const Lanes half) RT
{
  return 0.5F + 0.5F * activation_tanh(half);
}

/// Store n and h' = z ⊙ h + (1 − z) ⊙ n, beside z
static void
finish_vector(Gates* const g, const uint32_t unit, const Lanes z, const Lanes n) RT
{
  const Lanes h = lanes_load(g->from->h + unit);
  lanes_store(g->gates[1] + unit, z);
  lanes_store(g->gates[2] + unit, n);
  lanes_store(g->gates[3] + unit, z * h + (1.0F - z) * n);
}

/// n = tanh(a_n + r ⊙ (W_n h + b_hn)); the second factor is halved in the weights
static void
step_reset_after(Gates* const g, const UnitVector* const u) RT
{
  Lanes sums[3] = {
      input_part(u, ROW_AFTER_BIAS_R, ROW_AFTER_INPUT_R, g->from->x),
      input_part(u, ROW_AFTER_BIAS_Z, ROW_AFTER_INPUT_Z, g->from->x),
      read_row(u, ROW_AFTER_BIAS_H_N),
  };
  for (uint32_t gate = 0; gate < 3; ++gate) {
    const LayoutColumns columns = layout_columns(LAYOUT_RESET_AFTER_FIXED, gate, 3,
                                                 g->choice.hidden_size, g->choice.n_streams);
    sums[gate] += product(u, columns, g->from->h, g->choice.hidden_size);
  }
  const Lanes r = half_sigmoid(sums[0]);
  const Lanes a = input_part(u, ROW_AFTER_BIAS_I_N, ROW_AFTER_INPUT_N, g->from->x);
  lanes_store(g->gates[0] + u->unit, r);
  finish_vector(g, u->unit, half_sigmoid(sums[1]), activation_tanh(a + 2.0F * r * sums[2]));
}

/// r, and 2 r ⊙ h, the input of the candidate's product, whose weights are halved
static void
step_reset(Gates* const g, const UnitVector* const u) RT
{
  const LayoutColumns columns = {LAYOUT_RESET_FIXED, 1};
  const Lanes r = half_sigmoid(input_part(u, ROW_RESET_BIAS_R, ROW_RESET_INPUT_R, g->from->x) +
                               product(u, columns, g->from->h, g->choice.hidden_size));
  lanes_store(g->gates[0] + u->unit, r);
  lanes_store(g->reset_h + u->unit, 2.0F * r * lanes_load(g->from->h + u->unit));
}

/// n = tanh(a_n + W_n (r ⊙ h))
static void
step_update(Gates* const g, const UnitVector* const u) RT
{
  const LayoutColumns of_z = {LAYOUT_UPDATE_FIXED, 1};
  const LayoutColumns of_n = {LAYOUT_UPDATE_FIXED + g->choice.hidden_size, 1};
  const Lanes z = input_part(u, ROW_UPDATE_BIAS_Z, ROW_UPDATE_INPUT_Z, g->from->x) +
                  product(u, of_z, g->from->h, g->choice.hidden_size);
  const Lanes n = input_part(u, ROW_UPDATE_BIAS_N, ROW_UPDATE_INPUT_N, g->from->x) +
                  product(u, of_n, g->reset_h, g->choice.hidden_size);
  finish_vector(g, u->unit, half_sigmoid(z), activation_tanh(n));
}

typedef void (*StepVector)(Gates* g, const UnitVector* u) RT;

/// Step all units; the weights of each take `per_unit` floats
static void
run_pass(Gates* const g, const float* const weights, const size_t per_unit,
         const StepVector step) RT
{
  const CellChoice c = g->choice;
  const uint32_t n_vectors = layout_n_vectors(c.hidden_size, LANES);
  const uint32_t n_blocks =
      layout_n_blocks(n_vectors, layout_max_width(c.cell, c.hidden_size, LANES, c.n_streams));
  for (uint32_t block = 0; block < n_blocks; ++block) {
    const uint32_t begin = layout_block_begin(n_vectors, n_blocks, block);
    const uint32_t end = layout_block_begin(n_vectors, n_blocks, block + 1);
    const float* const first = weights + begin * LANES * per_unit;
    for (uint32_t v = begin; v < end; ++v) {
      step(g, &(const UnitVector){first + (v - begin) * LANES, (end - begin) * LANES, v * LANES});
    }
  }
}

void
CELL_GATES(const CellChoice choice, const CellWeights* const weights, const CellStep* const step,
           float* const gates) RT
{
  const uint32_t n = choice.hidden_size;
  const float* const w = weights->values + LAYOUT_HEADER;
  Gates g = {.from = step, .choice = choice};
  if (choice.cell == CELL_GRU_RESET_AFTER) {
    run_pass(&g, w, LAYOUT_RESET_AFTER_FIXED + 3 * n, step_reset_after);
  } else {
    const size_t of_reset = LAYOUT_RESET_FIXED + n;
    run_pass(&g, w, of_reset, step_reset);
    run_pass(&g, w + of_reset * layout_n_vectors(n, LANES) * LANES, LAYOUT_UPDATE_FIXED + 2 * n,
             step_update);
  }
  for (uint32_t gate = 0; gate < 4; ++gate) {
    memcpy(gates + gate * n, g.gates[gate], n * sizeof(float));
  }
}
