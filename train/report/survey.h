// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A whole take at a glance: how loud recording and difference are when, what they are made of, and where it is
/// worth a closer look. Main thread.

#ifndef GRUS_TRAIN_REPORT_SURVEY_H
#define GRUS_TRAIN_REPORT_SURVEY_H

#include "core/status.h"
#include "train/report/playback.h"

#include <stdint.h>

#define SURVEY_BLOCK 4096U
#define SURVEY_BINS (SURVEY_BLOCK / 2 + 1)
#define SURVEY_LEVELS 201U ///< Of the input, from -1 to 1

/// Mean powers over SURVEY_BLOCK frames
typedef struct {
  uint64_t begin; ///< First frame
  double target;
  double error;
} SurveyBlock;

typedef enum {
  SURVEY_TARGET,
  SURVEY_OUTPUT,
  SURVEY_ERROR,
} SurveySound;

#define SURVEY_N_SOUNDS 3U

/// What comes out, on average, while a level goes in
typedef struct {
  double target;
  double output;
  uint64_t n_frames;
} SurveyLevel;

typedef struct {
  SurveyBlock* blocks;
  uint32_t n_blocks;
  double spectra[SURVEY_N_SOUNDS][SURVEY_BINS]; ///< Mean power of each bin, Hann window
  SurveyLevel levels[SURVEY_LEVELS];
} Survey;

/// Play a take from end to end; rests that fill no block are left out
NODISCARD Status survey_make(Show* show, Survey* survey);

/// Legal on a zeroed struct
void survey_clear(Survey* survey);

/// Return the middle of the loudest block of the target [frames]
uint64_t survey_loudest(const Survey* survey);

/// Return the middle of one that is nearest to 30 dB softer
uint64_t survey_soft(const Survey* survey);

/// Return the middle of that which the model is furthest from, compared with a target that counts as no softer
/// than 40 dB below the mean
uint64_t survey_worst(const Survey* survey);

#endif
