// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Runs this machine's best kernel, then a convolver for the linear stage.

#include "core/proof.h"

#include "core/memory.h"
#include "core/model/cells.h"
#include "core/model/convolver.h"

#include <stdlib.h>
#include <string.h>

/// A kernel with one stream, and what it runs on
typedef struct {
  CellKernel kernel;
  CellWeights weights;
  float* state; ///< (cells_state_count()): h, and an LSTM's c in the second half
} Cell;

static Status
init_cell(const ProofPlayer player, Cell* const cell)
{
  const ParamsShape shape = player.params->shape;
  const float knobs[PARAMS_MAX_KNOBS] = {player.knob, player.knob, player.knob, player.knob};
  cell->kernel = cells_choose((CellChoice){shape.cell, shape.hidden_size, 1}, cells_n_isas() - 1);
  cell->weights.values = memory_new_floats(cells_weights_count(&cell->kernel));
  cell->state = memory_new_floats(cells_state_count(&cell->kernel));
  if (!cell->weights.values || !cell->state) {
    return STATUS_NO_MEMORY;
  }
  cells_pack(&cell->kernel, player.params, knobs, (CellGains){1.0F, 1.0F}, &cell->weights);
  return STATUS_OK;
}

static void
run_cell(const Cell* const cell, const float* const in, float* const out, const uint32_t n)
{
  const CellBuffers io = {{in, NULL}, {out, NULL}};
  cell->kernel.run(&cell->weights, cell->state, &io, n);
}

/// Put layers to rest again that have heard nothing yet
static void
reset_later_layers(const Cell* const cell, const ProofPlayer player, const uint32_t frame)
{
  const uint32_t hidden_size = player.params->shape.hidden_size;
  const uint32_t n_begun = (frame + 1) * (hidden_size / (player.lag + 1));
  const size_t size = (hidden_size - n_begun) * sizeof(float);
  memset(cell->state + n_begun, 0, size);
  memset(cell->state + cells_state_count(&cell->kernel) / 2 + n_begun, 0, size);
}

/// Play the network
static void
play_cell(const Cell* const cell, const ProofPlayer player, const float* const in, float* const out,
          const uint32_t n)
{
  static const float silence[1] = {0.0F};
  const uint32_t n_ahead = player.lag < n ? player.lag : n;
  for (uint32_t t = 0; t < player.lag; ++t) {
    float early = 0.0F;
    run_cell(cell, t < n ? in + t : silence, &early, 1);
    reset_later_layers(cell, player, t);
  }
  run_cell(cell, in + n_ahead, out, n - n_ahead);
  for (uint32_t t = n - n_ahead; t < n; ++t) {
    run_cell(cell, silence, out + t, 1);
  }
}

/// Play the linear stage, in place
static Status
play_stage(const Params* const params, float* const out, const uint32_t n)
{
  const Impulse taps = {.samples = {params_values(params, PARAMS_TAPS)},
                        .n_channels = 1,
                        .n_frames = params->shape.n_taps};
  Convolver* stage = NULL;
  const Status status = taps.n_frames ? convolver_new(&taps, 1, &stage) : STATUS_OK;
  if (stage) {
    convolver_run(stage, (const float* const[]){out}, (float* const[]){out}, n);
  }
  convolver_free(stage);
  return status;
}

Status
proof_play(const ProofPlayer player, const float* const in, float* const out,
           const uint32_t n_frames)
{
  const RealtimeMode mode = realtime_enter();
  Cell cell = {.state = NULL};
  Status status = init_cell(player, &cell);
  if (!status) {
    play_cell(&cell, player, in, out, n_frames);
    status = play_stage(player.params, out, n_frames);
  }
  free(cell.weights.values);
  free(cell.state);
  realtime_leave(mode);
  return status;
}
