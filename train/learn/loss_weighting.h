// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A-weighting of a group's lanes, for the loss, and its adjoint, for the gradient. Offline
/// threads.
///
/// The filter is that of train/audio/a_weighting.h, in single precision. G = BPTT_GROUP lanes.

#ifndef GRUS_TRAIN_LEARN_LOSS_WEIGHTING_H
#define GRUS_TRAIN_LEARN_LOSS_WEIGHTING_H

#include "train/audio/a_weighting.h"
#include "train/learn/bptt.h"

#include <stdint.h>

/// Last input of each lane, and last output of each section; zero at rest
typedef struct {
  float last[WEIGHTING_SECTIONS + 1][BPTT_GROUP];
} WeightingLanes;

/// Weight `x` (n_frames, G) in place, from and to `state`
void loss_weighting_filter(const Weighting* weighting, WeightingLanes* state, float* x,
                           uint32_t n_frames);

/// Turn `x` (n_frames, G), the gradient with respect to the weighted samples, into that with
/// respect to the samples, in place.
///
/// The same filter, from the last frame to the first, at rest after the last.
void loss_weighting_adjoint(const Weighting* weighting, float* x, uint32_t n_frames);

#endif
