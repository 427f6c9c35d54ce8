// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The test signal as a file, with the user's own playing in it. Any one thread.

#ifndef GRUS_TRAIN_PROGRAMS_SIGNAL_SIGNAL_FILE_H
#define GRUS_TRAIN_PROGRAMS_SIGNAL_SIGNAL_FILE_H

#include "core/status.h"
#include "train/audio/resample.h"
#include "train/audio/wav.h"
#include "train/capture/test_signal_layout.h"
#include "train/capture/test_signal_sound.h"

#include <stdbool.h>
#include <stdint.h>

/// What to write
typedef struct {
  const char* output;
  const char* append; ///< NULL: nothing
  int rate;           ///< [Hz]
  int format;         ///< A WavFormat
  uint32_t seconds;
  SignalSound sound;
  bool only_layout; ///< Write nothing
  bool overwrites;  ///< Replace the output whatever it is
} SignalOptions;

/// The user's own playing
typedef struct {
  Wav recording;
  Resampled resampled;
  Wav playing; ///< Either of them
  float gain;  ///< That makes it no louder than the rest
} OwnPlaying;

/// Read the file to append, at the signal's rate; without one, `own` stays empty. Clear `own` even
/// after a failure.
NODISCARD Status own_playing_read(const SignalOptions* options, OwnPlaying* own, Message* message);

/// Return its peak [dBFS]
double own_playing_peak_db(const OwnPlaying* own);

void own_playing_clear(OwnPlaying* own);

/// Fail if the output can't be written, or if something would be lost
NODISCARD Status signal_file_check(const SignalOptions* options, Message* message);

/// Write the signal, laid out as `layout` says
NODISCARD Status signal_file_write(const SignalOptions* options, const SignalLayout* layout,
                                   const OwnPlaying* own, Message* message);

#endif
