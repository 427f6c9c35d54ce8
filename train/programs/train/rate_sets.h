// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How one run makes sets of weights for several rates: the set for the recording's own rate is
/// learned first, then each other one, from recordings resampled to its rate, starting from the
/// weights of the first. A quarter of the first set's time or epochs is enough for that. Main
/// thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_RATE_SETS_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_RATE_SETS_H

#include "core/format/model_file.h"
#include "core/status.h"
#include "train/audio/resample.h"
#include "train/learn/dataset.h"
#include "train/learn/trainer.h"

#include <stdint.h>

/// The requested rates
typedef struct {
  uint32_t hz[MODEL_FILE_MAX_SETS]; ///< [Hz]
  uint32_t n;                       ///< 0: only the recording's own
} RatesList;

/// How all sets together are learned
typedef struct {
  const TrainerConfig* whole; ///< Its limits of time and epochs are for all sets
  double warm_learning_rate;
  uint32_t n_sets;
} RatesPlan;

/// What a set is learned from, validated with and tested on; one without clips is not there
typedef struct {
  double sample_rate; ///< [Hz]
  const Dataset* train;
  const Dataset* validation;
  const Dataset* test;
} RatesMaterial;

/// The material for a rate that nothing was recorded at
typedef struct {
  Resampled sound;
  Dataset train;
  Dataset validation;
  Dataset test;
} RatesResampled;

/// Leave the recording's own rate out; fail if the sets would be too many for a file
NODISCARD Status rates_besides(const RatesList* list, double own, RatesList* others,
                               Message* message);

/// Cut the clips of `from` out of `to->sound`, which holds their recordings. Clear `to` in any
/// case.
NODISCARD Status rates_resample(const RatesMaterial* from, RatesResampled* to, Message* message);

/// Return what a resampled rate is learned from
RatesMaterial rates_material(const RatesResampled* resampled);

void rates_clear(RatesResampled* resampled);

/// Return how to learn set `index` when `seconds` of the time have passed.
///
/// Time that a set leaves goes to those after it. All except the first have one starting point, and
/// the learning rate for a warm start.
TrainerConfig rates_config(const RatesPlan* plan, uint32_t index, double seconds);

#endif
