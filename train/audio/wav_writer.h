// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Writes sound to a file of one channel that is never left half written. The file's name chooses
/// its format, and the file names the program that wrote it. Offline threads.

#ifndef GRUS_TRAIN_AUDIO_WAV_WRITER_H
#define GRUS_TRAIN_AUDIO_WAV_WRITER_H

#include "core/file.h"
#include "core/status.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stdint.h>

/// How a sample is stored
typedef enum {
  WAV_16_BIT,
  WAV_24_BIT,
  WAV_FLOAT, ///< 24 bits where a format has no floats
} WavFormat;

/// What to write
typedef struct {
  const char* path;    ///< Ends in .wav, .flac, .aiff ...; a pipe or a device gets WAV
  const char* program; ///< That writes it, kept in the file; NULL: nothing is
  uint32_t rate;       ///< [Hz]
  WavFormat format;
} WavTarget;

/// A file that is being written
typedef struct {
  FileDraft draft;
  SNDFILE* file;
  bool is_float;
  bool has_failed;    ///< To write something, as to a full disk
  uint64_t n_clipped; ///< Samples beyond full scale that the format could not hold
} WavWriter;

/// Fail if the path's name is not that of a format that can be written without loss
NODISCARD Status wav_writer_check_name(const char* path, Message* message);

/// Return true if a file was written by this program
bool wav_writer_wrote(const char* path, const char* program);

/// Return how many frames fit into a WAV file, whose sizes have 32 bits
uint64_t wav_writer_most_frames(WavFormat format);

/// Start a file; the same samples make the same bytes at any time of day
NODISCARD Status wav_writer_open(WavWriter* writer, const WavTarget* target, Message* message);

/// Add samples; beyond -1 and 1 only floats hold them
NODISCARD Status wav_writer_add(WavWriter* writer, const float* samples, uint64_t n_frames,
                                Message* message);

/// Replace the file it was opened for; the writer is closed even on failure
NODISCARD Status wav_writer_keep(WavWriter* writer, Message* message);

/// Close and leave nothing behind
void wav_writer_discard(WavWriter* writer);

#endif
