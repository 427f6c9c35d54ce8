// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// In which order does a page show a run? Main thread.

#include "train/report/page.h"

#include "core/decibel.h"
#include "core/file.h"
#include "train/report/gates.h"
#include "train/report/html.h"
#include "train/report/sections.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GATES_SECONDS 10.0
#define AUDIBLE 1e-3F ///< Amplitude at which sound starts [full scale = 1]
#define LEAD_IN 0.05  ///< Shown before it [s]
#define WARMUP 1.0    ///< Run before that, not shown [s]
#define SECTION_TEXT_SIZE 1024U
#define MARK_PLACE 512U ///< Bytes at a page's start that hold the name of what wrote it

void
section_begin(const Page* const p, const char* const heading, const char* const paragraph)
{
  char text[SECTION_TEXT_SIZE];
  size_t n = 0;
  for (const char* c = paragraph; *c && n + 16 < sizeof(text); ++c) {
    n += (size_t)(*c == '$' ? snprintf(text + n, 16, "%s", p->target)
                            : snprintf(text + n, 2, "%c", *c));
  }
  html_begin_section(p->out, heading, text);
}

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
  if ((status = section_transfer(p)) || (status = section_stage(p)) ||
      (status = section_learning(p))) {
    return status;
  }
  section_examination(p);
  return section_gates(p);
}

static Status
write_run(Page* const p)
{
  const ReportInput* const input = p->input;
  Status status = playback_open(input->model, input->take, input->layout, &p->playback);
  status = status ? status : survey_make(&p->playback, &p->survey);
  if (!status) {
    html_begin(p->out, input->model->name);
    status = write_sections(p);
    html_end(p->out);
  }
  survey_clear(&p->survey);
  playback_close(&p->playback);
  return status;
}

/// A page in memory
typedef struct {
  FILE* out;
  char* text;
  size_t size;
} PageBuffer;

static Status
open_buffer(PageBuffer* const buffer)
{
  buffer->out = open_memstream(&buffer->text, &buffer->size);
  return buffer->out ? STATUS_OK : STATUS_NO_MEMORY;
}

/// Write the page to its file if all went well
static Status
finish_buffer(PageBuffer* const buffer, const Status written, const char* const path,
              Message* const message)
{
  const bool is_whole = fclose(buffer->out) == 0;
  const Status status = written ? written : is_whole ? STATUS_OK : STATUS_NO_MEMORY;
  const Status result = status ? status_fail(message, status, "%s: %s", path, status_text(status))
                               : file_replace(path, buffer->text, buffer->size, message);
  free(buffer->text);
  return result;
}

bool
page_is_ours(const char* const path)
{
  char text[MARK_PLACE];
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  const ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text));
  if (fd >= 0) {
    (void)close(fd);
  }
  return n > 0 && memmem(text, (size_t)n, HTML_GENERATOR, sizeof(HTML_GENERATOR) - 1);
}

Status
page_write(const ReportInput* const input, const char* const path, Message* const message)
{
  PageBuffer buffer;
  Status status = open_buffer(&buffer);
  if (status) {
    return status_fail(message, status, "%s: %s", path, status_text(status));
  }
  const bool is_taught = model_file_has_teacher(input->model);
  Page page = {.out = buffer.out, .input = input, .target = is_taught ? "capture" : "recording"};
  status = write_run(&page);
  return finish_buffer(&buffer, status, path, message);
}

/// Choose the part of a recording to show
static GatesSound
choose_gates_sound(const Wav* const input, const Params* const params, const float* const knobs)
{
  const double rate = input->sample_rate;
  uint64_t first = 0;
  while (first < input->n_frames && fabsf(input->samples[first]) < AUDIBLE) {
    ++first;
  }
  const uint64_t before = (uint64_t)(LEAD_IN * rate);
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
  PageBuffer buffer;
  const ModelSet set = model_file_set_for(model, input->sample_rate);
  Status status = open_buffer(&buffer);
  if (status) {
    return status_fail(message, status, "%s: %s", path, status_text(status));
  }
  GatesSound sound = choose_gates_sound(input, &set.params, knobs);
  sound.gain = (float)decibel_to_gain_or_silence(model->input_gain_db);
  html_begin(buffer.out, model->name);
  (void)fputs("<header>\n<h1>", buffer.out);
  html_text(buffer.out, model->name);
  (void)fputs("</h1>\n</header>\n", buffer.out);
  status = gates_write(buffer.out, &sound);
  html_end(buffer.out);
  return finish_buffer(&buffer, status, path, message);
}
