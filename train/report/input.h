// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a page on a training run shows. The program that trained fills it in and keeps what it
/// points to. Main thread.

#ifndef GRUS_TRAIN_REPORT_INPUT_H
#define GRUS_TRAIN_REPORT_INPUT_H

#include "core/format/model_file.h"
#include "train/capture/findings.h"
#include "train/learn/dataset.h"
#include "train/learn/loss.h"
#include "train/learn/stage_search.h"
#include "train/report/learning_curve.h"
#include "train/report/score_list.h"

#include <stdbool.h>
#include <stdint.h>

/// The files of a take, and what their examination found
typedef struct {
  const char* input;  ///< Path
  const char* target; ///< Path
  const Findings* findings;
} ReportTake;

/// The loss, and why it was chosen
typedef struct {
  LossType type;
  bool is_given; ///< By the user
  double fizz;   ///< Otherwise: the share of the pre-emphasised target that decided
} ReportLoss;

typedef struct {
  const ModelFile* model;   ///< With the record of its training
  const StageChoice* stage; ///< What trials said of a linear stage
  const ScoreList* scores;
  const LearningCurve*
      curves; ///< (1 + model->n_others), of the main set and of those for other rates
  ReportLoss loss;
  const ReportTake* takes; ///< (n_takes), those learned from first
  uint32_t n_takes;
  const Take* take; ///< The one that all pictures and sounds show
  const char* part; ///< What that take belongs to, as in "the test recording"
  ClipLayout layout;
} ReportInput;

#endif
