// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Plays the guitar for as long as a capture is listened to: other guitars, other phrases and other
/// levels in every bar. Offline.
///
/// Nothing has to be measured in what a capture makes of it, so there are no clicks and hardly any
/// silence. Of sixteen bars, fifteen are phrases of guitar/guitar.h, most of them as loud as a
/// guitarist records, the others softer, down to -45 dB. One is soft noise, so that the treble
/// above a guitar's is not left to chance. Sweeps and noise as in grus-signal took so much of what
/// a small network can do that all playing was learned worse, even at -12 dB. ESR of 16 units on a
/// guitarist's recording that was not learned from, with soft noise, with sweeps and noise at -12
/// dB, and learned from grus-signal's: an overdrive 0.0011, 0.0018, 0.0036; a boost 0.0025, 0.0052,
/// 0.0090.

#ifndef GRUS_TRAIN_CAPTURE_ETUDE_H
#define GRUS_TRAIN_CAPTURE_ETUDE_H

#include "core/status.h"

#include <stdint.h>

#define ETUDE_BAR_SECONDS 4.0

typedef struct {
  double sample_rate; ///< [Hz]
  uint64_t seed;
} Etude;

/// Return the length of every bar [frames]
uint32_t etude_bar_frames(const Etude* etude);

/// Play bar number `bar` to `out` (etude_bar_frames()); it does not depend on the others, and the
/// peak is at most -0.1 dBFS
NODISCARD Status etude_play(const Etude* etude, uint32_t bar, float* out);

#endif
