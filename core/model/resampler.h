// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// From one rate to another, any ratio, for a model that cannot run at the host's. Built on any thread but
/// the audio thread; what is marked RT runs on it.
///
/// A windowed sinc (Kaiser, 90 dB), flat to 0.45 of the slower rate, as a table of all phases that a pair of usual
/// rates has, or, for odd ones, of phases between which is interpolated (-106 dB). Positions are counted in whole
/// numbers: nothing drifts.

#ifndef GRUS_CORE_MODEL_RESAMPLER_H
#define GRUS_CORE_MODEL_RESAMPLER_H

#include "core/realtime.h"
#include "core/status.h"

#include <stdint.h>

typedef struct ResamplerImpl Resampler;

/// Build one for a channel. Rates are rounded to whole Hz. At most `max_frames` come in at once.
NODISCARD Status resampler_new(double rate_in, double rate_out, uint32_t max_frames,
                               Resampler** resampler);

/// NULL is legal
void resampler_free(Resampler* resampler);

/// Return most frames that a call can give
uint32_t resampler_max_out(const Resampler* resampler);

/// Return by how much input has to be ahead of an output [frames of the input]
uint32_t resampler_lead(const Resampler* resampler) RT;

/// Begin anew, with a past of `rest`, such that output k stands at input (k - `delay`) * rate_in / rate_out +
/// `ahead`
void resampler_reset(Resampler* resampler, float rest, uint32_t delay, uint32_t ahead) RT;

/// Take `n` frames in; write up to `max_out` frames that can be told by now; return how many
uint32_t resampler_run(Resampler* resampler, const float* in, uint32_t n, float* out,
                       uint32_t max_out) RT;

#endif
