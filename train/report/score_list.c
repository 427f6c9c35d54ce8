// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What was told of a run? Main thread.

#include "train/report/score_list.h"

#include <stdio.h>

void
tally_add(Tally* const tally, const char* const label, const ScoreResult* const score)
{
  if (tally->n < TALLY_MAX) {
    TallyRow* const row = &tally->rows[tally->n++];
    (void)snprintf(row->label, sizeof(row->label), "%s", label);
    row->score = *score;
  }
}
