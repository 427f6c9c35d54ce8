// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Sums energy only where harmonics and their folds are.

#include "bench/aliasing.h"

#include "core/circle.h"
#include "core/decibel.h"

#include <math.h>

#define N ALIASING_PERIOD
#define AUDIBLE_HZ 20000.0
#define MAX_ORDER 400U ///< Of harmonics whose folds are counted

static uint32_t
find_bin(const AliasingNote note)
{
  return (uint32_t)lround(note.hz * N / note.sample_rate);
}

/// A turn in N steps
typedef struct {
  double cosine[N];
  double sine[N];
} Turn;

static const Turn*
make_turn(void)
{
  static Turn turn;
  for (uint32_t i = 0; i < N && turn.cosine[0] == 0.0; ++i) {
    turn.cosine[N - 1 - i] = cos(TAU * (N - 1 - i) / N); // The first step comes last
    turn.sine[N - 1 - i] = sin(TAU * (N - 1 - i) / N);
  }
  return &turn;
}

/// Return the energy at one of N frequencies
static double
energy_at(const float* const y, const uint32_t bin)
{
  const Turn* const turn = make_turn();
  double re = 0.0;
  double im = 0.0;
  for (uint32_t i = 0, at = 0; i < N; ++i) {
    re += (double)y[i] * turn->cosine[at];
    im += (double)y[i] * turn->sine[at];
    at += bin;
    at -= at < N ? 0 : N;
  }
  return (bin ? 2.0 : 1.0) * (re * re + im * im) / N;
}

void
aliasing_play(const AliasingNote note, float x[ALIASING_FRAMES])
{
  const uint32_t bin = find_bin(note);
  for (uint32_t i = 0; i < ALIASING_FRAMES; ++i) {
    x[i] = (float)(ALIASING_LEVEL * sin(TAU * (double)((uint64_t)bin * i % N) / N));
  }
}

/// Above 20 kHz, half-band filters let through on purpose what is inaudible
double
aliasing_db(const AliasingNote note, const float y[ALIASING_FRAMES])
{
  const uint32_t first = find_bin(note);
  const uint32_t last = (uint32_t)(AUDIBLE_HZ * N / note.sample_rate);
  double harmonics = 0.0;
  double aliases = 0.0;
  for (uint32_t bin = first; bin < N / 2; bin += first) {
    harmonics += energy_at(y + N, bin);
  }
  // Harmonic k of any order folds to bin k * first modulo N
  for (uint32_t k = 1; k < MAX_ORDER; ++k) {
    const uint32_t folded = (uint32_t)((uint64_t)k * first % N);
    const uint32_t bin = folded < N / 2 ? folded : N - folded;
    if ((uint64_t)k * first >= N / 2 && bin && bin <= last) {
      aliases += energy_at(y + N, bin);
    }
  }
  return decibel_of_power(fmax(aliases, 1e-15) / harmonics);
}
