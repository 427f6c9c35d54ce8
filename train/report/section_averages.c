// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What do averages over a whole take show? Main thread.

#include "core/decibel.h"
#include "train/report/bands.h"
#include "train/report/chart.h"
#include "train/report/harmonics.h"
#include "train/report/html.h"
#include "train/report/sections.h"

#include <math.h>
#include <stdlib.h>

#define MAX_COLUMNS 600U
#define FLOOR_DB (-100.0)
#define HALF_HEIGHT 0.7    ///< Of a chart with another beside it
#define LOWEST 40.0        ///< [Hz]
#define ENOUGH_FRAMES 200U ///< At an input amplitude, to show its average output

static double
convert_to_db(const double power)
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
    target[c] = convert_to_db(sums[0] / (end - begin));
    error[c] = convert_to_db(sums[1] / (end - begin));
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
  section_begin(p, "Over time",
                "How loud the $ is, and how loud the difference between it and the "
                "model. The wider the gap, the better. The chart covers the parts the model "
                "learned from and the parts held back for checking.");
  chart_write(
      p->out,
      &(const Chart){
          .caption = "Levels of target and difference over the whole take",
          .x = {"time [s]", 0.0, (double)p->playback.n_frames / p->playback.sample_rate, false},
          .y = {"level [dBFS]", FLOOR_DB, 0.0, false},
          .lines = {{p->target, NULL, levels, n, 0}, {"difference", NULL, levels + n, n, 2}},
          .n_lines = 2});
  html_end_section(p->out);
  free(levels);
  return STATUS_OK;
}

/// Spectra in bands spaced evenly in pitch
typedef struct {
  double hz[BANDS_N];
  double db[SURVEY_N_SOUNDS][BANDS_N];
} SpectrumBands;

/// Find the spectra, relative to the recording's loudest band
static void
find_bands(const Page* const p, const BandsRange range, SpectrumBands* const b)
{
  const double per_bin = p->playback.sample_rate / SURVEY_BLOCK;
  bands_find_middles(range, b->hz);
  for (uint32_t k = 0; k < SURVEY_N_SOUNDS; ++k) {
    bands_average(range, p->survey.spectra[k], SURVEY_BINS, per_bin, b->db[k]);
  }
  const double most = bands_find_strongest(b->db[SURVEY_TARGET]);
  for (uint32_t k = 0; k < SURVEY_N_SOUNDS; ++k) {
    bands_convert_to_db(b->db[k], most);
  }
}

void
section_spectra(const Page* const p)
{
  const BandsRange range = bands_range(LOWEST, p->playback.sample_rate);
  SpectrumBands b;
  find_bands(p, range, &b);
  section_begin(p, "Bass to treble",
                "Average spectra over the whole take. Where the model's line lies on the $'s, the "
                "tone is right; where the difference comes close to them, it isn't.");
  chart_write(p->out,
              &(const Chart){.caption = "Average spectra of target, model and difference",
                             .x = {"frequency [Hz]", range.low, range.high, true},
                             .y = {"level [dB]", FLOOR_DB, 0.0, false},
                             .lines = {{p->target, b.hz, b.db[SURVEY_TARGET], BANDS_N, 0},
                                       {"model", b.hz, b.db[SURVEY_OUTPUT], BANDS_N, 1},
                                       {"difference", b.hz, b.db[SURVEY_ERROR], BANDS_N, 2}},
                             .n_lines = 3});
  html_end_section(p->out);
}

static void
write_average_output(const Page* const p)
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
  chart_write(p->out, &(const Chart){.caption = "Average output for each input amplitude",
                                     .x = {"input", -reach, reach, false},
                                     .y = {"output", -1.05 * peak, 1.05 * peak, false},
                                     .lines = {{p->target, x, y[0], SURVEY_LEVELS, 0},
                                               {"model", x, y[1], SURVEY_LEVELS, 1}},
                                     .n_lines = 2,
                                     .height = HALF_HEIGHT});
}

static void
write_loops(const Page* const p, const Harmonics* const harmonics, char names[][16])
{
  Chart chart = {.caption = "Output over input for a sine of about 220 Hz at five levels; a line "
                            "that opens into a loop shows filters and memory",
                 .x = {"input", -1.0, 1.0, false},
                 .height = HALF_HEIGHT};
  double peak = 1e-6;
  for (uint32_t i = 0; i < HARMONICS_N_LEVELS; ++i) {
    const ToneResponse* const s = &harmonics->tones[i];
    for (uint32_t t = 0; t < s->n_period; ++t) {
      peak = fmax(peak, fabs(s->output[t]));
    }
    chart.lines[chart.n_lines++] = (ChartLine){names[i], s->input, s->output, s->n_period, i + 3};
  }
  chart.y = (ChartAxis){"output", -1.05 * peak, 1.05 * peak, false};
  chart_write(p->out, &chart);
}

static void
write_harmonics(const Page* const p, const Harmonics* const harmonics, char names[][16])
{
  Chart chart = {.caption = "Harmonics of the same sines, relative to the first: odd ones come "
                            "from symmetrical clipping, even ones from asymmetrical clipping",
                 .x = {"harmonic", 1.0, HARMONICS_N, false},
                 .y = {"level [dB]", FLOOR_DB, 0.0, false}};
  for (uint32_t i = 0; i < HARMONICS_N_LEVELS; ++i) {
    chart.lines[chart.n_lines++] =
        (ChartLine){names[i], NULL, harmonics->tones[i].harmonics, HARMONICS_N, i + 3};
  }
  chart_write(p->out, &chart);
}

Status
section_transfer(const Page* const p)
{
  Harmonics* const harmonics = (Harmonics*)calloc(1, sizeof(Harmonics));
  const Status status =
      harmonics ? harmonics_measure(p->playback.model, p->playback.sample_rate, harmonics)
                : STATUS_NO_MEMORY;
  html_begin_section(p->out, "How it clips",
                     "A straight line is clean; where it bends, the gear distorts.");
  if (!status) {
    char names[HARMONICS_N_LEVELS][16];
    for (uint32_t i = 0; i < HARMONICS_N_LEVELS; ++i) {
      (void)snprintf(names[i], sizeof(names[i]), "%.0f dBFS", harmonics->tones[i].level_db);
    }
    (void)fputs("<div class=\"pair\">\n", p->out);
    write_average_output(p);
    write_loops(p, harmonics, names);
    (void)fputs("</div>\n", p->out);
    write_harmonics(p, harmonics, names);
  }
  html_end_section(p->out);
  free(harmonics);
  return status;
}
