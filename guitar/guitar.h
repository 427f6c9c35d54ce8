// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Plays a guitar plugged straight into an interface, so that a circuit shows all it does. Offline.
///
/// Silence, then rounds of nine phrases of equal length, then silence for the last half second.
/// There are as many rounds as make a phrase about four seconds long, at least one; each round
/// plays different notes at different levels:
///
///     measure   two sweeps 30 Hz to 12 kHz and two bursts of noise, peaks from -42 to -1 dBFS
///     run       single notes over the whole neck, 82 Hz to 1.3 kHz
///     power     power chords, hard and soft
///     open      open chords, strummed down and up
///     mute      palm mutes with accents
///     lead      high notes with slides and vibrato
///     pick      broken chords, picked softly
///     steps     one chord from -54 dB to full level in steps of 6 dB
///     decay     one chord that rings out, then a hand on the strings
///
/// The same seed gives the same playing at any rate; the peak is -1 dBFS.

#ifndef GRUS_GUITAR_GUITAR_H
#define GRUS_GUITAR_GUITAR_H

#include "core/status.h"

#include <stdint.h>

#define GUITAR_PEAK 0.891250938 ///< -1 dBFS

/// What a phrase is made of, in the order of a round
typedef enum {
  GUITAR_MEASURE,
  GUITAR_RUN,
  GUITAR_POWER,
  GUITAR_OPEN,
  GUITAR_MUTE,
  GUITAR_LEAD,
  GUITAR_PICK,
  GUITAR_STEPS,
  GUITAR_DECAY,
} GuitarPhrase;

#define GUITAR_N_PHRASES 9U

/// What picks the strings up. Coil and cable form a resonant low-pass.
typedef struct {
  double place;     ///< Along the string, 0 (bridge) to 0.5
  double resonance; ///< [Hz]
  double q;         ///< Of the resonance
} GuitarPickup;

typedef struct {
  double sample_rate; ///< [Hz]
  uint32_t n_frames;
  uint64_t seed;
  GuitarPickup pickup; ///< All zero: a bright one near the bridge
} GuitarSpec;

/// When things happen in a recording
typedef struct {
  double lead_in; ///< Silence before the first phrase [s]
  double phrase;  ///< Length of each phrase [s]
  uint32_t n_rounds;
} GuitarLayout;

GuitarLayout guitar_layout(const GuitarSpec* spec);

/// Fill `out` with spec->n_frames samples
NODISCARD Status guitar_render(const GuitarSpec* spec, double* out);

/// Fill `out` with one phrase alone, not GUITAR_MEASURE, that lasts spec->n_frames and peaks at 1
NODISCARD Status guitar_play(const GuitarSpec* spec, GuitarPhrase phrase, double* out);

#endif
