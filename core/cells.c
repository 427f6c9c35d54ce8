// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Packs weights for the kernels and picks the kernel. The only place that knows the kernel's order.

#include "core/cells.h"

CellRun cell_find_base(CellType cell, uint32_t hidden_size);

#ifdef CELLS_HAVE_AVX2
CellRun cell_find_avx2(CellType cell, uint32_t hidden_size);
#endif

/// One compiled instruction set
typedef struct {
  const char* name;
  CellRun (*find)(CellType cell, uint32_t hidden_size);
} Isa;

static const Isa isas[] = {
    {"base", cell_find_base},
#ifdef CELLS_HAVE_AVX2
    {"avx2", cell_find_avx2},
#endif
};

uint32_t
cells_n_isas(void)
{
  uint32_t n = 1;
#ifdef CELLS_HAVE_AVX2
  n += __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return n;
}

const char*
cells_isa_name(const uint32_t isa)
{
  return isas[isa].name;
}

CellRun
cells_choose(const CellType cell, const uint32_t hidden_size, const uint32_t isa)
{
  return isas[isa].find(cell, hidden_size);
}

uint32_t
cells_padded_size(const uint32_t hidden_size)
{
  return (hidden_size + 7U) & ~7U;
}

size_t
cells_weights_count(const ParamsShape shape)
{
  const size_t padded = cells_padded_size(shape.hidden_size);
  return 8 * padded + 8 + 3 * padded * shape.hidden_size;
}

/// Biases of unit `i`; what only occurs as a sum is summed, knobs are constant inputs
static void
pack_biases(const Params* const p, const float* const knobs, const uint32_t i, float* const biases)
{
  const ParamsShape s = p->shape;
  const uint32_t padded = cells_padded_size(s.hidden_size);
  const float* b_h = params_values(p, PARAMS_B_H);
  for (uint32_t gate = 0; gate < 3; ++gate) {
    const uint32_t row = gate * s.hidden_size + i;
    float bias = params_values(p, PARAMS_B_I)[row];
    for (uint32_t k = 1; k < s.n_inputs; ++k) {
      bias += params_values(p, PARAMS_W_I)[row * s.n_inputs + k] * knobs[k - 1];
    }
    if (s.cell == CELL_GRU_RESET_AFTER) {
      bias += gate < 2 ? b_h[row] : 0.0F;
    }
    biases[gate * padded + i] = bias;
  }
  if (s.cell == CELL_GRU_RESET_AFTER) {
    biases[3 * padded + i] = b_h[2 * s.hidden_size + i];
  }
}

/// Where the kernel reads the weight from unit `j` to unit `i` of `gate`
static size_t
recurrent_index(const ParamsShape s, const uint32_t gate, const uint32_t i, const uint32_t j)
{
  const size_t padded = cells_padded_size(s.hidden_size);
  if (s.cell == CELL_GRU_RESET_AFTER) {
    return (3 * (size_t)j + gate) * padded + i;
  }
  return gate < 2 ? (2 * (size_t)j + gate) * padded + i
                  : (2 * (size_t)s.hidden_size + j) * padded + i;
}

static void
pack_recurrent(const Params* const p, const uint32_t i, float* const recurrent)
{
  const uint32_t hidden_size = p->shape.hidden_size;
  for (uint32_t gate = 0; gate < 3; ++gate) {
    const float* const row =
        params_values(p, PARAMS_W_H) + ((size_t)gate * hidden_size + i) * hidden_size;
    for (uint32_t j = 0; j < hidden_size; ++j) {
      recurrent[recurrent_index(p->shape, gate, i, j)] = row[j];
    }
  }
}

void
cells_pack(const Params* const params, const float* const knobs, const CellGains gains,
           CellWeights* const weights)
{
  const ParamsShape s = params->shape;
  const uint32_t padded = cells_padded_size(s.hidden_size);
  float* const column = weights->values + 4 * (size_t)padded;
  float* const head = weights->values + 7 * (size_t)padded;
  weights->hidden_size = s.hidden_size;
  for (uint32_t i = 0; i < s.hidden_size; ++i) {
    pack_biases(params, knobs, i, weights->values);
    pack_recurrent(params, i, head + padded + 8);
    for (uint32_t gate = 0; gate < 3; ++gate) {
      const uint32_t row = gate * s.hidden_size + i;
      column[gate * padded + i] = gains.input * params_values(params, PARAMS_W_I)[row * s.n_inputs];
    }
    head[i] = gains.output * params_values(params, PARAMS_W_O)[i];
  }
  head[padded] = gains.output * params_values(params, PARAMS_B_O)[0];
  head[padded + 1] = s.skip ? gains.output * gains.input : 0.0F;
}
