// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Everything between a host's input and output buffers: the same sound for plugin, JACK and files.
///
/// A model may end in a cabinet of its own, within its voice: as captured, the whole rig. It plays
/// unless it is switched off, or the engine's cabinet takes its place.
///
///     in ─▶ gain ─▶ voice ─▶ gate ─▶ tone ─▶ cabinet ─▶ gain ─▶ enabled ─▶ limit ─▶ out
///      │       └─▶ next voice ─┘ cross-fade       │                 │
///      ├─▶ gate's key                and cabinet's cross-fade       │
///      └─▶ delay by the model's latency ────────────────────────────┘
///
/// An engine belongs to one audio thread, which calls the functions marked RT. engine_new(),
/// engine_free() and engine_reset() are called while that thread doesn't run it.

#ifndef GRUS_CORE_ENGINE_ENGINE_H
#define GRUS_CORE_ENGINE_ENGINE_H

#include "core/engine/gate.h"
#include "core/engine/tone.h"
#include "core/engine/voice.h"
#include "core/model/convolver.h"
#include "core/model/model.h"
#include "core/realtime.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

#define ENGINE_MAX_CHANNELS 2U

/// Output samples are limited to this: +12 dBFS
#define ENGINE_OUTPUT_LIMIT 3.98107171F

/// Level of 0 dBFS at a typical interface [dBu]
#define ENGINE_DEFAULT_INTERFACE_DBU 12.0F

typedef struct EngineImpl Engine;

/// What a player can turn; read at the start of engine_run(). Every change takes 20 ms: levels move
/// per sample; knobs move every 4 frames, whose steps stay 50 dB below the sound. A value that is
/// not finite leaves its control where it was.
typedef struct {
  float input_gain_db;           ///< Level into the model [dB]
  float output_gain_db;          ///< Level after everything [dB]
  bool enabled;                  ///< False: the input passes unchanged; fades within 20 ms
  float knobs[PARAMS_MAX_KNOBS]; ///< The model's knobs, 0..1; those it doesn't have are ignored
  VoiceLevels levels;            ///< How models are brought to equal loudness
  float gate_db;                 ///< Threshold of the noise gate [dBFS]; -90 and below: off
  ToneControls tone;
  bool cabinet_enabled;  ///< False: neither the engine's cabinet nor a model's own is heard
  bool cabinet_yields;   ///< The engine's cabinet is heard only if the model has none of its own
  float cabinet_gain_db; ///< Level of the cabinet that is heard [dB]
} EngineControls;

/// Controls that leave the sound to the model: levels at 0 dB, knobs in the middle, no gate, flat
/// tone, cabinet on
#define ENGINE_DEFAULT_CONTROLS                                                                    \
  {                                                                                                \
    .enabled = true,                                                                               \
    .knobs = {MODEL_KNOB_DEFAULT, MODEL_KNOB_DEFAULT, MODEL_KNOB_DEFAULT, MODEL_KNOB_DEFAULT},     \
    .levels = {LEVEL_MATCH_RAW, ENGINE_DEFAULT_INTERFACE_DBU}, .gate_db = GATE_OFF_DB,             \
    .cabinet_enabled = true,                                                                       \
  }

/// Which cabinet is heard
typedef enum {
  ENGINE_CABINET_WITHOUT,  ///< None, or it is switched off
  ENGINE_CABINET_CAPTURED, ///< The model's own, as it was captured
  ENGINE_CABINET_OWN,      ///< The player's, which was handed to the engine
} EngineCabinet;

/// Allocate an engine for 1 or 2 channels. Without model and cabinet it passes the sound through
/// its gains.
NODISCARD Status engine_new(double sample_rate, uint32_t n_channels, Engine** engine);

/// Free an engine and all models and cabinets it still holds; NULL is legal
void engine_free(Engine* engine);

/// Clear the past: models at rest, fades finished, controls applied at once by the next run. A
/// model's rest depends on its knobs when it settled, so if their positions are known, settle it
/// first.
void engine_reset(Engine* engine);

/// Process `n_frames` of every channel, any number including 0; `in[c]` and `out[c]` may be the
/// same buffer
void engine_run(Engine* engine, const EngineControls* controls, const float* const* in,
                float* const* out, uint32_t n_frames) RT;

/// Pass on a model made for the engine's rate and channels, which the engine then owns, and
/// cross-fade to it within 30 ms.
///
/// During a fade, or until a retired model is taken, the new one waits. Return the waiting model
/// that it replaces, which never plays and which the caller frees; mostly NULL.
NODISCARD Model* engine_change_model(Engine* engine, Model* next) RT;

/// Return a model that no longer plays, which the caller frees, or NULL
NODISCARD Model* engine_take_retired(Engine* engine) RT;

/// The same for the cabinet, made for the engine's channels; NULL removes it. It takes the place of
/// a model's own cabinet.
NODISCARD Convolver* engine_change_cabinet(Engine* engine, Convolver* next) RT;
NODISCARD Convolver* engine_take_retired_cabinet(Engine* engine) RT;

/// Return true if no model or cabinet fades, waits, or has yet to be taken
bool engine_is_settled(const Engine* engine) RT;

/// Drop all models and cabinets without freeing them, for a caller that owns them; not while an
/// audio thread runs the engine
void engine_release(Engine* engine);

/// Return the model that plays or fades in; NULL if there is none
const Model* engine_model(const Engine* engine) RT;

/// Return the cabinet that plays or fades in; NULL if there is none
const Convolver* engine_cabinet(const Engine* engine) RT;

/// Return which cabinet was heard in the last run, or is faded in
EngineCabinet engine_heard_cabinet(const Engine* engine) RT;

/// Return what to call it: "without cabinet", "as captured" or "own cabinet"
const char* engine_cabinet_text(EngineCabinet cabinet) RT;

/// Say whether engine_gates() will be asked about the end of the next run. Costs a copy of the
/// state; the sound stays the same to the last bit.
void engine_watch(Engine* engine, bool is_watched) RT;

/// Write what the newest model's network did in the last frame of the last run, if it was watched:
/// r, z, n and h (4, H) of the first channel. Return H, or 0 if there is no such frame, or if the
/// model is no GRU.
uint32_t engine_gates(const Engine* engine, float* gates) RT;

/// Return how far the output lags behind the input, wet and dry alike [frames]
uint32_t engine_latency(const Engine* engine) RT;

/// Return the peak of the input or output [linear], falling by 20 dB a second
float engine_input_peak(const Engine* engine) RT;
float engine_output_peak(const Engine* engine) RT;

/// Return how much of the sound the gate let through at the end of the last run, 0..1
float engine_gate_gain(const Engine* engine) RT;

/// Return how often the guard stopped a sample that was not finite, or a runaway model
uint32_t engine_guard_trips(const Engine* engine) RT;

#endif
