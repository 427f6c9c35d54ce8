// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What the worst block costs: very many blocks through the engine, timed one by one, as they are on
// this machine and as they are without what else it does; whether the cost depends on the sound;
// and what a linear stage and pictures of the gates add.

#include "bench/machine.h"
#include "bench/random_params.h"
#include "core/engine/engine.h"
#include "core/random.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define RATE 48000.0
#define MAX_BLOCK 256U
#define N_BLOCKS 1000000U
#define N_BLOCKS_OF_A_KIND 100000U
#define N_RUNS 5U
#define STAGE_TAPS 1024U
#define PICTURES_PER_SECOND 30.0 ///< That the plugin sends while someone watches

typedef enum { SOUND_NOISE, SOUND_SILENCE, SOUND_SQUARE, SOUND_DENORMAL } SoundKind;

static const char* const sound_names[] = {"noise", "silence", "full-scale square",
                                          "denormal-sized"};

static void
fill_block(float* const block, const SoundKind kind, Random* const random)
{
  for (uint32_t i = 0; i < MAX_BLOCK; ++i) {
    switch (kind) {
    case SOUND_NOISE:
      block[i] = (float)random_between(random, -0.5, 0.5);
      break;
    case SOUND_SILENCE:
      block[i] = 0.0F;
      break;
    case SOUND_SQUARE:
      block[i] = i / 32 % 2 ? 1.0F : -1.0F;
      break;
    case SOUND_DENORMAL:
      block[i] = (float)random_between(random, -1e-39, 1e-39);
      break;
    }
  }
}

/// Return a random model
static Model*
make_model(const ParamsShape shape, const uint32_t n_channels)
{
  ModelFile file = {.sample_rate = RATE};
  Model* model = NULL;
  if (params_init(&file.params, shape)) {
    return NULL;
  }
  random_params_fill(&file.params);
  if (model_new(&file, (ModelUse){RATE, n_channels, 1}, &model)) {
    model = NULL;
  }
  model_file_clear(&file);
  return model;
}

/// An engine that plays, and a model to change to
typedef struct {
  Engine* engine;
  Model* spare;
  bool is_watched; ///< Each block ends with a picture of the gates
} Rig;

static bool
make_rig(const ParamsShape shape, const uint32_t n_channels, Rig* const rig)
{
  Model* const model = make_model(shape, n_channels);
  rig->spare = make_model(shape, n_channels);
  if (!model || !rig->spare || engine_new(RATE, n_channels, &rig->engine)) {
    return false;
  }
  model_free(engine_change_model(rig->engine, model));
  engine_reset(rig->engine);
  return true;
}

static void
clear_rig(Rig* const rig)
{
  engine_free(rig->engine);
  model_free(rig->spare);
  *rig = (Rig){NULL, NULL, false};
}

/// One block, with a change of model if `changes`
static void
run_block(Rig* const rig, const float* const in, const uint32_t n_frames, const bool changes)
{
  static const EngineControls flat = ENGINE_DEFAULT_CONTROLS;
  float out[2][MAX_BLOCK];
  float gates[4 * PARAMS_MAX_HIDDEN_SIZE];
  if (changes && rig->spare) {
    (void)!engine_change_model(rig->engine, rig->spare);
    rig->spare = NULL;
  }
  engine_watch(rig->engine, rig->is_watched);
  engine_run(rig->engine, &flat, (const float* const[]){in, in}, (float* const[]){out[0], out[1]},
             n_frames);
  (void)engine_gates(rig->engine, gates); // None, unless watched
  Model* const retired = engine_take_retired(rig->engine);
  rig->spare = retired ? retired : rig->spare;
}

/// What to time
typedef struct {
  uint32_t n_frames; ///< Of a block
  uint32_t n_blocks;
  uint32_t change_every; ///< Blocks, another model; 0: never
} Task;

/// How long blocks took [s], both (N_BLOCKS)
typedef struct {
  double* once;  ///< In one run
  double* least; ///< Each the least of N_RUNS
} Times;

static void
time_blocks(Rig* const rig, const Task task, const float* const in, double* const seconds)
{
  for (uint32_t k = 0; k < task.n_blocks; ++k) {
    const double start = machine_seconds();
    run_block(rig, in, task.n_frames, task.change_every && k % task.change_every == 0);
    seconds[k] = machine_seconds() - start;
  }
}

/// Time the same blocks several times. What other programs take from a block they don't take from
/// it in every run, so that the least shows what the engine itself costs.
static void
time_runs(Rig* const rig, const Task task, const float* const in, const Times* const times)
{
  for (uint32_t run = 0; run < N_RUNS; ++run) {
    time_blocks(rig, task, in, times->once);
    for (uint32_t k = 0; k < task.n_blocks; ++k) {
      times->least[k] = run ? fmin(times->least[k], times->once[k]) : times->once[k];
    }
  }
}

static void
print_quantiles(const char* const name, double* const seconds, const uint32_t n_blocks)
{
  const double median = machine_quantile(seconds, n_blocks, 0.5);
  (void)printf("%18s: p50 %6.2f  p99 %6.2f  p99.99 %7.2f  max %8.2f us, %.1f medians\n", name,
               1e6 * median, 1e6 * machine_quantile(seconds, n_blocks, 0.99),
               1e6 * machine_quantile(seconds, n_blocks, 0.9999), 1e6 * seconds[n_blocks - 1],
               seconds[n_blocks - 1] / median);
}

/// Time blocks and print how long they took
static void
measure_task(Rig* const rig, const Task task, const float* const in, const Times* const times)
{
  time_runs(rig, task, in, times);
  (void)printf("%u frames, which last %.0f us\n", task.n_frames, 1e6 * task.n_frames / RATE);
  print_quantiles("one run", times->once, task.n_blocks);
  print_quantiles("least of runs", times->least, task.n_blocks);
}

static void
measure_sizes(Rig* const rig, const float* const in, const Times* const times)
{
  static const uint32_t block_sizes[] = {16, 64, 256};
  for (size_t k = 0; k < sizeof(block_sizes) / sizeof(block_sizes[0]); ++k) {
    measure_task(rig, (Task){block_sizes[k], N_BLOCKS, 0}, in, times);
  }
  (void)printf("the same, with a change of model every 100 blocks, a quarter of which two play\n");
  measure_task(rig, (Task){64, N_BLOCKS, 100}, in, times);
}

/// Show whether the cost depends on the sound
static void
measure_sounds(Rig* const rig, Random* const random, const Times* const times)
{
  float in[MAX_BLOCK];
  (void)printf("median of blocks of 64 by sound\n");
  for (int kind = SOUND_NOISE; kind <= SOUND_DENORMAL; ++kind) {
    fill_block(in, (SoundKind)kind, random);
    time_blocks(rig, (Task){64, N_BLOCKS_OF_A_KIND, 0}, in, times->once);
    (void)printf("%18s: %.3f us\n", sound_names[kind],
                 1e6 * machine_quantile(times->once, N_BLOCKS_OF_A_KIND, 0.5));
  }
}

/// Return the median time of a block, each the least of its runs [s]
static double
median_of_block(Rig* const rig, const uint32_t n_frames, const float* const in,
                const Times* const times)
{
  time_runs(rig, (Task){n_frames, N_BLOCKS_OF_A_KIND, 0}, in, times);
  return machine_quantile(times->least, N_BLOCKS_OF_A_KIND, 0.5);
}

/// Show what a linear stage costs beyond the same model without one
static void
measure_stage(Rig* const bare, Rig* const staged, const float* const in, const Times* const times)
{
  static const uint32_t block_sizes[] = {16, 64, 256};
  (void)printf("a linear stage of %u taps\n", STAGE_TAPS);
  for (size_t k = 0; k < sizeof(block_sizes) / sizeof(block_sizes[0]); ++k) {
    const uint32_t n = block_sizes[k];
    const double without = median_of_block(bare, n, in, times);
    const double with = median_of_block(staged, n, in, times);
    (void)printf("%18u frames: %6.2f us, without %6.2f us: %.1f ns a frame\n", n, 1e6 * with,
                 1e6 * without, 1e9 * (with - without) / n);
  }
}

/// Show what a picture of the gates costs the block that has one, and the engine in the long run
static void
measure_pictures(Rig* const rig, const float* const in, const Times* const times)
{
  const double without = median_of_block(rig, 64, in, times);
  rig->is_watched = true;
  const double picture = median_of_block(rig, 64, in, times) - without;
  rig->is_watched = false;
  const double share = PICTURES_PER_SECOND * picture;
  (void)printf(
      "a picture of the gates: %.2f us more than %.2f us in its block of 64; %.0f a second "
      "take %.4f %% of a core, %.2f %% of what the engine takes\n",
      1e6 * picture, 1e6 * without, PICTURES_PER_SECOND, 100.0 * share,
      100.0 * share / (without * RATE / 64.0));
}

static bool
measure_all(const uint32_t hidden_size, const Times* const times)
{
  const ParamsShape shape = {CELL_GRU_RESET_BEFORE, hidden_size, 1, false, 0};
  const ParamsShape with_stage = {CELL_GRU_RESET_BEFORE, hidden_size, 1, false, STAGE_TAPS};
  float in[MAX_BLOCK];
  Random random = random_for(1, 1);
  Rig mono = {NULL, NULL, false};
  Rig stereo = {NULL, NULL, false};
  Rig staged = {NULL, NULL, false};
  const bool is_made =
      make_rig(shape, 1, &mono) && make_rig(shape, 2, &stereo) && make_rig(with_stage, 1, &staged);
  if (is_made) {
    fill_block(in, SOUND_NOISE, &random);
    measure_stage(&mono, &staged, in, times);
    measure_pictures(&mono, in, times);
    measure_sizes(&mono, in, times);
    measure_sounds(&mono, &random, times);
    (void)printf("stereo\n");
    measure_task(&stereo, (Task){64, N_BLOCKS, 0}, in, times);
  }
  clear_rig(&mono);
  clear_rig(&stereo);
  clear_rig(&staged);
  return is_made;
}

int
main(const int argc, char** const argv)
{
  const uint32_t hidden_size = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 16;
  if (argc > 2 || hidden_size < 1 || hidden_size > PARAMS_MAX_HIDDEN_SIZE) {
    (void)fputs("Usage: bench_blocks [HIDDEN_SIZE]\nHidden size 1 to 256, default 16.\n", stderr);
    return 2;
  }
  machine_pin(-1);
  const Times times = {(double*)calloc(N_BLOCKS, sizeof(double)),
                       (double*)calloc(N_BLOCKS, sizeof(double))};
  (void)printf("reset-before, hidden size %u, %u blocks of noise through the engine, %u runs\n",
               hidden_size, N_BLOCKS, N_RUNS);
  const bool is_measured = times.once && times.least && measure_all(hidden_size, &times);
  if (!is_measured) {
    (void)fputs("bench_blocks: out of memory\n", stderr);
  }
  free(times.once);
  free(times.least);
  return is_measured ? 0 : 1;
}
