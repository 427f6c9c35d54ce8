// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A switch, a level and a cross-fade around convolutions. Set-up first, then the audio thread.

#include "core/engine/cabinet.h"

#include "core/engine/level.h"

static void
free_convolver(void* const convolver)
{
  convolver_free((Convolver*)convolver);
}

void
cabinet_init(Cabinet* const cabinet, const uint32_t n_channels, const uint32_t change_fade)
{
  cabinet->n_channels = n_channels;
  cabinet->change_fade = change_fade;
  cabinet->entry = ramp_at(1.0F);
}

void
cabinet_settle(Cabinet* const cabinet)
{
  crossfade_settle(&cabinet->convolvers, free_convolver);
  if (cabinet->convolvers.current) {
    convolver_reset(cabinet->convolvers.current);
  }
  cabinet->entry = ramp_at(1.0F);
}

void
cabinet_clear(Cabinet* const cabinet)
{
  cabinet_settle(cabinet);
  convolver_free(cabinet->convolvers.current);
  cabinet_release(cabinet);
}

void
cabinet_release(Cabinet* const cabinet)
{
  cabinet->convolvers = (Crossfade){0};
}

// Audio thread from here

void
cabinet_begin_change(Cabinet* const cabinet) RT
{
  (void)crossfade_begin(&cabinet->convolvers, cabinet->change_fade);
}

void
cabinet_aim(Cabinet* const cabinet, const bool is_on, const float level_db,
            const uint32_t n_frames) RT
{
  level_aim(&cabinet->gain, level_db, n_frames);
  ramp_aim(&cabinet->is_on, is_on ? 1.0F : 0.0F, n_frames);
}

/// Convolve and apply the level, or leave `x` as it is if there is no convolver
static void
convolve_and_level(const Cabinet* const cabinet, Convolver* const convolver, float* const* const x,
                   const uint32_t n) RT
{
  if (convolver) {
    convolver_run(convolver, (const float* const*)x, x, n);
  }
  for (uint32_t c = 0; c < cabinet->n_channels && convolver; ++c) {
    for (uint32_t i = 0; i < n; ++i) {
      x[c][i] *= cabinet->gains[i];
    }
  }
}

static bool
is_idle(const Cabinet* const cabinet) RT
{
  const Crossfade* const crossfade = &cabinet->convolvers;
  const bool is_off = cabinet->is_on.value == 0.0F && !cabinet->is_on.n_left;
  return !crossfade->is_fading && (!crossfade->current || is_off);
}

/// Start a convolver that has missed the past. Its input fades in: a sudden one would come back
/// with each reflection of a room.
static void
start_from_idle(Cabinet* const cabinet) RT
{
  if (cabinet->was_idle && cabinet->convolvers.current) {
    convolver_reset(cabinet->convolvers.current);
    if (cabinet->is_on.n_left) {
      cabinet->entry = ramp_at(0.0F);
      ramp_start(&cabinet->entry, 1.0F, cabinet->is_on.n_left);
    }
  }
  cabinet->was_idle = false;
}

/// Play the convolver that is there
static void
play_current(Cabinet* const cabinet, float* const* const x, const uint32_t n) RT
{
  float* const wet[] = {cabinet->wet[0], cabinet->wet[1]};
  for (uint32_t i = 0; i < n; ++i) {
    const float weight = ramp_next(&cabinet->entry);
    for (uint32_t c = 0; c < cabinet->n_channels; ++c) {
      wet[c][i] = weight * x[c][i];
    }
  }
  convolve_and_level(cabinet, cabinet->convolvers.current, wet, n);
}

/// Fade out what is there, and fade in the input of the convolver that comes
static void
cross_fade(Cabinet* const cabinet, float* const* const x, const uint32_t n) RT
{
  Crossfade* const crossfade = &cabinet->convolvers;
  float* const next[] = {cabinet->wet_next[0], cabinet->wet_next[1]};
  for (uint32_t i = 0; i < n; ++i) {
    cabinet->entries[i] = crossfade_weight(crossfade);
    for (uint32_t c = 0; c < cabinet->n_channels; ++c) {
      next[c][i] = cabinet->entries[i] * x[c][i];
    }
  }
  convolve_and_level(cabinet, crossfade->next, next, n);
  for (uint32_t c = 0; c < cabinet->n_channels; ++c) {
    for (uint32_t i = 0; i < n; ++i) {
      cabinet->wet[c][i] = cabinet->wet[c][i] * (1.0F - cabinet->entries[i]) + next[c][i];
    }
  }
  (void)crossfade_end(crossfade);
}

/// Mix the convolved sound with the input
static void
mix_in_convolved(Cabinet* const cabinet, float* const* const x, const uint32_t n) RT
{
  for (uint32_t i = 0; i < n; ++i) {
    const float w = ramp_next(&cabinet->is_on);
    for (uint32_t c = 0; c < cabinet->n_channels; ++c) {
      x[c][i] = x[c][i] * (1.0F - w) + cabinet->wet[c][i] * w;
    }
  }
}

void
cabinet_run(Cabinet* const cabinet, float* const* const x, const uint32_t n) RT
{
  for (uint32_t i = 0; i < n; ++i) {
    cabinet->gains[i] = ramp_next(&cabinet->gain);
  }
  if (is_idle(cabinet)) {
    cabinet->was_idle = true;
    return;
  }
  start_from_idle(cabinet);
  play_current(cabinet, x, n);
  if (cabinet->convolvers.is_fading) {
    cross_fade(cabinet, x, n);
  }
  mix_in_convolved(cabinet, x, n);
}
