// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Every score that a run reported, in order, for the page.

#ifndef GRUS_TRAIN_REPORT_SCORE_LIST_H
#define GRUS_TRAIN_REPORT_SCORE_LIST_H

#include "train/audio/score.h"

#include <stdint.h>

#define SCORE_LIST_MAX 256U
#define SCORE_LIST_LABEL 160U

typedef struct {
  char label[SCORE_LIST_LABEL]; ///< As in "held-out part, gain 0.5 at 48000 Hz"
  ScoreResult score;
} ScoreListRow;

typedef struct {
  ScoreListRow rows[SCORE_LIST_MAX];
  uint32_t n;
} ScoreList;

/// Add a row; a full list stays as it is
void score_list_add(ScoreList* list, const char* label, const ScoreResult* score);

#endif
