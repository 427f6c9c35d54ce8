// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How late is the target, does its clock run with the input's, and is it upside down? Offline.
///
/// Filters without delay (tone controls, coupling capacitors, loudspeakers) count as no delay at all, so
/// that a model is never asked to foresee anything; see train/capture/transfer_function.h.

#ifndef GRUS_TRAIN_CAPTURE_ALIGNMENT_H
#define GRUS_TRAIN_CAPTURE_ALIGNMENT_H

#include "core/status.h"
#include "train/audio/wav.h"

#include <stdbool.h>

#define ALIGNMENT_MOST_EARLY 2.1 ///< Furthest that the target is looked for before the input [s]
#define ALIGNMENT_MOST_LATE 2.1  ///< And after it [s]

/// Frame n of the input is heard at frame n * (1 + drift) + delay of the target
typedef struct {
  double delay;     ///< [frames]
  double drift;     ///< 1e-6 is 1 ppm; beyond 5e-4 it is no clock but another sample rate
  bool is_inverted; ///< The target goes down where the input goes up
  bool is_by_clicks;
  double clearness; ///< 0 unrelated to 1: how much of the target a filter makes of the input
} Alignment;

/// Compare two recordings at one rate, of a second or more. Where they don't belong together, clearness
/// is below ALIGNMENT_UNRELATED, and the rest means nothing.
NODISCARD Status alignment_find(const Wav* input, const Wav* target, Alignment* alignment,
                                Message* message);

#define ALIGNMENT_UNRELATED 0.08

#endif
