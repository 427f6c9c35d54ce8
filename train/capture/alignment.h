// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How late is the target, does its clock drift from the input's, and is its polarity inverted?
/// Offline.
///
/// Filters without delay (tone controls, coupling capacitors, loudspeakers) count as no delay at
/// all, so that a model never has to foresee anything; see train/capture/transfer_function.h.

#ifndef GRUS_TRAIN_CAPTURE_ALIGNMENT_H
#define GRUS_TRAIN_CAPTURE_ALIGNMENT_H

#include "core/status.h"
#include "train/audio/wav.h"

#include <stdbool.h>

#define ALIGNMENT_MOST_EARLY 2.1 ///< How far before the input the target is searched for [s]
#define ALIGNMENT_MOST_LATE 2.1  ///< And how far after it [s]

/// Frame n of the input corresponds to frame n * (1 + drift) + delay of the target
typedef struct {
  double delay;     ///< [frames]
  double drift;     ///< 1e-6 is 1 ppm; beyond 5e-4 it is another sample rate
  bool is_inverted; ///< The target goes down where the input goes up
  bool is_by_clicks;
  double clearness; ///< Share of the target that a filter makes of the input: 0 (unrelated) to 1
} Alignment;

/// Compare two recordings at one rate, each at least a second long. If they don't belong together,
/// clearness is below ALIGNMENT_UNRELATED and the rest is meaningless.
NODISCARD Status alignment_find(const Wav* input, const Wav* target, Alignment* alignment,
                                Message* message);

#define ALIGNMENT_UNRELATED 0.08

#endif
