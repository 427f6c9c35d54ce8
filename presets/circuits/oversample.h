// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Runs a circuit at eight times the rate of a recording, with a known delay. Offline.
///
/// The same linear-phase Kaiser low-pass serves both directions: flat to 5/12 of the recording's
/// rate (20 kHz at 48 kHz), 140 dB down above half of it. Both together delay by exactly
/// OVERSAMPLER_DELAY frames. Crochiere and Rabiner, "Multirate Digital Signal Processing", 1983.

#ifndef GRUS_PRESETS_CIRCUITS_OVERSAMPLE_H
#define GRUS_PRESETS_CIRCUITS_OVERSAMPLE_H

#include "core/status.h"

#define OVERSAMPLER_FACTOR 8U
#define OVERSAMPLER_DELAY 112U ///< Frames of the recording

typedef struct OversamplerImpl Oversampler;

NODISCARD Status oversampler_new(Oversampler** oversampler);

/// Free an oversampler; NULL is legal
void oversampler_free(Oversampler* oversampler);

/// Turn one frame of the recording into OVERSAMPLER_FACTOR
void oversampler_up(Oversampler* oversampler, double in, double out[OVERSAMPLER_FACTOR]);

/// Turn OVERSAMPLER_FACTOR frames into one of the recording
double oversampler_down(Oversampler* oversampler, const double in[OVERSAMPLER_FACTOR]);

#endif
