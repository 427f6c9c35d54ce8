// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The same clips of the same recordings at another rate. Offline threads.

#ifndef GRUS_TRAIN_LEARN_DATASET_RESAMPLE_H
#define GRUS_TRAIN_LEARN_DATASET_RESAMPLE_H

#include "core/status.h"
#include "train/audio/resample.h"
#include "train/learn/dataset.h"

/// Find the clips of `dataset` in the resampled recordings: the same moments in the same order.
///
/// Independent clips lose RESAMPLE_EDGE at both ends.
NODISCARD Status dataset_resample(const Dataset* dataset, const Resampled* resampled,
                                  Dataset* clips, Message* message);

#endif
