// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A-weighting, which allows for the ear's lower sensitivity to lows and the highest treble, as a
/// digital filter. Any thread.
///
/// 0 dB at 1 kHz. Within 0.2 dB of IEC 61672-1 from 20 Hz to 10 kHz and 0.25 dB up to 16 kHz, at
/// 44.1 kHz and above.

#ifndef GRUS_TRAIN_AUDIO_A_WEIGHTING_H
#define GRUS_TRAIN_AUDIO_A_WEIGHTING_H

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

Weighting weighting_design(double sample_rate);

/// Return the next weighted sample
double weighting_step(const Weighting* weighting, WeightingState* state, double x);

#endif
