// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What may be wrong with a recording: each question adds its lines to the findings. Offline.

#ifndef GRUS_TRAIN_CAPTURE_CHECKS_H
#define GRUS_TRAIN_CAPTURE_CHECKS_H

#include "train/audio/wav.h"
#include "train/capture/alignment.h"
#include "train/capture/findings.h"
#include "train/capture/noise_floor.h"

/// What went in and what came out
typedef struct {
  const Wav* input;
  const Wav* target;
} FaultPair;

/// Rates, lengths and channels.
void fault_files(FaultPair pair, Findings* findings);

/// Does one of them end too early? Once it is known that the target is `delay` frames late
void fault_end(FaultPair pair, double delay, Findings* findings);

/// How loud are they, and is there anything at all?
void fault_levels(FaultPair pair, Findings* findings);

/// Which of them is the distorted one? Gear presses sound together: what has more room between mean and
/// peaks went in.
void fault_order(FaultPair pair, Findings* findings);

/// Flat tops on either side
void fault_clipping(FaultPair pair, Findings* findings);

/// Where does nothing come out although something goes in?
void fault_dropouts(FaultPair pair, double delay, Findings* findings);

/// Do they belong together, and how late, how fast and which way up is the target?
void fault_timing(FaultPair pair, const Alignment* alignment, Findings* findings);

/// Noise, hum and DC; `quiet` is NULL if the input is never silent. Return the DC to take away.
double fault_noise(FaultPair pair, const Quiet* quiet, Findings* findings);

/// How far do two performances of the same passage differ? `pair` is mended; found only if its input
/// is the test signal.
void fault_repeat(FaultPair pair, Findings* findings);

#endif
