// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Delays the dry sound as much as the wet one. Audio thread.

#ifndef GRUS_CORE_ENGINE_DELAY_LINE_H
#define GRUS_CORE_ENGINE_DELAY_LINE_H

#include "core/realtime.h"

#include <stdint.h>

/// Longest delay [frames]; a power of two
#define DELAY_LINE_MAX 2048U

/// Zeroed, it holds silence
typedef struct {
  float past[DELAY_LINE_MAX];
  uint32_t position; ///< Where the next frame goes
} DelayLine;

/// Write `n` frames, at most DELAY_LINE_MAX
static inline void
delay_line_write(DelayLine* const line, const float* const in, const uint32_t n) RT
{
  for (uint32_t i = 0; i < n; ++i) {
    line->past[(line->position + i) % DELAY_LINE_MAX] = in[i];
  }
  line->position = (line->position + n) % DELAY_LINE_MAX;
}

/// Read the last `n` frames, `delay` frames late; n + delay is at most DELAY_LINE_MAX
static inline void
delay_line_read(const DelayLine* const line, const uint32_t delay, float* const out,
                const uint32_t n) RT
{
  const uint32_t begin = line->position + 2 * DELAY_LINE_MAX - n - delay;
  for (uint32_t i = 0; i < n; ++i) {
    out[i] = line->past[(begin + i) % DELAY_LINE_MAX];
  }
}

#endif
