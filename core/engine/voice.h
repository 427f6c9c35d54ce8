// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Plays one model with its level match, and removes DC. Audio thread.
///
/// The DC blocker subtracts a running mean (first-order high-pass at 1 Hz), which starts at the
/// model's own offset: no thump at the start or when models change, and no audible phase shift in
/// the bass.

#ifndef GRUS_CORE_ENGINE_VOICE_H
#define GRUS_CORE_ENGINE_VOICE_H

#include "core/model/model.h"
#include "core/ramp.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

/// How models are brought to equal loudness
typedef enum {
  LEVEL_MATCH_RAW,        ///< As the file says
  LEVEL_MATCH_MATCHED,    ///< Every model has VOICE_LOUDNESS on the same playing
  LEVEL_MATCH_CALIBRATED, ///< As loud as the gear was, by the levels in dBu in the file
} LevelMatch;

/// Loudness of a matched model on the reference phrase (core/model/loudness.h), wherever its knobs
/// stand [LUFS]
#define VOICE_LOUDNESS (-18.0)

/// Requested level match
typedef struct {
  LevelMatch match;
  float interface_dbu; ///< Level of 0 dBFS at the player's interface [dBu]
} VoiceLevels;

/// What a level match depends on
typedef struct {
  VoiceLevels levels;
  float knobs[PARAMS_MAX_KNOBS]; ///< Positions that they have or move to
} VoiceMatch;

/// How a model's own cabinet plays, if it has one
typedef struct {
  bool is_on;
  float gain;
} VoiceCabinet;

typedef struct {
  Model* model; ///< NULL passes sound through
  uint32_t n_channels;
  double mean[MODEL_MAX_CHANNELS]; ///< Subtracted by the DC blocker
  Ramp input_gain;                 ///< Of the level match
  Ramp output_gain;
} Voice;

/// Return a silent voice, which applies its first level match at once
Voice voice_at_rest(Model* model, uint32_t n_channels) RT;

/// Move to a level match within `n_frames`; 0: at once
void voice_match(Voice* voice, const VoiceMatch* match, uint32_t n_frames) RT;

/// Switch and level the model's own cabinet within `n_frames`; 0: at once
void voice_aim_cabinet(const Voice* voice, VoiceCabinet cabinet, uint32_t n_frames) RT;

/// Go back to silence
void voice_reset(Voice* voice) RT;

/// Play `n` frames; return false, with silence in `out`, if the model ran away. `dc_coefficient` is
/// that of core/dc_blocker.h.
bool voice_run(Voice* voice, double dc_coefficient, const float* const* in, float* const* out,
               uint32_t n) RT;

#endif
