// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How much of a high note folds back to pitches that were not played: energy of folded harmonics up
// to 20 kHz against that of the harmonics, at each quality, for the model files that are named.
//
// The note repeats exactly in a prime number of frames, so that no fold of a harmonic falls on
// another (Sato and Smith, "Aliasing reduction in neural amp modeling by smoothing activations",
// 2025).

#include "core/circle.h"
#include "core/decibel.h"
#include "core/format/model_file_io.h"
#include "core/model/model.h"

#include <math.h>
#include <stdio.h>

#define RATE 48000.0
#define N 47981U ///< A prime, about a second
#define NOTE_HZ 4186.0
#define LEVEL 0.5012 ///< -6 dBFS
#define AUDIBLE_HZ 20000.0
#define MAX_ORDER 400U ///< Of harmonics whose folds are counted

/// Return the energy at one of N frequencies
static double
energy_at(const float* const y, const uint32_t bin)
{
  double re = 0.0;
  double im = 0.0;
  for (uint32_t i = 0; i < N; ++i) {
    const double angle = TAU * (double)((uint64_t)bin * i % N) / N;
    re += (double)y[i] * cos(angle);
    im += (double)y[i] * sin(angle);
  }
  return (bin ? 2.0 : 1.0) * (re * re + im * im) / N;
}

/// Return aliases up to 20 kHz against harmonics [dB]. Above that, half-band filters let through on
/// purpose what is inaudible.
static double
aliasing_db(const float* const y, const uint32_t note)
{
  const uint32_t last = (uint32_t)(AUDIBLE_HZ * N / RATE);
  double harmonics = 0.0;
  double aliases = 0.0;
  for (uint32_t bin = note; bin < N / 2; bin += note) {
    harmonics += energy_at(y, bin);
  }
  // Harmonic k of any order folds to bin k * note modulo N
  for (uint32_t k = 1; k < MAX_ORDER; ++k) {
    const uint32_t folded = (uint32_t)((uint64_t)k * note % N);
    const uint32_t bin = folded < N / 2 ? folded : N - folded;
    if ((uint64_t)k * note >= N / 2 && bin && bin <= last) {
      aliases += energy_at(y, bin);
    }
  }
  return decibel_of_power(fmax(aliases, 1e-15) / harmonics);
}

static int
print_row(const char* const path)
{
  static float x[2 * N];
  const uint32_t note = (uint32_t)lround(NOTE_HZ * N / RATE);
  Message message = {""};
  ModelFile file = {0};
  if (model_file_read(path, &file, &message)) {
    (void)fprintf(stderr, "%s\n", message.text);
    return 1;
  }
  (void)printf("| %s |", file.name);
  for (uint32_t oversampling = 1; oversampling <= 4; oversampling *= 2) {
    Model* model = NULL;
    if (model_new(&file, (ModelUse){RATE, 1, oversampling}, &model)) {
      return 1;
    }
    for (uint32_t i = 0; i < 2 * N; ++i) {
      x[i] = (float)(LEVEL * sin(TAU * (double)((uint64_t)note * i % N) / N));
    }
    model_run(model, (const float* const[]){x}, (float* const[]){x}, 2 * N);
    (void)printf(" %.1f |", aliasing_db(x + N, note));
    model_free(model);
  }
  (void)printf("\n");
  model_file_clear(&file);
  return 0;
}

int
main(const int argc, char** const argv)
{
  int failed = argc < 2;
  if (failed) {
    (void)fputs("Usage: bench_aliasing MODEL.json...\n", stderr);
  }
  (void)printf("| %.0f Hz, -6 dBFS [dB] | normal | 2x | 4x |\n|---|---|---|---|\n", NOTE_HZ);
  for (int i = 1; i < argc; ++i) {
    failed |= print_row(argv[i]);
  }
  return failed;
}
