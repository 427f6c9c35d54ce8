// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Picks a kernel and packs weights for it, as core/model/cell_layout.h says. Any thread but the
// audio thread, which may only turn knobs.

#include "core/model/cells.h"

#include "core/isa.h"
#include "core/model/cell_layout.h"

#include <string.h>

bool cell_find_base(CellChoice choice, CellKernel* kernel);

#ifdef CELLS_HAVE_AVX2
bool cell_find_avx2(CellChoice choice, CellKernel* kernel);
#endif
#ifdef CELLS_HAVE_AVX512
bool cell_find_avx512(CellChoice choice, CellKernel* kernel);
#endif
#ifdef CELLS_HAVE_NEON
bool cell_find_neon(CellChoice choice, CellKernel* kernel);
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
#ifdef CELLS_HAVE_NEON
    {"neon", cell_find_neon},
#endif
};

uint32_t
cells_n_isas(void)
{
  return isa_count(sizeof(isas) / sizeof(isas[0]));
}

const char*
cells_isa_name(const uint32_t isa)
{
  return isas[isa].name;
}

/// Return true if vectors of 16 take longer than those of 8: where they are worked on half by half,
/// and some halves hold no unit, or there is only one vector to wait for
static bool
is_slowed_by_halves(const CellChoice choice, const CellKernel* const kernel)
{
  const uint32_t last = choice.hidden_size % 16;
  const bool has_empty_half = last > 0 && last <= 8;
  const bool is_one_vector = choice.n_streams == 1 && choice.hidden_size <= 16;
  return kernel->lanes == 16 && isa_halves_512() && (has_empty_half || is_one_vector);
}

CellKernel
cells_choose(const CellChoice choice, uint32_t isa)
{
  CellKernel kernel = {NULL, NULL, choice, 0, 0};
  while ((!isas[isa].find(choice, &kernel) || is_slowed_by_halves(choice, &kernel)) && isa > 0) {
    --isa;
  }
  return kernel;
}

/// Return the number of units, rounded up to whole vectors
static size_t
padded_size(const CellKernel* const kernel) RT
{
  return (size_t)layout_n_vectors(kernel->choice.hidden_size, kernel->lanes) * kernel->lanes;
}

size_t
cells_state_count(const CellKernel* const kernel) RT
{
  return 2 * kernel->choice.n_streams * padded_size(kernel);
}

/// Size of a pass: a product over all units, whose weights lie together
typedef struct {
  size_t per_unit; ///< Floats per unit
  size_t n_biases; ///< Biases among them, first in each block
} PassSize;

#define MAX_PASSES 2U

/// List the passes of a step; return how many there are
static uint32_t
list_passes(const CellChoice c, PassSize passes[MAX_PASSES]) RT
{
  const size_t n = c.hidden_size;
  switch (c.cell) {
  case CELL_GRU_RESET_BEFORE:
    passes[0] = (PassSize){LAYOUT_RESET_FIXED + n, LAYOUT_RESET_BIASES};
    passes[1] = (PassSize){LAYOUT_UPDATE_FIXED + 2 * n, LAYOUT_UPDATE_BIASES};
    return 2;
  case CELL_GRU_RESET_AFTER:
    passes[0] = (PassSize){LAYOUT_RESET_AFTER_FIXED + 3 * n, LAYOUT_RESET_AFTER_BIASES};
    return 1;
  case CELL_LSTM:
    passes[0] = (PassSize){LAYOUT_LSTM_FIXED + 4 * n, LAYOUT_LSTM_BIASES};
    return 1;
  }
  return 0;
}

/// Return the sum of all passes
static PassSize
whole_step(const CellChoice c) RT
{
  PassSize passes[MAX_PASSES];
  PassSize sum = {0, 0};
  const uint32_t n = list_passes(c, passes);
  for (uint32_t i = 0; i < n; ++i) {
    sum.per_unit += passes[i].per_unit;
    sum.n_biases += passes[i].n_biases;
  }
  return sum;
}

size_t
cells_weights_count(const CellKernel* const kernel)
{
  const PassSize step = whole_step(kernel->choice);
  return LAYOUT_HEADER +
         padded_size(kernel) * (step.per_unit + (1 + PARAMS_MAX_KNOBS) * step.n_biases);
}

/// The model to pack, and the kernel to pack it for
typedef struct {
  const CellKernel* kernel;
  const Params* params;
  CellGains gains;
} Packing;

/// Where the weights of one unit lie in a block
typedef struct {
  float* block;
  uint32_t unit;
  uint32_t row;   ///< Distance between two vectors of the unit [floats]
  uint32_t place; ///< Position in the first vector of each row
} UnitSlot;

/// Find unit `i` in a pass whose blocks begin at `weights` and hold `per_unit` floats a unit
static UnitSlot
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
  return (UnitSlot){weights + begin * kernel->lanes * per_unit, i, (end - begin) * kernel->lanes,
                    (vector - begin) * kernel->lanes + i % kernel->lanes};
}

static void
put_weight(const UnitSlot slot, const size_t row, const float value)
{
  slot.block[row * slot.row + slot.place] = value;
}

/// Return the row of a gate's tensors
static uint32_t
row_of(const Packing* const p, const UnitSlot slot, const uint32_t gate)
{
  return gate * p->params->shape.hidden_size + slot.unit;
}

static float
input_weight(const Packing* const p, const uint32_t row)
{
  return p->gains.input * params_values(p->params, PARAMS_W_I)[row * p->params->shape.n_inputs];
}

static float
head_weight(const Packing* const p, const UnitSlot slot)
{
  return p->gains.output * params_values(p->params, PARAMS_W_O)[slot.unit];
}

static LayoutColumns
columns_of(const Packing* const p, const uint32_t n_fixed, const uint32_t gate,
           const uint32_t n_gates)
{
  const CellChoice choice = p->kernel->choice;
  return layout_columns(n_fixed, gate, n_gates, choice.hidden_size, choice.n_streams);
}

static void
put_recurrent(const Packing* const p, const UnitSlot slot, const uint32_t gate,
              const LayoutColumns columns, const float scale)
{
  const uint32_t hidden_size = p->params->shape.hidden_size;
  const float* const row =
      params_values(p->params, PARAMS_W_H) + (size_t)row_of(p, slot, gate) * hidden_size;
  for (uint32_t j = 0; j < hidden_size; ++j) {
    put_weight(slot, columns.first + (size_t)j * columns.stride, scale * row[j]);
  }
}

static void
pack_reset_after(const Packing* const p, float* const weights, const uint32_t i)
{
  const UnitSlot slot = slot_of(p->kernel, weights, whole_step(p->kernel->choice).per_unit, i);
  for (uint32_t gate = 0; gate < 3; ++gate) {
    const float scale = gate == 2 ? 1.0F : 0.5F;
    put_weight(slot, ROW_AFTER_INPUT_R + gate, scale * input_weight(p, row_of(p, slot, gate)));
    put_recurrent(p, slot, gate, columns_of(p, LAYOUT_RESET_AFTER_FIXED, gate, 3), 0.5F);
  }
  put_weight(slot, ROW_AFTER_HEAD, head_weight(p, slot));
}

static void
pack_reset_before(const Packing* const p, float* const weights, const uint32_t i)
{
  const uint32_t hidden_size = p->params->shape.hidden_size;
  const size_t reset_per_unit = LAYOUT_RESET_FIXED + (size_t)hidden_size;
  float* const update_weights = weights + reset_per_unit * padded_size(p->kernel);
  const UnitSlot reset = slot_of(p->kernel, weights, reset_per_unit, i);
  const UnitSlot update =
      slot_of(p->kernel, update_weights, LAYOUT_UPDATE_FIXED + 2 * (size_t)hidden_size, i);
  put_weight(reset, ROW_RESET_INPUT_R, 0.5F * input_weight(p, row_of(p, reset, 0)));
  put_recurrent(p, reset, 0, (LayoutColumns){LAYOUT_RESET_FIXED, 1}, 0.5F);
  for (uint32_t k = 0; k < 2; ++k) {
    const float scale = k == 0 ? 0.5F : 1.0F;
    put_weight(update, ROW_UPDATE_INPUT_Z + k, scale * input_weight(p, row_of(p, update, 1 + k)));
    put_recurrent(p, update, 1 + k, (LayoutColumns){LAYOUT_UPDATE_FIXED + k * hidden_size, 1},
                  0.5F);
  }
  put_weight(update, ROW_UPDATE_HEAD, head_weight(p, update));
}

static void
pack_lstm(const Packing* const p, float* const weights, const uint32_t i)
{
  const UnitSlot slot = slot_of(p->kernel, weights, whole_step(p->kernel->choice).per_unit, i);
  for (uint32_t gate = 0; gate < 4; ++gate) {
    const float scale = gate == 2 ? 1.0F : 0.5F;
    put_weight(slot, ROW_LSTM_INPUT + gate, scale * input_weight(p, row_of(p, slot, gate)));
    put_recurrent(p, slot, gate, columns_of(p, LAYOUT_LSTM_FIXED, gate, 4), scale);
  }
  put_weight(slot, ROW_LSTM_HEAD, head_weight(p, slot));
}

/// One of the parts that biases are the sum of: 0 is without knobs, k is what knob k adds
typedef struct {
  float* biases; ///< Blocks as in the weights, with biases only
  uint32_t index;
} BiasPart;

/// Return a part of a gate's input bias
static float
input_bias(const Packing* const p, const BiasPart part, const uint32_t row)
{
  return part.index
             ? params_values(p->params, PARAMS_W_I)[row * p->params->shape.n_inputs + part.index]
             : params_values(p->params, PARAMS_B_I)[row];
}

/// Return a part of a gate's recurrent bias, to which knobs add nothing
static float
recurrent_bias(const Packing* const p, const BiasPart part, const uint32_t row)
{
  return part.index ? 0.0F : params_values(p->params, PARAMS_B_H)[row];
}

static void
pack_biases_reset_after(const Packing* const p, const BiasPart part, const uint32_t i)
{
  const UnitSlot slot = slot_of(p->kernel, part.biases, LAYOUT_RESET_AFTER_BIASES, i);
  for (uint32_t gate = 0; gate < 2; ++gate) {
    const uint32_t row = row_of(p, slot, gate);
    put_weight(slot, ROW_AFTER_BIAS_R + gate,
               0.5F * (recurrent_bias(p, part, row) + input_bias(p, part, row)));
  }
  put_weight(slot, ROW_AFTER_BIAS_H_N, 0.5F * recurrent_bias(p, part, row_of(p, slot, 2)));
  put_weight(slot, ROW_AFTER_BIAS_I_N, input_bias(p, part, row_of(p, slot, 2)));
}

static void
pack_biases_reset_before(const Packing* const p, const BiasPart part, const uint32_t i)
{
  float* const update_biases = part.biases + LAYOUT_RESET_BIASES * padded_size(p->kernel);
  const UnitSlot reset = slot_of(p->kernel, part.biases, LAYOUT_RESET_BIASES, i);
  const UnitSlot update = slot_of(p->kernel, update_biases, LAYOUT_UPDATE_BIASES, i);
  put_weight(reset, ROW_RESET_BIAS_R, 0.5F * input_bias(p, part, row_of(p, reset, 0)));
  put_weight(update, ROW_UPDATE_BIAS_Z, 0.5F * input_bias(p, part, row_of(p, update, 1)));
  put_weight(update, ROW_UPDATE_BIAS_N, input_bias(p, part, row_of(p, update, 2)));
}

static void
pack_biases_lstm(const Packing* const p, const BiasPart part, const uint32_t i)
{
  const UnitSlot slot = slot_of(p->kernel, part.biases, LAYOUT_LSTM_BIASES, i);
  for (uint32_t gate = 0; gate < 4; ++gate) {
    put_weight(slot, ROW_LSTM_BIAS + gate,
               (gate == 2 ? 1.0F : 0.5F) * input_bias(p, part, row_of(p, slot, gate)));
  }
}

static void
pack_biases(const Packing* const p, const BiasPart part)
{
  for (uint32_t i = 0; i < p->params->shape.hidden_size; ++i) {
    switch (p->params->shape.cell) {
    case CELL_GRU_RESET_BEFORE:
      pack_biases_reset_before(p, part, i);
      break;
    case CELL_GRU_RESET_AFTER:
      pack_biases_reset_after(p, part, i);
      break;
    case CELL_LSTM:
      pack_biases_lstm(p, part, i);
      break;
    }
  }
}

void
cells_pack(const CellKernel* const kernel, const Params* const params, const float* const knobs,
           const CellGains gains, CellWeights* const weights)
{
  const Packing source = {kernel, params, gains};
  const ParamsShape shape = params->shape;
  const PassSize step = whole_step(kernel->choice);
  float* const units = weights->values + LAYOUT_HEADER;
  float* const parts = units + step.per_unit * padded_size(kernel);
  weights->hidden_size = shape.hidden_size;
  weights->n_knobs = shape.n_inputs - 1;
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
  for (uint32_t k = 0; k < shape.n_inputs; ++k) {
    pack_biases(&source, (BiasPart){parts + k * step.n_biases * padded_size(kernel), k});
  }
  cells_set_knobs(kernel, knobs, weights);
}

// Audio thread from here

/// The parts that biases are the sum of
typedef struct {
  const float* parts; ///< (1 + n_knobs, count)
  size_t count;
  const float* knobs; ///< (n_knobs)
  uint32_t n_knobs;
} BiasSum;

/// Write `n` biases, starting with number `first`
static void
write_biases(const BiasSum* const sum, const size_t first, const size_t n, float* const biases) RT
{
  const float* part = sum->parts + first;
  memcpy(biases, part, n * sizeof(float));
  for (uint32_t k = 0; k < sum->n_knobs; ++k) {
    part += sum->count;
    for (size_t i = 0; i < n; ++i) {
      biases[i] += sum->knobs[k] * part[i];
    }
  }
}

void
cells_set_knobs(const CellKernel* const kernel, const float* const knobs,
                CellWeights* const weights) RT
{
  const uint32_t n_vectors = layout_n_vectors(kernel->choice.hidden_size, kernel->lanes);
  const uint32_t n_blocks = layout_n_blocks(n_vectors, kernel->max_width);
  const size_t n_units = padded_size(kernel);
  const PassSize step = whole_step(kernel->choice);
  float* pass_weights = weights->values + LAYOUT_HEADER;
  const BiasSum sum = {pass_weights + step.per_unit * n_units, step.n_biases * n_units, knobs,
                       weights->n_knobs};
  PassSize passes[MAX_PASSES];
  const uint32_t n_passes = list_passes(kernel->choice, passes);
  size_t first = 0;
  for (uint32_t p = 0; p < n_passes; ++p) {
    for (uint32_t block = 0; block < n_blocks; ++block) {
      const size_t begin = kernel->lanes * layout_block_begin(n_vectors, n_blocks, block);
      const size_t end = kernel->lanes * layout_block_begin(n_vectors, n_blocks, block + 1);
      const size_t n = (end - begin) * passes[p].n_biases;
      write_biases(&sum, first, n, pass_weights + begin * passes[p].per_unit);
      first += n;
    }
    pass_weights += n_units * passes[p].per_unit;
  }
}

uint32_t
cells_gates(const CellKernel* const kernel, const CellWeights* const weights,
            const CellStep* const step, float* const gates) RT
{
  if (!kernel->gates) {
    return 0;
  }
  kernel->gates(kernel->choice, weights, step, gates);
  return kernel->choice.hidden_size;
}
