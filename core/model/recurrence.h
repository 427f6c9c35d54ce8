// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How a network runs faster than it learned: its state is delayed by as long as a step took there.
///
///     h[n] = f(h[n - M], x[n])                              M whole: M networks in turn, exactly
///     h[n] = f(Σ_k l_k h[n - 1 - skip - k], x[n])           M between: cubic interpolation
///
/// Carson, Wright and Bilbao, "Sample rate independent recurrent neural networks for audio effects
/// processing", DAFx 2024. No filters, no latency. Weights are the owner's, who may turn knobs at any
/// time. Built on any thread but the audio thread; what is marked RT runs on it.

#ifndef GRUS_CORE_MODEL_RECURRENCE_H
#define GRUS_CORE_MODEL_RECURRENCE_H

#include "core/model/cells.h"
#include "core/realtime.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

#define RECURRENCE_MAX_FRAMES 288U ///< In one call
#define RECURRENCE_MAX_DELAY 32.0  ///< Largest M
#define RECURRENCE_TAPS 4U         ///< Of the interpolation

typedef struct RecurrenceImpl Recurrence;

/// Return the kernel's streams that `n_channels` want: two at a time where that goes
uint32_t recurrence_n_streams(double delay, uint32_t n_channels);

/// Return true if M is whole
bool recurrence_is_whole(double delay);

/// Write l and return skip for an M that is not whole
uint32_t recurrence_taps(double delay, double taps[RECURRENCE_TAPS]);

/// Build one for a kernel with recurrence_n_streams() streams; M is 1 or more
NODISCARD Status recurrence_new(const CellKernel* kernel, double delay, uint32_t n_channels,
                                Recurrence** recurrence);

/// NULL is legal
void recurrence_free(Recurrence* recurrence);

/// Let all states be `rest` (cells_state_count())
void recurrence_reset(Recurrence* recurrence, const float* rest) RT;

/// Play `n` frames of every channel; `in[c]` and `out[c]` may be the same. Any split into calls gives
/// the same bits.
void recurrence_run(Recurrence* recurrence, const CellWeights* weights, const float* const* in,
                    float* const* out, uint32_t n) RT;

#endif
