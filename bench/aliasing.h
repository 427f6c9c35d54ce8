// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How much of a note folds back to pitches that were not played: energy of folded harmonics up to
/// 20 kHz against that of the harmonics. One thread.
///
/// The note repeats exactly in a prime number of frames, so that no fold of a harmonic falls on
/// another (Sato and Smith, "Aliasing reduction in neural amp modeling by smoothing activations",
/// 2025).

#ifndef GRUS_BENCH_ALIASING_H
#define GRUS_BENCH_ALIASING_H

#include <stdint.h>

#define ALIASING_PERIOD 47981U ///< A prime, about a second at 48 kHz [frames]
#define ALIASING_FRAMES (2U * ALIASING_PERIOD)
#define ALIASING_LEVEL 0.5012 ///< Of the note: -6 dBFS

typedef struct {
  double hz;          ///< About; it is rounded to what repeats in ALIASING_PERIOD
  double sample_rate; ///< [Hz]
} AliasingNote;

/// Write the note twice as long as it takes to repeat, so that the second half has no beginning
void aliasing_play(AliasingNote note, float x[ALIASING_FRAMES]);

/// Return aliases against harmonics in the second half of what came of it [dB]
double aliasing_db(AliasingNote note, const float y[ALIASING_FRAMES]);

#endif
