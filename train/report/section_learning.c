// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How did the training go, and what does the network do? Main thread.

#include "core/decibel.h"
#include "train/report/chart.h"
#include "train/report/gates.h"
#include "train/report/html.h"
#include "train/report/learning_curve.h"
#include "train/report/sections.h"

#include <math.h>
#include <stdlib.h>

#define STEP_DB 5.0 ///< The axis ends at multiples of it
#define GATES_SECONDS 2.0

/// Draw one set's curve; `numbers` holds (3, n)
static void
write_curve(const Page* const p, const LearningCurve* const curve, const double sample_rate,
            double* const numbers)
{
  const uint32_t n = curve->n;
  double least = HUGE_VAL;
  double most = -HUGE_VAL;
  char caption[96];
  for (uint32_t i = 0; i < n; ++i) {
    numbers[i] = curve->points[i].seconds;
    numbers[n + i] = curve->points[i].now_db;
    numbers[2 * n + i] = curve->points[i].best_db;
    least = fmin(least, curve->points[i].best_db);
    most = fmax(most, curve->points[i].now_db);
  }
  (void)snprintf(caption, sizeof(caption), "Validation error after each epoch, at %g Hz",
                 sample_rate);
  chart_write(p->out,
              &(const Chart){.caption = caption,
                             .x = {"time [s]", 0.0, fmax(numbers[n - 1], 0.1), false},
                             .y = {"ESR [dB]", STEP_DB * floor(least / STEP_DB),
                                   STEP_DB * floor(most / STEP_DB + 1.0), false},
                             .lines = {{"each epoch", numbers, numbers + n, n, 0},
                                       {"best so far", numbers, numbers + 2 * (size_t)n, n, 1}},
                             .n_lines = 2});
}

/// Say what was minimised
static void
write_loss(FILE* const out, const ReportLoss* const loss)
{
  (void)fprintf(out, "<p class=\"soft\">loss: %s", loss_name(loss->type));
  if (!loss->is_given) {
    (void)fprintf(
        out,
        ", because %.2g\u00a0%% of the sound to learn, pre-emphasised, is distortion above "
        "8\u00a0kHz (fizz)",
        100.0 * loss->fizz);
  }
  (void)fputs("</p>\n", out);
}

Status
section_learning(const Page* const p)
{
  const ModelFile* const model = p->input->model;
  Status status = STATUS_OK;
  html_begin_section(
      p->out, "How the training went",
      "Each pass over the sound to learn from (an epoch) brings the error down. If the curve "
      "is still falling at the end, longer training would help.");
  write_loss(p->out, &p->input->loss);
  for (uint32_t i = 0; i <= model->n_others && !status; ++i) {
    const LearningCurve* const curve = &p->input->curves[i];
    double* const numbers = (double*)malloc(3 * ((size_t)curve->n + 1) * sizeof(double));
    status = numbers ? STATUS_OK : STATUS_NO_MEMORY;
    if (numbers && curve->n > 1) { // A curve needs two points
      write_curve(p, curve, i ? model->others[i - 1].sample_rate : model->sample_rate, numbers);
    }
    free(numbers);
  }
  html_end_section(p->out);
  return status;
}

Status
section_gates(const Page* const p)
{
  const Playback* const playback = &p->playback;
  const uint64_t length = (uint64_t)(GATES_SECONDS * playback->sample_rate);
  const uint64_t n = length < playback->n_frames ? length : playback->n_frames;
  const uint64_t loudest = survey_find_loudest(&p->survey);
  const uint64_t early = loudest > n / 4 ? loudest - n / 4 : 0;
  const uint64_t begin = early + n <= playback->n_frames ? early : playback->n_frames - n;
  const uint64_t n_before = begin < length / 4 ? begin : length / 4;
  const GatesSound sound = {.params = &p->input->model->params,
                            .knobs = playback->take->knobs,
                            .input = playback->take->input->samples + (begin - n_before),
                            .gain =
                                (float)decibel_to_gain_or_silence(p->input->model->input_gain_db),
                            .n_before = n_before,
                            .n_frames = n,
                            .sample_rate = playback->sample_rate};
  return gates_write(p->out, &sound);
}
