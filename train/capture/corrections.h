// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Corrects a target: moves it to where the input is, at the input's clock, without DC. Offline.

#ifndef GRUS_TRAIN_CAPTURE_CORRECTIONS_H
#define GRUS_TRAIN_CAPTURE_CORRECTIONS_H

#include "core/status.h"
#include "train/audio/wav.h"

#include <stdbool.h>
#include <stdint.h>

/// Frame n of the corrected target is frame n * (1 + drift) + delay of the original, minus `dc`
typedef struct {
  double delay; ///< [frames]
  double drift;
  double dc;
} Corrections;

/// Return how many frames to shift a target that begins to answer `delay` frames late; 0 if it is
/// where it belongs.
///
/// CORRECTIONS_LEFT frames are left, or none of a target that answers before its input: a model can
/// be late but can't foresee, and the filters of converters ripple some frames before the answer
/// begins.
double corrections_delay(double delay);

#define CORRECTIONS_LEFT 8.0

/// Return the drift to remove; 0 for one too small to be measured
double corrections_drift(double drift);

/// Return true if there is nothing to correct
bool corrections_are_none(const Corrections* corrections);

/// Correct a target with a windowed sinc (64 frames, -90 dB up to 0.45 of the rate); a whole delay
/// without drift moves the samples as they are.
///
/// What would lie before the target's first frame is 0. `corrected` is as long as the target
/// reaches, at most `n_frames`; the caller clears it.
NODISCARD Status corrections_apply(const Wav* target, const Corrections* corrections,
                                   uint64_t n_frames, Wav* corrected, Message* message);

#endif
