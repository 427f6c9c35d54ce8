// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// One model at work: its level, its sound, and no DC. Audio thread.
///
/// The DC blocker subtracts a running mean (first-order high-pass at 1 Hz) that starts at the
/// model's own offset: no thump at the start or at a change, and no audible phase shift on bass.

#ifndef GRUS_CORE_ENGINE_VOICE_H
#define GRUS_CORE_ENGINE_VOICE_H

#include "core/engine/ramp.h"
#include "core/model/model.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

/// What is done so that models are equally loud
typedef enum {
  LEVEL_MATCH_RAW,        ///< As the file says
  LEVEL_MATCH_MATCHED,    ///< Every model as loud as VOICE_LOUDNESS on the same playing
  LEVEL_MATCH_CALIBRATED, ///< As loud as the gear was, by the levels in dBu that the file gives
} LevelMatch;

/// Loudness of a matched model on the reference phrase (core/model/loudness.h) [LUFS]
#define VOICE_LOUDNESS (-18.0)

/// Of what is wished for
typedef struct {
  LevelMatch match;
  float interface_dbu; ///< Level that 0 dBFS stands for at the player's interface [dBu]
} VoiceLevels;

typedef struct {
  Model* model; ///< NULL passes sound through
  uint32_t n_channels;
  double mean[MODEL_MAX_CHANNELS]; ///< What the DC blocker subtracts
  Ramp input_gain;                 ///< Of the level match
  Ramp output_gain;
} Voice;

/// Return a voice in silence whose level match is yet to be aimed at once
Voice voice_at_rest(Model* model, uint32_t n_channels) RT;

/// Set out for a level match, to be there after `n_frames`; 0: at once
void voice_match(Voice* voice, VoiceLevels levels, uint32_t n_frames) RT;

/// Go back to silence
void voice_reset(Voice* voice) RT;

/// Play `n` frames; return false, with silence in `out`, if the model ran away.
/// `dc_coefficient` is 1 - exp(-2π 1 Hz / rate).
bool voice_run(Voice* voice, double dc_coefficient, const float* const* in, float* const* out,
               uint32_t n) RT;

/// Return the DC blocker's coefficient at a rate [Hz]
double voice_dc_coefficient(double sample_rate);

#endif
