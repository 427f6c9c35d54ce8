// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How a model gets to a host's rate. Any thread but the audio thread.

#ifndef GRUS_CORE_MODEL_RATE_PLAN_H
#define GRUS_CORE_MODEL_RATE_PLAN_H

#include <stdint.h>

typedef enum {
  RATE_OWN,          ///< The host has the rate it was trained at
  RATE_DELAYED,      ///< Whole ratio: its state is delayed, which is exact
  RATE_INTERPOLATED, ///< Any other ratio above 1: its state is interpolated, if that works
  RATE_RESAMPLED,    ///< It runs at its own rate between two resamplers
} RateMethod;

typedef struct {
  RateMethod method;
  double own_rate;       ///< Rate that the weights were trained at [Hz]
  double host_rate;      ///< [Hz]
  uint32_t oversampling; ///< 1, 2 or 4
  double delay;          ///< Of the state [steps]: ratio of the rate it runs at to its own
} RatePlan;

/// Return the best plan, which may turn out not to work
RatePlan rate_plan(double own_rate, double host_rate, uint32_t oversampling);

/// Return the plan that always works
RatePlan rate_plan_resampled(double own_rate, double host_rate, uint32_t oversampling);

#endif
