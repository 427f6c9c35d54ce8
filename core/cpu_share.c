// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A call is counted when the next one begins, because the time between them ends there.

#include "core/cpu_share.h"

CpuShare
cpu_share_at(const double sample_rate)
{
  return (CpuShare){.window_frames = (uint32_t)(CPU_SHARE_WINDOW_SECONDS * sample_rate)};
}

// Audio thread from here

static void
end_window(CpuShare* const share) RT
{
  share->shares[share->n_windows % CPU_SHARE_WINDOWS] =
      (float)((double)share->sum_inside / (double)share->sum_between);
  ++share->n_windows;
  share->sum_inside = 0;
  share->sum_between = 0;
  share->sum_frames = 0;
}

/// Count the last call, unless its times can't be, as when a thread moves to a core whose counter
/// is behind
static void
count_call(CpuShare* const share, const uint64_t between) RT
{
  if (!between || share->inside > between || between > INT64_MAX) {
    return;
  }
  share->sum_inside += share->inside;
  share->sum_between += between;
  share->sum_frames += share->n_frames;
  if (share->sum_frames >= share->window_frames) {
    end_window(share);
  }
}

void
cpu_share_begin(CpuShare* const share, const uint64_t ticks) RT
{
  if (share->has_started) {
    count_call(share, ticks - share->started);
  }
  share->started = ticks;
  share->has_started = true;
}

void
cpu_share_end(CpuShare* const share, const uint64_t ticks, const uint32_t n_frames) RT
{
  share->inside = ticks - share->started;
  share->n_frames = n_frames;
}

float
cpu_share_value(const CpuShare* const share) RT
{
  const uint32_t n = share->n_windows < CPU_SHARE_WINDOWS ? share->n_windows : CPU_SHARE_WINDOWS;
  float sum = 0.0F;
  for (uint32_t i = 0; i < n; ++i) {
    sum += share->shares[i];
  }
  return n ? sum / (float)n : 0.0F;
}
