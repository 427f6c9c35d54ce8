// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Examines a recording before the training: what is right, what can be corrected, what can't.
/// Main thread.

#ifndef GRUS_TRAIN_CAPTURE_EXAMINE_H
#define GRUS_TRAIN_CAPTURE_EXAMINE_H

#include "core/status.h"
#include "train/capture/alignment.h"
#include "train/capture/checks.h"
#include "train/capture/corrections.h"
#include "train/capture/findings.h"

#include <stdbool.h>
#include <stdint.h>

/// What the user asks for
typedef struct {
  bool has_latency; ///< `latency` is given, so don't look for it
  double latency;   ///< [frames]
  bool keeps;       ///< Correct nothing
  bool only;        ///< Examine only, don't train
  bool forces;      ///< Train whatever is wrong
} ExamineOptions;

/// Check what kind of files a take has and how loud they are. Look for the latency, if there is
/// enough sound and `options` don't give it, or else leave a zeroed `alignment`. Rows of
/// independent clips (`clip_frames` is not 0) have no latency to find.
NODISCARD Status examine_sound(CheckPair pair, const ExamineOptions* options, uint32_t clip_frames,
                               Findings* findings, Alignment* alignment, Message* message);

/// Run the other checks on a take, in the order they are read, and return how to correct the target
void examine_take(CheckPair pair, const ExamineOptions* options, const Alignment* alignment,
                  uint32_t clip_frames, Findings* findings, Corrections* corrections);

/// Run the checks that need a corrected take
void examine_corrected(CheckPair pair, Findings* findings);

#endif
