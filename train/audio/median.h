// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The middle of numbers, which a few wrong ones don't move. Offline.

#ifndef GRUS_TRAIN_AUDIO_MEDIAN_H
#define GRUS_TRAIN_AUDIO_MEDIAN_H

#include <stdint.h>

/// Sort `n` numbers, at least one, and return the middle one or the mean of the two in the middle
double median_of(double* values, uint32_t n);

#endif
