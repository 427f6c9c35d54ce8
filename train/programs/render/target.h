// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a rendered recording is scored against: the target, aligned as it was when the model
/// learned from it, so that the figure of the training comes out again. Any one thread.

#ifndef GRUS_TRAIN_PROGRAMS_RENDER_TARGET_H
#define GRUS_TRAIN_PROGRAMS_RENDER_TARGET_H

#include "core/format/model_file.h"
#include "core/status.h"
#include "train/audio/score.h"
#include "train/audio/spool.h"
#include "train/audio/wav.h"
#include "train/learn/dataset.h"

#include <stdbool.h>
#include <stdint.h>

/// How to score
typedef struct {
  const char* input; ///< What the model played
  uint32_t input_channel;
  const char* path; ///< The target
  uint32_t channel;
  bool has_latency; ///< `latency` is given
  double latency;   ///< [frames]
  bool blocks_dc;   ///< The engine blocked the output's DC, but nothing the target's
  ClipLayout clips; ///< Of rows of clips, which are scored where they are; zeroed: one take
} TargetUse;

/// What the model's file says about what it learned from; zeroed if it says nothing
typedef struct {
  bool is_known;  ///< A recording was learned from
  double seconds; ///< Delay [s]
  double drift;
  double esr;
  double held_out; ///< Share that it didn't learn from; 0: unknown
  uint32_t clip_warmup;
  char source_hash[MODEL_FILE_TEXT_SIZE];
} TargetTraining;

typedef struct {
  TargetUse use;
  TargetTraining training;
  Wav recorded;
  Spool rendered;
  bool is_open; ///< `rendered` is
} Target;

/// What comes of it
typedef struct {
  Message alignment; ///< How the target was shifted; empty: not at all
  Message note;      ///< Another latency fits better; empty: none
  ScoreResult score;
  bool has_held_out; ///< These are the recordings that the model learned from
  ScoreResult held_out;
} TargetResult;

/// Keep what a file says about its training
TargetTraining target_training(const ModelFile* file);

/// Read the target. Clear it even after a failure.
NODISCARD Status target_open(Target* target, const TargetUse* use, Message* message);

/// Keep what was rendered
NODISCARD Status target_add(Target* target, const float* samples, uint32_t n_frames,
                            Message* message);

/// Score all that was rendered
NODISCARD Status target_score(const Target* target, TargetResult* result, Message* message);

/// Legal on a zeroed struct
void target_clear(Target* target);

#endif
