// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Puts a target where it belongs: earlier, at the input's clock, without its DC. Offline.

#ifndef GRUS_TRAIN_CAPTURE_MEND_H
#define GRUS_TRAIN_CAPTURE_MEND_H

#include "core/status.h"
#include "train/audio/wav.h"

/// Frame n of what is mended is frame n * (1 + drift) + delay of the target, less `dc`
typedef struct {
  double delay; ///< [frames]
  double drift;
  double dc;
} Mending;

/// Return how many frames a target is to be moved that was found `delay` frames late; 0 for what is where it
/// belongs. Half a frame is left: a model can be late at no cost but can't foresee, and distortion makes the
/// delay seem up to half a frame longer than it is.
double mend_delay(double delay);

/// Return the drift to take away, 0 for one that is nearer to nothing than it can be known
double mend_drift(double drift);

/// Mend a target by a windowed sinc (64 frames, -90 dB up to 0.45 of the rate); a whole delay without drift
/// moves the samples as they are. What would lie before the target's first frame is 0. `mended` is as
/// long as the target reaches, at most `n_frames`, and is to be cleared.
NODISCARD Status mend_target(const Wav* target, const Mending* mending, uint64_t n_frames,
                             Wav* mended, Message* message);

#endif
