// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The models of an engine: the one that plays, and the next one while it fades in.
///
///     in ─▶ voice ──────────┬─▶ out        dry ─▶ as late as the voices
///      └──▶ next voice ─────┘ cross-fade

#ifndef GRUS_CORE_ENGINE_VOICES_H
#define GRUS_CORE_ENGINE_VOICES_H

#include "core/engine/crossfade.h"
#include "core/engine/delay_line.h"
#include "core/engine/voice.h"
#include "core/model/model.h"
#include "core/params.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

#define VOICES_SLICE 64U ///< Most frames of one call

typedef struct {
  Crossfade models;
  Voice current;
  Voice next; ///< Fades in; otherwise it has no model
  VoiceMatch match;
  float knobs[PARAMS_MAX_KNOBS];
  bool has_begun; ///< A change; the next voice has not played yet
  double dc_coefficient;
  uint32_t n_channels;
  uint32_t change_fade; ///< [frames]
  float wet_next[MODEL_MAX_CHANNELS][VOICES_SLICE];
} Voices;

/// Initialise zeroed voices without models; changing one fades for `change_fade` frames
void voices_init(Voices* voices, double sample_rate, uint32_t n_channels, uint32_t change_fade);

/// Make the newest model the only one, at rest and without a fade, and free the others
void voices_settle(Voices* voices);

/// Free all models
void voices_clear(Voices* voices);

/// Drop all models without freeing them
void voices_release(Voices* voices);

// Audio thread from here

/// Match levels within `n_frames`; 0: at once
void voices_match(Voices* voices, VoiceMatch match, uint32_t n_frames) RT;

/// Switch and level the cabinets of all models within `n_frames`, at once in a voice that has not
/// played yet; 0: at once
void voices_aim_cabinets(Voices* voices, VoiceCabinet cabinet, uint32_t n_frames) RT;

/// Turn the knobs of all models, also of future ones
void voices_set_knobs(Voices* voices, const float knobs[PARAMS_MAX_KNOBS]) RT;

/// Start fading in the waiting model, if there is one and no other fades
void voices_begin_change(Voices* voices) RT;

/// Play `n` frames, at most VOICES_SLICE, and end a complete fade; return false if a model ran away
bool voices_run(Voices* voices, const float* const* in, float* const* out, uint32_t n) RT;

/// Say whether model_gates() will be asked about the next frames
void voices_watch(const Voices* voices, bool is_watched) RT;

/// Go back to silence
void voices_reset(Voices* voices) RT;

/// Delay the last `n` frames written to `past` by the latency of the models, before voices_run()
/// plays the same frames; during a change of latency, with the same fade
void voices_delay_dry(const Voices* voices, const DelayLine* past, float* const* dry,
                      uint32_t n) RT;

/// Return the latency of the newest model [frames]
uint32_t voices_latency(const Voices* voices) RT;

#endif
