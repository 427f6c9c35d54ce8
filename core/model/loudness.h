// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How loud a model is on typical guitar playing. Any thread but the audio thread.

#ifndef GRUS_CORE_MODEL_LOUDNESS_H
#define GRUS_CORE_MODEL_LOUDNESS_H

#include "core/status.h"

#include <stdint.h>

#define LOUDNESS_SILENCE (-70.0) ///< The lowest level that is measured [LUFS]

/// Write the reference phrase: plucked notes and chords over two octaves from the low E, soft and
/// hard, repeated. It peaks at -9 dBFS, as dry guitar recordings do, and sounds the same at every
/// rate [Hz].
void loudness_phrase(double sample_rate, float* samples, uint32_t n_frames);

/// Measure the integrated loudness of one channel, ITU-R BS.1770, at least LOUDNESS_SILENCE [LUFS]
NODISCARD Status loudness_measure(double sample_rate, const float* samples, uint32_t n_frames,
                                  double* lufs);

#endif
