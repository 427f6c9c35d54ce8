// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Notes time and value of every control change, also before learning begins.

#include "live/learning.h"

#include <stdlib.h>
#include <string.h>

void
learning_init(Learning* const learning, const double sample_rate)
{
  memset(learning, 0, sizeof(*learning));
  learning->sample_rate = sample_rate;
  for (uint32_t cc = 0; cc < LEARNING_N_CCS; ++cc) {
    learning->values[cc] = -1;
  }
}

/// Return true if the controller sent something a moment ago
static bool
is_moving(const Learning* const l, const uint32_t cc) RT
{
  return l->values[cc] >= 0 &&
         (double)(l->now - l->heard_at[cc]) < LEARNING_REST_SECONDS * l->sample_rate;
}

void
learning_begin(Learning* const learning) RT
{
  learning->is_active = true;
  learning->end = learning->now + (uint64_t)(LEARNING_SECONDS * learning->sample_rate);
  for (uint32_t cc = 0; cc < LEARNING_N_CCS; ++cc) {
    learning->rest_values[cc] = learning->values[cc];
    learning->was_moving[cc] = is_moving(learning, cc);
  }
}

/// Return true if the controller was at rest, and this value is not where it rested
static bool
has_moved(Learning* const l, const uint32_t cc, const uint32_t value) RT
{
  if (l->was_moving[cc] && is_moving(l, cc)) {
    return false;
  }
  if (l->was_moving[cc]) { // It has rested since
    l->was_moving[cc] = false;
    l->rest_values[cc] = l->values[cc];
  }
  return l->rest_values[cc] < 0 || abs((int)value - l->rest_values[cc]) >= LEARNING_MOVE;
}

bool
learning_hear(Learning* const learning, const uint32_t cc, const uint32_t value) RT
{
  const bool is_learned = learning->is_active && has_moved(learning, cc, value);
  learning->values[cc] = (int)value;
  learning->heard_at[cc] = learning->now;
  learning->is_active = learning->is_active && !is_learned;
  return is_learned;
}

bool
learning_advance(Learning* const learning, const uint32_t n_frames) RT
{
  learning->now += n_frames;
  const bool is_over = learning->is_active && learning->now >= learning->end;
  learning->is_active = learning->is_active && !is_over;
  return is_over;
}
