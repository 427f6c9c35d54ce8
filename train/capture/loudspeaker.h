// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Is what was recorded a loudspeaker? Offline threads.
///
/// A guitar loudspeaker stops within a third of an octave somewhere from 3 to 7 kHz, where its cone
/// no longer moves as one; amplifiers, pedals and loads fall slowly. Of 18 recordings, the bands on
/// both sides of the steepest place are 16 to 21 dB apart for the three with a loudspeaker, and 3
/// to 10 dB for the others.

#ifndef GRUS_TRAIN_CAPTURE_LOUDSPEAKER_H
#define GRUS_TRAIN_CAPTURE_LOUDSPEAKER_H

#include "core/status.h"
#include "train/audio/wav.h"

#include <stdbool.h>

/// Find out from what came out of the gear
NODISCARD Status loudspeaker_find(const Wav* target, bool* is_heard);

#endif
