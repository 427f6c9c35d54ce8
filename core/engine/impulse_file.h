// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Impulse responses of loudspeaker cabinets, read from files of any rate. Any thread but the audio
/// thread.

#ifndef GRUS_CORE_ENGINE_IMPULSE_FILE_H
#define GRUS_CORE_ENGINE_IMPULSE_FILE_H

#include "core/model/impulse.h"
#include "core/status.h"

#include <stddef.h>

/// Longest impulse, not counting up to 2 ms that resampling adds at its ends [s]
#define IMPULSE_SECONDS 1.0

/// Read any audio file with 1 or 2 channels of up to 10 s as an impulse for `sample_rate` [Hz].
///
/// The frequency response stays the same as at the file's own rate. Silence at the end, 100 dB
/// below the peak, is removed. A response longer than IMPULSE_SECONDS is faded out there, and a WAV
/// file whose header was never finished is read to its end: that is a success with a warning in
/// `message`, which is empty after any other success. One that is silent until there is refused.
/// If the rate changes, a response that begins with a jump is delayed by up to 32 of the file's
/// frames, so that it can ring before the jump.
NODISCARD Status impulse_read(const char* path, double sample_rate, Impulse* impulse,
                              Message* message);

/// A file's bytes
typedef struct {
  const void* data;
  size_t size;
  const char* name; ///< For messages
} ImpulseBytes;

/// The same from a copy of the file in memory
NODISCARD Status impulse_parse(ImpulseBytes bytes, double sample_rate, Impulse* impulse,
                               Message* message);

#endif
