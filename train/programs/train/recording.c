// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads the files of takes. Many takes have the same input: a file is read once. A corrected target
// is kept beside the file it was made from, which another take may need as it is.

#include "train/programs/train/recording.h"

#include "core/hash.h"
#include "train/capture/examine.h"
#include "train/learn/team.h"

#include <string.h>

/// Find a file that has been read, or read it
static Status
read_once(const char* const path, const uint32_t channel, Recording* const r, const Wav** const wav,
          Message* const message)
{
  for (uint32_t i = 0; i < r->n_wavs; ++i) {
    if (!strcmp(path, r->paths[i]) && channel == r->channels[i]) {
      *wav = &r->wavs[i];
      return STATUS_OK;
    }
  }
  Wav* const fresh = &r->wavs[r->n_wavs];
  const Status status = wav_read(path, channel, fresh, message);
  if (!status) {
    r->hash = hash_add(r->hash, fresh->samples, (size_t)fresh->n_frames * sizeof(float));
    r->channels[r->n_wavs] = channel;
    r->paths[r->n_wavs++] = path;
    *wav = fresh;
  }
  return status;
}

Status
recording_read(const TakeList* const list, const RecordingChannels channels,
               Recording* const recording, Message* const message)
{
  Recording* const r = recording;
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < list->n; ++i) {
    const TakeFiles* const files = &list->takes[i];
    Take* const take = &r->takes[r->n_takes++];
    take->name = files->target;
    memcpy(take->knobs, files->knobs, sizeof(take->knobs));
    if ((status = read_once(files->input, channels.input, r, &take->input, message)) ||
        (status = read_once(files->target, channels.target, r, &take->target, message))) {
      return status;
    }
  }
  return STATUS_OK;
}

/// Free a file unless a take still needs it
static void
clear_unused(Recording* const r, const Wav* const wav)
{
  bool is_used = false;
  for (uint32_t i = 0; i < r->n_takes; ++i) {
    is_used = is_used || r->takes[i].input == wav || r->takes[i].target == wav;
  }
  if (!is_used) {
    wav_clear(&r->wavs[wav - r->wavs]);
  }
}

static Status
correct_take(Recording* const r, Take* const take, const Corrections* const corrections,
             Message* const message)
{
  Wav* const corrected = &r->wavs[r->n_wavs];
  const Wav* const before = take->target;
  const Status status =
      corrections_apply(before, corrections, take->input->n_frames, corrected, message);
  if (!status) {
    r->paths[r->n_wavs++] = "";
    take->target = corrected;
    clear_unused(r, before);
  }
  return status;
}

Status
recording_align(Recording* const r, const ExamineOptions* const options, const uint32_t clip_frames,
                Message* const message)
{
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < r->n_takes && !status; ++i) {
    status = examine_sound((CheckPair){r->takes[i].input, r->takes[i].target}, options, clip_frames,
                           &r->findings[i], &r->alignments[i], message);
  }
  return status;
}

void
recording_examine(Recording* const r, const ExamineOptions* const options,
                  const uint32_t clip_frames)
{
  for (uint32_t i = 0; i < r->n_takes; ++i) {
    examine_take((CheckPair){r->takes[i].input, r->takes[i].target}, options, &r->alignments[i],
                 clip_frames, &r->findings[i], &r->corrections[i]);
  }
}

Status
recording_correct(Recording* const r, const uint32_t clip_frames, Message* const message)
{
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < r->n_takes && !status; ++i) {
    Take* const take = &r->takes[i];
    if (!corrections_are_none(&r->corrections[i])) {
      status = correct_take(r, take, &r->corrections[i], message);
    }
    if (!status && !clip_frames && !findings_first_stop(&r->findings[i])) {
      examine_corrected((CheckPair){take->input, take->target}, &r->findings[i]);
    }
  }
  return status;
}

Status
recording_cut(Recording* const r, const ClipLayout layout, Message* const message)
{
  return r->n_takes ? dataset_cut(r->takes, r->n_takes, layout, &r->dataset, message) : STATUS_OK;
}

void
recording_clear(Recording* const recording)
{
  for (uint32_t i = 0; i < recording->n_wavs; ++i) {
    wav_clear(&recording->wavs[i]);
  }
  dataset_clear(&recording->dataset);
  *recording = (Recording){0};
}

double
recording_seconds(const Recording* const recording)
{
  double seconds = 0.0;
  for (uint32_t i = 0; i < recording->n_takes; ++i) {
    const Wav* const input = recording->takes[i].input;
    seconds += (double)input->n_frames / input->sample_rate;
  }
  return seconds;
}
