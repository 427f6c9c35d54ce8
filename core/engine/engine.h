// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Everything between a host's input and output buffers: the same sound for plugin, JACK and files.
///
///     in ─▶ input gain ─▶ voice ─▶ gate ─▶ tone ─▶ cabinet ─▶ output gain ─▶ enabled ─▶ limit ─▶ out
///      │            └─▶ next voice ─┘ cross-fade          │                    │
///      ├─▶ gate's key                          and cabinet's cross-fade        │
///      └─▶ delay by the model's latency ───────────────────────────────────────┘
///
/// One engine belongs to one audio thread. engine_new(), engine_free() and engine_reset() are not
/// called while that thread runs it; everything marked RT is called by it.

#ifndef GRUS_CORE_ENGINE_ENGINE_H
#define GRUS_CORE_ENGINE_ENGINE_H

#include "core/engine/convolver.h"
#include "core/engine/tone.h"
#include "core/engine/voice.h"
#include "core/model/model.h"
#include "core/realtime.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

#define ENGINE_MAX_CHANNELS 2U

/// No output sample is larger: +12 dBFS
#define ENGINE_OUTPUT_LIMIT 3.98107171F

/// Level of a usual interface that 0 dBFS stands for [dBu]
#define ENGINE_DEFAULT_INTERFACE_DBU 12.0F

typedef struct EngineImpl Engine;

/// What a player can turn; read at the start of engine_run(). Everything arrives after 20 ms: levels
/// are smoothed per sample; knobs move every 4 frames, which stays 50 dB below the sound.
/// A value that is not finite leaves that control where it was.
typedef struct {
  float input_gain_db;  ///< Level into the model [dB]
  float output_gain_db; ///< Level after everything [dB]
  bool enabled;         ///< False: the input is passed on as it came; fades within 20 ms
  float
      knobs[PARAMS_MAX_KNOBS]; ///< The model's own, 0..1; what it does not have counts for nothing
  VoiceLevels levels;          ///< How models are made equally loud
  float gate_db;               ///< Threshold of the noise gate [dBFS]; 0: off
  ToneControls tone;
  bool cabinet_enabled;
  float cabinet_gain_db; ///< Level of the cabinet [dB]
} EngineControls;

/// Controls that leave the sound to the model: levels at 0 dB, knobs in the middle, no gate, flat tone,
/// cabinet on
#define ENGINE_DEFAULT_CONTROLS                                                                    \
  {                                                                                                \
    .enabled = true,                                                                               \
    .knobs = {MODEL_KNOB_DEFAULT, MODEL_KNOB_DEFAULT, MODEL_KNOB_DEFAULT, MODEL_KNOB_DEFAULT},     \
    .levels = {LEVEL_MATCH_RAW, ENGINE_DEFAULT_INTERFACE_DBU}, .cabinet_enabled = true,            \
  }

/// Allocate an engine for 1 or 2 channels without model and cabinet, which passes the sound through its
/// gains
NODISCARD Status engine_new(double sample_rate, uint32_t n_channels, Engine** engine);

/// Free an engine and all models and cabinets it still holds; NULL is legal
void engine_free(Engine* engine);

/// Forget the past: models at rest, fades finished, controls taken over at once by the next run.
/// Rest is where the knobs stood when the model settled: settle it before, where they are known.
void engine_reset(Engine* engine);

/// Process `n_frames` of every channel, any number including 0; `in[c]` and `out[c]` may be the same
/// buffer
void engine_run(Engine* engine, const EngineControls* controls, const float* const* in,
                float* const* out, uint32_t n_frames) RT;

/// Hand over a model made for the engine's rate and channels, which the engine owns from now on, and
/// cross-fade to it within 30 ms.
///
/// While a fade is going on, or a retired model has not been taken, the new one waits. Return the
/// model that was waiting before and will never be heard, now the caller's to free; mostly NULL.
NODISCARD Model* engine_change_model(Engine* engine, Model* next) RT;

/// Return a model that is no longer heard, now the caller's to free, or NULL
NODISCARD Model* engine_take_retired(Engine* engine) RT;

/// The same for the cabinet, made for the engine's channels; NULL is none
NODISCARD Convolver* engine_change_cabinet(Engine* engine, Convolver* next) RT;
NODISCARD Convolver* engine_take_retired_cabinet(Engine* engine) RT;

/// Return true if no model and no cabinet fades, waits, or is to be taken
bool engine_is_settled(const Engine* engine) RT;

/// Let go of all models and cabinets without freeing them, for a caller that keeps them himself; while no
/// audio thread runs the engine
void engine_release(Engine* engine);

/// Return the model that is heard, or fading in; NULL without one
const Model* engine_model(const Engine* engine) RT;

/// Return the cabinet that is heard, or fading in; NULL without one
const Convolver* engine_cabinet(const Engine* engine) RT;

/// Return by how much the output comes after the input, wet and dry alike [frames]
uint32_t engine_latency(const Engine* engine) RT;

/// Return the peak of what came in and went out [linear], falling by 20 dB a second
float engine_input_peak(const Engine* engine) RT;
float engine_output_peak(const Engine* engine) RT;

/// Return how often the guard stopped a sample that was not finite, or a runaway model
uint32_t engine_guard_trips(const Engine* engine) RT;

#endif
