// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Writes sound to a WAV file of one channel that is never left half written. Offline threads.

#ifndef GRUS_TRAIN_AUDIO_WAV_WRITER_H
#define GRUS_TRAIN_AUDIO_WAV_WRITER_H

#include "core/file.h"
#include "core/status.h"

#include <sndfile.h>

#include <stdint.h>

/// How a sample is stored
typedef enum {
  WAV_16_BIT,
  WAV_24_BIT,
  WAV_FLOAT,
} WavFormat;

/// A file that is being written
typedef struct {
  FileDraft draft;
  SNDFILE* file;
} WavWriter;

/// Return how many frames fit into a WAV file, whose sizes have 32 bits
uint64_t wav_writer_most_frames(WavFormat format);

/// Start a file; the same samples make the same bytes at any time of day
NODISCARD Status wav_writer_open(WavWriter* writer, const char* path, uint32_t rate,
                                 WavFormat format, Message* message);

/// Add samples between -1 and 1
NODISCARD Status wav_writer_add(WavWriter* writer, const float* samples, uint64_t n_frames,
                                Message* message);

/// Replace the file it was opened for; the writer is closed even on failure
NODISCARD Status wav_writer_keep(WavWriter* writer, Message* message);

/// Close and leave nothing behind
void wav_writer_discard(WavWriter* writer);

#endif
