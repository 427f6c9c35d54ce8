// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a few static curves of one recording, each through a short filter, make of another.
/// Offline.
///
/// Gear without memory beyond some milliseconds is a sum of such branches (parallel Hammerstein).
/// Curves and filters are found together by least squares, frequency by frequency, over spectra of
/// 43 ms (multiple coherence).

#ifndef GRUS_TRAIN_CAPTURE_STATIC_FIT_H
#define GRUS_TRAIN_CAPTURE_STATIC_FIT_H

#include "core/status.h"
#include "train/audio/wav.h"

#include <stdint.h>

/// Two recordings that lie together to within some milliseconds, from 1 s on
typedef struct {
  const float* input;
  const float* target;
  uint32_t n_frames;
  double sample_rate; ///< [Hz]
} FitPair;

/// Return up to `most` seconds of what two recordings at one rate have in common, if the target is
/// `delay` frames late
FitPair fit_pair_of(const Wav* input, const Wav* target, double delay, double most);

/// Through which curves?
typedef enum {
  FIT_LINEAR = 1, ///< None: a filter alone
  FIT_CURVES = 6, ///< Soft to hard clipping, and rectifiers
} FitKind;

/// Fit the target by the input. `share` is the part of the target's power that is explained: 0
/// (unrelated) to 1. `fitted` (n_frames) is what is explained; NULL if it doesn't matter.
NODISCARD Status static_fit(FitPair pair, FitKind kind, float* fitted, double* share);

#endif
