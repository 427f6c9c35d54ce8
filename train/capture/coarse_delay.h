// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Roughly where in the target does a piece of the input lie? Offline.
///
/// By cross-correlation with all frequencies made equally strong (PHAT), because strings sound
/// alike from one period to the next, but their attacks do not.

#ifndef GRUS_TRAIN_CAPTURE_COARSE_DELAY_H
#define GRUS_TRAIN_CAPTURE_COARSE_DELAY_H

#include "core/status.h"
#include "train/audio/wav.h"

#include <stdbool.h>
#include <stdint.h>

/// A straight line: frame n of the input lies `delay` + `drift` * n frames later in the target
typedef struct {
  double delay;
  double drift;
} DelayTrend;

/// What to search, and where
typedef struct {
  const Wav* input;
  const Wav* target;
  double ratio; ///< Of the target's clock to the input's, 1 if the header is right
  double lead;  ///< Smallest lag searched [frames]; a negative one is early
  double reach; ///< Largest lag searched [frames]
} CoarseSearch;

#define COARSE_FAR 16.0 ///< How far away is searched if nothing is found within the reach [s]

/// Find many pieces, and the line that most of them lie on; `is_found` is false if there is none.
/// The drift is what remains after `ratio`, within +-3e-4. If nothing is found within the reach,
/// unless that is less than half a second to either side, up to COARSE_FAR away is searched, then
/// pieces of the target are searched for in the input.
NODISCARD Status coarse_find(const CoarseSearch* search, DelayTrend* line, bool* is_found);

/// The pieces of the recording that are searched: how many, and where each begins
uint32_t coarse_n_slots(const Wav* input);
uint64_t coarse_slot(const Wav* input, uint32_t slot);

#endif
