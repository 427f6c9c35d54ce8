// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// When does the target begin to answer, does its clock drift from the input's, and is its polarity
/// inverted? Offline.
///
/// What filters and distortion do after the first answer is no delay, so that a model never has to
/// foresee anything; see train/capture/onset.h.

#ifndef GRUS_TRAIN_CAPTURE_ALIGNMENT_H
#define GRUS_TRAIN_CAPTURE_ALIGNMENT_H

#include "core/status.h"
#include "train/audio/wav.h"
#include "train/capture/onset.h"

#include <stdbool.h>

#define ALIGNMENT_MOST_EARLY 2.1 ///< How far before the input the target is searched for [s]
#define ALIGNMENT_MOST_LATE 2.1  ///< And how far after it [s]

/// Frame n of the input corresponds to frame n * (1 + drift) + delay of the target
typedef struct {
  double delay;     ///< Until the target begins to answer [frames]; whole if there is no drift
  double drift;     ///< 1e-6 is 1 ppm; beyond 5e-4 it is another sample rate
  bool is_inverted; ///< The target goes down where the input goes up
  bool is_by_clicks;
  bool is_clear;    ///< The beginning stands out
  double apart;     ///< How much later than other takes, for certain: see alignment_join() [frames]
  double clearness; ///< Share of the target that a filter makes of the input: 0 (unrelated) to 1
  double line;      ///< Where lag 0 of `answer` is [frames]
  OnsetSums answer;
} Alignment;

/// Compare two recordings at one rate, each at least a second long. If they don't belong together,
/// clearness is below ALIGNMENT_UNRELATED and the rest is meaningless.
NODISCARD Status alignment_find(const Wav* input, const Wav* target, Alignment* alignment,
                                Message* message);

#define ALIGNMENT_UNRELATED 0.08

/// Return true if it was looked for, and an answer was found
bool alignment_is_measured(const Alignment* alignment);

/// Return how many frames to shift the target, see corrections_delay(); other takes of the gear are
/// shifted as much, but for `apart`
double alignment_shift(const Alignment* alignment);

/// Takes of one piece of gear have one delay, the shortest of those found, unless a take's answer
/// says for certain that it was recorded with another one. Change `delay` and `apart`.
void alignment_join(Alignment* const* alignments, uint32_t n);

#endif
