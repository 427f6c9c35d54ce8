// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A model that is ready to play: packed weights, state, and the kernel that fits both; and its
/// linear stage, if it has one, which plays as it was captured unless it is a cabinet that was
/// switched.

#ifndef GRUS_CORE_MODEL_MODEL_H
#define GRUS_CORE_MODEL_MODEL_H

#include "core/format/model_file.h"
#include "core/model/rate_plan.h"
#include "core/realtime.h"
#include "core/status.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/// Initial position of the knobs
#define MODEL_KNOB_DEFAULT 0.5F

typedef struct ModelImpl Model;

#define MODEL_MAX_CHANNELS 2U
#define MODEL_MAX_OVERSAMPLING 4U

/// Largest error of interpolation that is preferred to a resampler's latency [dB]
#define MODEL_INTERPOLATION_DB (-40.0)

/// How much it may exceed the difference that moving a model's aliases makes, where that is larger
/// [dB]
#define MODEL_ALIASING_MARGIN_DB 1.0

/// How a model is going to be used
typedef struct {
  double sample_rate;    ///< Of the host [Hz]
  uint32_t n_channels;   ///< 1, or 2 that run through the same weights
  uint32_t oversampling; ///< 1, 2 or 4: a higher rate inside, against aliasing
} ModelUse;

/// How loud a model is; NaN where that is unknown
typedef struct {
  ModelFileLoudness loudness;
  double input_dbu;  ///< Level of 0 dBFS at the input of the gear [dBu]
  double output_dbu; ///< The same at its output
} ModelLevels;

#define MODEL_LEVELS_UNKNOWN ((ModelLevels){.input_dbu = (double)NAN, .output_dbu = (double)NAN})

/// Build a model from the set that suits the host's rate, and settle it on silence with its knobs
/// at MODEL_KNOB_DEFAULT. Takes some milliseconds and allocates. STATUS_BAD_ARGUMENT if `use` is
/// out of range.
///
/// If the state would be interpolated, that is tried first, on bright playing. It is used if it is
/// stable and sounds like the model at its own rate, to MODEL_INTERPOLATION_DB or as well as its
/// aliasing allows. Otherwise the model runs between resamplers, whose latency is 68 frames from
/// 44.1 kHz at 48 kHz (1.4 ms). The trial takes some tens of milliseconds.
NODISCARD Status model_new(const ModelFile* file, ModelUse use, Model** model);

/// Build a model with a given rate plan, for comparison
NODISCARD Status model_new_by(const ModelFile* file, RatePlan plan, uint32_t n_channels,
                              Model** model);

/// Free a model; NULL is legal
void model_free(Model* model);

/// Return the levels that the file gives
ModelLevels model_levels(const Model* model) RT;

/// Return how the model gets to the host's rate
RatePlan model_rate_plan(const Model* model) RT;

/// Return how far the output lags behind the input [frames]
uint32_t model_latency(const Model* model) RT;

/// Turn the knobs (PARAMS_MAX_KNOBS, in 0..1), as many as the model has, and settle on silence
/// again. For a model that doesn't play yet; takes some milliseconds.
void model_settle(Model* model, const float* knobs);

/// Return how many knobs the model has
uint32_t model_n_knobs(const Model* model) RT;

/// Turn the knobs (PARAMS_MAX_KNOBS, in 0..1); a change costs about as much as one sample
void model_set_knobs(Model* model, const float* knobs) RT;

/// Return true if the model's linear stage is a cabinet
bool model_has_cabinet(const Model* model) RT;

/// Switch the model's cabinet and set its gain within `n_frames` of the host; 0: at once. A model
/// without one plays on as it does.
void model_aim_cabinet(Model* model, bool is_on, float gain, uint32_t n_frames) RT;

/// Return the output after endless silence, which is the model's constant offset
float model_rest_output(const Model* model) RT;

/// Go back to the state after endless silence, as it was when the model settled
void model_reset(Model* model) RT;

/// Say whether model_gates() will be asked about the calls of model_run() from now on. The sound
/// stays the same to the last bit.
void model_watch(Model* model, bool is_watched) RT;

/// Write r, z, n and h (4, H) of the last frame that the network played while it was watched, of
/// the first channel. Return H, or 0 if there is none, or if the model is an LSTM.
uint32_t model_gates(const Model* model, float* gates) RT;

/// Play `n_frames` of every channel; `in[c]` and `out[c]` may be the same buffer. Splitting a call
/// into several gives the same bits.
void model_run(Model* model, const float* const* in, float* const* out, uint32_t n_frames) RT;

#endif
