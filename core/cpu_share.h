// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How much of a core something takes that is called block after block: the time inside its calls,
/// divided by the time from call to call. Audio thread.
///
/// Both times are in ticks of any counter, so none has to be calibrated. They are added up over
/// windows of sound, because a host may call several times at once and then wait; the mean of the
/// last windows is shown. A host that doesn't call for a while spoils one of them, for a second.

#ifndef GRUS_CORE_CPU_SHARE_H
#define GRUS_CORE_CPU_SHARE_H

#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

#define CPU_SHARE_WINDOWS 4U
#define CPU_SHARE_WINDOW_SECONDS 0.25

typedef struct {
  uint32_t window_frames; ///< Frames of a window
  bool has_started;
  uint64_t started;    ///< When the last call began [ticks]
  uint64_t inside;     ///< It took so long
  uint32_t n_frames;   ///< It played so many
  uint64_t sum_inside; ///< Of the window that is being filled, as the next two
  uint64_t sum_between;
  uint32_t sum_frames;
  float shares[CPU_SHARE_WINDOWS]; ///< Of the last windows
  uint32_t n_windows;              ///< So far
} CpuShare;

/// Return one without a past
CpuShare cpu_share_at(double sample_rate);

/// Note that a call begins or ends at a reading of clock_ticks(); it plays `n_frames`, which may be
/// 0
void cpu_share_begin(CpuShare* share, uint64_t ticks) RT;
void cpu_share_end(CpuShare* share, uint64_t ticks, uint32_t n_frames) RT;

/// Return the share in 0..1; 0 in the first quarter of a second
float cpu_share_value(const CpuShare* share) RT;

#endif
