// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What comes out of gear long after it went in: echoes and reverberation. Offline.
///
/// The response of a sound's rest to the sound, over seconds, by cross spectra. Gear answers late,
/// never early: so what is found before its cause is chance, and says how much of what is found
/// after it is chance, too.

#ifndef GRUS_TRAIN_CAPTURE_LATE_RESPONSE_H
#define GRUS_TRAIN_CAPTURE_LATE_RESPONSE_H

#include "core/status.h"

#include <stdint.h>

/// `sound` is what should come out, `rest` what came out besides
typedef struct {
  const float* sound;
  const float* rest;
  uint32_t n_frames;
  double sample_rate; ///< [Hz]
} LateSound;

typedef struct {
  double echo_db;      ///< Highest peak after its cause, against the highest before it [dB]
  double echo_seconds; ///< Its lag [s]
  double tail_db;      ///< Power from 60 to 200 ms after the cause, against as long before it [dB]
} LateResponse;

/// Measure a sound of some seconds, better thirty
NODISCARD Status late_response_find(LateSound sound, LateResponse* response);

#endif
