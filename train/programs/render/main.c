// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-render: plays a recording through a model, and prints how well it did.

#include "cli/exit_status.h"
#include "cli/json_output.h"
#include "cli/message.h"
#include "cli/terminal.h"
#include "train/programs/common/score_text.h"
#include "train/programs/render/options.h"
#include "train/programs/render/render.h"

#include <stdbool.h>
#include <stdio.h>

static void
print_notes(const RenderResult* const result, const bool is_json)
{
  for (uint32_t i = 0; i < result->n_notes; ++i) {
    (void)cli_complain("grus-render", "%s", result->notes[i].text);
  }
  if (result->rate.text[0] && !is_json) {
    (void)printf("%s\n", result->rate.text);
  }
}

static void
print_scores(const TargetResult* const target)
{
  const uint32_t columns = cli_terminal_columns();
  if (target->alignment.text[0]) {
    (void)printf("%s\n", target->alignment.text);
  }
  score_text_print("output against target", &target->score, columns);
  if (target->has_held_out) {
    score_text_print("held-out part of the training", &target->held_out, columns);
  }
}

static void
print_result(const RenderResult* const result, const char* const output)
{
  if (result->is_scored) {
    print_scores(&result->target);
  }
  (void)printf("real-time factor: %.5f (%.0f times faster than real time), %.1f s of sound\n",
               result->engine_seconds / result->seconds, result->seconds / result->engine_seconds,
               result->seconds);
  if (result->n_clipped) {
    (void)printf("note: %llu sample%s beyond full scale %s clipped; a .wav file holds them\n",
                 (unsigned long long)result->n_clipped, result->n_clipped == 1 ? "" : "s",
                 result->n_clipped == 1 ? "was" : "were");
  }
  (void)printf("written: %s\n", output);
}

static json_t*
describe_result(const RenderResult* const result, const char* const output)
{
  json_t* const object = json_object();
  cli_json_set_text(object, "output", output);
  cli_json_set_text(object, "rate_note", result->rate.text);
  if (result->is_scored) {
    cli_json_set_text(object, "alignment_note", result->target.alignment.text);
    cli_json_set(object, "score", score_text_json(&result->target.score));
  }
  if (result->is_scored && result->target.has_held_out) {
    cli_json_set(object, "held_out_score", score_text_json(&result->target.held_out));
  }
  cli_json_set_number(object, "seconds", result->seconds);
  cli_json_set_number(object, "engine_seconds", result->engine_seconds);
  cli_json_set_number(object, "real_time_factor", result->engine_seconds / result->seconds);
  cli_json_set_number(object, "n_clipped", (double)result->n_clipped);
  return object;
}

int
main(const int argc, char** const argv)
{
  RenderOptions options;
  RenderResult result = {.is_scored = false};
  Message message = {""};
  const CliResult read = render_options_read(argc, argv, &options);
  if (read != CLI_RUN) {
    return cli_exit_result(read);
  }
  const Status status = render_recording(&options, &result, &message);
  print_notes(&result, options.is_json);
  if (status) {
    (void)cli_complain("grus-render", "%s", message.text);
  } else if (options.is_json) {
    cli_json_print(describe_result(&result, options.output));
  } else {
    print_result(&result, options.output);
  }
  return cli_exit_status(status);
}
