// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Cosine: Loshchilov and Hutter, "SGDR: Stochastic gradient descent with warm restarts", ICLR 2017.

#include "train/learn/schedule.h"

#include "core/circle.h"

#include <math.h>
#include <stdbool.h>

#define LAST_RATE 0.005   ///< Of the highest
#define START_SHARE 0.04  ///< Of the plan, for each of several starts
#define START_SECONDS 1.0 ///< Shortest that gives a useful result

double
schedule_progress(const SchedulePlan plan, const double seconds, const double epochs)
{
  const double by_time = plan.seconds > 0.0 ? seconds / plan.seconds : 0.0;
  const double by_epochs = plan.epochs ? epochs / plan.epochs : 0.0;
  return fmin(fmax(by_time, by_epochs), 1.0);
}

double
schedule_rate(const double progress)
{
  const double fall = 0.5 * (1.0 + cos(PI * progress));
  return LAST_RATE + (1.0 - LAST_RATE) * fall;
}

uint32_t
schedule_chunk_growth(const double progress)
{
  return progress > 0.75 ? SCHEDULE_CHUNK_GROWTH : progress > 0.5 ? 2U : 1U;
}

uint32_t
schedule_starts(const SchedulePlan plan, const uint32_t n_starts)
{
  const bool is_brief = (plan.epochs && plan.epochs * START_SHARE < 1.0) ||
                        (plan.seconds > 0.0 && plan.seconds * START_SHARE < START_SECONDS);
  return is_brief || n_starts < 1 ? 1 : n_starts;
}

double
schedule_start_end(const uint32_t index)
{
  return START_SHARE * (index + 1);
}
