// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which way a model takes to a host's rate. Any thread but the audio thread.

#ifndef GRUS_CORE_MODEL_RATE_PLAN_H
#define GRUS_CORE_MODEL_RATE_PLAN_H

#include <stdint.h>

typedef enum {
  RATE_OWN,          ///< It learned at this rate
  RATE_DELAYED,      ///< Whole ratio: its state is delayed, exactly
  RATE_INTERPOLATED, ///< Faster by another ratio: its state is interpolated, if that is right
  RATE_RESAMPLED,    ///< It runs at its own rate between two resamplers
} RateMethod;

typedef struct {
  RateMethod method;
  double own_rate;       ///< At which the weights learned [Hz]
  double host_rate;      ///< [Hz]
  uint32_t oversampling; ///< 1, 2 or 4
  double delay;          ///< Of the state [steps]: how much faster than its own rate it runs
} RatePlan;

/// Return the best way there could be
RatePlan rate_plan(double own_rate, double host_rate, uint32_t oversampling);

/// Return the way that is always right
RatePlan rate_plan_resampled(double own_rate, double host_rate, uint32_t oversampling);

#endif
