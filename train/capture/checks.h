// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What may be wrong with a recording: each check adds its lines to the findings. Offline.

#ifndef GRUS_TRAIN_CAPTURE_CHECKS_H
#define GRUS_TRAIN_CAPTURE_CHECKS_H

#include "train/audio/wav.h"
#include "train/capture/alignment.h"
#include "train/capture/findings.h"
#include "train/capture/noise_floor.h"

#include <stdbool.h>

/// What went in and what came out
typedef struct {
  const Wav* input;
  const Wav* target;
} CheckPair;

/// Rates, lengths and channels
void check_formats(CheckPair pair, Findings* findings);

/// Does the target, known to be `delay` frames late, end before the input?
void check_end(CheckPair pair, double delay, Findings* findings);

/// Is the target, known to be about `delay` frames late, the input itself? A line only if it is.
void check_same(CheckPair pair, double delay, Findings* findings);

/// How loud are they, and is there anything at all? Return false if the latency can't be found in
/// what is there.
bool check_levels(CheckPair pair, Findings* findings);

/// Which of them is the distorted one? The other one went in. The target is `delay` frames late.
void check_order(CheckPair pair, double delay, Findings* findings);

/// Flat tops on either side
void check_clipping(CheckPair pair, Findings* findings);

/// Where does nothing come out although the input plays?
void check_dropouts(CheckPair pair, double delay, Findings* findings);

/// Return true if they belong together: the target, `alignment` late, follows the input, be it by
/// curves that no filter makes (an octave fuzz). Add the line that says so.
bool check_match(CheckPair pair, const Alignment* alignment, Findings* findings);

/// If they belong together, what are the target's latency, drift and polarity?
void check_timing(CheckPair pair, const Alignment* alignment, Findings* findings);

/// Noise, hum and DC; `noise` is NULL if the input is never silent. Return the DC to remove.
double check_noise(CheckPair pair, const NoiseFloor* noise, Findings* findings);

/// Was an effect left on that no model learns: delay, reverb, tremolo, chorus? `pair` is corrected.
void check_effects(CheckPair pair, Findings* findings);

/// How much do two performances of the same passage differ? `pair` is corrected; measured only if
/// its input is the test signal.
void check_repeat(CheckPair pair, Findings* findings);

#endif
