// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Chooses by the ratio of the rates. Any thread but the audio thread.

#include "core/model/rate_plan.h"

#include "core/model/recurrence.h"

RatePlan
rate_plan_resampled(const double own_rate, const double host_rate, const uint32_t oversampling)
{
  return (RatePlan){RATE_RESAMPLED, own_rate, host_rate, oversampling, (double)oversampling};
}

RatePlan
rate_plan(const double own_rate, const double host_rate, const uint32_t oversampling)
{
  const double ratio = host_rate / own_rate;
  const double delay = ratio * oversampling;
  const bool is_whole = delay > 0.5 && recurrence_is_whole(delay);
  if ((delay < 1.0 && !is_whole) || delay > RECURRENCE_MAX_DELAY) {
    return rate_plan_resampled(own_rate, host_rate, oversampling);
  }
  const bool is_own = recurrence_is_whole(ratio) && ratio < 1.5;
  const RateMethod method = is_own ? RATE_OWN : is_whole ? RATE_DELAYED : RATE_INTERPOLATED;
  return (RatePlan){method, own_rate, host_rate, oversampling, delay};
}
