// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How scores are printed. Any one thread.

#ifndef GRUS_TRAIN_PROGRAMS_COMMON_SCORE_TEXT_H
#define GRUS_TRAIN_PROGRAMS_COMMON_SCORE_TEXT_H

#include "train/audio/score.h"

#include <jansson.h>

/// Print "WHAT: ESR 0.001230 (-29.10 dB), pre-emphasised 0.004560 (-23.41 dB), A-weighted ...,
/// worst 5 % ..." on lines of at most `width` columns; 0: on one line. In place of ratios that are
/// zero or aren't finite, say that the sounds are the same or the target is silent.
void score_text_print(const char* what, const ScoreResult* result, unsigned width);

/// Return the ratios as a JSON object: "esr", "esr_pre_emphasis", "esr_a_weighted" and "esr_worst",
/// without those that aren't finite
json_t* score_text_json(const ScoreResult* result);

#endif
