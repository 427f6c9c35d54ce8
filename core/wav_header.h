// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Does a WAV file hold as much as its header says? Any thread but the audio thread.

#ifndef GRUS_CORE_WAV_HEADER_H
#define GRUS_CORE_WAV_HEADER_H

#include "core/tape.h"

#include <stdbool.h>

/// A file that was cut, as when copying it was interrupted, or whose header was never finished, as
/// when a recorder crashed; zeroed: neither
typedef struct {
  double said; ///< By the header [s]; 0 if it was not finished
  double held; ///< By the file [s]
} WavCut;

/// Compare header and size of a file. Other formats than RIFF/WAVE, RF64 and BW64
/// count as whole.
WavCut wav_header_find_cut(const Tape* tape);

/// Return true if the header was never finished: it says that there is no sound, or less than there
/// is
bool wav_header_is_unfinished(WavCut cut);

/// Let an unfinished header say that the sound lasts until the file's end, and a BW64 file that it
/// is an RF64 one. Only what is read through the tape changes; return false if nothing does.
bool wav_header_repair(Tape* tape, WavCut cut);

#endif
