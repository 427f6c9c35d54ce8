// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Everything between a host's input and output buffer: the same sound for plugin, JACK and files.
///
///     in ─▶ input gain ─▶ model ─▶ DC blocker ─▶ output gain ─▶ enabled fade ─▶ guard ─▶ out
///                   └──▶ next model ─▶ DC blocker ─┘ 30 ms cross-fade on a change
///
/// One engine belongs to one audio thread. engine_new(), engine_free() and engine_reset() are not
/// called while that thread runs it; everything marked RT is called by it.

#ifndef GRUS_CORE_ENGINE_H
#define GRUS_CORE_ENGINE_H

#include "core/model.h"
#include "core/realtime.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

#define ENGINE_MIN_GAIN_DB (-90.0F) ///< This and below is silence
#define ENGINE_MAX_GAIN_DB 40.0F

/// Knobs in the middle, for whoever has none to turn
#define ENGINE_DEFAULT_KNOBS                                                                       \
  {                                                                                                \
    MODEL_KNOB_DEFAULT, MODEL_KNOB_DEFAULT, MODEL_KNOB_DEFAULT, MODEL_KNOB_DEFAULT                 \
  }

/// No output sample is larger: +12 dBFS
#define ENGINE_OUTPUT_LIMIT 3.98107171F

typedef struct EngineImpl Engine;

/// What a player can turn; read at the start of engine_run(). Everything arrives after 20 ms: levels
/// are smoothed per sample; knobs move every 4 frames, which stays 50 dB below the sound.
/// A value that is not finite leaves that control where it was.
typedef struct {
  float input_gain_db;  ///< Level into the model [dB]
  float output_gain_db; ///< Level after the model [dB]
  bool enabled;         ///< False: the input is passed on as it came; fades within 20 ms
  float
      knobs[PARAMS_MAX_KNOBS]; ///< The model's own, 0..1; what it does not have counts for nothing
} EngineControls;

/// Allocate an engine without model, which passes the sound through its gains
NODISCARD Status engine_new(double sample_rate, Engine** engine);

/// Free an engine and every model it still holds; NULL is legal
void engine_free(Engine* engine);

/// Forget the past: models at rest, fades finished, controls taken over at once by the next run.
/// Rest is where the knobs stood when the model settled: settle it before, where they are known.
void engine_reset(Engine* engine);

/// Process `n_frames`, any number including 0; `in` and `out` may be the same buffer
void engine_run(Engine* engine, const EngineControls* controls, const float* in, float* out,
                uint32_t n_frames) RT;

/// Hand over a model, which the engine owns from now on, and cross-fade to it within 30 ms.
///
/// While a fade is going on, or a retired model has not been taken, the new one waits. Return the
/// model that was waiting before and will never be heard, now the caller's to free; mostly NULL.
NODISCARD Model* engine_change_model(Engine* engine, Model* next) RT;

/// Return a model that is no longer heard, now the caller's to free, or NULL
NODISCARD Model* engine_take_retired(Engine* engine) RT;

/// Return the model that is heard, or fading in; NULL without one
const Model* engine_model(const Engine* engine) RT;

/// Return how often the guard stopped a sample that was not finite, or a runaway model
uint32_t engine_guard_trips(const Engine* engine) RT;

#endif
