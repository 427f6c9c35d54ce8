// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What is new in a sound: each sample without what those before it foretell. Offline.
///
/// Nothing causal can answer to an innovation before it came, whatever filters and distortion it
/// has; to the samples themselves it can, because strings sound alike from one sample to the next.
/// A linear predictor is fitted to each piece (autocorrelation method, Levinson and Durbin); what
/// it leaves is divided by its own recent level, so that soft playing counts like loud.

#ifndef GRUS_TRAIN_CAPTURE_INNOVATION_H
#define GRUS_TRAIN_CAPTURE_INNOVATION_H

#include "train/audio/wav.h"

#include <stdint.h>

#define INNOVATION_PIECE 4096U ///< Frames that share a predictor; lengths are multiples of it

/// Compute `n_frames` innovations of a recording from frame `begin` on, within +-4. What lies
/// outside of the recording is 0.
void innovation_compute(const Wav* wav, int64_t begin, uint32_t n_frames, float* innovations);

#endif
