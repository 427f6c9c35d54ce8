// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Bass, middle, treble and presence behind a model. Audio thread, but for tone_init().
///
/// Four filters in a row: Andrew Simper's state variable filter in its trapezoidal form ("Linear
/// Trapezoidal State Variable Filter (SVF)", Cytomic, 2013), which may be turned while it plays. A filter
/// at 0 dB is left out: a flat setting gives back its input, bit by bit.

#ifndef GRUS_CORE_ENGINE_TONE_H
#define GRUS_CORE_ENGINE_TONE_H

#include "core/engine/ramp.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

#define TONE_MAX_DB 12.0F ///< Up and down
#define TONE_MAX_CHANNELS 2U
#define TONE_N_BANDS 4U

/// What a player can turn [dB]; a value that is not finite leaves that band where it is
typedef struct {
  float bass_db;     ///< Below 120 Hz
  float middle_db;   ///< Around 650 Hz, an octave and a half wide
  float treble_db;   ///< Above 2200 Hz
  float presence_db; ///< Around 4500 Hz, an octave wide
} ToneControls;

/// What a filter computes with
typedef struct {
  float a[3]; ///< Of the filter's loop
  float m[3]; ///< Shares of input, band and low in the output
} ToneCoefficients;

/// One filter
typedef struct {
  Ramp gain_db;              ///< In steps of a few frames
  ToneCoefficients now;      ///< On a straight line from one step to the next
  ToneCoefficients next;     ///< At the end of the step
  ToneCoefficients in_frame; ///< How far they go in a frame
  bool is_moving;            ///< They are on that line
  float s[TONE_MAX_CHANNELS][2];
} ToneBand;

typedef struct {
  ToneBand bands[TONE_N_BANDS];
  double sample_rate;      ///< [Hz]
  uint32_t fade_steps;     ///< On the way to another gain
  uint32_t frames_to_step; ///< Until gains move on; 0 while none moves
} Tone;

/// Begin flat
void tone_init(Tone* tone, double sample_rate);

/// Forget the past sound; gains stay
void tone_reset(Tone* tone) RT;

/// Set out for other gains, to be there after 20 ms, or at once
void tone_aim(Tone* tone, const ToneControls* controls, bool at_once) RT;

/// Process `n` frames of 1 or 2 channels in place. Any split into calls gives the same bits.
void tone_run(Tone* tone, float* const* x, uint32_t n_channels, uint32_t n) RT;

#endif
