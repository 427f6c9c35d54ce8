// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Every error that was reported of a run, in the order it was told, for those who write it down again.

#ifndef GRUS_TRAIN_REPORT_SCORE_LIST_H
#define GRUS_TRAIN_REPORT_SCORE_LIST_H

#include "train/audio/score.h"

#include <stdint.h>

#define TALLY_MAX 256U
#define TALLY_LABEL 160U

typedef struct {
  char label[TALLY_LABEL]; ///< As in "held-out part, gain 0.5 at 48000 Hz"
  ScoreResult score;
} TallyRow;

typedef struct {
  TallyRow rows[TALLY_MAX];
  uint32_t n;
} Tally;

/// Add a row; one too many is left out
void tally_add(Tally* tally, const char* label, const ScoreResult* score);

#endif
