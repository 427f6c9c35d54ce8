// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Presses of the ports that step through the models of a folder. Audio thread. A press is a rise
// above 0: some hosts hold the port for as long as a button is down, others reset it after a block.
// Presses during a change are counted and become one step over several files.

#include "plugin/plugin.h"

#include <stddef.h>

/// How long after a state was restored hosts may still set the ports that it was saved with [s]
#define RESTORING_TIME 0.25

static const struct {
  Port port;
  int32_t n_steps;
} triggers[N_TRIGGERS] = {{PORT_MODEL_PREVIOUS, -1}, {PORT_MODEL_NEXT, 1}};

/// Return true if a port has risen since the block before; before the first one, it counts as up
static bool
has_risen(Plugin* const p, const int trigger) RT
{
  const float* const value = (const float*)p->ports[triggers[trigger].port];
  const bool is_up = value && *value > 0.0F;
  const bool was_down = p->steps.is_down[trigger];
  p->steps.is_down[trigger] = value && !is_up;
  return is_up && was_down;
}

/// After a state was restored, forget presses, and take none for a while
static void
follow_restoring(Plugin* const p, const uint32_t n_frames) RT
{
  Steps* const steps = &p->steps;
  const uint32_t n_restored = atomic_load(&p->n_restored);
  steps->n_deaf -= n_frames < steps->n_deaf ? n_frames : steps->n_deaf;
  if (steps->n_restored != n_restored) {
    steps->n_restored = n_restored;
    steps->n_deaf = (uint32_t)(RESTORING_TIME * p->sample_rate);
    steps->n_queued = 0;
  }
}

void
plugin_take_steps(Plugin* const plugin, const uint32_t n_frames) RT
{
  Steps* const steps = &plugin->steps;
  follow_restoring(plugin, n_frames);
  for (int i = 0; i < N_TRIGGERS; ++i) {
    if (has_risen(plugin, i) && !steps->n_deaf) {
      steps->n_queued += triggers[i].n_steps;
    }
  }
  if (steps->n_queued && !plugin_is_loading(plugin, SLOT_MODEL)) {
    plugin_request_step(plugin, steps->n_queued);
    steps->n_queued = 0;
  }
}
