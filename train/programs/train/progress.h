// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a user sees of a training run: one line that renews itself on a terminal, plain lines
/// otherwise.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_PROGRESS_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_PROGRESS_H

#include "train/audio/score.h"
#include "train/learn/trainer.h"
#include "train/report/learning_curve.h"

#include <stdbool.h>

typedef struct {
  bool is_quiet;
  bool is_terminal;
  double sample_rate;   ///< Of the recording [Hz]
  double last_seconds;  ///< When a line was printed last
  LearningCurve* curve; ///< Learns of each epoch; NULL: none
} Report;

/// Decide how to print, for standard output
Report report_begin(bool is_quiet, double sample_rate);

/// Print where the run stands; a TrainerReport whose context is a Report
void report_progress(void* report, const TrainerProgress* progress);

/// Print the end of the run
void report_end(const Report* report, const TrainerProgress* end);

/// Print "WHAT: ESR 0.001230 (-29.10 dB), pre-emphasised 0.004560 (-23.41 dB), A-weighted …, worst
/// 5 % …"
void report_score(const char* what, const ScoreResult* result);

#endif
