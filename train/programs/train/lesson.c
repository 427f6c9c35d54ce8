// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Plays a sound to a teacher, and keeps what it answers.

#include "train/programs/train/lesson.h"

#include "core/hash.h"
#include "train/audio/resample.h"
#include "train/audio/spool.h"
#include "train/capture/test_signal_layout.h"
#include "train/capture/test_signal_sound.h"
#include "train/learn/team.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGNAL_SECONDS 180U
#define SIGNAL_PEAK_DB (-1.0)
#define SPOOL_BLOCK 65536U

/// Keep samples as a recording is kept
static Status
keep_samples(const float* const samples, const uint64_t n_frames, const double sample_rate,
             Wav* const wav, Message* const message)
{
  Spool spool = {0};
  Status status = spool_open(&spool, message);
  if (status) {
    return status;
  }
  for (uint64_t i = 0; i < n_frames && !status; i += SPOOL_BLOCK) {
    const uint64_t n = n_frames - i < SPOOL_BLOCK ? n_frames - i : SPOOL_BLOCK;
    status = spool_add(&spool, samples + i, (uint32_t)n, message);
  }
  *wav = (Wav){.n_frames = n_frames, .sample_rate = sample_rate};
  status = status ? status : spool_map(&spool, &wav->samples, message);
  spool_close(&spool);
  return status;
}

/// Render all segments of the signal
static Status
render_signal(const SignalLayout* const layout, const uint64_t seed, float* const out)
{
  const SignalSound sound = {SIGNAL_PEAK_DB, seed};
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < layout->n_segments && !status; ++i) {
    status = signal_render(layout, i, &sound, out + layout->segments[i].begin);
  }
  return status;
}

/// Make the input that a capture is played if none is given
static Status
make_signal(const TrainOptions* const o, const TeacherInfo* const info, Wav* const wav,
            Message* const message)
{
  if (!signal_has_rate(info->sample_rate)) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: plays at %g Hz, at which there is no test signal; expected INPUT.wav, "
                       "something to play to it",
                       o->teacher, info->sample_rate);
  }
  SignalLayout layout;
  signal_layout((uint32_t)info->sample_rate, SIGNAL_SECONDS, 0, &layout);
  float* const samples = (float*)calloc(layout.n_frames, sizeof(float));
  if (!samples || render_signal(&layout, o->trainer.seed, samples)) {
    free(samples);
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  const Status status = keep_samples(samples, layout.n_frames, info->sample_rate, wav, message);
  free(samples);
  return status;
}

/// Read the input, and take it to the rate of the capture
static Status
read_input(const TrainOptions* const o, const TeacherInfo* const info, Wav* const wav,
           Message* const message)
{
  const char* const path = o->recording.takes[0].input;
  Wav read = {0};
  const Status status = wav_read(path, o->channel, &read, message);
  if (status || read.sample_rate == info->sample_rate) {
    *wav = read;
    return status;
  }
  const Status resampled = resample_one(&read, info->sample_rate, wav, message);
  if (!resampled && team_is_leader()) {
    (void)printf("note: %s is at %g Hz; resampled to %g Hz, the rate of the capture\n", path,
                 read.sample_rate, info->sample_rate);
  }
  wav_clear(&read);
  return resampled;
}

/// Render the target without the level that the capture rests at
static Status
render_target(const Teacher* const teacher, Pool* const pool, const Wav* const input,
              float* const out)
{
  static const float silence[1];
  float rest = 0.0F;
  Status status = teacher_render(teacher, pool, silence, 1, &rest);
  status = status ? status : teacher_render(teacher, pool, input->samples, input->n_frames, out);
  for (uint64_t i = 0; i < input->n_frames && !status; ++i) {
    out[i] -= rest;
  }
  return status;
}

static Status
make_target(const Teacher* const teacher, const uint32_t n_threads, const Wav* const input,
            Wav* const target, Message* const message)
{
  float* const out = (float*)malloc((input->n_frames + 1) * sizeof(float));
  Pool* pool = NULL;
  Status status = out ? pool_new(n_threads, &pool) : STATUS_NO_MEMORY;
  status = status ? status : render_target(teacher, pool, input, out);
  status = status ? status_fail(message, status, "out of memory")
                  : keep_samples(out, input->n_frames, input->sample_rate, target, message);
  pool_free(pool);
  free(out);
  return status;
}

/// Make the input, and the target from it
static Status
make_pair(const TrainOptions* const o, const Teacher* const teacher, Recording* const r,
          Message* const message)
{
  const TeacherInfo* const info = teacher_info(teacher);
  const bool is_given = strcmp(o->recording.takes[0].input, TRAIN_SIGNAL) != 0;
  Status status = is_given ? read_input(o, info, &r->wavs[0], message)
                           : make_signal(o, info, &r->wavs[0], message);
  r->n_wavs = 1;
  if (status) {
    return status;
  }
  r->n_wavs = 2;
  return make_target(teacher, o->trainer.n_threads, &r->wavs[0], &r->wavs[1], message);
}

Status
lesson_make(const TrainOptions* const options, Recording* const recording, TeacherInfo* const info,
            Message* const message)
{
  Recording* const r = recording;
  Teacher* teacher = NULL;
  Status status = teacher_read(options->teacher, &teacher, message);
  if (status) {
    return status;
  }
  *info = *teacher_info(teacher);
  status = make_pair(options, teacher, r, message);
  teacher_free(teacher);
  if (status) {
    return status;
  }
  for (uint32_t i = 0; i < 2; ++i) {
    r->paths[i] = i ? options->teacher : options->recording.takes[0].input;
    r->hash = hash_add(r->hash, r->wavs[i].samples, (size_t)r->wavs[i].n_frames * sizeof(float));
  }
  r->takes[0] = (Take){.name = options->teacher, .input = &r->wavs[0], .target = &r->wavs[1]};
  r->n_takes = 1;
  return STATUS_OK;
}
