// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How does it sound, and how does it look wave by wave? Main thread.

#include "train/report/chart.h"
#include "train/report/heat_map.h"
#include "train/report/html.h"
#include "train/report/player.h"
#include "train/report/sections.h"
#include "train/report/spectrogram.h"

#include <math.h>
#include <stdlib.h>

#define LISTEN_SECONDS 4.0
#define WAVE_SECONDS 0.025
#define LOUDEST 0.891 ///< Peak of what is listened to, -1 dBFS

/// The three sounds of a passage
typedef struct {
  const char* name;
  const float* samples;
} Sound;

#define N_SOUNDS 3U

static void
sounds_of(const Excerpt* const e, Sound sounds[N_SOUNDS])
{
  sounds[0] = (Sound){"recording", e->target};
  sounds[1] = (Sound){"model", e->output};
  sounds[2] = (Sound){"difference", e->difference};
}

static double
peak_of(const float* const samples, const uint32_t n)
{
  double peak = 1e-6;
  for (uint32_t i = 0; i < n; ++i) {
    peak = fmax(peak, fabs((double)samples[i]));
  }
  return peak;
}

static Status
write_players(const Page* const p, const Excerpt* const e)
{
  Sound sounds[N_SOUNDS];
  sounds_of(e, sounds);
  const double peak = fmax(peak_of(e->target, e->n_frames), peak_of(e->output, e->n_frames));
  Status status = STATUS_OK;
  (void)fputs("<div class=\"pair\">\n", p->out);
  for (uint32_t i = 0; i < N_SOUNDS && !status; ++i) {
    (void)fprintf(p->out, "<div><p class=\"legend\"><span class=\"s%u\">%s</span></p>\n", i,
                  sounds[i].name);
    status =
        listen_write(p->out, sounds[i].samples, e->n_frames, p->show.sample_rate, LOUDEST / peak);
    (void)fputs("</div>\n", p->out);
  }
  (void)fputs("</div>\n", p->out);
  return status;
}

static Status
write_spectrograms(const Page* const p, const Excerpt* const e)
{
  Sound sounds[N_SOUNDS];
  Status status = STATUS_OK;
  float peak = 0.0F;
  sounds_of(e, sounds);
  for (uint32_t i = 0; i < N_SOUNDS && !status; ++i) {
    Spectrogram s = {NULL};
    status = spectrogram_make(sounds[i].samples, e->n_frames, p->show.sample_rate, &s);
    if (!status) {
      peak = i ? peak : spectrogram_peak(&s);
      spectrogram_scale(&s, peak);
      status = heat_map_write(p->out, &(const HeatMap){sounds[i].name,
                                                       "Spectrogram, 60 Hz to 16 kHz", s.power,
                                                       SPECTROGRAM_ROWS, SPECTROGRAM_COLUMNS, 110});
    }
    spectrogram_clear(&s);
  }
  return status;
}

static Status
write_passage(Page* const p, const char* const what, const uint64_t middle)
{
  Excerpt e = {0};
  const uint32_t n = (uint32_t)(LISTEN_SECONDS * p->show.sample_rate);
  Status status = show_excerpt(&p->show, middle, n, &e);
  if (!status) {
    (void)fprintf(p->out, "<h3>%s, from %.2f s on</h3>\n", what,
                  (double)e.begin / p->show.sample_rate);
    status = write_players(p, &e);
    status = status ? status : write_spectrograms(p, &e);
  }
  excerpt_clear(&e);
  return status;
}

/// Say which take is shown
static void
write_take(const Page* const p)
{
  const Take* const take = p->show.take;
  const ModelFile* const model = p->input->model;
  (void)fprintf(p->out, "<p class=\"soft\">All pictures and sounds are of %s, ", p->input->part);
  html_text(p->out, take->name);
  for (uint32_t k = 0; k < model->params.shape.n_inputs - 1; ++k) {
    (void)fputs(", ", p->out);
    html_text(p->out, model->knobs[k]);
    (void)fprintf(p->out, " %g", (double)take->knobs[k]);
  }
  (void)fputs(".</p>\n", p->out);
}

Status
section_listening(Page* const p)
{
  html_begin_section(p->out, "Listen",
                     "Recording, model and what is left between them, at one level. Below, each as "
                     "a spectrogram: time from left to right, 60 Hz to 16 kHz upwards, 80 dB from "
                     "dark to bright, on one scale.");
  write_take(p);
  Status status = write_passage(p, "Around the loudest moment", survey_loudest(&p->survey));
  status = status ? status : write_passage(p, "Around the worst moment", survey_worst(&p->survey));
  html_end_section(p->out);
  return status;
}

/// Copy to `numbers` (N_SOUNDS, n), for charts
static void
copy_sounds(const Excerpt* const e, double* const numbers)
{
  Sound sounds[N_SOUNDS];
  sounds_of(e, sounds);
  for (uint32_t i = 0; i < N_SOUNDS; ++i) {
    for (uint32_t t = 0; t < e->n_frames; ++t) {
      numbers[(size_t)i * e->n_frames + t] = (double)sounds[i].samples[t];
    }
  }
}

static Status
write_wave(Page* const p, const char* const what, const uint64_t middle)
{
  Excerpt e = {0};
  const uint32_t n = (uint32_t)(WAVE_SECONDS * p->show.sample_rate);
  Status status = show_excerpt(&p->show, middle, n, &e);
  double* const y = status ? NULL : (double*)malloc(N_SOUNDS * (size_t)e.n_frames * sizeof(double));
  if (y) {
    char caption[128];
    copy_sounds(&e, y);
    const double peak = 1.05 * fmax(peak_of(e.target, e.n_frames), peak_of(e.output, e.n_frames));
    (void)snprintf(caption, sizeof(caption), "%s, at %.3f s", what,
                   (double)e.begin / p->show.sample_rate);
    chart_write(
        p->out,
        &(const Chart){.caption = caption,
                       .x = {"time [ms]", 0.0, 1000.0 * e.n_frames / p->show.sample_rate, false},
                       .y = {"sample", -peak, peak, false},
                       .lines = {{"recording", NULL, y, e.n_frames, 0},
                                 {"model", NULL, y + e.n_frames, e.n_frames, 1},
                                 {"difference", NULL, y + 2 * (size_t)e.n_frames, e.n_frames, 2}},
                       .n_lines = N_SOUNDS,
                       .height = 0.25});
  } else {
    status = STATUS_NO_MEMORY;
  }
  free(y);
  excerpt_clear(&e);
  return status;
}

Status
section_waves(Page* const p)
{
  html_begin_section(p->out, "Wave by wave",
                     "The model over the recording, 25 ms each. Where one line hides the other, "
                     "they are the same.");
  Status status = write_wave(p, "The loudest moment", survey_loudest(&p->survey));
  status = status ? status : write_wave(p, "30 dB softer", survey_soft(&p->survey));
  status = status ? status : write_wave(p, "The worst moment", survey_worst(&p->survey));
  html_end_section(p->out);
  return status;
}
