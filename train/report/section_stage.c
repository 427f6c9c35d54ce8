// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What is the linear stage, and what did it give? Main thread.

#include "core/decibel.h"
#include "train/report/chart.h"
#include "train/report/html.h"
#include "train/report/sections.h"
#include "train/report/stage_response.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FLOOR_DB (-60.0)
#define SHOWN_SECONDS 0.02
#define HALF_HEIGHT 0.5 ///< Of a chart with another beside it
#define STAGE_COLOUR 3U

static void
write_trials(FILE* const out, const char* const begin, const StageChoice* const choice)
{
  char text[192];
  (void)snprintf(text, sizeof(text),
                 "%s an ESR of %.5f (%.1f\u00a0dB) with one and %.5f (%.1f\u00a0dB) without.",
                 begin, choice->staged, decibel_of_power(choice->staged), choice->bare,
                 decibel_of_power(choice->bare));
  html_text_with_numbers(out, text);
}

void
section_write_no_stage(const Page* const p)
{
  const StageChoice* const choice = p->input->stage;
  if (choice->is_tried && !choice->pays) {
    (void)fputs("<p class=\"soft\">", p->out);
    write_trials(p->out, "No linear stage behind the network: short trials reached", choice);
    (void)fputs("</p>\n", p->out);
  }
}

/// Say what the stage is, and what it gave
static void
write_facts(const Page* const p)
{
  const ModelFile* const m = p->input->model;
  (void)fprintf(p->out, "<p>%s Everything else on this page is the model with it. ",
                m->stage_is_cabinet
                    ? "Players can switch it off, or use another impulse response instead."
                    : "It belongs to the gear, so it always plays.");
  if (p->input->stage->is_tried) {
    write_trials(p->out, "What it gave: short trials before the training reached", p->input->stage);
  } else {
    (void)fputs("Its length was given (<code>--linear</code> or <code>--from</code>), so no trials "
                "say what it gave.",
                p->out);
  }
  (void)fputs("</p>\n", p->out);
}

static void
begin_section(const Page* const p)
{
  char stage[MODEL_FILE_TEXT_SIZE];
  char paragraph[MODEL_FILE_TEXT_SIZE + 160];
  model_file_describe_stage(p->input->model, stage);
  (void)snprintf(paragraph, sizeof(paragraph),
                 "A filter behind the network, learned with it: %s. It doesn't distort, but can "
                 "ring for longer than the network remembers.",
                 stage);
  html_begin_section(p->out, "The linear stage", paragraph);
}

static void
write_response(const Page* const p, const StageResponse* const r)
{
  chart_write(p->out,
              &(const Chart){.caption = "Frequency responses, each against its strongest: of the "
                                        "linear stage, and of the whole model for a very soft "
                                        "sound",
                             .x = {"frequency [Hz]", r->range.low, r->range.high, true},
                             .y = {"level [dB]", FLOOR_DB, 0.0, false},
                             .lines = {{"linear stage", r->hz, r->stage_db, BANDS_N, STAGE_COLOUR},
                                       {"model", r->hz, r->model_db, BANDS_N, 1}},
                             .n_lines = 2});
}

static void
write_line(const Page* const p, const char* const caption, const double* const y,
           const ChartAxis* const axes, const uint32_t n)
{
  chart_write(p->out, &(const Chart){.caption = caption,
                                     .x = axes[0],
                                     .y = axes[1],
                                     .lines = {{"linear stage", NULL, y, n, STAGE_COLOUR}},
                                     .n_lines = 1,
                                     .height = HALF_HEIGHT});
}

/// Draw the first taps, the strongest of all at 1 or -1, and the silence after a stage that ends
/// before
static Status
write_impulse(const Page* const p, const float* const taps, const uint32_t n_taps)
{
  const ChartAxis axes[] = {{"time [ms]", 0.0, 1000.0 * SHOWN_SECONDS, false},
                            {"amplitude", -1.05, 1.05, false}};
  const uint32_t n = (uint32_t)lrint(SHOWN_SECONDS * p->input->model->sample_rate) + 1;
  double* const y = (double*)calloc(n, sizeof(double));
  double peak = 1e-12;
  if (!y) {
    return STATUS_NO_MEMORY;
  }
  for (uint32_t i = 0; i < n_taps; ++i) {
    peak = fmax(peak, fabs((double)taps[i]));
  }
  for (uint32_t i = 0; i < n && i < n_taps; ++i) {
    y[i] = (double)taps[i] / peak;
  }
  write_line(p, "Impulse response: what the linear stage makes of one click", y, axes, n);
  free(y);
  return STATUS_OK;
}

/// Draw how much of the energy of all taps is left from each of them on
static void
write_decay(const Page* const p, const float* const taps, const uint32_t n_taps)
{
  const ChartAxis axes[] = {
      {"time [ms]", 0.0, fmax(1000.0 * n_taps / p->input->model->sample_rate, 0.1), false},
      {"level [dB]", FLOOR_DB, 0.0, false}};
  double y[PARAMS_MAX_TAPS + 1];
  y[n_taps] = 0.0;
  for (uint32_t i = n_taps; i-- > 0;) {
    y[i] = y[i + 1] + (double)taps[i] * (double)taps[i];
  }
  const double energy = y[0] + 1e-30;
  for (uint32_t i = 0; i <= n_taps; ++i) {
    y[i] = decibel_of_power(y[i] / energy + 1e-30);
  }
  write_line(p, "How it dies away: the part of the click's energy that is still to come", y, axes,
             n_taps + 1);
}

static Status
write_over_time(const Page* const p)
{
  const Params* const params = &p->input->model->params;
  const float* const taps = params_values(params, PARAMS_TAPS);
  (void)fputs("<div class=\"pair\">\n", p->out);
  const Status status = write_impulse(p, taps, params->shape.n_taps);
  write_decay(p, taps, params->shape.n_taps);
  (void)fputs("</div>\n", p->out);
  return status;
}

Status
section_stage(const Page* const p)
{
  const Params* const params = &p->input->model->params;
  StageResponse response;
  if (!params->shape.n_taps) {
    return STATUS_OK;
  }
  Status status = stage_response_measure(params, p->input->take->knobs,
                                         p->input->model->sample_rate, &response);
  if (!status) {
    begin_section(p);
    write_facts(p);
    write_response(p, &response);
    status = write_over_time(p);
    html_end_section(p->out);
  }
  return status;
}
