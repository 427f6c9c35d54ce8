// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Moves a control to its new value without a click: in a straight line. Audio thread.

#ifndef GRUS_CORE_RAMP_H
#define GRUS_CORE_RAMP_H

#include "core/realtime.h"

#include <stdint.h>

/// A value on its way to a target
typedef struct {
  float value;
  float target;
  float step;
  uint32_t n_left; ///< Steps, mostly frames, until the target is reached
} Ramp;

/// Return a ramp that stays at `value`
static inline Ramp
ramp_at(const float value) RT
{
  return (Ramp){value, value, 0.0F, 0};
}

/// Start towards `target`, to reach it after `n_steps`, 1 or more
static inline void
ramp_start(Ramp* const ramp, const float target, const uint32_t n_steps) RT
{
  ramp->target = target;
  ramp->step = (target - ramp->value) / (float)n_steps;
  ramp->n_left = n_steps;
}

/// Start towards `target` unless the ramp already does; 0 steps: jump there
static inline void
ramp_aim(Ramp* const ramp, const float target, const uint32_t n_steps) RT
{
  if (!n_steps) {
    *ramp = ramp_at(target);
  } else if (target != ramp->target) {
    ramp_start(ramp, target, n_steps);
  }
}

/// Take one step and return the value, which at the end is exactly the target
static inline float
ramp_next(Ramp* const ramp) RT
{
  if (ramp->n_left) {
    --ramp->n_left;
    ramp->value = ramp->n_left ? ramp->value + ramp->step : ramp->target;
  }
  return ramp->value;
}

#endif
