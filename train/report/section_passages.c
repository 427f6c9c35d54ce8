// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How does it sound, and what do the waves look like? Main thread.

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
#define WAVE_HEIGHT 0.21  ///< Of a chart, relative to its width
#define PLAYER_PEAK 0.891 ///< Of the louder of recording and model, -1 dBFS

/// The three sounds of a passage
typedef struct {
  const char* name;
  const float* samples;
} PassageSound;

#define N_SOUNDS 3U

static void
list_sounds(const Page* const p, const Excerpt* const e, PassageSound sounds[N_SOUNDS])
{
  sounds[0] = (PassageSound){p->target, e->target};
  sounds[1] = (PassageSound){"model", e->output};
  sounds[2] = (PassageSound){"difference", e->difference};
}

static double
find_peak(const float* const samples, const uint32_t n)
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
  PassageSound sounds[N_SOUNDS];
  list_sounds(p, e, sounds);
  const double peak = fmax(find_peak(e->target, e->n_frames), find_peak(e->output, e->n_frames));
  Status status = STATUS_OK;
  (void)fputs("<div class=\"pair\">\n", p->out);
  for (uint32_t i = 0; i < N_SOUNDS && !status; ++i) {
    const PlayerSound sound = {sounds[i].name, sounds[i].samples, e->n_frames,
                               p->playback.sample_rate, PLAYER_PEAK / peak};
    (void)fprintf(p->out, "<div><p class=\"legend\"><span class=\"s%u\">%s</span></p>\n", i,
                  sounds[i].name);
    status = player_write(p->out, &sound);
    (void)fputs("</div>\n", p->out);
  }
  (void)fputs("</div>\n", p->out);
  return status;
}

/// Write one spectrogram, whose brightest colour is the power `*peak`; if that is 0, it becomes the
/// peak of this sound
static Status
write_spectrogram(const Page* const p, const PassageSound* const sound, const uint32_t n_frames,
                  float* const peak)
{
  Spectrogram s = {NULL};
  char description[64];
  Status status = spectrogram_make(sound->samples, n_frames, p->playback.sample_rate, &s);
  if (!status) {
    *peak = *peak > 0.0F ? *peak : spectrogram_peak(&s);
    spectrogram_scale(&s, *peak);
    (void)snprintf(description, sizeof(description), "Spectrogram of the %s, 60 Hz to 16 kHz",
                   sound->name);
    status = heat_map_write(p->out,
                            &(const HeatMap){sound->name, "16 kHz", "60 Hz", description, s.power,
                                             SPECTROGRAM_ROWS, SPECTROGRAM_COLUMNS, 110});
  }
  spectrogram_clear(&s);
  return status;
}

static Status
write_spectrograms(const Page* const p, const Excerpt* const e)
{
  const double rate = p->playback.sample_rate;
  PassageSound sounds[N_SOUNDS];
  Status status = STATUS_OK;
  float peak = 0.0F; // Of the recording, for all
  list_sounds(p, e, sounds);
  for (uint32_t i = 0; i < N_SOUNDS && !status; ++i) {
    status = write_spectrogram(p, &sounds[i], e->n_frames, &peak);
  }
  heat_map_write_times(p->out, (double)e->begin / rate, (double)(e->begin + e->n_frames) / rate,
                       "s");
  return status;
}

static Status
write_passage(Page* const p, const char* const heading, const uint64_t middle)
{
  Excerpt e = {0};
  const uint32_t n = (uint32_t)(LISTEN_SECONDS * p->playback.sample_rate);
  Status status = playback_cut_excerpt(&p->playback, middle, n, &e);
  if (!status) {
    (void)fprintf(p->out, "<h3>%s</h3>\n", heading);
    status = write_players(p, &e);
    status = status ? status : write_spectrograms(p, &e);
  }
  excerpt_clear(&e);
  return status;
}

/// Say which take the page shows
static void
write_take(const Page* const p)
{
  const Take* const take = p->playback.take;
  const ModelFile* const model = p->input->model;
  (void)fprintf(p->out, "<p class=\"soft\">All pictures and sounds are from %s: ", p->input->part);
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
  section_begin(p, "Listen",
                "The $, the model and the difference between them, all at the same "
                "level. Below, each as a spectrogram: time runs from left to right, frequency "
                "upwards; dark to bright spans 80 dB, on the same scale for all three.");
  write_take(p);
  Status status = write_passage(p, "Around the loudest moment", survey_find_loudest(&p->survey));
  status =
      status ? status : write_passage(p, "Around the worst moment", survey_find_worst(&p->survey));
  html_end_section(p->out);
  return status;
}

/// Copy to `numbers` (N_SOUNDS, n_frames), for charts
static void
copy_sounds(const Page* const p, const Excerpt* const e, double* const numbers)
{
  PassageSound sounds[N_SOUNDS];
  list_sounds(p, e, sounds);
  for (uint32_t i = 0; i < N_SOUNDS; ++i) {
    for (uint32_t t = 0; t < e->n_frames; ++t) {
      numbers[(size_t)i * e->n_frames + t] = (double)sounds[i].samples[t];
    }
  }
}

static Status
write_wave(Page* const p, const char* const name, const uint64_t middle)
{
  Excerpt e = {0};
  const uint32_t n = (uint32_t)(WAVE_SECONDS * p->playback.sample_rate);
  Status status = playback_cut_excerpt(&p->playback, middle, n, &e);
  double* const y = status ? NULL : (double*)malloc(N_SOUNDS * (size_t)e.n_frames * sizeof(double));
  if (y) {
    char caption[128];
    copy_sounds(p, &e, y);
    const double peak =
        1.05 * fmax(find_peak(e.target, e.n_frames), find_peak(e.output, e.n_frames));
    (void)snprintf(caption, sizeof(caption), "%s, at %.3f s", name,
                   (double)e.begin / p->playback.sample_rate);
    chart_write(p->out,
                &(const Chart){
                    .caption = caption,
                    .x = {"time [ms]", 0.0, 1000.0 * e.n_frames / p->playback.sample_rate, false},
                    .y = {"amplitude", -peak, peak, false},
                    .lines = {{p->target, NULL, y, e.n_frames, 0},
                              {"model", NULL, y + e.n_frames, e.n_frames, 1},
                              {"difference", NULL, y + 2 * (size_t)e.n_frames, e.n_frames, 2}},
                    .n_lines = N_SOUNDS,
                    .height = WAVE_HEIGHT});
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
  section_begin(p, "Wave by wave",
                "The model drawn over the $, 25 ms each. If you see only one line, they match.");
  Status status = write_wave(p, "The loudest moment", survey_find_loudest(&p->survey));
  status = status ? status : write_wave(p, "A soft moment", survey_find_soft(&p->survey));
  status = status ? status : write_wave(p, "The worst moment", survey_find_worst(&p->survey));
  html_end_section(p->out);
  return status;
}
