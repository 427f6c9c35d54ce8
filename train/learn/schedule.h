// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a run does when: a function of its progress from 0 to 1, be that time or epochs, so that
/// any budget sees the whole of it.

#ifndef GRUS_TRAIN_LEARN_SCHEDULE_H
#define GRUS_TRAIN_LEARN_SCHEDULE_H

#include <stdint.h>

#define SCHEDULE_CHUNK_GROWTH 4U ///< The last chunk, in first ones

/// Limits of a run; 0: none
typedef struct {
  double seconds;
  uint32_t epochs;
} SchedulePlan;

/// Return the share of the plan that is done; the limit that comes first counts
double schedule_progress(SchedulePlan plan, double seconds, double epochs);

/// Return the learning rate, of the highest: it falls along a cosine
double schedule_rate(double progress);

/// Return the frames of a gradient, in first ones: twice as many from a half, four times from three
/// quarters
uint32_t schedule_chunk_growth(double progress);

/// Return how many of `n_starts` the plan has room for
uint32_t schedule_starts(SchedulePlan plan, uint32_t n_starts);

/// Return the progress at which start `index` of several ends
double schedule_start_end(uint32_t index);

#endif
