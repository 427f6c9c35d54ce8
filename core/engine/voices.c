// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One voice, or two and a cross-fade. Set-up first, then the audio thread.

#include "core/engine/voices.h"

#include "core/dc_blocker.h"

#include <stddef.h>
#include <string.h>

static void
free_model(void* const model)
{
  model_free((Model*)model);
}

void
voices_init(Voices* const voices, const double sample_rate, const uint32_t n_channels,
            const uint32_t change_fade)
{
  voices->dc_coefficient = dc_blocker_coefficient(sample_rate);
  voices->n_channels = n_channels;
  voices->change_fade = change_fade;
  voices_settle(voices);
}

void
voices_settle(Voices* const voices)
{
  crossfade_settle(&voices->models, free_model);
  voices->current = voice_at_rest(voices->models.current, voices->n_channels);
  voices->next.model = NULL;
}

void
voices_clear(Voices* const voices)
{
  crossfade_settle(&voices->models, free_model);
  model_free(voices->models.current);
  voices_release(voices);
}

void
voices_release(Voices* const voices)
{
  voices->models = (Crossfade){0};
  voices->current.model = NULL;
  voices->next.model = NULL;
}

// Audio thread from here

void
voices_match(Voices* const voices, const VoiceMatch match, const uint32_t n_frames) RT
{
  voices->match = match;
  voice_match(&voices->current, &match, n_frames);
  voice_match(&voices->next, &match, n_frames);
}

void
voices_aim_cabinets(Voices* const voices, const VoiceCabinet cabinet, const uint32_t n_frames) RT
{
  voice_aim_cabinet(&voices->current, cabinet, n_frames);
  voice_aim_cabinet(&voices->next, cabinet, voices->has_begun ? 0 : n_frames);
}

static void
turn_knobs(const Voice* const voice, const float knobs[PARAMS_MAX_KNOBS]) RT
{
  if (voice->model) {
    model_set_knobs(voice->model, knobs);
  }
}

void
voices_set_knobs(Voices* const voices, const float knobs[PARAMS_MAX_KNOBS]) RT
{
  memcpy(voices->knobs, knobs, sizeof(voices->knobs));
  turn_knobs(&voices->current, knobs);
  turn_knobs(&voices->next, knobs);
}

void
voices_begin_change(Voices* const voices) RT
{
  if (crossfade_begin(&voices->models, voices->change_fade)) {
    voices->next = voice_at_rest(voices->models.next, voices->n_channels);
    voice_match(&voices->next, &voices->match, 0);
    turn_knobs(&voices->next, voices->knobs);
    voices->has_begun = true;
  }
}

static void
end_change(Voices* const voices) RT
{
  if (crossfade_end(&voices->models)) {
    voices->current = voices->next;
    voices->next.model = NULL;
  }
}

bool
voices_run(Voices* const voices, const float* const* const in, float* const* const out,
           const uint32_t n) RT
{
  float* const wet_next[] = {voices->wet_next[0], voices->wet_next[1]};
  bool is_sane = voice_run(&voices->current, voices->dc_coefficient, in, out, n);
  if (voices->models.is_fading) {
    is_sane = voice_run(&voices->next, voices->dc_coefficient, in, wet_next, n) && is_sane;
    crossfade_mix(&voices->models, out, (const float* const*)wet_next, voices->n_channels, n);
  }
  voices->has_begun = false;
  end_change(voices);
  return is_sane;
}

static void
watch_model(const Voice* const voice, const bool is_watched) RT
{
  if (voice->model) {
    model_watch(voice->model, is_watched);
  }
}

void
voices_watch(const Voices* const voices, const bool is_watched) RT
{
  watch_model(&voices->current, is_watched);
  watch_model(&voices->next, is_watched);
}

void
voices_reset(Voices* const voices) RT
{
  voice_reset(&voices->current);
  voice_reset(&voices->next);
}

static uint32_t
latency_of(const Model* const model) RT
{
  return model ? model_latency(model) : 0;
}

void
voices_delay_dry(const Voices* const voices, const DelayLine* const past, float* const* const dry,
                 const uint32_t n) RT
{
  float late_samples[MODEL_MAX_CHANNELS][VOICES_SLICE];
  float* const late[] = {late_samples[0], late_samples[1]};
  const uint32_t old = latency_of(voices->current.model);
  const uint32_t new = voices->models.is_fading ? latency_of(voices->next.model) : old;
  if (!old && !new) {
    return;
  }
  for (uint32_t c = 0; c < voices->n_channels; ++c) {
    delay_line_read(&past[c], old, dry[c], n);
    delay_line_read(&past[c], new, late[c], n);
  }
  if (old != new) {
    Crossfade fade = voices->models; // A copy: voices_run() mixes with the same weights
    crossfade_mix(&fade, dry, (const float* const*)late, voices->n_channels, n);
  }
}

uint32_t
voices_latency(const Voices* const voices) RT
{
  return latency_of(crossfade_newest(&voices->models));
}
