// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/watch.h"

#include <math.h>

void
watch_renew(Watch* const watch, const bool is_watched) RT
{
  if (!watch->n_left) {
    watch->until_next = 0.0;
  }
  watch->n_left = is_watched ? (uint32_t)(WATCH_SECONDS * watch->sample_rate) : 0;
}

void
watch_block(Watch* const watch, const uint32_t n_frames) RT
{
  const double period = watch->sample_rate / WATCH_PER_SECOND;
  watch->is_due = false;
  if (!watch->n_left || !n_frames) {
    return;
  }
  watch->n_left -= n_frames < watch->n_left ? n_frames : watch->n_left;
  watch->until_next -= n_frames;
  if (watch->until_next <= 0.0) {
    watch->until_next = fmax(watch->until_next + period, 0.0); // Long blocks have one picture each
    watch->is_due = true;
  }
}
