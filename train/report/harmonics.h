// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How a model responds to sines from soft to loud: harmonics, and output over input. Main thread.

#ifndef GRUS_TRAIN_REPORT_HARMONICS_H
#define GRUS_TRAIN_REPORT_HARMONICS_H

#include "core/model/model.h"
#include "core/status.h"

#include <stdint.h>

#define HARMONICS_N_LEVELS 5U
#define HARMONICS_N 12U
#define HARMONICS_MAX_PERIOD 1000U ///< [frames]

/// The response to one sine
typedef struct {
  double level_db;                     ///< Peak of the input [dBFS]
  double harmonics[HARMONICS_N];       ///< Relative to the first; [0] is 0 [dB]
  double input[HARMONICS_MAX_PERIOD];  ///< One period
  double output[HARMONICS_MAX_PERIOD]; ///< Over the same frames, without its mean
  uint32_t n_period;                   ///< Frames in it
} ToneResponse;

typedef struct {
  double frequency; ///< About 220 Hz [Hz]
  ToneResponse tones[HARMONICS_N_LEVELS];
} Harmonics;

/// Play all sines, each after a reset of the model
NODISCARD Status harmonics_measure(Model* model, double sample_rate, Harmonics* harmonics);

#endif
