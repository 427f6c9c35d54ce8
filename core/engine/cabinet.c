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
}

void
cabinet_settle(Cabinet* const cabinet)
{
  crossfade_settle(&cabinet->convolvers, free_convolver);
  if (cabinet->convolvers.current) {
    convolver_reset(cabinet->convolvers.current);
  }
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
cabinet_aim(Cabinet* const cabinet, const bool is_on, const float level_db,
            const uint32_t n_frames) RT
{
  level_aim(&cabinet->gain, level_db, n_frames);
  ramp_aim(&cabinet->is_on, is_on ? 1.0F : 0.0F, n_frames);
}

/// Convolve and apply the level, or copy if there is no convolver
static void
convolve_and_level(const Cabinet* const cabinet, Convolver* const convolver, float* const* const in,
                   float* const* const out, const uint32_t n) RT
{
  if (convolver) {
    convolver_run(convolver, (const float* const*)in, out, n);
  }
  for (uint32_t c = 0; c < cabinet->n_channels; ++c) {
    for (uint32_t i = 0; i < n; ++i) {
      out[c][i] = convolver ? out[c][i] * cabinet->gains[i] : in[c][i];
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
  Crossfade* const crossfade = &cabinet->convolvers;
  float* const wet[] = {cabinet->wet[0], cabinet->wet[1]};
  float* const wet_next[] = {cabinet->wet_next[0], cabinet->wet_next[1]};
  (void)crossfade_begin(crossfade, cabinet->change_fade);
  for (uint32_t i = 0; i < n; ++i) {
    cabinet->gains[i] = ramp_next(&cabinet->gain);
  }
  if (is_idle(cabinet)) {
    cabinet->was_idle = true;
    return;
  }
  if (cabinet->was_idle && crossfade->current) {
    convolver_reset(crossfade->current);
  }
  cabinet->was_idle = false;
  convolve_and_level(cabinet, crossfade->current, x, wet, n);
  if (crossfade->is_fading) {
    convolve_and_level(cabinet, crossfade->next, x, wet_next, n);
    crossfade_mix(crossfade, wet, (const float* const*)wet_next, cabinet->n_channels, n);
    (void)crossfade_end(crossfade);
  }
  mix_in_convolved(cabinet, x, n);
}
