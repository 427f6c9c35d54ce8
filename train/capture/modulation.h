// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Does something move the sound to and fro by itself: tremolo, chorus, phaser, flanger? Offline.
///
/// The gain from one recording to another, in bands and over short frames, has a line in its
/// spectrum over minutes if it moves periodically. Playing is periodic, too, so that gear that
/// isn't quite understood seems to move with the beat; then the sound itself has that line. The
/// phase hardly moves with the beat, but with a delay or a filter that is swept.

#ifndef GRUS_TRAIN_CAPTURE_MODULATION_H
#define GRUS_TRAIN_CAPTURE_MODULATION_H

#include "core/status.h"

#include <stdint.h>

/// `sound` is what should come out, `target` what does
typedef struct {
  const float* sound;
  const float* target;
  uint32_t n_frames;
  double sample_rate; ///< [Hz]
} ModulatedSound;

typedef struct {
  double hz;           ///< Of the clearest line in the gain
  double line_db;      ///< Its power in the gain, against frequencies beside it [dB]
  double own_db;       ///< The same of the sound's own level, there [dB]
  double sweep_hz;     ///< Of the clearest line in the phase
  double sweep_db;     ///< Its power, against frequencies beside it [dB]
  double sweep_own_db; ///< The same of the sound's own level, there [dB]
} Modulation;

/// Measure a sound of ten seconds or more
NODISCARD Status modulation_find(ModulatedSound sound, Modulation* modulation);

#endif
