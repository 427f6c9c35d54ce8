// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which scores did a run report? Main thread.

#include "train/report/score_list.h"

#include <stdio.h>

void
score_list_add(ScoreList* const list, const char* const label, const ScoreResult* const score)
{
  if (list->n < SCORE_LIST_MAX) {
    ScoreListRow* const row = &list->rows[list->n++];
    (void)snprintf(row->label, sizeof(row->label), "%s", label);
    row->score = *score;
  }
}
