// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Plays a recording through the plugin's engine, block by block, and scores it. Any one thread.

#ifndef GRUS_TRAIN_PROGRAMS_RENDER_RENDER_H
#define GRUS_TRAIN_PROGRAMS_RENDER_RENDER_H

#include "core/engine/engine.h"
#include "core/params.h"
#include "core/status.h"
#include "train/programs/render/target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Where a knob should stand
typedef struct {
  const char* text;   ///< As given, NAME=VALUE or VALUE
  size_t name_length; ///< 0: the next knob
  float value;        ///< 0..1
} RenderKnob;

/// What to render
typedef struct {
  const char* model;
  const char* input;
  const char* output;
  const char* target;      ///< NULL: none
  uint32_t channel;        ///< Of both files, counted from 1; 0: the first
  uint32_t input_channel;  ///< 0: as `channel`
  uint32_t target_channel; ///< 0: as `channel`
  bool has_latency;        ///< `latency` is given
  double latency;          ///< Of the target [frames]
  uint32_t clip_frames;    ///< 0: one take
  uint32_t clip_warmup;    ///< Frames of each clip that are not scored
  RenderKnob knobs[PARAMS_MAX_KNOBS];
  uint32_t n_knobs;
  const char* cabinet; ///< NULL: none
  uint32_t oversampling;
  double rate; ///< Of a model whose file gives none [Hz]; 0: the usual one
  EngineControls controls;
  bool overwrites; ///< Replace the output whatever it is
  bool is_json;    ///< Print JSON
} RenderOptions;

#define RENDER_MAX_NOTES 9U

/// How it went
typedef struct {
  Message notes[RENDER_MAX_NOTES]; ///< What is odd about the files or about what was played
  uint32_t n_notes;
  uint64_t n_clipped;    ///< Samples that the output's format could not hold
  Message rate;          ///< How the model plays, if at another rate or with a cabinet; or empty
  double seconds;        ///< Of sound [s]
  double engine_seconds; ///< Spent in the engine [s]
  bool is_scored;        ///< There is a target
  TargetResult target;   ///< What comes of it
} RenderResult;

/// Write the output. Notes and rate of `result` are set even after a failure.
NODISCARD Status render_recording(const RenderOptions* options, RenderResult* result,
                                  Message* message);

#endif
