// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What was found out about a recording, for people to read: one line of the examination's table.

#ifndef GRUS_TRAIN_FINDING_H
#define GRUS_TRAIN_FINDING_H

#include <stdint.h>

typedef enum {
  VERDICT_OK,
  VERDICT_NOTE,   ///< Worth knowing; the training goes on
  VERDICT_MENDED, ///< It was wrong, and is put right in what is learned from
  VERDICT_STOP,   ///< Nothing good can be learned from this
} Verdict;

typedef struct {
  char name[24];  ///< As in "Latency"
  char value[96]; ///< With its unit, as in "133.25 frames (3.0 ms)"
  Verdict verdict;
  char remedy[256]; ///< What to do, in a sentence; "" if nothing
} Finding;

#define FINDINGS_MAX 32

typedef struct {
  Finding items[FINDINGS_MAX];
  uint32_t n;
} Findings;

#endif
