// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads and cuts the recordings of a run, and resamples them for further rates.

#include "train/programs/train/session.h"

#include "train/capture/findings.h"
#include "train/programs/train/lesson.h"

#include <stddef.h>
#include <string.h>

void
session_clear(Session* const s)
{
  recording_clear(&s->train);
  recording_clear(&s->validation);
  recording_clear(&s->test);
  for (uint32_t i = 0; i < s->n_resampled; ++i) {
    rates_clear(&s->resampled[i]);
  }
  model_file_clear(&s->model);
  for (uint32_t i = 0; i < MODEL_FILE_MAX_SETS; ++i) {
    learning_curve_clear(&s->curves[i]);
  }
}

double
session_sample_rate(const Session* const s)
{
  return s->train.takes[0].input->sample_rate;
}

RatesMaterial
session_material(const Session* const s, const uint32_t index)
{
  return index ? rates_material(&s->resampled[index - 1])
               : (RatesMaterial){session_sample_rate(s), &s->train.dataset, &s->validation.dataset,
                                 &s->test.dataset};
}

const Params*
session_params(const Session* const s, const uint32_t index)
{
  return index ? &s->model.others[index - 1].params : &s->model.params;
}

static Status
check_rates(const Session* const s, Message* const message)
{
  const double rate = session_sample_rate(s);
  const Recording* const others[2] = {&s->validation, &s->test};
  for (size_t i = 0; i < 2; ++i) {
    if (others[i]->n_takes && others[i]->takes[0].input->sample_rate != rate) {
      return status_fail(
          message, STATUS_BAD_ARGUMENT,
          "a validation or test recording is at %g Hz; expected %g Hz, the rate of the "
          "recording",
          others[i]->takes[0].input->sample_rate, rate);
    }
  }
  return STATUS_OK;
}

/// Give takes of one piece of gear one delay
static void
join_alignments(Recording* const recordings[3])
{
  Alignment* alignments[3 * TAKES_MAX];
  uint32_t n = 0;
  for (size_t i = 0; i < 3; ++i) {
    for (uint32_t k = 0; k < recordings[i]->n_takes; ++k) {
      alignments[n] = &recordings[i]->alignments[k];
      n += alignment_is_measured(alignments[n]);
    }
  }
  alignment_join(alignments, n);
}

Status
session_read_recordings(const TrainOptions* const o, Session* const s, Message* const message)
{
  const TakeList* const lists[3] = {&o->recording, &o->validation, &o->test};
  Recording* const recordings[3] = {&s->train, &s->validation, &s->test};
  const RecordingChannels channels = {o->input_channel, o->target_channel};
  Status status = STATUS_OK;
  if (o->teacher) {
    const LessonTo to = {&s->train, &s->validation, &s->teacher};
    return lesson_make(o, to, message);
  }
  for (size_t i = 0; i < 3 && !status; ++i) {
    status = recording_read(lists[i], channels, recordings[i], message);
    status = status ? status
                    : recording_align(recordings[i], &o->examine, o->layout.clip_frames, message);
  }
  if (!status) {
    join_alignments(recordings);
  }
  for (size_t i = 0; i < 3 && !status; ++i) {
    recording_examine(recordings[i], &o->examine, o->layout.clip_frames);
  }
  return status;
}

Status
session_correct_recordings(const TrainOptions* const o, Session* const s, Message* const message)
{
  Recording* const recordings[3] = {&s->train, &s->validation, &s->test};
  Status status = STATUS_OK;
  for (size_t i = 0; i < 3 && !status && !o->teacher; ++i) {
    status = recording_correct(recordings[i], o->layout.clip_frames, message);
  }
  return status;
}

/// Return the file that a finding is about: the target unless it names the input
static const char*
file_of(const Finding* const finding, const TakeFiles* const take)
{
  static const char input[] = "Input";
  return strncmp(finding->name, input, strlen(input)) ? take->target : take->input;
}

Status
session_check_findings(const TrainOptions* const o, const Session* const s, Message* const message)
{
  const TakeList* const lists[3] = {&o->recording, &o->validation, &o->test};
  const Recording* const recordings[3] = {&s->train, &s->validation, &s->test};
  for (size_t i = 0; i < 3; ++i) {
    for (uint32_t k = 0; k < recordings[i]->n_takes; ++k) {
      const Finding* const stop = findings_first_stop(&recordings[i]->findings[k]);
      if (stop) {
        return status_fail(message, STATUS_BAD_FILE, "%s: %s: %s. %s",
                           file_of(stop, &lists[i]->takes[k]), stop->name, stop->value,
                           stop->remedy);
      }
    }
  }
  return STATUS_OK;
}

Status
session_cut_recordings(const TrainOptions* const o, Session* const s, Message* const message)
{
  Status status = recording_cut(&s->train, o->layout, message);
  if (status || (status = recording_cut(&s->validation, o->layout, message)) ||
      (status = recording_cut(&s->test, o->layout, message))) {
    return status;
  }
  if (!s->validation.n_takes) {
    status = dataset_split(&s->train.dataset, o->held_out, &s->validation.dataset, message);
  }
  return status ? status : check_rates(s, message);
}

static Status
resample_sound(const Session* const s, Resampled* const sound, Message* const message)
{
  const Recording* const recordings[3] = {&s->train, &s->validation, &s->test};
  Status status = STATUS_OK;
  for (size_t i = 0; i < 3; ++i) {
    for (uint32_t k = 0; k < recordings[i]->n_wavs && !status; ++k) {
      status = resample_add(sound, &recordings[i]->wavs[k], message);
    }
  }
  return status;
}

Status
session_resample_recordings(const TrainOptions* const o, Session* const s, Message* const message)
{
  const RatesMaterial recorded = session_material(s, 0);
  RatesList others = {.n = 0};
  Status status = rates_besides(&o->rates, recorded.sample_rate, &others, message);
  for (uint32_t i = 0; i < others.n && !status; ++i) {
    RatesResampled* const to = &s->resampled[s->n_resampled++];
    to->sound = resample_begin(others.hz[i], o->layout.clip_frames);
    status = resample_sound(s, &to->sound, message);
    if (!status) {
      status = rates_resample(&recorded, to, message);
    }
  }
  return status;
}
