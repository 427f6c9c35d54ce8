// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A falling peak, a switch with two thresholds, and a fade between closed and open. Audio thread.

#include "core/engine/gate.h"

#include <math.h>

#define FALL_SECONDS 0.02
#define OPENING_SECONDS 0.0015
#define HOLD_SECONDS 0.06
#define CLOSING_SECONDS 0.1
#define RETURNING_SECONDS 0.02
#define HYSTERESIS 0.5F ///< The gate closes below this fraction of the threshold

void
gate_init(Gate* const gate, const double sample_rate)
{
  *gate = (Gate){
      .hold = (uint32_t)(HOLD_SECONDS * sample_rate),
      .fall = (float)exp(-1.0 / (FALL_SECONDS * sample_rate)),
      .opening = (float)(1.0 / (OPENING_SECONDS * sample_rate)),
      .closing = (float)(1.0 / (CLOSING_SECONDS * sample_rate)),
      .returning = (float)(1.0 / (RETURNING_SECONDS * sample_rate)),
  };
  gate_reset(gate);
}

// Audio thread from here

void
gate_reset(Gate* const gate) RT
{
  gate->level = 0.0F;
  gate->way = 1.0F;
  gate->is_open = true;
  gate->held = 0;
}

/// Return true if the gate is off and fully open
static bool
is_idle(const Gate* const gate) RT
{
  return gate->threshold == 0.0F && gate->way == 1.0F;
}

void
gate_aim(Gate* const gate, const float threshold_db) RT
{
  if (threshold_db >= 0.0F || threshold_db <= GATE_OFF_DB) {
    gate->threshold = 0.0F;
  } else if (threshold_db < 0.0F) {
    if (is_idle(gate)) {
      gate_reset(gate); // The level is out of date
    }
    gate->threshold = decibel_to_gainf(threshold_db);
  }
}

/// Decide whether the gate is open at this level
static void
decide_if_open(Gate* const gate) RT
{
  if (gate->level >= gate->threshold) {
    gate->is_open = true;
  }
  if (gate->level >= HYSTERESIS * gate->threshold) {
    gate->held = 0;
  } else if (gate->held < gate->hold) {
    ++gate->held;
  } else {
    gate->is_open = false;
  }
}

/// Move the gain towards open or closed
static void
move_gain(Gate* const gate) RT
{
  const float up = gate->threshold > 0.0F ? gate->opening : gate->returning;
  gate->way = gate->is_open ? fminf(gate->way + up, 1.0F) : fmaxf(gate->way - gate->closing, 0.0F);
}

float
gate_gain(const Gate* const gate) RT
{
  return gate->way * gate->way * (3.0F - 2.0F * gate->way);
}

static float
find_loudest(const float* const* const key, const uint32_t n_channels, const uint32_t i) RT
{
  float x = fabsf(key[0][i]);
  for (uint32_t c = 1; c < n_channels; ++c) {
    x = fmaxf(x, fabsf(key[c][i]));
  }
  return x;
}

bool
gate_run(Gate* const gate, const float* const* const key, const uint32_t n_channels,
         float* const gain, const uint32_t n) RT
{
  bool is_open = true;
  if (is_idle(gate)) {
    return true;
  }
  for (uint32_t i = 0; i < n; ++i) {
    gate->level = fmaxf(find_loudest(key, n_channels, i), gate->level * gate->fall);
    decide_if_open(gate);
    move_gain(gate);
    gain[i] = gate_gain(gate);
    is_open = is_open && gain[i] == 1.0F;
  }
  return is_open;
}
