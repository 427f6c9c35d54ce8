// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Recordings from disk: any format libsndfile reads, any rate, one channel.

#ifndef GRUS_TRAIN_AUDIO_WAV_H
#define GRUS_TRAIN_AUDIO_WAV_H

#include "core/status.h"
#include "core/tape.h"
#include "core/wav_header.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stdint.h>

/// Channels whose loudness is compared
#define WAV_MAX_COMPARED 16U

/// How loud the channels of a file are, and whether they are the same, as far as it was read
typedef struct {
  double power[WAV_MAX_COMPARED];
  bool differ;
} WavComparison;

/// A file read block by block
typedef struct {
  SNDFILE* file;
  Tape* tape;       ///< That it is read through; NULL: it is read as it is
  const char* path; ///< Not owned
  uint32_t n_channels;
  uint32_t channel; ///< The one to read, counted from 0
  bool is_chosen;   ///< The caller named it
  uint64_t n_frames;
  double sample_rate; ///< [Hz]
  float* block;       ///< All channels of a block
  WavComparison compared;
  WavCut cut;
  const char* lossy; ///< The name of its encoding if that leaves out some of the sound, else NULL
  uint32_t n_bits;   ///< Of a sample that is a whole number; 0: other encodings
} WavReader;

#define WAV_BLOCK 4096U

/// Open one channel of a file; `channel` counts from 1, 0 means the first. If the file has only
/// one, it is always that one. A WAV file whose header was never finished is read to its end, which
/// `cut` shows.
NODISCARD Status wav_reader_open(WavReader* reader, const char* path, uint32_t channel,
                                 Message* message);

/// Read up to `n_frames` <= WAV_BLOCK of the channel; `n_read` is 0 at the end.
/// A sample that is not finite, or absurdly loud, is an error that gives its frame.
NODISCARD Status wav_reader_read(WavReader* reader, float* samples, uint32_t n_frames,
                                 uint32_t* n_read, Message* message);

/// Close; legal on a zeroed struct
void wav_reader_close(WavReader* reader);

/// Return true if nothing of a sound reaches -100 dBFS
bool wav_is_silent(const float* samples, uint64_t n_frames);

/// Which of a file's channels was read, and whether it was the right one
typedef struct {
  uint32_t n;
  uint32_t read;    ///< Counted from 1
  uint32_t loudest; ///< Counted from 1; the one that was read, if all are as loud
  bool differ;      ///< From the one that was read
  bool is_silent;   ///< The one that was read, beside the loudest
  bool is_chosen;   ///< The one that was read, by the caller
} WavChannels;

/// Compare what was read so far
WavChannels wav_reader_channels(const WavReader* reader);

/// One channel, decoded to disk and mapped from there; only the disk limits its length
typedef struct {
  const float* samples; ///< (n_frames)
  uint64_t n_frames;
  double sample_rate;   ///< [Hz]
  WavChannels channels; ///< Zeroed if it doesn't come from a file
  WavCut cut;
  const char* lossy; ///< As in WavReader
  uint32_t n_bits;   ///< As in WavReader
} Wav;

/// Decode one channel of a whole file
NODISCARD Status wav_read(const char* path, uint32_t channel, Wav* wav, Message* message);

/// Free the samples; legal on a zeroed struct
void wav_clear(Wav* wav);

#endif
