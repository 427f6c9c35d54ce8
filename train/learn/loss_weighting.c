// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Sections keep their last output, not an inner state: near 20 Hz that would be hundreds of times
// as large as the signal, and single precision would show.

#include "train/learn/loss_weighting.h"

#include <stddef.h>

#define G BPTT_GROUP

/// One frame through all sections
static void
step_lanes(const Weighting* const weighting, WeightingLanes* const state, float* const x)
{
  for (uint32_t k = 0; k < WEIGHTING_SECTIONS; ++k) {
    const float b0 = (float)weighting->sections[k].b0;
    const float b1 = (float)weighting->sections[k].b1;
    const float pole = (float)weighting->sections[k].pole;
    for (uint32_t g = 0; g < G; ++g) {
      const float y = b0 * x[g] + b1 * state->last[k][g] + pole * state->last[k + 1][g];
      state->last[k][g] = x[g];
      x[g] = y;
    }
  }
  for (uint32_t g = 0; g < G; ++g) {
    state->last[WEIGHTING_SECTIONS][g] = x[g];
  }
}

void
loss_weighting_filter(const Weighting* const weighting, WeightingLanes* const state, float* const x,
                      const uint32_t n_frames)
{
  for (uint32_t t = 0; t < n_frames; ++t) {
    step_lanes(weighting, state, x + (size_t)t * G);
  }
}

void
loss_weighting_adjoint(const Weighting* const weighting, float* const x, const uint32_t n_frames)
{
  WeightingLanes state = {{{0.0F}}};
  for (uint32_t t = n_frames; t-- > 0;) {
    step_lanes(weighting, &state, x + (size_t)t * G);
  }
}
