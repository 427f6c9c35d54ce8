// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What was found out about a recording, for people to read: one line of the examination's table.

#ifndef GRUS_TRAIN_CAPTURE_FINDINGS_H
#define GRUS_TRAIN_CAPTURE_FINDINGS_H

#include <stdbool.h>
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

/// Add a line; the value is given as to printf(), the remedy is left out of a line that is in order
void finding_add(Findings* findings, const char* name, Verdict verdict, const char* remedy,
                 const char* value, ...) __attribute__((format(printf, 5, 6)));

/// Return the line of a name, NULL if there is none
const Finding* finding_of(const Findings* findings, const char* name);

/// Return "ok", "note", "mended" or "STOP"
const char* finding_verdict(Verdict verdict);

/// Return the first line that says stop, NULL if none does
const Finding* findings_first_stop(const Findings* findings);

/// Print the table to standard output, `only_faults` without the lines that are in order
void findings_print(const Findings* findings, bool only_faults);

#endif
