// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Packs weights for the kernels, as core/cell_layout.h says, and picks the kernel.

#include "core/cells.h"

#include "core/cell_layout.h"

bool cell_find_base(CellChoice choice, CellKernel* kernel);

#ifdef CELLS_HAVE_AVX2
bool cell_find_avx2(CellChoice choice, CellKernel* kernel);
#endif
#ifdef CELLS_HAVE_AVX512
bool cell_find_avx512(CellChoice choice, CellKernel* kernel);
#endif

/// One compiled instruction set
typedef struct {
  const char* name;
  bool (*find)(CellChoice choice, CellKernel* kernel);
} Isa;

static const Isa isas[] = {
    {"base", cell_find_base},
#ifdef CELLS_HAVE_AVX2
    {"avx2", cell_find_avx2},
#endif
#ifdef CELLS_HAVE_AVX512
    {"avx512", cell_find_avx512},
#endif
};

uint32_t
cells_n_isas(void)
{
  uint32_t n = 1;
#ifdef CELLS_HAVE_AVX2
  n += __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
#ifdef CELLS_HAVE_AVX512
  n += n == 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
#endif
  return n;
}

const char*
cells_isa_name(const uint32_t isa)
{
  return isas[isa].name;
}

CellKernel
cells_choose(const CellChoice choice, uint32_t isa)
{
  CellKernel kernel = {NULL, choice, 0, 0};
  while (!isas[isa].find(choice, &kernel) && isa > 0) {
    --isa;
  }
  return kernel;
}

/// Units in whole vectors
static size_t
padded_size(const CellKernel* const kernel)
{
  return (size_t)layout_n_vectors(kernel->choice.hidden_size, kernel->lanes) * kernel->lanes;
}

size_t
cells_state_count(const CellKernel* const kernel)
{
  return 2 * kernel->choice.n_streams * padded_size(kernel);
}

/// Floats of a unit in the passes of a step
static size_t
weights_per_unit(const CellChoice c)
{
  switch (c.cell) {
  case CELL_GRU_RESET_BEFORE:
    return LAYOUT_RESET_FIXED + LAYOUT_UPDATE_FIXED + 3 * (size_t)c.hidden_size;
  case CELL_GRU_RESET_AFTER:
    return LAYOUT_RESET_AFTER_FIXED + 3 * (size_t)c.hidden_size;
  case CELL_LSTM:
    return LAYOUT_LSTM_FIXED + 4 * (size_t)c.hidden_size;
  }
  return 0;
}

size_t
cells_weights_count(const CellKernel* const kernel)
{
  return LAYOUT_HEADER + padded_size(kernel) * weights_per_unit(kernel->choice);
}

/// What is packed, and from what
typedef struct {
  const CellKernel* kernel;
  const Params* params;
  const float* knobs;
  CellGains gains;
} Source;

/// Where the weights of one unit lie in a block
typedef struct {
  float* block;
  uint32_t unit;
  uint32_t row;   ///< From one vector of the unit to the next [floats]
  uint32_t place; ///< In the first vector of its kind
} Slot;

/// Find unit `i` in a pass whose blocks begin at `weights` and hold `per_unit` floats a unit
static Slot
slot_of(const CellKernel* const kernel, float* const weights, const size_t per_unit,
        const uint32_t i)
{
  const uint32_t n_vectors = layout_n_vectors(kernel->choice.hidden_size, kernel->lanes);
  const uint32_t n_blocks = layout_n_blocks(n_vectors, kernel->max_width);
  const uint32_t vector = i / kernel->lanes;
  uint32_t block = 0;
  while (layout_block_begin(n_vectors, n_blocks, block + 1) <= vector) {
    ++block;
  }
  const uint32_t begin = layout_block_begin(n_vectors, n_blocks, block);
  const uint32_t end = layout_block_begin(n_vectors, n_blocks, block + 1);
  return (Slot){weights + begin * kernel->lanes * per_unit, i, (end - begin) * kernel->lanes,
                (vector - begin) * kernel->lanes + i % kernel->lanes};
}

static void
put(const Slot slot, const size_t row, const float value)
{
  slot.block[row * slot.row + slot.place] = value;
}

/// Row of a gate's tensors
static uint32_t
row_of(const Source* const s, const Slot slot, const uint32_t gate)
{
  return gate * s->params->shape.hidden_size + slot.unit;
}

/// Input bias of a gate, with the knobs, which are inputs that stand still
static float
input_bias(const Source* const s, const uint32_t row)
{
  const uint32_t n_inputs = s->params->shape.n_inputs;
  float bias = params_values(s->params, PARAMS_B_I)[row];
  for (uint32_t k = 1; k < n_inputs; ++k) {
    bias += params_values(s->params, PARAMS_W_I)[row * n_inputs + k] * s->knobs[k - 1];
  }
  return bias;
}

static float
input_weight(const Source* const s, const uint32_t row)
{
  return s->gains.input * params_values(s->params, PARAMS_W_I)[row * s->params->shape.n_inputs];
}

static float
head_weight(const Source* const s, const Slot slot)
{
  return s->gains.output * params_values(s->params, PARAMS_W_O)[slot.unit];
}

/// Where a gate's recurrent weights go: the first is `first` vectors into the block, the next
/// `stride` vectors on
typedef struct {
  uint32_t first;
  uint32_t stride;
} Column;

/// Columns of one of `n_gates` that are used in one product, behind `n_fixed` vectors
static Column
column_of(const Source* const s, const uint32_t n_fixed, const uint32_t gate,
          const uint32_t n_gates)
{
  const CellChoice choice = s->kernel->choice;
  return layout_gates_lie_together(choice.n_streams)
             ? (Column){n_fixed + gate, n_gates}
             : (Column){n_fixed + gate * choice.hidden_size, 1};
}

static void
put_recurrent(const Source* const s, const Slot slot, const uint32_t gate, const Column column,
              const float scale)
{
  const uint32_t hidden_size = s->params->shape.hidden_size;
  const float* const row =
      params_values(s->params, PARAMS_W_H) + (size_t)row_of(s, slot, gate) * hidden_size;
  for (uint32_t j = 0; j < hidden_size; ++j) {
    put(slot, column.first + (size_t)j * column.stride, scale * row[j]);
  }
}

static void
pack_reset_after(const Source* const s, float* const weights, const uint32_t i)
{
  const Slot slot = slot_of(s->kernel, weights, weights_per_unit(s->kernel->choice), i);
  const float* const b_h = params_values(s->params, PARAMS_B_H);
  for (uint32_t gate = 0; gate < 3; ++gate) {
    const uint32_t row = row_of(s, slot, gate);
    const bool is_candidate = gate == 2;
    put(slot, gate, 0.5F * (b_h[row] + (is_candidate ? 0.0F : input_bias(s, row))));
    put(slot, 4 + gate, (is_candidate ? 1.0F : 0.5F) * input_weight(s, row));
    put_recurrent(s, slot, gate, column_of(s, LAYOUT_RESET_AFTER_FIXED, gate, 3), 0.5F);
  }
  put(slot, 3, input_bias(s, row_of(s, slot, 2)));
  put(slot, 7, head_weight(s, slot));
}

static void
pack_reset_before(const Source* const s, float* const weights, const uint32_t i)
{
  const uint32_t hidden_size = s->params->shape.hidden_size;
  const size_t reset_per_unit = LAYOUT_RESET_FIXED + (size_t)hidden_size;
  float* const update_weights = weights + reset_per_unit * padded_size(s->kernel);
  const Slot reset = slot_of(s->kernel, weights, reset_per_unit, i);
  const Slot update =
      slot_of(s->kernel, update_weights, LAYOUT_UPDATE_FIXED + 2 * (size_t)hidden_size, i);
  put(reset, 0, 0.5F * input_bias(s, row_of(s, reset, 0)));
  put(reset, 1, 0.5F * input_weight(s, row_of(s, reset, 0)));
  put_recurrent(s, reset, 0, (Column){LAYOUT_RESET_FIXED, 1}, 0.5F);
  for (uint32_t k = 0; k < 2; ++k) {
    const uint32_t row = row_of(s, update, 1 + k);
    const float scale = k == 0 ? 0.5F : 1.0F;
    put(update, k, scale * input_bias(s, row));
    put(update, 2 + k, scale * input_weight(s, row));
    put_recurrent(s, update, 1 + k, (Column){LAYOUT_UPDATE_FIXED + k * hidden_size, 1}, 0.5F);
  }
  put(update, 4, head_weight(s, update));
}

static void
pack_lstm(const Source* const s, float* const weights, const uint32_t i)
{
  const Slot slot = slot_of(s->kernel, weights, weights_per_unit(s->kernel->choice), i);
  for (uint32_t gate = 0; gate < 4; ++gate) {
    const uint32_t row = row_of(s, slot, gate);
    const float scale = gate == 2 ? 1.0F : 0.5F;
    put(slot, gate, scale * input_bias(s, row));
    put(slot, 4 + gate, scale * input_weight(s, row));
    put_recurrent(s, slot, gate, column_of(s, LAYOUT_LSTM_FIXED, gate, 4), scale);
  }
  put(slot, 8, head_weight(s, slot));
}

void
cells_pack(const CellKernel* const kernel, const Params* const params, const float* const knobs,
           const CellGains gains, CellWeights* const weights)
{
  const Source source = {kernel, params, knobs, gains};
  const ParamsShape shape = params->shape;
  float* const units = weights->values + LAYOUT_HEADER;
  weights->hidden_size = shape.hidden_size;
  weights->values[0] = gains.output * params_values(params, PARAMS_B_O)[0];
  weights->values[1] = shape.skip ? gains.output * gains.input : 0.0F;
  for (uint32_t i = 0; i < shape.hidden_size; ++i) {
    switch (shape.cell) {
    case CELL_GRU_RESET_BEFORE:
      pack_reset_before(&source, units, i);
      break;
    case CELL_GRU_RESET_AFTER:
      pack_reset_after(&source, units, i);
      break;
    case CELL_LSTM:
      pack_lstm(&source, units, i);
      break;
    }
  }
}
