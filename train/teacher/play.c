// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Takes a recording to the capture's rate, renders it, and takes it back. Offline.

#include "train/teacher/play.h"

#include "train/audio/resample.h"
#include "train/learn/team.h"

#include <stdlib.h>
#include <string.h>

#define MAX_THREADS 64U

/// Render on all processors
static Status
render(const Teacher* const teacher, const Wav* const in, float* const out, Message* const message)
{
  const uint32_t n = team_n_processors();
  Pool* pool = NULL;
  Status status = pool_new(n < MAX_THREADS ? n : MAX_THREADS, &pool);
  status = status ? status : teacher_render(teacher, pool, in->samples, in->n_frames, out);
  pool_free(pool);
  return status ? status_fail(message, status, "out of memory") : STATUS_OK;
}

/// Copy what was rendered, at the rate of `n_frames` frames and as long as they are
static Status
copy_back(const Wav* const rendered, const double sample_rate, float* const out,
          const uint64_t n_frames, Message* const message)
{
  Wav back = {0};
  const Status status = resample_one(rendered, sample_rate, &back, message);
  if (!status) {
    const uint64_t n = back.n_frames < n_frames ? back.n_frames : n_frames;
    memset(out, 0, (size_t)n_frames * sizeof(float));
    memcpy(out, back.samples, (size_t)n * sizeof(float));
  }
  wav_clear(&back);
  return status;
}

/// Render a recording of another rate, which was resampled to that of the capture
static Status
render_resampled(const Teacher* const teacher, const Wav* const at, const Wav* const recording,
                 float* const out, Message* const message)
{
  float* const samples = (float*)malloc(((size_t)at->n_frames + 1) * sizeof(float));
  const Wav rendered = {
      .samples = samples, .n_frames = at->n_frames, .sample_rate = at->sample_rate};
  Status status = samples ? render(teacher, at, samples, message)
                          : status_fail(message, STATUS_NO_MEMORY, "out of memory");
  status = status ? status
                  : copy_back(&rendered, recording->sample_rate, out, recording->n_frames, message);
  free(samples);
  return status;
}

Status
teacher_play(const Teacher* const teacher, const Wav* const recording, float* const out,
             Message* const message)
{
  const double rate = teacher_info(teacher)->sample_rate;
  Wav at = {0};
  if (!recording->n_frames || recording->sample_rate == rate) {
    return render(teacher, recording, out, message);
  }
  Status status = resample_one(recording, rate, &at, message);
  status = status ? status : render_resampled(teacher, &at, recording, out, message);
  wav_clear(&at);
  return status;
}
