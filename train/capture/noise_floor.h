// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How much noise and hum does the gear make when nothing is played? Offline.

#ifndef GRUS_TRAIN_CAPTURE_NOISE_FLOOR_H
#define GRUS_TRAIN_CAPTURE_NOISE_FLOOR_H

#include "train/audio/wav.h"

#include <stdbool.h>
#include <stdint.h>

#define NOISE_FLOOR_AFTER 0.5 ///< Time for the last note to die away [s]
#define NOISE_FLOOR_LEAST 0.2 ///< Shortest stretch measured after that [s]

/// Measured on the target where the input is silent (below -80 dBFS) and has been for
/// NOISE_FLOOR_AFTER
typedef struct {
  uint64_t begin; ///< First frame
  uint64_t end;   ///< Past the last
  double dc;
  double noise;  ///< Mean power with hum, without DC
  double hum;    ///< Mean power at the mains frequency and its harmonics
  double hum_hz; ///< 50 or 60; 0 if there is no hum
} NoiseFloor;

/// Measure the quietest stretch; return false if there is none. The target is `delay` frames late.
bool noise_floor_find(const Wav* input, const Wav* target, double delay, NoiseFloor* noise);

#endif
