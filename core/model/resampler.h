// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Converts between two rates of any ratio, for a model that can't run at the host's. Built on any
/// thread but the audio thread, which runs the functions marked RT.
///
/// A windowed sinc (Kaiser, 90 dB), flat to 0.45 of the slower rate. The table holds all phases
/// that two common rates need; for other rates it holds some and interpolates between them (-106
/// dB). Positions are integers, so nothing drifts.

#ifndef GRUS_CORE_MODEL_RESAMPLER_H
#define GRUS_CORE_MODEL_RESAMPLER_H

#include "core/realtime.h"
#include "core/status.h"

#include <stdint.h>

typedef struct ResamplerImpl Resampler;

/// Build one for one channel. Rates are rounded to whole Hz. Each call takes at most `max_frames`.
NODISCARD Status resampler_new(double rate_in, double rate_out, uint32_t max_frames,
                               Resampler** resampler);

/// NULL is legal
void resampler_free(Resampler* resampler);

/// Return the largest number of frames one call can write
uint32_t resampler_max_out(const Resampler* resampler);

/// Return how far the input has to be ahead of an output [frames of the input]
uint32_t resampler_lead(const Resampler* resampler) RT;

/// Start again with a past of `rest`, such that output k is at input (k - `delay`) * rate_in /
/// rate_out + `ahead`
void resampler_reset(Resampler* resampler, float rest, uint32_t delay, uint32_t ahead) RT;

/// Take `n` frames; write the outputs that they complete, at most `max_out`; return how many
uint32_t resampler_run(Resampler* resampler, const float* in, uint32_t n, float* out,
                       uint32_t max_out) RT;

#endif
