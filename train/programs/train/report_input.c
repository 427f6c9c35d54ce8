// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What does the report show of a run, and of which take? Main thread.

#include "train/programs/train/report_input.h"

static void
add_takes(const TakeList* const list, const Recording* const recording, ReportTake* const takes,
          uint32_t* const n)
{
  for (uint32_t i = 0; i < recording->n_takes; ++i) {
    takes[(*n)++] =
        (ReportTake){list->takes[i].input, list->takes[i].target, &recording->findings[i]};
  }
}

/// Choose the take to show: the middle one of the test recording, else of the validation
/// recording, else of all
static void
choose_take(const Session* const s, ReportInput* const input)
{
  const Recording* const recording = s->test.n_takes         ? &s->test
                                     : s->validation.n_takes ? &s->validation
                                                             : &s->train;
  input->part = model_file_has_teacher(&s->model) ? "the capture"
                : recording == &s->test           ? "the test recording"
                : recording == &s->validation     ? "the validation recording"
                                                  : "the recording";
  input->take = &recording->takes[recording->n_takes / 2];
}

ReportInput
report_input_collect(const TrainOptions* const o, const Session* const s,
                     ReportTake takes[REPORT_INPUT_MAX_TAKES])
{
  ReportInput input = {.model = &s->model,
                       .stage = &s->stage,
                       .scores = &s->scores,
                       .curves = s->curves,
                       .loss = {s->loss.loss, !s->loss.is_measured, s->loss.fizz},
                       .takes = takes,
                       .layout = o->layout};
  add_takes(&o->recording, &s->train, takes, &input.n_takes);
  add_takes(&o->validation, &s->validation, takes, &input.n_takes);
  add_takes(&o->test, &s->test, takes, &input.n_takes);
  choose_take(s, &input);
  return input;
}
