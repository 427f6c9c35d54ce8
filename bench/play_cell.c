// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Plays one cell on silence, for programs that count instructions (bench/count_cells.py).

#include "bench/random_params.h"
#include "core/model/cells.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FRAMES 65536U

static const char usage[] = "Usage: play_cell CELL SIZE STREAMS FRAMES\n"
                            "CELL is reset-before, reset-after or lstm.\n";

static bool
find_cell(const char* const name, CellType* const cell)
{
  static const CellType cells[] = {CELL_GRU_RESET_BEFORE, CELL_GRU_RESET_AFTER, CELL_LSTM};
  for (size_t k = 0; k < sizeof(cells) / sizeof(cells[0]); ++k) {
    if (!strcmp(name, params_cell_name(cells[k]))) {
      *cell = cells[k];
      return true;
    }
  }
  return false;
}

/// Play `n_frames` of silence through the best kernel; return false without memory
static bool
play(const Params* const params, const uint32_t n_streams, const uint32_t n_frames)
{
  static float sound[CELLS_MAX_STREAMS][MAX_FRAMES];
  const CellChoice choice = {params->shape.cell, params->shape.hidden_size, n_streams};
  const CellKernel kernel = cells_choose(choice, cells_n_isas() - 1);
  const size_t n_weights = (cells_weights_count(&kernel) + 15) / 16 * 16;
  const size_t n_state = (cells_state_count(&kernel) + 15) / 16 * 16;
  float* const memory = (float*)aligned_alloc(64, (n_weights + n_state) * sizeof(float));
  if (!memory) {
    return false;
  }
  memset(memory, 0, (n_weights + n_state) * sizeof(float));
  CellWeights weights = {.values = memory};
  const CellBuffers io = {{sound[0], sound[1]}, {sound[0], sound[1]}};
  cells_pack(&kernel, params, NULL, (CellGains){1.0F, 1.0F}, &weights);
  kernel.run(&weights, memory + n_weights, &io, n_frames);
  free(memory);
  return true;
}

int
main(const int argc, char** const argv)
{
  Params params;
  ParamsShape shape = {.n_inputs = 1};
  if (argc != 5 || !find_cell(argv[1], &shape.cell)) {
    (void)fputs(usage, stderr);
    return 2;
  }
  shape.hidden_size = (uint32_t)atoi(argv[2]);
  const uint32_t n_streams = (uint32_t)atoi(argv[3]);
  const uint32_t n_frames = (uint32_t)atoi(argv[4]);
  if (!params_shape_is_valid(shape) || n_streams - 1 >= CELLS_MAX_STREAMS ||
      n_frames > MAX_FRAMES) {
    (void)fputs(usage, stderr);
    return 2;
  }
  if (params_init(&params, shape)) {
    (void)fputs("play_cell: out of memory\n", stderr);
    return 1;
  }
  random_params_fill(&params);
  const bool played = play(&params, n_streams, n_frames);
  params_clear(&params);
  return !played;
}
