// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Examines a recording before anything is learned from it: what is right, what is mended, what can't be.
/// Main thread.

#ifndef GRUS_TRAIN_CAPTURE_EXAMINE_H
#define GRUS_TRAIN_CAPTURE_EXAMINE_H

#include "core/status.h"
#include "train/capture/checks.h"
#include "train/capture/findings.h"
#include "train/capture/mend.h"

#include <stdbool.h>
#include <stdint.h>

/// How a user wants it
typedef struct {
  bool has_latency; ///< It is given, not to be found
  double latency;   ///< [frames]
  bool keeps;       ///< Nothing is to be mended
  bool only;        ///< Nothing is to be learned
  bool forces;      ///< All is to be learned from, whatever is wrong
} ExamineWish;

/// Ask all questions about a take, in the order of a reader, and say how the target is to be mended. Rows of
/// independent clips (`clip_frames` is not 0) have no latency to be found.
NODISCARD Status examine_take(FaultPair pair, const ExamineWish* wish, uint32_t clip_frames,
                              Findings* findings, Mending* mending, Message* message);

/// Return true if nothing is to be done
bool examine_is_whole(const Mending* mending);

/// Ask what can only be told of a mended take
void examine_mended(FaultPair pair, Findings* findings);

#endif
