// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How a model answers to sines, from soft to loud: harmonics, and input against output. Main thread.

#ifndef GRUS_TRAIN_REPORT_HARMONICS_H
#define GRUS_TRAIN_REPORT_HARMONICS_H

#include "core/model/model.h"
#include "core/status.h"

#include <stdint.h>

#define SINES_N_LEVELS 5U
#define SINES_N_HARMONICS 12U
#define SINES_MAX_PERIOD 1000U ///< [frames]

/// The answer to one sine
typedef struct {
  double level_db;                     ///< Peak of the input [dBFS]
  double harmonics[SINES_N_HARMONICS]; ///< Against the first; [0] is 0 [dB]
  double input[SINES_MAX_PERIOD];      ///< One period
  double output[SINES_MAX_PERIOD];     ///< At the same time, without its mean
  uint32_t n_period;                   ///< Frames of it
} Sine;

typedef struct {
  double frequency; ///< About 220 Hz [Hz]
  Sine sines[SINES_N_LEVELS];
} Sines;

/// Play all sines; the model is reset before each
NODISCARD Status sines_play(Model* model, double sample_rate, Sines* sines);

#endif
