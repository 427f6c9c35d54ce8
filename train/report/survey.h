// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A whole take at a glance: levels of recording and difference over time, their spectra, and the
/// moments that deserve a closer look. Main thread.

#ifndef GRUS_TRAIN_REPORT_SURVEY_H
#define GRUS_TRAIN_REPORT_SURVEY_H

#include "core/status.h"
#include "train/report/playback.h"

#include <stdbool.h>
#include <stdint.h>

#define SURVEY_BLOCK 4096U
#define SURVEY_BINS (SURVEY_BLOCK / 2 + 1)
#define SURVEY_LEVELS 201U ///< Of input amplitudes, from -1 to 1

/// Mean powers over SURVEY_BLOCK frames
typedef struct {
  uint64_t begin; ///< First frame
  double target;
  double error;
  bool is_shown; ///< It has sound and, if the input is the test signal, playing
} SurveyBlock;

typedef enum {
  SURVEY_TARGET,
  SURVEY_OUTPUT,
  SURVEY_ERROR,
} SurveySound;

#define SURVEY_N_SOUNDS 3U

/// Average output for one input amplitude
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

/// Play a whole take; the rest that fills no block is left out
NODISCARD Status survey_make(Playback* playback, Survey* survey);

/// Legal on a zeroed struct
void survey_clear(Survey* survey);

/// Return the middle of the loudest block of the target that is shown [frames]
uint64_t survey_find_loudest(const Survey* survey);

/// Return the middle of the shown block nearest to 30 dB below that
uint64_t survey_find_soft(const Survey* survey);

/// Return the middle of the shown block with the largest error relative to its target
uint64_t survey_find_worst(const Survey* survey);

#endif
