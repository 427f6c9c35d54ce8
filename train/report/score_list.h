// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Every error that was reported of a run, in the order it was told, for those who write it down again.

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

/// Add a row; one too many is left out
void score_list_add(ScoreList* list, const char* label, const ScoreResult* score);

#endif
