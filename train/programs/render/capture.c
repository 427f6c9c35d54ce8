// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Keeps what a capture makes of a recording.

#include "train/programs/render/capture.h"

#include "core/clock.h"
#include "train/audio/wav.h"
#include "train/teacher/play.h"

#include <stdlib.h>

/// Render a recording that was read
static Status
play_wav(const Teacher* const teacher, const Wav* const wav, CaptureSound* const sound,
         Message* const message)
{
  sound->n_frames = wav->n_frames;
  sound->samples = (float*)malloc(((size_t)wav->n_frames + 1) * sizeof(float));
  return sound->samples ? teacher_play(teacher, wav, sound->samples, message)
                        : status_fail(message, STATUS_NO_MEMORY, "out of memory");
}

Status
capture_play(const Teacher* const teacher, const char* const input, const uint32_t channel,
             CaptureSound* const sound, Message* const message)
{
  const double start = clock_seconds();
  Wav wav = {0};
  Status status = wav_read(input, channel, &wav, message);
  status = status ? status : play_wav(teacher, &wav, sound, message);
  if (!status && teacher_info(teacher)->sample_rate != wav.sample_rate) {
    message_set(&sound->note, "made for %g Hz, resampled for %g Hz",
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
