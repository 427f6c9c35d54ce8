// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// In which order is a run shown, and of which take? Main thread.

#include "train/report/page.h"

#include "core/file.h"
#include "train/report/gates.h"
#include "train/report/html.h"
#include "train/report/sections.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define GATES_SECONDS 10.0
#define AUDIBLE 1e-3F ///< A sound begins [of full scale]
#define BEFORE 0.05   ///< It, that is shown [s]
#define WARMUP 1.0    ///< Before that [s]

static Status
write_sections(Page* const p)
{
  Status status = STATUS_OK;
  section_head(p);
  section_scores(p);
  if ((status = section_listening(p)) || (status = section_waves(p)) ||
      (status = section_error(p))) {
    return status;
  }
  section_spectra(p);
  if ((status = section_transfer(p)) || (status = section_learning(p))) {
    return status;
  }
  section_examination(p);
  return section_gates(p);
}

static Status
write_run(Page* const p)
{
  const ReportInput* const input = p->input;
  Status status = show_open(input->model, input->take, input->layout, &p->show);
  status = status ? status : survey_make(&p->show, &p->survey);
  if (!status) {
    html_begin(p->out, input->model->name);
    status = write_sections(p);
    html_end(p->out);
  }
  survey_clear(&p->survey);
  show_close(&p->show);
  return status;
}

/// A page before it is a file
typedef struct {
  FILE* out;
  char* text;
  size_t size;
} Sheet;

static Status
sheet_init(Sheet* const sheet)
{
  sheet->out = open_memstream(&sheet->text, &sheet->size);
  return sheet->out ? STATUS_OK : STATUS_NO_MEMORY;
}

/// Make the sheet a file, if all went well
static Status
sheet_finish(Sheet* const sheet, const Status written, const char* const path,
             Message* const message)
{
  const bool is_whole = fclose(sheet->out) == 0;
  const Status status = written ? written : is_whole ? STATUS_OK : STATUS_NO_MEMORY;
  const Status kept = status ? status_fail(message, status, "%.200s: %s", path, status_text(status))
                             : file_replace(path, sheet->text, sheet->size, message);
  free(sheet->text);
  return kept;
}

Status
page_write(const ReportInput* const input, const char* const path, Message* const message)
{
  Sheet sheet;
  Status status = sheet_init(&sheet);
  if (status) {
    return status_fail(message, status, "%.200s: %s", path, status_text(status));
  }
  Page page = {.out = sheet.out, .input = input};
  status = write_run(&page);
  return sheet_finish(&sheet, status, path, message);
}

/// Return what is shown of a recording
static GatesSound
from_first_sound(const Wav* const input, const Params* const params, const float* const knobs)
{
  const double rate = input->sample_rate;
  uint64_t first = 0;
  while (first < input->n_frames && fabsf(input->samples[first]) < AUDIBLE) {
    ++first;
  }
  const uint64_t before = (uint64_t)(BEFORE * rate);
  const uint64_t begin = first == input->n_frames ? 0 : first > before ? first - before : 0;
  const uint64_t most = (uint64_t)(GATES_SECONDS * rate);
  const uint64_t n_before = (uint64_t)fmin((double)begin, WARMUP * rate);
  const uint64_t left = input->n_frames - begin;
  return (GatesSound){.params = params,
                      .knobs = knobs,
                      .input = input->samples + (begin - n_before),
                      .n_before = n_before,
                      .n_frames = left < most ? left : most,
                      .sample_rate = rate};
}

Status
page_write_gates(const ModelFile* const model, const Wav* const input, const char* const path,
                 Message* const message)
{
  static const float knobs[PARAMS_MAX_KNOBS] = {MODEL_KNOB_DEFAULT, MODEL_KNOB_DEFAULT,
                                                MODEL_KNOB_DEFAULT, MODEL_KNOB_DEFAULT};
  Sheet sheet;
  const ModelSet set = model_file_set_for(model, input->sample_rate);
  Status status = sheet_init(&sheet);
  if (status) {
    return status_fail(message, status, "%.200s: %s", path, status_text(status));
  }
  const GatesSound sound = from_first_sound(input, &set.params, knobs);
  html_begin(sheet.out, model->name);
  (void)fputs("<header>\n<h1>", sheet.out);
  html_text(sheet.out, model->name);
  (void)fputs("</h1>\n</header>\n", sheet.out);
  status = gates_write(sheet.out, &sound);
  html_end(sheet.out);
  return sheet_finish(&sheet, status, path, message);
}
