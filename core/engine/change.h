// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How one model or cabinet takes the place of another while both play: a cross-fade. Audio thread.
///
/// A part is a pointer that the owner of the Change frees; NULL is a part, too, and passes sound through.
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
  void* current; ///< Plays, or fades out
  void* next;    ///< Fades in
  void* waiting; ///< To be faded in after that
  void* retired; ///< Faded out, not yet taken by the caller
  bool is_fading;
  bool is_waiting;
  Ramp fade; ///< 0: current, 1: next
} Change;

/// Return the part that plays alone once the fade is over
static inline void*
change_newest(const Change* const change) RT
{
  return change->is_fading ? change->next : change->current;
}

/// Let `part` wait for its turn, unless it is the newest anyway; return the waiting one it replaces, to be
/// freed by the caller
static inline void*
change_request(Change* const change, void* const part) RT
{
  void* const replaced = change->waiting;
  const bool is_new = change_newest(change) != part;
  change->waiting = is_new ? part : NULL;
  change->is_waiting = is_new;
  return replaced;
}

/// Start a fade of `n_frames` if a part waits, no other fades and no retired one is left; return true if
/// so
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

/// Return the weight of the next part in this frame: a straight line bent so that it has no corners
static inline float
change_weight(Change* const change) RT
{
  const float f = ramp_next(&change->fade);
  return f * f * (3.0F - 2.0F * f);
}

/// Mix the next part's sound `b` into the current one's `a`, both (n_channels, n_frames)
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

/// Return the part that was faded out, to be freed by the caller, or NULL
static inline void*
change_take_retired(Change* const change) RT
{
  void* const retired = change->retired;
  change->retired = NULL;
  return retired;
}

/// Return true if no part fades, waits, or is left to be taken
static inline bool
change_is_settled(const Change* const change) RT
{
  return !change->is_fading && !change->is_waiting && !change->retired;
}

/// Make the newest part the only one, without a fade, and free the others; not for the audio thread
static inline void
change_settle(Change* const change, void (*const free_part)(void* part))
{
  void* const newest = change->is_waiting ? change->waiting : change_newest(change);
  void* const parts[] = {change->current, change->next, change->waiting, change->retired};
  for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); ++i) {
    if (parts[i] != newest) {
      free_part(parts[i]);
    }
  }
  *change = (Change){.current = newest};
}

#endif
