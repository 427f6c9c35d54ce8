// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Bass, middle, treble and presence after a model. Audio thread, except tone_init().
///
/// Four filters in series: Andrew Simper's state variable filter in its trapezoidal form ("Linear
/// Trapezoidal State Variable Filter (SVF)", Cytomic, 2013), which may change while it plays. A
/// filter at 0 dB is skipped, so a flat setting returns its input, bit by bit.

#ifndef GRUS_CORE_ENGINE_TONE_H
#define GRUS_CORE_ENGINE_TONE_H

#include "core/ramp.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

#define TONE_MAX_DB 12.0F ///< Largest boost and cut
#define TONE_MAX_CHANNELS 2U
#define TONE_N_BANDS 4U

/// What a player can turn [dB]; a value that is not finite leaves that band where it is
typedef struct {
  float bass_db;     ///< Below 120 Hz
  float middle_db;   ///< Around 650 Hz, an octave and a half wide
  float treble_db;   ///< Above 2200 Hz
  float presence_db; ///< Around 4500 Hz, an octave wide
} ToneControls;

/// Coefficients of a filter
typedef struct {
  float a[3]; ///< Of the filter's loop
  float m[3]; ///< Shares of input, band and low in the output
} ToneCoefficients;

/// One filter
typedef struct {
  Ramp gain_db;              ///< One step every few frames
  ToneCoefficients now;      ///< Moving in a straight line
  ToneCoefficients next;     ///< At the end of the step
  ToneCoefficients in_frame; ///< Change per frame
  bool is_moving;            ///< `now` is on its way to `next`
  float s[TONE_MAX_CHANNELS][2];
} ToneBand;

typedef struct {
  ToneBand bands[TONE_N_BANDS];
  double sample_rate;      ///< [Hz]
  uint32_t fade_steps;     ///< Steps to another gain
  uint32_t frames_to_step; ///< Until the next step of the gains; 0 while none moves
} Tone;

/// Start flat
void tone_init(Tone* tone, double sample_rate);

/// Clear the past sound; gains stay
void tone_reset(Tone* tone) RT;

/// Move to other gains within 20 ms, or at once
void tone_aim(Tone* tone, const ToneControls* controls, bool at_once) RT;

/// Process `n` frames of 1 or 2 channels in place. Splitting a call into several gives the same
/// bits.
void tone_run(Tone* tone, float* const* x, uint32_t n_channels, uint32_t n) RT;

#endif
