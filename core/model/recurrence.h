// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Runs a network faster than it was trained: its state is delayed by the length of one step there.
///
///     h[n] = f(h[n - M], x[n])                              M whole: M networks in turn, exactly
///     h[n] = f(Σ_k l_k h[n - 1 - skip - k], x[n])           M between: cubic interpolation
///
/// Carson, Wright and Bilbao, "Sample rate independent recurrent neural networks for audio effects
/// processing", DAFx 2024. No filters, no latency. The weights belong to the caller, who may turn
/// knobs at any time. Built on any thread but the audio thread, which runs the functions marked RT.

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

/// Return how many streams the kernel should have for `n_channels`: two if possible
uint32_t recurrence_n_streams(double delay, uint32_t n_channels);

/// Return true if M is whole
bool recurrence_is_whole(double delay);

/// Write the weights l and return skip, for an M that is not whole
uint32_t recurrence_taps(double delay, double taps[RECURRENCE_TAPS]);

/// Build for a kernel with recurrence_n_streams() streams; M is at least 1
NODISCARD Status recurrence_new(const CellKernel* kernel, double delay, uint32_t n_channels,
                                Recurrence** recurrence);

/// NULL is legal
void recurrence_free(Recurrence* recurrence);

/// Set all states to `rest` (cells_state_count())
void recurrence_reset(Recurrence* recurrence, const float* rest) RT;

/// Write the state h (H) that the next frame of the first channel steps from
void recurrence_next_state(const Recurrence* recurrence, float* h) RT;

/// Play `n` frames of every channel; `in[c]` and `out[c]` may be the same buffer. Splitting a call
/// into several gives the same bits.
void recurrence_run(Recurrence* recurrence, const CellWeights* weights, const float* const* in,
                    float* const* out, uint32_t n) RT;

#endif
