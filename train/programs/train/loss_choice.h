// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which loss does a recording want? Main thread.
///
/// Pre-emphasis weighs treble most, as if all of it could be learned and heard. That suits gear
/// that distorts little. The fizz of high gain can't be learned by a small network, and drowns the
/// rest of the pre-emphasised error: A-weighting, which falls above 6 kHz, then learns better, also
/// in plain ESR. So what counts is how much of the pre-emphasised target lies above 8 kHz and is no
/// filter's answer to the input: fuzz and high gain have 12 to 50 %, everything else up to 3 %.
/// A short trial of both losses doesn't show it: A-weighting learns lows late, and looks worse at
/// first than it ends. train/learn/RECIPE.md has the numbers.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_LOSS_CHOICE_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_LOSS_CHOICE_H

#include "core/status.h"
#include "train/learn/dataset.h"
#include "train/learn/loss.h"

#include <stdbool.h>

/// Fizz from which on the A-weighted loss is chosen
#define LOSS_CHOICE_FIZZ 0.1

typedef struct {
  LossType loss;
  bool is_measured; ///< Not given by the user
  double fizz;      ///< 0 to 1, if it was measured
} LossChoice;

/// Choose by the targets of all takes; the same for the same recordings, whatever else is asked
NODISCARD Status loss_choose(const Dataset* dataset, LossChoice* choice);

#endif
