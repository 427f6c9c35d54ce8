// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How one thing takes the place of another while both sound: models and cabinets alike. Audio thread.
///
/// A thing is a pointer that the owner of the Change looks after; NULL is a thing, too: nothing.
///
///     change_request() ─▶ waiting ─▶ next ─▶ current ─▶ retired ─▶ change_take_retired()
///                                change_begin()  change_end()

#ifndef GRUS_CORE_ENGINE_CHANGE_H
#define GRUS_CORE_ENGINE_CHANGE_H

#include "core/engine/ramp.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  void* current; ///< What is heard
  void* next;    ///< What is being faded in
  void* waiting; ///< To be faded in after that
  void* retired; ///< Faded out, not yet taken by the caller
  bool is_fading;
  bool is_waiting;
  Ramp fade; ///< 0: current, 1: next
} Change;

/// Return what is heard last if nothing waits
static inline void*
change_newest(const Change* const change) RT
{
  return change->is_fading ? change->next : change->current;
}

/// Let `thing` be next, unless it is the newest anyway; return what was waiting before and will never be
/// heard, the caller's again
static inline void*
change_request(Change* const change, void* const thing) RT
{
  void* const unheard = change->waiting;
  const bool is_news = change_newest(change) != thing;
  change->waiting = is_news ? thing : NULL;
  change->is_waiting = is_news;
  return unheard;
}

/// Begin a fade of `n_frames` if something waits and there is room; return true if so
static inline bool
change_begin(Change* const change, const uint32_t n_frames) RT
{
  if (!change->is_waiting || change->is_fading || change->retired) {
    return false;
  }
  change->next = change->waiting;
  change->waiting = NULL;
  change->is_waiting = false;
  change->is_fading = true;
  change->fade = ramp_at(0.0F);
  ramp_start(&change->fade, 1.0F, n_frames);
  return true;
}

/// End a fade that is complete; return true if so
static inline bool
change_end(Change* const change) RT
{
  if (!change->is_fading || change->fade.n_left) {
    return false;
  }
  change->retired = change->current;
  change->current = change->next;
  change->next = NULL;
  change->is_fading = false;
  return true;
}

/// Return the weight of the new on the way: a straight line bent so that it has no corners
static inline float
change_weight(Change* const change) RT
{
  const float f = ramp_next(&change->fade);
  return f * f * (3.0F - 2.0F * f);
}

/// Mix the new in `b` into the old in `a`, both (n_channels, n_frames)
static inline void
change_mix(Change* const change, float* const* const a, const float* const* const b,
           const uint32_t n_channels, const uint32_t n_frames) RT
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float w = change_weight(change);
    for (uint32_t c = 0; c < n_channels; ++c) {
      a[c][i] = a[c][i] * (1.0F - w) + b[c][i] * w;
    }
  }
}

/// Return what is no longer heard, the caller's again, or NULL
static inline void*
change_take_retired(Change* const change) RT
{
  void* const retired = change->retired;
  change->retired = NULL;
  return retired;
}

/// Return true if nothing fades, waits, or is to be taken
static inline bool
change_is_settled(const Change* const change) RT
{
  return !change->is_fading && !change->is_waiting && !change->retired;
}

#endif
