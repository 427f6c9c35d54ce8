// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A phrase of decaying harmonics, and libebur128. Any thread but the audio thread.

#include "core/loudness.h"

#include <ebur128.h>
#include <math.h>
#include <string.h>

#define TAU 6.283185307179586
#define BEAT_SECONDS 0.25
#define N_BEATS 8U
#define N_STRINGS 3U
#define N_HARMONICS 10U
#define PLUCK 0.21   ///< Where the string is plucked, of its length
#define LEVEL 0.1337 ///< Of a hard note's fundamental: the loudest chord peaks at -9 dBFS

/// Frequencies of a beat's strings, 0 where one is silent, and how hard they are plucked
static const struct {
  double hz[N_STRINGS];
  double force;
} beats[N_BEATS] = {
    {{82.41, 0.0, 0.0}, 1.0},       {{164.81, 0.0, 0.0}, 0.5},      {{110.0, 164.81, 220.0}, 0.8},
    {{196.0, 0.0, 0.0}, 0.3},       {{82.41, 123.47, 164.81}, 1.0}, {{329.63, 0.0, 0.0}, 0.7},
    {{146.83, 220.0, 293.66}, 0.4}, {{246.94, 0.0, 0.0}, 1.0},
};

/// Return one string at a time after its pluck; high harmonics are weaker and die first
static double
string_at(const double hz, const double seconds)
{
  double sum = 0.0;
  for (uint32_t k = 1; hz > 0.0 && k <= N_HARMONICS; ++k) {
    const double weight = sin(TAU / 2.0 * PLUCK * k) / (k * sqrt(k));
    sum += weight * exp(-seconds * (2.0 + 1.5 * k)) * sin(TAU * hz * k * seconds);
  }
  return sum;
}

static double
phrase_at(const double seconds)
{
  const uint32_t beat = (uint32_t)(seconds / BEAT_SECONDS);
  const double since = seconds - beat * BEAT_SECONDS;
  double sum = 0.0;
  for (uint32_t i = 0; i < N_STRINGS; ++i) {
    sum += string_at(beats[beat % N_BEATS].hz[i], since);
  }
  return LEVEL * beats[beat % N_BEATS].force * sum;
}

void
loudness_phrase(const double sample_rate, float* const samples, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    samples[i] = (float)phrase_at(i / sample_rate);
  }
}

Status
loudness_measure(const double sample_rate, const float* const samples, const uint32_t n_frames,
                 double* const lufs)
{
  ebur128_state* state = ebur128_init(1, (unsigned long)lround(sample_rate), EBUR128_MODE_I);
  double loudness = LOUDNESS_SILENCE;
  if (!state || ebur128_add_frames_float(state, samples, n_frames)) {
    ebur128_destroy(&state);
    return STATUS_NO_MEMORY;
  }
  const int failed = ebur128_loudness_global(state, &loudness);
  ebur128_destroy(&state);
  *lufs = !failed && loudness > LOUDNESS_SILENCE ? loudness : LOUDNESS_SILENCE;
  return STATUS_OK;
}
