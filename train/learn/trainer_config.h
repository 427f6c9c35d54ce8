// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How a run of training is set up. Main thread.

#ifndef GRUS_TRAIN_LEARN_TRAINER_CONFIG_H
#define GRUS_TRAIN_LEARN_TRAINER_CONFIG_H

#include "core/params.h"
#include "train/learn/loss.h"
#include "train/learn/optimiser.h"
#include "train/learn/scale.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/// How to train. A run ends at the first limit it reaches.
typedef struct {
  ParamsShape shape;
  LossType loss;
  double spectral; ///< Weight of the spectral term of the loss; 0: none
  OptimiserType optimiser;
  double learning_rate; ///< At its highest
  double max_norm;      ///< Of a gradient; a longer one is scaled down
  double seconds;       ///< Time budget [s]; 0: none
  double target_esr;    ///< Good enough; 0: never
  uint32_t epochs;      ///< 0: no limit
  uint32_t batch;       ///< Clips learned from at once
  uint32_t chunk;       ///< Frames of a gradient at the start; four times as many at the end
  uint32_t n_starts;    ///< Starting points tried; the best one is trained on; at least 1
  uint32_t n_threads;
  uint64_t seed;
  uint32_t further_rate; ///< The weights are a further set for this rate [Hz]; 0: they are not
  bool only_taps;        ///< Learn the linear stage, and keep the network as it is
  const Scale* scale; ///< What the gains in the model's file make of all sound; NULL: it has none
  const volatile sig_atomic_t* interrupt; ///< Not zero: end now; may be NULL
} TrainerConfig;

#endif
