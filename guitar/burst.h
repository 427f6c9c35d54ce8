// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The test sounds of a recording beside the playing: sweeps and noise. Offline.

#ifndef GRUS_GUITAR_BURST_H
#define GRUS_GUITAR_BURST_H

#include "core/random.h"

#include <stdint.h>

/// A test sound: its first frame, the frame after its last, and its peak; it fades over 5 ms
typedef struct {
  uint32_t begin;
  uint32_t end;
  double peak;
} Burst;

/// Add a sine whose pitch rises from 30 Hz to 12 kHz, every octave taking the same time
void burst_add_sweep(const Burst* burst, double sample_rate, double* out);

/// Write noise that falls above 3 kHz, as a guitar's sound does
void burst_put_noise(const Burst* burst, double sample_rate, Random* random, double* out);

#endif
