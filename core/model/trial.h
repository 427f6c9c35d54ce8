// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How far are two ways to play a model apart: what both have to play, and the error that is heard.
/// Any thread but the audio thread.

#ifndef GRUS_CORE_MODEL_TRIAL_H
#define GRUS_CORE_MODEL_TRIAL_H

#include "core/status.h"

#include <stdint.h>

/// Write bright playing: the phrase of core/model/loudness.h an octave higher and twice as fast,
/// with the scratch of a hard pick up to 10 kHz eight times a second. It peaks at -7 dBFS; a
/// seventh of its energy is above 3.3 kHz. It is not the same at every rate.
void trial_phrase(double sample_rate, float* samples, uint32_t n_frames);

/// Measure the error of `b` against `a`, as a fraction of the power of `a` [dB]. What lies above 18
/// kHz doesn't count, nor does a constant offset.
NODISCARD Status trial_compare(double sample_rate, const float* a, const float* b,
                               uint32_t n_frames, double* error_db);

#endif
