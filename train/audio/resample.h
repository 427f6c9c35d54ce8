// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The same recordings at another rate, and the same clips of them.

#ifndef GRUS_TRAIN_AUDIO_RESAMPLE_H
#define GRUS_TRAIN_AUDIO_RESAMPLE_H

#include "core/status.h"
#include "train/audio/wav.h"
#include "train/learn/dataset.h"

#include <stdint.h>

/// Recordings at another rate, found by those they were made from
typedef struct {
  double sample_rate;   ///< [Hz]
  uint32_t clip_frames; ///< Of the independent clips that the originals are rows of; 0: takes
  Wav* originals;       ///< (n_wavs); their samples are not owned
  Wav* wavs;            ///< (n_wavs)
  uint32_t n_wavs;
} Resampled;

/// Begin without recordings
static inline Resampled
resample_begin(const double sample_rate, const uint32_t clip_frames)
{
  return (Resampled){.sample_rate = sample_rate, .clip_frames = clip_frames};
}

/// Resample one more recording, which has to outlive `resampled`; one without frames is left out.
///
/// Frame t of the original lies at t * (rate / original rate), within 0.01 frames, and what is below
/// 0.45 of the lower rate errs by less than -90 dB. Independent clips do not sound into each other.
NODISCARD Status resample_add(Resampled* resampled, const Wav* original, Message* message);

/// Find the clips of `dataset` in the resampled recordings: the same moments in the same order.
///
/// Independent clips lose the edges where their neighbours would be needed to resample them.
NODISCARD Status resample_clips(const Resampled* resampled, const Dataset* dataset, Dataset* clips,
                                Message* message);

/// Free the resampled recordings; legal on a zeroed struct
void resample_clear(Resampled* resampled);

#endif
