// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What one plucked string sounds like at an electric guitar's pickup. Offline.
///
/// A digital waveguide: one delay line a polarisation, a low-pass for the losses of a round trip, a
/// pick that lifts the string at a point, a pickup at another. Karplus and Strong,
/// "Digital synthesis of plucked-string and drum timbres", CMJ 7(2), 1983; Jaffe and Smith,
/// "Extensions of the Karplus-Strong plucked-string algorithm", ibid.

#ifndef GRUS_GUITAR_PLUCK_H
#define GRUS_GUITAR_PLUCK_H

#include "core/status.h"

#include <stdint.h>

/// Lowest note that a string can play [Hz]
#define PLUCK_MIN_PITCH 60.0

typedef struct PluckStringImpl PluckString;

/// One note as a player would describe it
typedef struct {
  double start;        ///< [s]
  double duration;     ///< Until a hand mutes the string [s]
  double pitch;        ///< At the start [Hz]
  double level;        ///< Linear
  double hardness;     ///< Of pick and stroke, 0 to 1
  double pick;         ///< Where the string is picked, 0 (bridge) to 0.5
  double pickup;       ///< Where the pickup is, 0 (bridge) to 0.5
  double decay;        ///< Time to fall by 60 dB, fundamental [s]
  double bright_decay; ///< The same at 4 kHz [s]
  double vibrato;      ///< Depth [semitones]
  double slide;        ///< How far the pitch has moved half way through the note [semitones]
  uint64_t seed;       ///< Of the pick's scratch
} PluckNote;

NODISCARD Status pluck_string_new(double sample_rate, PluckString** string);

/// Free a string; NULL is legal
void pluck_string_free(PluckString* string);

/// Play one note on a string at rest and add it to `out`, up to `n_frames`
void pluck_add_note(PluckString* string, const PluckNote* note, double* out, uint32_t n_frames);

#endif
