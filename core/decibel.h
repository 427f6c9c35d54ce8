// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Levels in decibels and back. Any thread.

#ifndef GRUS_CORE_DECIBEL_H
#define GRUS_CORE_DECIBEL_H

#include "core/realtime.h"

#include <math.h>

#define DECIBEL_SILENCE (-90) ///< Levels from files and controls: this and below is zero [dB]

static inline double
decibel_to_gain(const double db)
{
  return pow(10.0, db / 20.0);
}

static inline float
decibel_to_gainf(const float db) RT
{
  return powf(10.0F, db / 20.0F);
}

static inline double
decibel_to_power(const double db)
{
  return pow(10.0, db / 10.0);
}

/// Return the gain for a level from a file; DECIBEL_SILENCE and below give zero
static inline double
decibel_to_gain_or_silence(const double db)
{
  return db <= DECIBEL_SILENCE ? 0.0 : decibel_to_gain(db);
}

static inline double
decibel_of_gain(const double gain)
{
  return 20.0 * log10(gain);
}

static inline float
decibel_of_gainf(const float gain) RT
{
  return 20.0F * log10f(gain);
}

/// Return the level of a power, or of a ratio of powers such as an ESR
static inline double
decibel_of_power(const double power)
{
  return 10.0 * log10(power);
}

#endif
