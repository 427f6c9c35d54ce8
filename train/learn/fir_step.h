// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// From the gradient of the linear stage to better taps: Adam over its frequency response. Main
/// thread.
///
/// Sound has some hundred times more power in the bass than in the treble, and its autocorrelation
/// mixes all taps with each other. Bins are nearly independent, and each gets steps of the size
/// that suits it. A step is a share of the mean response: how loud the stage is doesn't matter.

#ifndef GRUS_TRAIN_LEARN_FIR_STEP_H
#define GRUS_TRAIN_LEARN_FIR_STEP_H

#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct FirStepImpl FirStep;

/// For `n_taps` of at least 1
NODISCARD Status fir_step_new(uint32_t n_taps, FirStep** step);

/// NULL is legal
void fir_step_free(FirStep* step);

/// Return the number of values kept from step to step
size_t fir_step_state_size(uint32_t n_taps);

/// Move `taps` (n_taps); `state` is zero before the first step, which is number 1
void fir_step_move(const FirStep* step, float* state, uint64_t number, const float* gradient,
                   double learning_rate, float* taps);

#endif
