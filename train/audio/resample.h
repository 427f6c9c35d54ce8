// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The same recordings at another rate. Offline threads.

#ifndef GRUS_TRAIN_AUDIO_RESAMPLE_H
#define GRUS_TRAIN_AUDIO_RESAMPLE_H

#include "core/status.h"
#include "train/audio/wav.h"

#include <stdint.h>

/// Frames of the lower rate at both ends of a resampled sound that differ from the original by more
/// than -60 dB where the sound does not start or end softly
#define RESAMPLE_EDGE 64.0

/// Recordings at another rate, each with the original it was made from
typedef struct {
  double sample_rate;   ///< [Hz]
  uint32_t clip_frames; ///< Of each independent clip in the originals; 0: they are takes
  Wav* originals;       ///< (n_wavs); their samples are not owned
  Wav* wavs;            ///< (n_wavs)
  uint32_t n_wavs;
} Resampled;

/// Start without recordings
static inline Resampled
resample_begin(const double sample_rate, const uint32_t clip_frames)
{
  return (Resampled){.sample_rate = sample_rate, .clip_frames = clip_frames};
}

/// Resample one more recording, which must outlive `resampled`; an empty one is left out.
///
/// Frame t of the original lies at t * (rate / original rate), within 0.01 frames, and what is
/// below 0.45 of the lower rate errs by less than -90 dB. Independent clips do not ring into each
/// other.
NODISCARD Status resample_add(Resampled* resampled, const Wav* original, Message* message);

/// Resample one recording, which isn't needed any longer then; the caller clears `to`
NODISCARD Status resample_one(const Wav* original, double sample_rate, Wav* to, Message* message);

/// Return the place at the new rate of a sample of an original; NULL if it belongs to none
const float* resample_find(const Resampled* resampled, const float* sample);

/// Free the resampled recordings; legal on a zeroed struct
void resample_clear(Resampled* resampled);

#endif
