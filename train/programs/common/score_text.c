// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Prints each ratio of a score as a piece that stays on one line.

#include "train/programs/common/score_text.h"

#include "cli/json_output.h"
#include "cli/wrap.h"
#include "core/decibel.h"

#include <math.h>
#include <stdio.h>

#define INDENT 2U ///< Of all lines but the first

static void
add_ratio(CliLine* const line, const char* const name, const double ratio, const char* const end)
{
  cli_line_format(line, "%s %.6f (%.2f dB)%s", name, ratio, decibel_of_power(ratio), end);
}

static void
add_ratios(CliLine* const line, const ScoreResult* const result)
{
  add_ratio(line, "ESR", result->esr, ",");
  add_ratio(line, "pre-emphasised", result->esr_pre_emphasis, ",");
  add_ratio(line, "A-weighted", result->esr_a_weighted, ",");
  add_ratio(line, "worst 5 %", result->esr_worst, "");
}

void
score_text_print(const char* const what, const ScoreResult* const result, const unsigned width)
{
  CliLine line = {.stream = stdout, .width = width};
  cli_line_format(&line, "%s:", what);
  line.indent = INDENT;
  if (!isfinite(result->esr)) {
    cli_line_format(&line, "no score, the target is silent");
  } else if (result->esr == 0.0) {
    cli_line_format(&line, "the same, sample by sample");
  } else {
    add_ratios(&line, result);
  }
  cli_line_end(&line);
}

json_t*
score_text_json(const ScoreResult* const result)
{
  json_t* const object = json_object();
  cli_json_set_number(object, "esr", result->esr);
  cli_json_set_number(object, "esr_pre_emphasis", result->esr_pre_emphasis);
  cli_json_set_number(object, "esr_a_weighted", result->esr_a_weighted);
  cli_json_set_number(object, "esr_worst", result->esr_worst);
  return object;
}
