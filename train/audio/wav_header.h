// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Does a WAV file hold as much as its header says? Any thread but the audio thread.

#ifndef GRUS_TRAIN_AUDIO_WAV_HEADER_H
#define GRUS_TRAIN_AUDIO_WAV_HEADER_H

/// A file that was cut, as when copying it was interrupted, or whose header was never finished;
/// zeroed: neither
typedef struct {
  double said; ///< By the header [s]; 0 if it was not finished
  double held; ///< By the file [s]
} WavCut;

/// Compare header and size of a file. Other formats than RIFF/WAVE, and pipes, count as whole.
WavCut wav_header_find_cut(const char* path);

#endif
