// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What identifies a run of training: everything that decides its result. Main thread.

#ifndef GRUS_TRAIN_LEARN_RUN_TRAITS_H
#define GRUS_TRAIN_LEARN_RUN_TRAITS_H

#include "core/params.h"
#include "train/learn/checkpoint.h"
#include "train/learn/dataset.h"
#include "train/learn/trainer_config.h"

#define RUN_TRAITS 18U

/// Which weights are learned: for the rate that was recorded at (0), or a further set for another
CheckpointTrait run_trait_of_rate(uint32_t further_rate);

/// Fill in the settings, and hashes of the recordings and of the first weights
void run_traits_collect(const TrainerConfig* config, const Dataset* train, const Params* start,
                        CheckpointTrait traits[RUN_TRAITS]);

#endif
