// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Renders the segments of the test signal. Offline.

#ifndef GRUS_TRAIN_CAPTURE_TEST_SIGNAL_SOUND_H
#define GRUS_TRAIN_CAPTURE_TEST_SIGNAL_SOUND_H

#include "core/status.h"
#include "train/capture/test_signal_layout.h"

#include <stdint.h>

/// What two signals of the same layout may differ in
typedef struct {
  double level_db; ///< Its highest peak [dBFS]
  uint64_t seed;   ///< Of notes and noise
} SignalSound;

/// Make a segment, not a SIGNAL_OWN; `out` holds its frames. The same arguments make the same bits.
NODISCARD Status signal_render(const SignalLayout* layout, uint32_t segment,
                               const SignalSound* sound, float* out);

#endif
