// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A model that is ready to play: packed weights, state, and the kernel that fits both.

#ifndef GRUS_CORE_MODEL_MODEL_H
#define GRUS_CORE_MODEL_MODEL_H

#include "core/format/model_file.h"
#include "core/model/rate_plan.h"
#include "core/realtime.h"
#include "core/status.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/// Where a knob stands that nobody turns
#define MODEL_KNOB_DEFAULT 0.5F

typedef struct ModelImpl Model;

#define MODEL_MAX_CHANNELS 2U
#define MODEL_MAX_OVERSAMPLING 4U

/// Error of an interpolated state that is taken rather than a resampler's latency [dB]
#define MODEL_INTERPOLATION_DB (-40.0)

/// How a model is going to be used
typedef struct {
  double sample_rate;    ///< Of the host [Hz]
  uint32_t n_channels;   ///< 1, or 2 that run through the same weights
  uint32_t oversampling; ///< 1, 2 or 4: the rate inside against aliasing
} ModelUse;

/// How loud a model is; NaN where nobody knows
typedef struct {
  double loudness;   ///< On the reference phrase (core/model/loudness.h) [LUFS]
  double input_dbu;  ///< What 0 dBFS stood for at the input of the gear [dBu]
  double output_dbu; ///< And at its output
} ModelLevels;

#define MODEL_LEVELS_UNKNOWN ((ModelLevels){(double)NAN, (double)NAN, (double)NAN})

/// Build a model from the set that fits the host's rate, and settle it on silence with its knobs at
/// MODEL_KNOB_DEFAULT; takes some milliseconds and allocates. STATUS_BAD_ARGUMENT for a use that
/// can't be.
///
/// A way by interpolation is tried first, and taken if it is stable and sounds like the model at its own
/// rate, to MODEL_INTERPOLATION_DB; else the model runs between resamplers.
NODISCARD Status model_new(const ModelFile* file, ModelUse use, Model** model);

/// The same by a given way, to compare them
NODISCARD Status model_new_by(const ModelFile* file, RatePlan plan, uint32_t n_channels,
                              Model** model);

/// Free a model; NULL is legal
void model_free(Model* model);

/// Return what the file says of its levels
ModelLevels model_levels(const Model* model) RT;

/// Return the way the model takes to the host's rate
RatePlan model_rate_plan(const Model* model) RT;

/// Return by how much the output comes after the input [frames]
uint32_t model_latency(const Model* model) RT;

/// Turn the knobs (PARAMS_MAX_KNOBS, in 0..1), of which the model takes as many as it has, and settle
/// on silence anew: for a model that is not yet heard. Takes some milliseconds.
void model_settle(Model* model, const float* knobs);

/// Return how many knobs the model has
uint32_t model_n_knobs(const Model* model) RT;

/// Turn the knobs (PARAMS_MAX_KNOBS, in 0..1); costs about as much as a sample, and then nothing
void model_set_knobs(Model* model, const float* knobs) RT;

/// Return the output after endless silence, which is the model's constant offset
float model_rest_output(const Model* model) RT;

/// Go back to the state after endless silence, as it was when the model settled
void model_reset(Model* model) RT;

/// Play `n_frames` of every channel; `in[c]` and `out[c]` may be the same buffer. Any split into calls
/// gives the same bits.
void model_run(Model* model, const float* const* in, float* const* out, uint32_t n_frames) RT;

#endif
