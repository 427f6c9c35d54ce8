// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// When does a target begin to answer to its input? Offline.
///
/// The innovations of both are correlated: whatever filters and distortion lie between them, the
/// lags before the gear's delay stay at chance, and the first lag that doesn't is the first at
/// which it answers. A second row of sums takes the innovations that make the input's value larger,
/// for gear that answers to both signs alike, such as an octave fuzz.

#ifndef GRUS_TRAIN_CAPTURE_ONSET_H
#define GRUS_TRAIN_CAPTURE_ONSET_H

#include "train/audio/wav.h"
#include "train/capture/coarse_delay.h"
#include "train/capture/innovation.h"

#include <stdbool.h>
#include <stdint.h>

#define ONSET_REACH 128 ///< Lags that are looked at, to either side [frames]
#define ONSET_LAGS (2 * ONSET_REACH)

/// Sums for each lag, -ONSET_REACH first
typedef struct {
  double same[ONSET_LAGS];   ///< Of innovations
  double larger[ONSET_LAGS]; ///< Of innovations away from zero
  double input;              ///< Power
  double target;
} OnsetSums;

#define ONSET_STRETCH (8 * INNOVATION_PIECE) ///< Frames that are added at once

/// Room for the innovations of a stretch
typedef struct {
  float input[ONSET_STRETCH];
  float target[ONSET_STRETCH + 2 * INNOVATION_PIECE];
} OnsetWork;

/// Add the stretch of the input that begins at frame `begin`; lag 0 is where `line` has the target.
/// `pair` is input and target.
void onset_add(OnsetSums* sums, OnsetWork* work, const Wav* const pair[2], uint64_t begin,
               DelayTrend line);

typedef struct {
  int32_t lag;      ///< The first at which the target answers [frames]
  bool is_inverted; ///< It answers mostly downwards
  bool is_clear;    ///< It stands out against what chance gives
} Onset;

Onset onset_find(const OnsetSums* sums);

/// Return how much later the target answers in `sums` than in `reference` [frames], if they are of
/// one piece of gear; `certainty` is how much better the answers match than with `expected`
int32_t onset_compare(const OnsetSums* sums, const OnsetSums* reference, int32_t expected,
                      double* certainty);

#endif
