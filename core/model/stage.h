// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The linear stage behind a model's network: a convolution that starts at rest, and that can be
/// switched and levelled without a click if it is a cabinet. Built on any thread but the audio
/// thread, which runs the functions marked RT.
///
/// The network's rest, a constant, is taken off before the convolution and added again, times the
/// sum of the taps, behind it. So a stage that is reset is at rest at once, and what comes out at
/// rest is the same whether the stage is switched on or off.

#ifndef GRUS_CORE_MODEL_STAGE_H
#define GRUS_CORE_MODEL_STAGE_H

#include "core/model/impulse.h"
#include "core/realtime.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

#define STAGE_MAX_FRAMES 64U ///< In one call

typedef struct StageImpl Stage;

/// How a stage is going to be used
typedef struct {
  double sample_rate;  ///< At which it plays [Hz]
  uint32_t n_channels; ///< 1 or 2, through the same taps
  bool is_cabinet;     ///< It can be switched off, and has a level
} StageUse;

/// Build a stage of the first channel of `taps`, which are not needed afterwards
NODISCARD Status stage_new(const Impulse* taps, StageUse use, Stage** stage);

/// NULL is legal
void stage_free(Stage* stage);

bool stage_is_cabinet(const Stage* stage) RT;

/// Return how far it lags, which it does at a rate below that of its taps [frames]
uint32_t stage_lag(const Stage* stage) RT;

/// Return what comes out at rest
float stage_rest_output(const Stage* stage) RT;

/// Forget the past: the input was always `rest`
void stage_reset(Stage* stage, float rest) RT;

/// Switch a cabinet and set its gain within `n_frames`; 0: at once. Anything else always plays.
void stage_aim(Stage* stage, bool is_on, float gain, uint32_t n_frames) RT;

/// Process `n` frames, at most STAGE_MAX_FRAMES, in place. Splitting a call into several gives the
/// same bits.
void stage_run(Stage* stage, float* const* x, uint32_t n) RT;

#endif
