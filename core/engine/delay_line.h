// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Delays the dry sound as much as the wet one.

#ifndef GRUS_CORE_ENGINE_DELAY_LINE_H
#define GRUS_CORE_ENGINE_DELAY_LINE_H

#include "core/realtime.h"
#include "core/status.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  float* past;       ///< (size)
  uint32_t size;     ///< A power of two
  uint32_t position; ///< Where the next frame goes
} DelayLine;

/// Allocate a silent line that holds at least `n_frames`
NODISCARD static inline Status
delay_line_init(DelayLine* const line, const uint32_t n_frames)
{
  uint32_t size = 1;
  while (size < n_frames) {
    size *= 2;
  }
  float* const past = (float*)calloc(size, sizeof(float));
  if (!past) {
    return STATUS_NO_MEMORY;
  }
  *line = (DelayLine){past, size, 0};
  return STATUS_OK;
}

/// Free; legal on a zeroed struct
static inline void
delay_line_clear(DelayLine* const line)
{
  free(line->past);
  *line = (DelayLine){NULL, 0, 0};
}

static inline void
delay_line_reset(DelayLine* const line)
{
  memset(line->past, 0, line->size * sizeof(float));
}

// Audio thread from here

/// Write `n` frames, at most the line's size
static inline void
delay_line_write(DelayLine* const line, const float* const in, const uint32_t n) RT
{
  for (uint32_t i = 0; i < n; ++i) {
    line->past[(line->position + i) & (line->size - 1)] = in[i];
  }
  line->position = (line->position + n) & (line->size - 1);
}

/// Read the last `n` frames, `delay` frames late; n + delay is at most the line's size
static inline void
delay_line_read(const DelayLine* const line, const uint32_t delay, float* const out,
                const uint32_t n) RT
{
  const uint32_t begin = line->position + 2 * line->size - n - delay;
  for (uint32_t i = 0; i < n; ++i) {
    out[i] = line->past[(begin + i) & (line->size - 1)];
  }
}

#endif
