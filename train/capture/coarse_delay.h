// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Where about in the target does a piece of the input lie? Offline.
///
/// By cross-correlation with all frequencies made equally strong (PHAT), because strings sound alike from
/// one period to the next, but their attacks do not.

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
} Line;

/// What is looked for where
typedef struct {
  const Wav* input;
  const Wav* target;
  double ratio; ///< Of the target's clock to the input's, 1 if the header is right
  double lead;  ///< Nearest lag that is looked at [frames], negative ones are early
  double reach; ///< Furthest [frames]
} CoarseSearch;

/// Look for many pieces, and for the line that most of them lie on. `is_found` is false if they lie on none.
/// A drift that is found is what `ratio` leaves over, within +-3e-4.
NODISCARD Status coarse_find(const CoarseSearch* search, Line* line, bool* is_found);

/// Pieces of the recording that are looked at: their number, and where one of them begins
uint32_t coarse_n_slots(const Wav* input);
uint64_t coarse_slot(const Wav* input, uint32_t slot);

#endif
