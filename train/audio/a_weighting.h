// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A-weighting, by which the ear's lower sensitivity to lows and the highest treble is allowed for:
/// as a digital filter for one signal or for a group's lanes, and its adjoint. Any thread.
///
/// 0 dB at 1 kHz. Off IEC 61672-1 by at most 0.2 dB from 20 Hz to 10 kHz and 0.25 dB to 16 kHz, at
/// 44.1 kHz and above.

#ifndef GRUS_TRAIN_AUDIO_A_WEIGHTING_H
#define GRUS_TRAIN_AUDIO_A_WEIGHTING_H

#include "train/learn/bptt.h"

#include <stdint.h>

/// All poles are real: six sections of first order
#define WEIGHTING_SECTIONS 6U

/// y[t] = b0 x[t] + b1 x[t−1] + pole y[t−1]
typedef struct {
  double b0;
  double b1;
  double pole;
} WeightingSection;

typedef struct {
  WeightingSection sections[WEIGHTING_SECTIONS];
} Weighting;

/// Last input of one signal, and last output of each section; zero at rest
typedef struct {
  double last[WEIGHTING_SECTIONS + 1];
} WeightingState;

/// The same of every lane
typedef struct {
  float last[WEIGHTING_SECTIONS + 1][BPTT_GROUP];
} WeightingLanes;

Weighting weighting_design(double sample_rate);

/// Return the next weighted sample
double weighting_step(const Weighting* weighting, WeightingState* state, double x);

/// Weight `x` (n_frames, G) in place, from and to `state`
void weighting_filter(const Weighting* weighting, WeightingLanes* state, float* x,
                      uint32_t n_frames);

/// Turn the gradient by the weighted samples `x` (n_frames, G) into that by the samples, in place.
///
/// The same filter, from the last frame to the first, at rest after the last.
void weighting_adjoint(const Weighting* weighting, float* x, uint32_t n_frames);

#endif
