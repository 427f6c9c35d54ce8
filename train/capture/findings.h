// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the examination of a recording found, for people to read: the lines of its table.

#ifndef GRUS_TRAIN_CAPTURE_FINDINGS_H
#define GRUS_TRAIN_CAPTURE_FINDINGS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
  VERDICT_OK,
  VERDICT_NOTE,  ///< Worth knowing; the training goes on
  VERDICT_FIXED, ///< It was wrong, and is corrected in what the model learns from
  VERDICT_STOP,  ///< Nothing good can be learned from this
} Verdict;

typedef struct {
  char name[24];  ///< As in "Latency"
  char value[96]; ///< With its unit, as in "133.25 frames (3.0 ms)"
  Verdict verdict;
  char remedy[384]; ///< What to do, in a sentence; "" if nothing
} Finding;

#define FINDINGS_MAX 32

typedef struct {
  Finding items[FINDINGS_MAX];
  uint32_t n;
  bool is_over; ///< There is too little to find more
} Findings;

/// Add a line; `value` is a format as for printf(). The remedy is left out if the verdict is OK.
/// If it is STOP, what --force does and risks follows, unless the remedy says it.
void finding_add(Findings* findings, const char* name, Verdict verdict, const char* remedy,
                 const char* value, ...) __attribute__((format(printf, 5, 6)));

/// Give the line with this name, if there is one, another verdict and remedy; `remedy` is a format
void finding_replace(Findings* findings, const char* name, Verdict verdict, const char* remedy, ...)
    __attribute__((format(printf, 4, 5)));

/// Return the line with this name, NULL if there is none
const Finding* finding_of(const Findings* findings, const char* name);

/// Return "ok", "note", "fixed" or "STOP"
const char* finding_verdict(Verdict verdict);

/// Return the first line whose verdict is VERDICT_STOP, NULL if there is none
const Finding* findings_first_stop(const Findings* findings);

/// Print the table to standard output, or with `only_faults` its lines that are not OK
void findings_print(const Findings* findings, bool only_faults);

#endif
