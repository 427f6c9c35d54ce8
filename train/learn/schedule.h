// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Learning rate and chunk over a run: functions of its progress from 0 to 1, in time or epochs, so
/// that any budget runs through all of them. Any thread.

#ifndef GRUS_TRAIN_LEARN_SCHEDULE_H
#define GRUS_TRAIN_LEARN_SCHEDULE_H

#include <stdint.h>

#define SCHEDULE_CHUNK_GROWTH 4U ///< Length of the last chunk against the first

/// Limits of a run; 0: none
typedef struct {
  double seconds;
  uint32_t epochs;
} SchedulePlan;

/// Return the share of the plan that is done, by the limit that comes first
double schedule_progress(SchedulePlan plan, double seconds, double epochs);

/// Return the learning rate relative to the highest: it falls along a cosine
double schedule_rate(double progress);

/// Return the length of a chunk relative to the first: 2 from half of the run on, 4 from three
/// quarters on
uint32_t schedule_chunk_growth(double progress);

/// Return how many of `n_starts` the plan has time for
uint32_t schedule_starts(SchedulePlan plan, uint32_t n_starts);

/// Return the progress at which start `index` of several ends
double schedule_start_end(uint32_t index);

#endif
