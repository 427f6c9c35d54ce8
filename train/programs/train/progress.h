// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a user sees while a model is trained: one line that is rewritten on a terminal, plain lines
/// or events elsewhere. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_PROGRESS_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_PROGRESS_H

#include "train/learn/trainer.h"
#include "train/report/learning_curve.h"

#include <stdbool.h>

typedef struct {
  bool is_quiet;
  bool is_terminal;
  double sample_rate;   ///< Of the recording [Hz]
  double last_seconds;  ///< When a line was printed last
  LearningCurve* curve; ///< Gets a point for each epoch; NULL: none
} Progress;

/// Return the columns of a line of results on standard output; 0: no limit
unsigned progress_columns(void);

/// Decide how to print, for standard output
Progress progress_begin(bool is_quiet, double sample_rate);

/// Print where the run stands; a TrainerReport whose context is a Progress
void progress_print(void* progress, const TrainerProgress* now);

/// Print the end of the run
void progress_end(const Progress* progress, const TrainerProgress* end);

#endif
