// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A phrase of decaying harmonics, measured with libebur128. Any thread but the audio thread.

#include "core/model/loudness.h"

#include "core/circle.h"

#include <ebur128.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define BEAT_SECONDS 0.25
#define N_BEATS 8U
#define N_STRINGS 3U
#define N_HARMONICS 10U
#define PLUCK 0.21   ///< Position of the pick, as a fraction of the string's length
#define LEVEL 0.1337 ///< Of a hard note's fundamental: the loudest chord then peaks at -9 dBFS

/// The frequencies of each beat's strings, 0 for a silent one, and how hard they are plucked
static const struct {
  double hz[N_STRINGS];
  double force;
} beats[N_BEATS] = {
    {{82.41, 0.0, 0.0}, 1.0},       {{164.81, 0.0, 0.0}, 0.5},      {{110.0, 164.81, 220.0}, 0.8},
    {{196.0, 0.0, 0.0}, 0.3},       {{82.41, 123.47, 164.81}, 1.0}, {{329.63, 0.0, 0.0}, 0.7},
    {{146.83, 220.0, 293.66}, 0.4}, {{246.94, 0.0, 0.0}, 1.0},
};

/// A pluck
typedef struct {
  double hz;
  double gain;
  double since; ///< Time since the pluck at the first frame [s]
} Pluck;

/// The harmonics of a ringing string: phasors that turn and shrink with each frame
typedef struct {
  double re[N_HARMONICS];
  double im[N_HARMONICS];
  double turn_re[N_HARMONICS];
  double turn_im[N_HARMONICS];
} StringHarmonics;

/// Start the harmonics of a pluck; high ones are weaker and decay first
static StringHarmonics
begin_harmonics(const Pluck pluck, const double sample_rate)
{
  StringHarmonics h;
  for (uint32_t i = 0; i < N_HARMONICS; ++i) {
    const double k = i + 1.0;
    const double fall = 2.0 + 1.5 * k;
    const double angle = TAU * pluck.hz * k;
    const double weight = sin(TAU / 2.0 * PLUCK * k) / (k * sqrt(k)) * exp(-pluck.since * fall);
    const double shrink = exp(-fall / sample_rate);
    h.re[i] = weight * cos(angle * pluck.since);
    h.im[i] = weight * sin(angle * pluck.since);
    h.turn_re[i] = shrink * cos(angle / sample_rate);
    h.turn_im[i] = shrink * sin(angle / sample_rate);
  }
  return h;
}

/// Return the sum of the harmonics in this frame, and go to the next
static double
next_of(StringHarmonics* const h)
{
  double sum = 0.0;
  for (uint32_t i = 0; i < N_HARMONICS; ++i) {
    const double re = h->re[i] * h->turn_re[i] - h->im[i] * h->turn_im[i];
    sum += h->im[i];
    h->im[i] = h->re[i] * h->turn_im[i] + h->im[i] * h->turn_re[i];
    h->re[i] = re;
  }
  return sum;
}

static void
add_string(const Pluck pluck, const double sample_rate, float* const samples,
           const uint32_t n_frames)
{
  StringHarmonics h = begin_harmonics(pluck, sample_rate);
  for (uint32_t i = 0; i < n_frames; ++i) {
    samples[i] += (float)(pluck.gain * next_of(&h));
  }
}

/// Return the first frame of a beat
static uint32_t
first_of(const uint32_t beat, const double sample_rate, const uint32_t n_frames)
{
  const double first = ceil(beat * BEAT_SECONDS * sample_rate - 1e-9);
  return first < n_frames ? (uint32_t)first : n_frames;
}

void
loudness_phrase(const double sample_rate, float* const samples, const uint32_t n_frames)
{
  uint32_t begin = 0;
  memset(samples, 0, n_frames * sizeof(float));
  for (uint32_t beat = 0; begin < n_frames; ++beat) {
    const uint32_t end = first_of(beat + 1, sample_rate, n_frames);
    for (uint32_t i = 0; i < N_STRINGS; ++i) {
      const double hz = beats[beat % N_BEATS].hz[i];
      const Pluck pluck = {hz, LEVEL * beats[beat % N_BEATS].force,
                           begin / sample_rate - beat * BEAT_SECONDS};
      if (hz > 0.0) {
        add_string(pluck, sample_rate, samples + begin, end - begin);
      }
    }
    begin = end;
  }
}

Status
loudness_measure(const double sample_rate, const float* const samples, const uint32_t n_frames,
                 double* const lufs)
{
  ebur128_state* state = ebur128_init(1, (unsigned long)lround(sample_rate), EBUR128_MODE_I);
  double loudness = LOUDNESS_SILENCE;
  if (!state) { // ebur128_destroy() would dereference it
    return STATUS_NO_MEMORY;
  }
  const bool is_heard = !ebur128_add_frames_float(state, samples, n_frames);
  const bool is_loud = !ebur128_loudness_global(state, &loudness) && loudness > LOUDNESS_SILENCE;
  ebur128_destroy(&state);
  if (!is_heard) {
    return STATUS_NO_MEMORY;
  }
  *lufs = is_loud ? loudness : LOUDNESS_SILENCE;
  return STATUS_OK;
}
