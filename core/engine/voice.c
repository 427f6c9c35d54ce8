// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A model between its level match and its DC blocker. Audio thread.

#include "core/engine/voice.h"

#include "core/dc_blocker.h"
#include "core/decibel.h"
#include "core/model/model_loudness.h"

#include <math.h>
#include <string.h>

/// Samples beyond this are faults, not sound (+60 dBFS)
#define FAULT_LEVEL 1000.0F

/// Largest level match, up or down [dB]
#define MATCH_LIMIT_DB 40.0

// Audio thread from here

Voice
voice_at_rest(Model* const model, const uint32_t n_channels) RT
{
  Voice voice = {model, n_channels, {0.0}, ramp_at(1.0F), ramp_at(1.0F)};
  voice_reset(&voice);
  return voice;
}

void
voice_reset(Voice* const voice) RT
{
  if (voice->model) {
    model_reset(voice->model);
    for (uint32_t c = 0; c < voice->n_channels; ++c) {
      voice->mean[c] = (double)model_rest_output(voice->model);
    }
  }
}

/// Return a gain from dB; a level that the file does not give (NaN) has gain 1
static float
match_gain(const double gain_db) RT
{
  const double limited = fmax(fmin(gain_db, MATCH_LIMIT_DB), -MATCH_LIMIT_DB);
  return isfinite(gain_db) ? (float)decibel_to_gain(limited) : 1.0F;
}

void
voice_match(Voice* const voice, const VoiceMatch* const match, const uint32_t n_frames) RT
{
  const VoiceLevels levels = match->levels;
  const ModelLevels of_model = voice->model ? model_levels(voice->model) : MODEL_LEVELS_UNKNOWN;
  const double interface = (double)levels.interface_dbu;
  float input = 1.0F;
  float output = 1.0F;
  if (levels.match == LEVEL_MATCH_MATCHED) {
    output = match_gain(VOICE_LOUDNESS - model_loudness_at(&of_model.loudness, match->knobs));
  } else if (levels.match == LEVEL_MATCH_CALIBRATED) {
    input = match_gain(interface - of_model.input_dbu);
    output = match_gain(of_model.output_dbu - interface);
  }
  ramp_aim(&voice->input_gain, input, n_frames);
  ramp_aim(&voice->output_gain, output, n_frames);
}

void
voice_aim_cabinet(const Voice* const voice, const VoiceCabinet cabinet, const uint32_t n_frames) RT
{
  if (voice->model) {
    model_aim_cabinet(voice->model, cabinet.is_on, cabinet.gain, n_frames);
  }
}

static void
apply_gain(const Voice* const voice, Ramp* const gain, const float* const* const in,
           float* const* const out, const uint32_t n) RT
{
  for (uint32_t i = 0; i < n; ++i) {
    const float g = ramp_next(gain);
    for (uint32_t c = 0; c < voice->n_channels; ++c) {
      out[c][i] = g * in[c][i];
    }
  }
}

static bool
is_sane(const float* const y, const uint32_t n) RT
{
  bool sane = true;
  for (uint32_t i = 0; i < n; ++i) {
    sane = sane && fabsf(y[i]) <= FAULT_LEVEL; // False for NaN
  }
  return sane;
}

bool
voice_run(Voice* const voice, const double dc_coefficient, const float* const* const in,
          float* const* const out, const uint32_t n) RT
{
  bool sane = true;
  apply_gain(voice, &voice->input_gain, in, out, n);
  if (voice->model) {
    model_run(voice->model, (const float* const*)out, out, n);
    for (uint32_t c = 0; c < voice->n_channels; ++c) {
      sane = is_sane(out[c], n) && sane;
    }
  }
  for (uint32_t c = 0; c < voice->n_channels; ++c) {
    if (!sane) {
      memset(out[c], 0, n * sizeof(float));
    } else if (voice->model) {
      dc_blocker_run(&voice->mean[c], dc_coefficient, out[c], n);
    }
  }
  apply_gain(voice, &voice->output_gain, (const float* const*)out, out, n);
  return sane;
}
