// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Prints each ratio of a score as a piece that stays on one line.

#include "train/programs/common/score_text.h"

#include "cli/wrap.h"
#include "core/decibel.h"

#include <stdio.h>

#define INDENT 2U ///< Of all lines but the first

static void
add_ratio(CliLine* const line, const char* const name, const double ratio, const char* const end)
{
  cli_line_format(line, "%s %.6f (%.2f dB)%s", name, ratio, decibel_of_power(ratio), end);
}

void
score_text_print(const char* const what, const ScoreResult* const result, const unsigned width)
{
  CliLine line = {.stream = stdout, .width = width};
  cli_line_format(&line, "%s:", what);
  line.indent = INDENT;
  add_ratio(&line, "ESR", result->esr, ",");
  add_ratio(&line, "pre-emphasised", result->esr_pre_emphasis, ",");
  add_ratio(&line, "A-weighted", result->esr_a_weighted, ",");
  add_ratio(&line, "worst 5 %", result->esr_worst, "");
  cli_line_end(&line);
}
