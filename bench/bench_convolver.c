// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What a cabinet costs, by the length of its impulse; and whether any block costs more than others.
// The same work is due at the same place of each cycle, so the median over the cycles is free of
// what else the machine did meanwhile.

#include "bench/machine.h"
#include "core/model/convolver.h"
#include "core/random.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_BLOCK 256U
#define MIN_BLOCK 16U
#define CYCLE 1024U ///< After which the work repeats [frames]
#define N_CYCLES 3001U
#define MAX_PLACES (CYCLE / MIN_BLOCK)

/// What is measured, and where
typedef struct {
  Convolver* convolver;
  float sound[IMPULSE_MAX_CHANNELS][MAX_BLOCK];
  double (*seconds)[N_CYCLES]; ///< (MAX_PLACES, N_CYCLES)
} Bench;

/// Return a convolver for noise that decays, NULL without memory
static Convolver*
make_convolver(const uint32_t n_taps, const uint32_t n_channels)
{
  Random random = random_for(n_taps, n_channels);
  Impulse impulse = {.n_channels = n_channels, .n_frames = n_taps, .sample_rate = 48000.0};
  Convolver* convolver = NULL;
  for (uint32_t c = 0; c < n_channels; ++c) {
    impulse.samples[c] = (float*)calloc(n_taps, sizeof(float));
    for (uint32_t i = 0; impulse.samples[c] && i < n_taps; ++i) {
      impulse.samples[c][i] = (float)(random_between(&random, -0.1, 0.1) * (n_taps - i) / n_taps);
    }
  }
  const bool is_made = impulse.samples[0] && impulse.samples[n_channels - 1] &&
                       !convolver_new(&impulse, n_channels, &convolver);
  impulse_clear(&impulse);
  return is_made ? convolver : NULL;
}

/// Time every block of every cycle
static void
time_blocks(const Bench* const b, const uint32_t n_frames)
{
  const float* const in[IMPULSE_MAX_CHANNELS] = {b->sound[0], b->sound[1]};
  float out[IMPULSE_MAX_CHANNELS][MAX_BLOCK];
  float* const outs[IMPULSE_MAX_CHANNELS] = {out[0], out[1]};
  for (uint32_t k = 0; k < N_CYCLES; ++k) {
    for (uint32_t place = 0; place < CYCLE / n_frames; ++place) {
      const double start = machine_seconds();
      convolver_run(b->convolver, in, outs, n_frames);
      b->seconds[place][k] = machine_seconds() - start;
    }
  }
}

static void
print_case(const Bench* const b, const uint32_t n_frames)
{
  const uint32_t n_places = CYCLE / n_frames;
  double medians[MAX_PLACES];
  double cycle = 0.0;
  time_blocks(b, n_frames);
  for (uint32_t place = 0; place < n_places; ++place) {
    medians[place] = machine_quantile(b->seconds[place], N_CYCLES, 0.5);
    cycle += medians[place];
  }
  const double median = machine_quantile(medians, n_places, 0.5);
  const double worst = medians[n_places - 1];
  (void)printf(
      "  blocks of %3u: %6.1f ns a frame; a block %6.2f us, the worst %6.2f us, %.1f times\n",
      n_frames, 1e9 * cycle / CYCLE, 1e6 * median, 1e6 * worst, worst / median);
}

static void
fill_with_noise(Bench* const b)
{
  Random random = random_for(1, 1);
  for (uint32_t c = 0; c < IMPULSE_MAX_CHANNELS; ++c) {
    for (uint32_t i = 0; i < MAX_BLOCK; ++i) {
      b->sound[c][i] = (float)random_between(&random, -0.5, 0.5);
    }
  }
}

/// Return false without memory
static bool
print_length(Bench* const b, const uint32_t n_taps, const uint32_t n_channels)
{
  static const uint32_t block_sizes[] = {16, 64, 256};
  const double start = machine_seconds();
  b->convolver = make_convolver(n_taps, n_channels);
  if (!b->convolver) {
    return false;
  }
  (void)printf("%6u taps, %s, made in %.1f ms\n", n_taps, n_channels == 1 ? "mono" : "stereo",
               1e3 * (machine_seconds() - start));
  for (size_t k = 0; k < sizeof(block_sizes) / sizeof(block_sizes[0]); ++k) {
    print_case(b, block_sizes[k]);
  }
  convolver_free(b->convolver);
  return true;
}

int
main(const int argc, char** const argv)
{
  static const uint32_t lengths[] = {128, 2048, 8192, 48000, 192000};
  const uint32_t n_lengths = argc > 1 ? 1 : sizeof(lengths) / sizeof(lengths[0]);
  const uint32_t n_taps = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
  Bench bench = {.seconds = (double(*)[N_CYCLES])calloc(MAX_PLACES, sizeof(double[N_CYCLES]))};
  bool is_made = bench.seconds;
  if (argc > 2 || (argc > 1 && !n_taps)) {
    (void)fputs("Usage: bench_convolver [TAPS]\nOne length, at least 1.\n", stderr);
    return 2;
  }
  machine_pin(-1);
  fill_with_noise(&bench);
  for (uint32_t k = 0; k < n_lengths * IMPULSE_MAX_CHANNELS && is_made; ++k) {
    is_made = print_length(&bench, argc > 1 ? n_taps : lengths[k / IMPULSE_MAX_CHANNELS],
                           1 + k % IMPULSE_MAX_CHANNELS);
  }
  free(bench.seconds);
  if (!is_made) {
    (void)fputs("bench_convolver: out of memory\n", stderr);
  }
  return is_made ? 0 : 1;
}
