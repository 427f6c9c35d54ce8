// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How fast a model learns: frames a second through one full step (forward, backward, update) by
// hidden size, batch and chunk, on one thread and on two. Beside it the share of what the
// multiply-adds of the machine allow: a frame takes 9 H² of them, a third each for forward,
// backward and gradient. bench/torch_train.py measures the same step in PyTorch.

#include "bench/machine.h"
#include "core/model/cells.h"
#include "core/random.h"
#include "train/learn/first_weights.h"
#include "train/learn/learner.h"
#include "train/learn/optimiser.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define N_STEPS 9U
#define MAX_BATCH 128U
#define MAX_CHUNK 1024U

static const Loss loss = {.type = LOSS_ESR, .power = 0.1, .power_pre_emphasis = 0.1};

/// Everything a step needs
typedef struct {
  Learner* learner;
  Params params;
  Optimiser optimiser;
  float* gradient;
  Clip clips[MAX_BATCH];
} Bench;

/// One line of the table
typedef struct {
  uint32_t hidden_size;
  uint32_t batch;
  uint32_t chunk;
  uint32_t n_threads;
} Setting;

static void
fail_without_memory(void)
{
  (void)fputs("bench_train: out of memory\n", stderr);
  exit(1);
}

static Bench
make_bench(const Setting s, const float* const sound)
{
  static const Take take = {.weight = 1.0};
  const ParamsShape shape = {CELL_GRU_RESET_BEFORE, s.hidden_size, 1, false, 0};
  const size_t count = params_count(shape);
  Bench b = {.gradient = (float*)calloc(count, sizeof(float))};
  if (!b.gradient || params_init(&b.params, shape) ||
      optimiser_init(&b.optimiser, OPTIMISER_SOAP, shape) ||
      learner_new((LearnerSizes){shape, s.batch, s.chunk, s.n_threads, &loss, SCALE_NONE, false},
                  &b.learner)) {
    fail_without_memory();
  }
  first_weights_draw(&b.params, 1);
  for (uint32_t k = 0; k < s.batch; ++k) {
    b.clips[k] = (Clip){sound + k, sound + MAX_BATCH - k, &take, 0};
  }
  return b;
}

static void
clear_bench(Bench* const b)
{
  learner_free(b->learner);
  optimiser_clear(&b->optimiser);
  params_clear(&b->params);
  free(b->gradient);
}

/// Return the seconds of one step; the clips start over, which costs next to nothing
static double
time_step(Bench* const b, const Setting s)
{
  const size_t count = params_count(b->params.shape);
  const double start = machine_seconds();
  learner_start(b->learner, &b->params, b->clips, s.batch, 0);
  (void)learner_gradient(b->learner, &b->params, (LearnerChunk){s.chunk, 0}, b->gradient);
  (void)optimiser_clip(b->gradient, count, 1.0);
  optimiser_step(&b->optimiser, b->gradient, 1e-3, b->params.values);
  return machine_seconds() - start;
}

static void
measure_setting(const Setting s, const float* const sound, const double peak)
{
  Bench b = make_bench(s, sound);
  double seconds[N_STEPS];
  (void)time_step(&b, s);
  for (uint32_t k = 0; k < N_STEPS; ++k) {
    seconds[k] = time_step(&b, s);
  }
  const double median = machine_quantile(seconds, N_STEPS, 0.5);
  const double frames = (double)s.batch * s.chunk / median;
  const double share = 9.0 * s.hidden_size * s.hidden_size * frames / (peak * s.n_threads);
  (void)printf("%3u  %5u  %5u  %7u  %9.3f  %8.2f M  %5.1f%%\n", s.hidden_size, s.batch, s.chunk,
               s.n_threads, 1e3 * median, 1e-6 * frames, 100.0 * share);
  (void)fflush(stdout);
  clear_bench(&b);
}

int
main(void)
{
  static const uint32_t sizes[] = {8, 16, 24, 32, 40, 64};
  static const uint32_t batches[] = {16, 32, 64, 128};
  static const uint32_t chunks[] = {64, 256, 1024};
  float sound[MAX_CHUNK + 2 * MAX_BATCH];
  char name[128];
  Random random = random_for(1, 1);
  for (size_t i = 0; i < sizeof(sound) / sizeof(sound[0]); ++i) {
    sound[i] = (float)random_between(&random, -0.5, 0.5);
  }
  const RealtimeMode mode = realtime_enter();
  const double peak = machine_multiply_adds(cells_n_isas() - 1);
  (void)printf("%s, compiled by %s, %.1f G multiply-adds/s a thread\n\n", machine_name(name),
               MACHINE_COMPILER, 1e-9 * peak);
  (void)printf("  H  batch  chunk  threads  step [ms]   frames/s   share\n");
  for (uint32_t n_threads = 1; n_threads <= 2; ++n_threads) {
    for (size_t h = 0; h < sizeof(sizes) / sizeof(sizes[0]); ++h) {
      for (size_t b = 0; b < sizeof(batches) / sizeof(batches[0]); ++b) {
        for (size_t c = 0; c < sizeof(chunks) / sizeof(chunks[0]); ++c) {
          measure_setting((Setting){sizes[h], batches[b], chunks[c], n_threads}, sound, peak);
        }
      }
    }
  }
  realtime_leave(mode);
  return 0;
}
