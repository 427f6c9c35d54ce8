// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Replaces one model or cabinet by another while both play. Audio thread.
///
/// A part is a pointer whose target the owner of the Crossfade frees. NULL is also a part, which
/// passes sound through.
///
///     crossfade_request() ─▶ waiting ─▶ next ─▶ current ─▶ retired ─▶ crossfade_take_retired()
///                                crossfade_begin()  crossfade_end()

#ifndef GRUS_CORE_ENGINE_CROSSFADE_H
#define GRUS_CORE_ENGINE_CROSSFADE_H

#include "core/ramp.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  void* current; ///< Plays, or fades out
  void* next;    ///< Fades in
  void* waiting; ///< Fades in after that
  void* retired; ///< Faded out, not yet taken by the caller
  bool is_fading;
  bool is_waiting;
  Ramp fade; ///< 0: current, 1: next
} Crossfade;

/// Return the part that plays alone once the fade is over
static inline void*
crossfade_newest(const Crossfade* const crossfade) RT
{
  return crossfade->is_fading ? crossfade->next : crossfade->current;
}

/// Queue `part`, unless it is the newest anyway. Return the queued part that it replaces, which the
/// caller frees.
static inline void*
crossfade_request(Crossfade* const crossfade, void* const part) RT
{
  void* const replaced = crossfade->waiting;
  const bool is_new = crossfade_newest(crossfade) != part;
  crossfade->waiting = is_new ? part : NULL;
  crossfade->is_waiting = is_new;
  return replaced;
}

/// Start a fade of `n_frames` if a part is waiting, no fade is going on and the last retired part
/// was taken; return true if so
static inline bool
crossfade_begin(Crossfade* const crossfade, const uint32_t n_frames) RT
{
  if (!crossfade->is_waiting || crossfade->is_fading || crossfade->retired) {
    return false;
  }
  crossfade->next = crossfade->waiting;
  crossfade->waiting = NULL;
  crossfade->is_waiting = false;
  crossfade->is_fading = true;
  crossfade->fade = ramp_at(0.0F);
  ramp_start(&crossfade->fade, 1.0F, n_frames);
  return true;
}

/// End a complete fade; return true if there was one
static inline bool
crossfade_end(Crossfade* const crossfade) RT
{
  if (!crossfade->is_fading || crossfade->fade.n_left) {
    return false;
  }
  crossfade->retired = crossfade->current;
  crossfade->current = crossfade->next;
  crossfade->next = NULL;
  crossfade->is_fading = false;
  return true;
}

/// Return the weight of the next part in this frame: a ramp smoothed at both ends
static inline float
crossfade_weight(Crossfade* const crossfade) RT
{
  const float f = ramp_next(&crossfade->fade);
  return f * f * (3.0F - 2.0F * f);
}

/// Mix the next part's sound `b` into the current one's `a`, both (n_channels, n_frames)
static inline void
crossfade_mix(Crossfade* const crossfade, float* const* const a, const float* const* const b,
              const uint32_t n_channels, const uint32_t n_frames) RT
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float w = crossfade_weight(crossfade);
    for (uint32_t c = 0; c < n_channels; ++c) {
      a[c][i] = a[c][i] * (1.0F - w) + b[c][i] * w;
    }
  }
}

/// Return the part that has faded out, which the caller frees, or NULL
static inline void*
crossfade_take_retired(Crossfade* const crossfade) RT
{
  void* const retired = crossfade->retired;
  crossfade->retired = NULL;
  return retired;
}

/// Return true if no part fades, waits, or has yet to be taken
static inline bool
crossfade_is_settled(const Crossfade* const crossfade) RT
{
  return !crossfade->is_fading && !crossfade->is_waiting && !crossfade->retired;
}

/// Make the newest part the only one, without a fade, and free the others; not for the audio thread
static inline void
crossfade_settle(Crossfade* const crossfade, void (*const free_part)(void* part))
{
  void* const newest = crossfade->is_waiting ? crossfade->waiting : crossfade_newest(crossfade);
  void* const parts[] = {crossfade->current, crossfade->next, crossfade->waiting,
                         crossfade->retired};
  for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); ++i) {
    if (parts[i] != newest) {
      free_part(parts[i]);
    }
  }
  *crossfade = (Crossfade){.current = newest};
}

#endif
