// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Is a recording the test signal, and where does it start? Offline.

#ifndef GRUS_TRAIN_CAPTURE_TEST_SIGNAL_FIND_H
#define GRUS_TRAIN_CAPTURE_TEST_SIGNAL_FIND_H

#include "train/capture/test_signal_layout.h"

#include <stdbool.h>
#include <stdint.h>

/// How far into a recording the signal is searched for [s]
#define SIGNAL_MAX_DELAY 10.0

/// Return true if `recording` is a signal, whatever its gain, polarity and noise up to 40 dB below
/// it. Then frame t of `layout` is frame t + `delay` of the recording, which may begin up to a
/// second late in the signal, or SIGNAL_MAX_DELAY before it, and end anywhere after its last click.
bool signal_recognise(const float* recording, uint64_t n_frames, double rate, SignalLayout* layout,
                      int64_t* delay);

#endif
