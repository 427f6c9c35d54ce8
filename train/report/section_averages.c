// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What is seen of a whole take? Main thread.

#include "core/decibel.h"
#include "train/report/chart.h"
#include "train/report/harmonics.h"
#include "train/report/html.h"
#include "train/report/sections.h"

#include <math.h>
#include <stdlib.h>

#define MAX_COLUMNS 600U
#define FLOOR_DB (-100.0)
#define HALF 400.0   ///< Width of a chart that has another beside it
#define N_BANDS 240U ///< Of a spectrum
#define LOWEST 40.0  ///< [Hz]
#define HIGHEST 20000.0
#define ENOUGH_FRAMES 200U ///< At a level, to show what comes out

static double
to_db(const double power)
{
  return fmax(decibel_of_power(power + 1e-30), FLOOR_DB);
}

/// Fill levels of target and error for each of `n` columns
static void
average_blocks(const Survey* const s, const uint32_t n, double* const target, double* const error)
{
  for (uint32_t c = 0; c < n; ++c) {
    const uint32_t begin = (uint32_t)((uint64_t)c * s->n_blocks / n);
    const uint32_t end = (uint32_t)((uint64_t)(c + 1) * s->n_blocks / n);
    double sums[2] = {0.0, 0.0};
    for (uint32_t i = begin; i < end; ++i) {
      sums[0] += s->blocks[i].target;
      sums[1] += s->blocks[i].error;
    }
    target[c] = to_db(sums[0] / (end - begin));
    error[c] = to_db(sums[1] / (end - begin));
  }
}

Status
section_error(const Page* const p)
{
  const Survey* const s = &p->survey;
  const uint32_t n = s->n_blocks < MAX_COLUMNS ? s->n_blocks : MAX_COLUMNS;
  double* const levels = (double*)malloc(2 * (size_t)n * sizeof(double));
  if (!levels) {
    return STATUS_NO_MEMORY;
  }
  average_blocks(s, n, levels, levels + n);
  html_begin_section(
      p->out, "Over time",
      "How loud the recording is, and the difference between it and the model. The "
      "wider the gap, the better. Moments that the model learned from and those held "
      "back for the check are both here.");
  chart_write(
      p->out,
      &(const Chart){
          .caption = "Level of recording and difference, over the whole take",
          .x = {"time [s]", 0.0, (double)p->show.n_frames / p->show.sample_rate, false},
          .y = {"level [dBFS]", FLOOR_DB, 0.0, false},
          .lines = {{"recording", NULL, levels, n, 0}, {"difference", NULL, levels + n, n, 2}},
          .n_lines = 2});
  html_end_section(p->out);
  free(levels);
  return STATUS_OK;
}

/// Return the mean power of a bin between two frequencies
static double
band_power(const double* const spectrum, const double per_bin, const double low, const double high)
{
  const uint32_t first = (uint32_t)lrint(low / per_bin);
  const uint32_t last = (uint32_t)lrint(high / per_bin);
  double sum = 0.0;
  uint32_t n = 0;
  for (uint32_t k = first; k <= last && k < SURVEY_BINS; ++k) {
    sum += spectrum[k];
    ++n;
  }
  return n ? sum / n : 0.0;
}

/// A spectrum in bands that lie as far apart as notes do
typedef struct {
  double hz[N_BANDS];
  double db[SURVEY_N_SOUNDS][N_BANDS];
} Bands;

static void
find_bands(const Page* const p, Bands* const b)
{
  const double per_bin = p->show.sample_rate / SURVEY_BLOCK;
  const double step = pow(HIGHEST / LOWEST, 1.0 / N_BANDS);
  double most = 1e-30;
  for (uint32_t i = 0; i < N_BANDS; ++i) {
    const double low = LOWEST * pow(step, i);
    b->hz[i] = low * sqrt(step);
    for (uint32_t k = 0; k < SURVEY_N_SOUNDS; ++k) {
      b->db[k][i] = band_power(p->survey.spectra[k], per_bin, low, low * step);
      most = k == SURVEY_TARGET ? fmax(most, b->db[k][i]) : most;
    }
  }
  for (uint32_t i = 0; i < N_BANDS; ++i) {
    for (uint32_t k = 0; k < SURVEY_N_SOUNDS; ++k) {
      b->db[k][i] = to_db(b->db[k][i] / most);
    }
  }
}

void
section_spectra(const Page* const p)
{
  Bands b;
  find_bands(p, &b);
  html_begin_section(p->out, "Bass to treble",
                     "Mean spectra over the whole take: where the model lies on the recording its "
                     "tone is right; where the difference comes near, it is not.");
  chart_write(p->out,
              &(const Chart){
                  .caption = "Mean spectra of recording, model and difference",
                  .x = {"frequency [Hz]", LOWEST, fmin(HIGHEST, 0.45 * p->show.sample_rate), true},
                  .y = {"level [dB]", FLOOR_DB, 0.0, false},
                  .lines = {{"recording", b.hz, b.db[SURVEY_TARGET], N_BANDS, 0},
                            {"model", b.hz, b.db[SURVEY_OUTPUT], N_BANDS, 1},
                            {"difference", b.hz, b.db[SURVEY_ERROR], N_BANDS, 2}},
                  .n_lines = 3});
  html_end_section(p->out);
}

static void
write_transfer(const Page* const p)
{
  double x[SURVEY_LEVELS];
  double y[2][SURVEY_LEVELS];
  double peak = 1e-6;
  double reach = 1e-6;
  for (uint32_t i = 0; i < SURVEY_LEVELS; ++i) {
    const SurveyLevel* const level = &p->survey.levels[i];
    const bool is_known = level->n_frames >= ENOUGH_FRAMES;
    x[i] = 2.0 * i / (SURVEY_LEVELS - 1) - 1.0;
    y[0][i] = is_known ? level->target : (double)NAN;
    y[1][i] = is_known ? level->output : (double)NAN;
    if (is_known) {
      peak = fmax(peak, fmax(fabs(level->target), fabs(level->output)));
      reach = fmax(reach, fabs(x[i]));
    }
  }
  chart_write(p->out, &(const Chart){.caption = "What comes out on average while a sample goes in",
                                     .x = {"input", -reach, reach, false},
                                     .y = {"output", -1.05 * peak, 1.05 * peak, false},
                                     .lines = {{"recording", x, y[0], SURVEY_LEVELS, 0},
                                               {"model", x, y[1], SURVEY_LEVELS, 1}},
                                     .n_lines = 2,
                                     .width = HALF,
                                     .height = 0.7});
}

static void
write_loops(const Page* const p, const Sines* const sines, char names[][16])
{
  Chart chart = {.caption =
                     "Output over input for a sine of about 220 Hz, at five levels; open loops are "
                     "filters and memory",
                 .x = {"input", -1.0, 1.0, false},
                 .width = HALF,
                 .height = 0.7};
  double peak = 1e-6;
  for (uint32_t i = 0; i < SINES_N_LEVELS; ++i) {
    const Sine* const s = &sines->sines[i];
    for (uint32_t t = 0; t < s->n_period; ++t) {
      peak = fmax(peak, fabs(s->output[t]));
    }
    chart.lines[chart.n_lines++] = (ChartLine){names[i], s->input, s->output, s->n_period, i + 3};
  }
  chart.y = (ChartAxis){"output", -1.05 * peak, 1.05 * peak, false};
  chart_write(p->out, &chart);
}

static void
write_harmonics(const Page* const p, const Sines* const sines, char names[][16])
{
  Chart chart = {.caption =
                     "Harmonics of the same sines, against the first: odd ones are symmetrical "
                     "clipping, even ones a bent curve",
                 .x = {"harmonic", 1.0, SINES_N_HARMONICS, false},
                 .y = {"level [dB]", FLOOR_DB, 0.0, false}};
  for (uint32_t i = 0; i < SINES_N_LEVELS; ++i) {
    chart.lines[chart.n_lines++] =
        (ChartLine){names[i], NULL, sines->sines[i].harmonics, SINES_N_HARMONICS, i + 3};
  }
  chart_write(p->out, &chart);
}

Status
section_transfer(const Page* const p)
{
  Sines* const sines = (Sines*)calloc(1, sizeof(Sines));
  const Status status =
      sines ? sines_play(p->show.model, p->show.sample_rate, sines) : STATUS_NO_MEMORY;
  html_begin_section(p->out, "How it clips",
                     "A straight line is clean; where it bends, the gear distorts.");
  if (!status) {
    char names[SINES_N_LEVELS][16];
    for (uint32_t i = 0; i < SINES_N_LEVELS; ++i) {
      (void)snprintf(names[i], sizeof(names[i]), "%.0f dBFS", sines->sines[i].level_db);
    }
    (void)fputs("<div class=\"pair\">\n", p->out);
    write_transfer(p);
    write_loops(p, sines, names);
    (void)fputs("</div>\n", p->out);
    write_harmonics(p, sines, names);
  }
  html_end_section(p->out);
  free(sines);
  return status;
}
