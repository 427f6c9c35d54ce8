// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Takes a recording to the capture's rate, renders it, and takes it back.

#include "train/programs/render/capture.h"

#include "core/clock.h"
#include "train/audio/resample.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_THREADS 64

/// Render on all processors
static Status
render(const Teacher* const teacher, const Wav* const in, float* const out)
{
  const long n = sysconf(_SC_NPROCESSORS_ONLN);
  Pool* pool = NULL;
  Status status = pool_new(n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (uint32_t)n, &pool);
  if (!status) {
    status = teacher_render(teacher, pool, in->samples, in->n_frames, out);
  }
  pool_free(pool);
  return status;
}

/// Return a recording at another rate, or itself if it has that; `resampled` keeps the samples
static Status
take_to_rate(const Wav* const wav, const double rate, Resampled* const resampled, Wav* const at,
             Message* const message)
{
  *resampled = resample_begin(rate, 0);
  *at = *wav;
  if (wav->sample_rate == rate) {
    return STATUS_OK;
  }
  const Status status = resample_add(resampled, wav, message);
  if (!status) {
    *at = resampled->wavs[0];
  }
  return status;
}

/// Copy what was rendered, at the recording's rate and as long as the recording
static Status
copy_back(const Wav* const rendered, const Wav* const input, CaptureSound* const sound,
          Message* const message)
{
  Resampled resampled = {0};
  Wav back = {0};
  Status status = take_to_rate(rendered, input->sample_rate, &resampled, &back, message);
  sound->n_frames = input->n_frames;
  sound->samples = status ? NULL : (float*)calloc(input->n_frames, sizeof(float));
  if (sound->samples) {
    const uint64_t n = back.n_frames < input->n_frames ? back.n_frames : input->n_frames;
    memcpy(sound->samples, back.samples, n * sizeof(float));
  } else if (!status) {
    status = status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  resample_clear(&resampled);
  return status;
}

/// Render a recording that was read
static Status
play_wav(const Teacher* const teacher, const Wav* const input, CaptureSound* const sound,
         Message* const message)
{
  const double rate = teacher_info(teacher)->sample_rate;
  Resampled resampled = {0};
  Wav at = {0};
  Status status = take_to_rate(input, rate, &resampled, &at, message);
  float* const out = status ? NULL : (float*)malloc(at.n_frames * sizeof(float));
  if (out) {
    const Wav rendered = {.samples = out, .n_frames = at.n_frames, .sample_rate = rate};
    status = render(teacher, &at, out);
    status = status ? status_fail(message, status, "out of memory")
                    : copy_back(&rendered, input, sound, message);
  } else if (!status) {
    status = status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  free(out);
  resample_clear(&resampled);
  return status;
}

Status
capture_play(const Teacher* const teacher, const char* const model, const char* const input,
             const uint32_t channel, CaptureSound* const sound, Message* const message)
{
  const double start = clock_seconds();
  Wav wav = {0};
  Status status = wav_read(input, channel, &wav, message);
  status = status ? status : play_wav(teacher, &wav, sound, message);
  if (!status && teacher_info(teacher)->sample_rate != wav.sample_rate) {
    message_set(&sound->note, "%s: made for %g Hz, resampled for %g Hz", model,
                teacher_info(teacher)->sample_rate, wav.sample_rate);
  }
  wav_clear(&wav);
  sound->seconds = clock_seconds() - start;
  return status;
}

void
capture_clear(CaptureSound* const sound)
{
  free(sound->samples);
  *sound = (CaptureSound){0};
}
