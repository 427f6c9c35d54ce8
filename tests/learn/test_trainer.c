// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do whole runs of training, on a simple simulated circuit, learn, repeat, and end when they
// should?

#include "tests/fixtures.h"

#include "tests/checks.h"
#include "train/learn/first_weights.h"
#include "train/learn/learner.h"
#include "train/learn/trainer.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define MAX_FRAMES 96000U

/// A recording of a soft clipper after a low-pass, and its clips
typedef struct {
  float* samples[2]; ///< Of input and target
  Wav input;
  Wav target;
  Take take;
  Dataset train;
  Dataset validation;
} Fixture;

static int
set_up(void** const state)
{
  Fixture* const f = (Fixture*)calloc(1, sizeof(Fixture));
  const uint32_t n = fixture_is_slow() ? MAX_FRAMES / 4 : MAX_FRAMES;
  for (size_t i = 0; i < 2; ++i) {
    f->samples[i] = (float*)calloc(n, sizeof(float));
  }
  f->input = (Wav){.samples = f->samples[0], .n_frames = n, .sample_rate = 48000.0};
  f->target = (Wav){.samples = f->samples[1], .n_frames = n, .sample_rate = 48000.0};
  fixture_guitar(f->samples[0], n, 1);
  fixture_soft_clipper(f->samples[0], f->samples[1], n);
  f->take = (Take){.name = "soft.wav", .input = &f->input, .target = &f->target};
  assert_int_equal(dataset_cut(&f->take, 1, (ClipLayout){0, 0}, &f->train, NULL), STATUS_OK);
  assert_int_equal(dataset_split(&f->train, 0.1, &f->validation, NULL), STATUS_OK);
  *state = f;
  return 0;
}

static int
tear_down(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  dataset_clear(&f->train);
  dataset_clear(&f->validation);
  free(f->samples[0]);
  free(f->samples[1]);
  free(f);
  return 0;
}

static TrainerConfig
config_for(const CellType cell, const uint32_t epochs)
{
  return (TrainerConfig){.shape = {cell, 8, 1, false, 0},
                         .learning_rate = 0.01,
                         .max_norm = 1.0,
                         .epochs = fixture_is_slow() && epochs < 1000 ? 1 : epochs,
                         .batch = 32,
                         .chunk = 64,
                         .n_starts = 1,
                         .n_threads = 1,
                         .seed = 3};
}

/// Train from scratch; the caller clears the weights
static Params
train_model(const Fixture* const f, const TrainerConfig* const config, TrainerProgress* const end)
{
  Params params = {.shape = config->shape};
  Message message = {""};
  const TrainerRun run = {config, &f->train, &f->validation, NULL, NULL, {NULL, 0.0, false}};
  assert_int_equal(params_init(&params, config->shape), STATUS_OK);
  trainer_draw_weights(config, &f->train, &params);
  assert_int_equal(trainer_run(&run, &params, end, &message), STATUS_OK);
  return params;
}

static void
both_cells_learn_a_soft_clipper(void** const state)
{
  const CellType cells[2] = {CELL_GRU_RESET_BEFORE, CELL_GRU_RESET_AFTER};
  for (size_t c = 0; c < 2; ++c) {
    const TrainerConfig config = config_for(cells[c], 40);
    TrainerProgress end = {0};
    Params params = train_model((Fixture*)*state, &config, &end);
    if (!fixture_is_slow()) {
      check_below(metrics_esr(&end.best), 0.005);
    }
    params_clear(&params);
  }
}

static void
the_other_loss_and_update_rule_learn_too(void** const state)
{
  TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 60);
  TrainerProgress end = {0};
  config.loss = LOSS_MSE;
  config.optimiser = OPTIMISER_SGD;
  config.learning_rate = 0.2;
  Params params = train_model((Fixture*)*state, &config, &end);
  if (!fixture_is_slow()) {
    check_below(metrics_esr(&end.best), 0.1);
  }
  params_clear(&params);
}

static void
scale_samples(float* const samples, const uint64_t n, const float gain)
{
  for (uint64_t i = 0; i < n; ++i) {
    samples[i] *= gain;
  }
}

/// What a run learned, and what the model makes of the recording as it is
typedef struct {
  double learned;
  double played;
} LevelScore;

/// Learn with input and target so many times as loud; the samples stay so
static LevelScore
learn_at_level(const Fixture* const f, const bool skip, const float input, const float target)
{
  TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 4);
  TrainerProgress end = {0};
  ScoreResult score = {0};
  scale_samples(f->samples[0], f->input.n_frames, input);
  scale_samples(f->samples[1], f->target.n_frames, target);
  const Scale gains = scale_find(&f->train);
  config.shape.skip = skip;
  config.scale = skip ? &gains : NULL;
  Params params = train_model(f, &config, &end);
  assert_int_equal(trainer_evaluate(&config, &params, &f->validation, &score), STATUS_OK);
  params_clear(&params);
  return (LevelScore){metrics_esr(&end.best), score.esr};
}

/// 42 dB, and a factor that rounds nothing: so runs are the same to the bit
static void
the_level_of_a_recording_changes_nothing(void** const state)
{
  const Fixture* const f = (Fixture*)*state;
  for (uint32_t skip = 0; skip < 2; ++skip) {
    const LevelScore usual = learn_at_level(f, skip, 1.0F, 1.0F);
    const LevelScore soft_target = learn_at_level(f, skip, 1.0F, 1.0F / 128.0F);
    const LevelScore both_soft = learn_at_level(f, skip, 1.0F / 128.0F, 1.0F);
    const LevelScore soft_input = learn_at_level(f, skip, 1.0F, 128.0F);
    const LevelScore loud_input = learn_at_level(f, skip, 16384.0F, 1.0F);
    const LevelScore scores[] = {soft_target, both_soft, soft_input, loud_input};
    // Played from further back, which weighs more with little learned
    check_near(usual.played / usual.learned, 1.0, fixture_is_slow() ? 0.2 : 0.05);
    for (uint32_t i = 0; i < 4; ++i) {
      check_near(scores[i].learned / usual.learned, 1.0, 1e-12);
      check_near(scores[i].played / usual.played, 1.0, 1e-5);
    }
    scale_samples(f->samples[0], f->input.n_frames, 1.0F / 128.0F);
  }
}

static void
the_number_of_threads_changes_no_bit(void** const state)
{
  for (uint32_t k = 0; k < 2; ++k) {
    TrainerConfig config = config_for(k ? CELL_GRU_RESET_AFTER : CELL_GRU_RESET_BEFORE, 4);
    TrainerProgress end = {0};
    config.shape.n_taps = k ? 0 : 40;
    Params one = train_model((Fixture*)*state, &config, &end);
    config.n_threads = 2;
    Params two = train_model((Fixture*)*state, &config, &end);
    config.n_threads = 5;
    Params five = train_model((Fixture*)*state, &config, &end);
    const size_t size = params_count(config.shape) * sizeof(float);
    assert_memory_equal(one.values, two.values, size);
    assert_memory_equal(one.values, five.values, size);
    params_clear(&one);
    params_clear(&two);
    params_clear(&five);
  }
}

static void
every_loss_and_the_spectral_term_learn_and_repeat_on_any_number_of_threads(void** const state)
{
  const struct {
    LossType loss;
    double spectral;
  } cases[] = {{LOSS_A_WEIGHTED, 0.0}, {LOSS_MIXED, 0.0}, {LOSS_ESR, 0.01}, {LOSS_A_WEIGHTED, 0.1}};
  for (size_t k = 0; k < 4; ++k) {
    TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 12);
    TrainerProgress end = {0};
    config.loss = cases[k].loss;
    config.spectral = cases[k].spectral;
    Params one = train_model((Fixture*)*state, &config, &end);
    if (!fixture_is_slow()) {
      check_below(metrics_esr(&end.best), 0.1);
    }
    config.n_threads = 3;
    Params three = train_model((Fixture*)*state, &config, &end);
    assert_memory_equal(one.values, three.values, params_count(config.shape) * sizeof(float));
    params_clear(&one);
    params_clear(&three);
  }
}

static void
the_number_of_threads_changes_no_bit_of_a_score(void** const state)
{
  const Fixture* const f = (Fixture*)*state;
  TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 2);
  TrainerProgress end = {0};
  ScoreResult one = {0};
  ScoreResult five = {0};
  Params params = train_model(f, &config, &end);
  assert_int_equal(trainer_evaluate(&config, &params, &f->train, &one), STATUS_OK);
  config.n_threads = 5;
  assert_int_equal(trainer_evaluate(&config, &params, &f->train, &five), STATUS_OK);
  assert_memory_equal(&one, &five, sizeof(one));
  check_above(one.esr_a_weighted, 0.0);
  check_above(one.esr_worst, one.esr);
  params_clear(&params);
}

static void
the_seed_decides_weights_and_order(void** const state)
{
  const Fixture* const f = (Fixture*)*state;
  TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 1);
  Params params[2] = {{.shape = config.shape}, {.shape = config.shape}};
  const size_t size = params_count(config.shape) * sizeof(float);
  for (uint32_t k = 0; k < 2; ++k) {
    assert_int_equal(params_init(&params[k], config.shape), STATUS_OK);
    first_weights_draw(&params[k], 3 + k);
  }
  assert_memory_not_equal(params[0].values, params[1].values, size);
  memcpy(params[1].values, params[0].values, size);
  for (uint32_t k = 0; k < 2; ++k) {
    config.seed = 3 + k;
    const TrainerRun run = {&config, &f->train, &f->validation, NULL, NULL, {NULL, 0.0, false}};
    TrainerProgress end = {0};
    assert_int_equal(trainer_run(&run, &params[k], &end, NULL), STATUS_OK);
  }
  assert_memory_not_equal(params[0].values, params[1].values, size);
  params_clear(&params[0]);
  params_clear(&params[1]);
}

/// Ends a run after some epochs, like a user or a power cut
typedef struct {
  volatile sig_atomic_t stop;
  uint32_t epochs_left;
  Message note;
  uint32_t n_epochs; ///< Reported
} Watch;

static void
count_epochs(void* const context, const TrainerProgress* const progress)
{
  Watch* const watch = (Watch*)context;
  ++watch->n_epochs;
  if (watch->epochs_left > 0 && --watch->epochs_left == 0) {
    watch->stop = 1;
  }
  if (progress->note.text[0]) {
    watch->note = progress->note;
  }
}

/// Train from the same first weights for `epochs` of the plan, with a checkpoint after every batch
static Params
train_on(const Fixture* const f, TrainerConfig config, const TrainerCheckpoint checkpoint,
         Watch* const watch)
{
  Params params = {.shape = config.shape};
  TrainerProgress end = {0};
  const TrainerRun run = {&config, &f->train, &f->validation, count_epochs, watch, checkpoint};
  config.interrupt = &watch->stop;
  assert_int_equal(params_init(&params, config.shape), STATUS_OK);
  trainer_draw_weights(&config, &f->train, &params);
  assert_int_equal(trainer_run(&run, &params, &end, NULL), STATUS_OK);
  return params;
}

static void
a_resumed_run_gives_the_same_bits(void** const state)
{
  const Fixture* const f = (Fixture*)*state;
  const char* const path = "test_trainer.checkpoint";
  TrainerConfig config = config_for(CELL_GRU_RESET_AFTER, 26);
  config.shape.n_taps = 40;
  const size_t size = params_count(config.shape) * sizeof(float);
  TrainerProgress end = {0};
  config.n_starts = 2;
  Params whole = train_model(f, &config, &end);
  (void)remove(path);
  for (uint32_t part = 0; part < 6; ++part) {
    Watch watch = {.epochs_left = part < 5 ? 1 + part : 0};
    Params params = train_on(f, config, (TrainerCheckpoint){path, 0.0, true}, &watch);
    if (part == 0) {
      assert_non_null(strstr(watch.note.text, "starting from the beginning"));
    }
    if (part == 5) {
      assert_memory_equal(params.values, whole.values, size);
    }
    params_clear(&params);
  }
  params_clear(&whole);
  assert_int_equal(remove(path), 0);
}

static volatile sig_atomic_t* rung = NULL;

static void
ring(const int signal_number)
{
  (void)signal_number;
  *rung = 1;
}

/// Though no checkpoint is due, wherever in a batch the interrupt comes
static void
an_interrupted_run_can_be_continued_at_any_time(void** const state)
{
  const Fixture* const f = (Fixture*)*state;
  const char* const path = "test_trainer.checkpoint";
  TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 8);
  const size_t size = params_count(config.shape) * sizeof(float);
  TrainerProgress end = {0};
  Params whole = train_model(f, &config, &end);
  const suseconds_t each = (suseconds_t)(1e6 * end.seconds / 5.0);
  (void)signal(SIGALRM, ring);
  for (uint32_t part = 0; part < 5; ++part) {
    Watch watch = {.stop = part == 0};
    rung = &watch.stop;
    const struct itimerval timer = {.it_value.tv_usec = part < 4 ? each : 0};
    assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
    Params params = train_on(f, config, (TrainerCheckpoint){path, 1e9, part > 0}, &watch);
    assert_int_equal(access(path, F_OK), 0);
    assert_true(part == 0 || !watch.n_epochs || strstr(watch.note.text, "continuing after "));
    if (part == 4) {
      assert_memory_equal(params.values, whole.values, size);
    }
    params_clear(&params);
  }
  params_clear(&whole);
  (void)signal(SIGALRM, SIG_DFL);
  assert_int_equal(remove(path), 0);
}

/// Resume from the same first weights; return the status
static Status
resume_run(const Fixture* const f, const TrainerConfig* const config, const char* const path,
           Message* const message)
{
  const TrainerRun run = {config, &f->train, &f->validation, NULL, NULL, {path, 0.0, true}};
  Params params = {.shape = config->shape};
  TrainerProgress end = {0};
  assert_int_equal(params_init(&params, config->shape), STATUS_OK);
  trainer_draw_weights(config, &f->train, &params);
  const Status status = trainer_run(&run, &params, &end, message);
  params_clear(&params);
  return status;
}

static void
a_checkpoint_of_another_run_is_refused(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  const char* const path = "test_trainer.checkpoint";
  TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 1);
  Watch watch = {0};
  Params params = train_on(f, config, (TrainerCheckpoint){path, 0.0, false}, &watch);
  Message message = {""};
  assert_int_equal(resume_run(f, &config, path, &message), STATUS_OK);
  f->take.knobs[0] = 0.5F;
  assert_int_equal(resume_run(f, &config, path, &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, "a different run, with other recordings or clips;"));
  f->take.knobs[0] = 0.0F;
  config.batch *= 2;
  assert_int_equal(resume_run(f, &config, path, &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, "was made by a different run, with a batch of "));
  config.batch /= 2;
  config.shape.hidden_size *= 2;
  assert_int_equal(resume_run(f, &config, path, &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, "was made by a different run, with --hidden-size="));
  params_clear(&params);
  (void)remove(path);
}

static void
a_checkpoint_that_cannot_be_written_does_not_end_training(void** const state)
{
  Watch watch = {0};
  const TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 2);
  const TrainerCheckpoint nowhere = {"no/such/folder/x.checkpoint", 0.0, false};
  Params params = train_on((Fixture*)*state, config, nowhere, &watch);
  assert_non_null(strstr(watch.note.text, "no/such/folder"));
  params_clear(&params);
}

/// Zeros can't learn: all units stay alike
static void
first_weights_that_cannot_learn_are_replaced(void** const state)
{
  const Fixture* const f = (Fixture*)*state;
  double esr[2] = {0.0, 0.0};
  for (uint32_t k = 0; k < 2; ++k) {
    TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 50);
    TrainerProgress end = {0};
    Params params = {.shape = config.shape};
    const TrainerRun run = {&config, &f->train, &f->validation, NULL, NULL, {NULL, 0.0, false}};
    config.n_starts = 1 + k;
    assert_int_equal(params_init(&params, config.shape), STATUS_OK);
    assert_int_equal(trainer_run(&run, &params, &end, NULL), STATUS_OK);
    esr[k] = metrics_esr(&end.best);
    params_clear(&params);
  }
  if (!fixture_is_slow()) {
    check_below(esr[1], 0.1 * esr[0]);
  }
}

/// Return the ESR of weights as a run judges them: one that is interrupted at once
static double
judge(const Fixture* const f, TrainerConfig config, Params* const params)
{
  static volatile sig_atomic_t interrupt = 1;
  const TrainerRun run = {&config, &f->train, &f->validation, NULL, NULL, {NULL, 0.0, false}};
  TrainerProgress end = {0};
  config.interrupt = &interrupt;
  config.n_starts = 1;
  assert_int_equal(trainer_run(&run, params, &end, NULL), STATUS_OK);
  assert_int_equal(end.updates, 0);
  return metrics_esr(&end.best);
}

static void
the_best_weights_are_returned(void** const state)
{
  const Fixture* const f = (Fixture*)*state;
  const TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 6);
  TrainerProgress end = {0};
  Params params = train_model(f, &config, &end);
  check_near(judge(f, config, &params) / metrics_esr(&end.best), 1.0, 1e-4);
  params_clear(&params);
}

static void
an_interrupt_ends_the_run_and_keeps_the_best(void** const state)
{
  static volatile sig_atomic_t interrupt = 1;
  TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 1000000);
  TrainerProgress end = {0};
  config.interrupt = &interrupt;
  Params params = train_model((Fixture*)*state, &config, &end);
  assert_int_equal(end.updates, 0);
  assert_true(isfinite(metrics_esr(&end.best)));
  params_clear(&params);
}

/// With many starts left, each of which would be judged
static void
an_interrupt_ends_all_starts_and_keeps_the_best(void** const state)
{
  const Fixture* const f = (Fixture*)*state;
  TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 1000000);
  Watch watch = {.epochs_left = 1};
  Params params = {.shape = config.shape};
  TrainerProgress end = {0};
  const TrainerRun run = {&config,      &f->train, &f->validation,
                          count_epochs, &watch,    {NULL, 0, false}};
  config.n_starts = 16;
  config.interrupt = &watch.stop;
  assert_int_equal(params_init(&params, config.shape), STATUS_OK);
  trainer_draw_weights(&config, &f->train, &params);
  assert_int_equal(trainer_run(&run, &params, &end, NULL), STATUS_OK);
  assert_in_range(watch.n_epochs, 1, 2);
  check_near(judge(f, config, &params) / metrics_esr(&end.best), 1.0, 1e-4);
  params_clear(&params);
}

static void
a_target_esr_and_a_time_budget_end_the_run(void** const state)
{
  TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 1000000);
  TrainerProgress end = {0};
  config.target_esr = fixture_is_slow() ? 2.0 : 0.1;
  Params params = train_model((Fixture*)*state, &config, &end);
  check_at_most(metrics_esr(&end.best), config.target_esr);
  check_below(end.epoch, 1000);
  params_clear(&params);
  config.target_esr = 0.0;
  config.epochs = 0;
  config.seconds = 0.2;
  params = train_model((Fixture*)*state, &config, &end);
  check_at_least(end.seconds, 0.2);
  params_clear(&params);
}

static void
a_learning_rate_far_too_high_does_no_harm(void** const state)
{
  const double rates[] = {1e4, 1e30};
  const uint32_t epochs[] = {60, 300};
  for (size_t k = 0; k < 2; ++k) {
    TrainerConfig config = config_for(CELL_GRU_RESET_AFTER, epochs[k]);
    TrainerProgress end = {0};
    config.optimiser = OPTIMISER_SGD;
    config.learning_rate = rates[k];
    config.target_esr = 0.5;
    Params params = train_model((Fixture*)*state, &config, &end);
    if (!fixture_is_slow()) {
      check_at_most(metrics_esr(&end.best), 0.5);
    }
    params_clear(&params);
  }
}

static void
a_silent_target_is_refused(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  memset(f->samples[1], 0, (size_t)f->target.n_frames * sizeof(float));
  const TrainerConfig config = config_for(CELL_GRU_RESET_BEFORE, 1);
  const TrainerRun run = {&config, &f->train, &f->validation, NULL, NULL, {NULL, 0.0, false}};
  Params params = {.shape = config.shape};
  TrainerProgress end = {0};
  Message message = {""};
  assert_int_equal(params_init(&params, config.shape), STATUS_OK);
  assert_int_equal(trainer_run(&run, &params, &end, &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, "silent"));
  params_clear(&params);
}

/// Check that these takes can't be cut into clips, and that the message says why
static void
check_refused(Take* const takes, const uint32_t n_takes, const ClipLayout layout,
              const char* const text)
{
  Dataset dataset = {0};
  Message message = {""};
  assert_int_equal(dataset_cut(takes, n_takes, layout, &dataset, &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, text));
  assert_null(dataset.clips);
}

static void
recordings_that_do_not_fit_are_refused(void** const state)
{
  const Fixture* const f = (Fixture*)*state;
  const ClipLayout chosen = {0, 0};
  Wav slow = f->target;
  Wav brief = f->target;
  slow.sample_rate = 44100.0;
  brief.n_frames = 1000;
  Take takes[2] = {f->take, {.name = "other.wav", .input = &f->input, .target = &slow}};
  check_refused(takes + 1, 1, chosen, "other.wav: input is at 48000 Hz, target at 44100 Hz");
  takes[1].input = &slow;
  check_refused(takes, 2, chosen, "other.wav: is at 44100 Hz, the takes before it at 48000 Hz");
  takes[1] = (Take){.name = "other.wav", .input = &f->input, .target = &brief};
  check_refused(takes, 2, chosen, "other.wav: has 1000 frames (0.02 s)");
  takes[1].input = &brief;
  check_refused(takes, 2, chosen, "other.wav: has 1000 frames (0.02 s)");
  check_refused(takes, 1, (ClipLayout){1000, 1000}, "should be shorter");
  // Rows of clips that differ by more than a second aren't from one recording
  const Wav input = {.samples = f->samples[0], .n_frames = 20000, .sample_rate = 8000.0};
  brief.sample_rate = 8000.0;
  takes[0] = (Take){.name = "row.wav", .input = &input, .target = &brief};
  check_refused(takes, 1, (ClipLayout){500, 100}, "row.wav: input has 20000 frames, target 1000");
}

static void
clips_do_not_reach_into_their_neighbours(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  Dataset dataset = {0};
  assert_int_equal(dataset_cut(&f->take, 1, (ClipLayout){1000, 100}, &dataset, NULL), STATUS_OK);
  const uint32_t n = (uint32_t)f->input.n_frames / 1000;
  assert_int_equal(dataset.n_clips, n);
  assert_int_equal(dataset.warmup, 100);
  assert_int_equal(dataset.length, 900);
  assert_ptr_equal(dataset.clips[5].input, f->input.samples + 5000);
  Dataset held = {0};
  assert_int_equal(dataset_split(&dataset, 0.25, &held, NULL), STATUS_OK);
  assert_int_equal(held.n_clips, n / 4);
  assert_int_equal(dataset.n_clips, n - n / 4);
  for (uint32_t i = 0; i < held.n_clips; ++i) {
    for (uint32_t k = 0; k < dataset.n_clips; ++k) {
      assert_ptr_not_equal(held.clips[i].input, dataset.clips[k].input);
    }
  }
  dataset_clear(&held);
  dataset_clear(&dataset);
}

#define N_TAKES 3U

/// Takes of one input, whose targets have the levels `gains`, cut into clips of 1000 frames
typedef struct {
  Wav targets[N_TAKES];
  Take takes[N_TAKES];
  Dataset dataset;
} Takes;

static Takes*
new_takes(const Fixture* const f, const float gains[N_TAKES])
{
  Takes* const t = (Takes*)calloc(1, sizeof(Takes));
  for (uint32_t i = 0; i < N_TAKES; ++i) {
    const size_t n = (size_t)f->target.n_frames - 10000 * i;
    float* const samples = (float*)calloc(n, sizeof(float));
    for (size_t k = 0; k < n; ++k) {
      samples[k] = gains[i] * f->target.samples[k];
    }
    t->targets[i] = (Wav){.samples = samples, .n_frames = n, .sample_rate = 48000.0};
    t->takes[i] = (Take){.name = "take.wav", .input = &f->input, .target = &t->targets[i]};
    t->takes[i].knobs[0] = 0.5F * (float)i;
  }
  t->takes[1].input = &t->targets[1]; // Of the same length
  t->takes[2].input = &t->targets[2];
  assert_int_equal(dataset_cut(t->takes, N_TAKES, (ClipLayout){1000, 100}, &t->dataset, NULL),
                   STATUS_OK);
  return t;
}

static void
free_takes(Takes* const t)
{
  for (uint32_t i = 0; i < N_TAKES; ++i) {
    free((void*)t->targets[i].samples);
  }
  dataset_clear(&t->dataset);
  free(t);
}

static void
a_share_of_every_take_is_held_out(void** const state)
{
  static const float gains[N_TAKES] = {1.0F, 1.0F, 1.0F};
  const Fixture* const f = (Fixture*)*state;
  Takes* const t = new_takes(f, gains);
  const uint32_t n_clips = t->dataset.n_clips;
  Dataset held = {0};
  assert_int_equal(dataset_split(&t->dataset, 0.1, &held, NULL), STATUS_OK);
  assert_int_equal(held.n_clips + t->dataset.n_clips, n_clips);
  for (uint32_t i = 0; i < N_TAKES; ++i) {
    const Dataset mine = dataset_of_take(&held, &t->takes[i]);
    const Dataset kept = dataset_of_take(&t->dataset, &t->takes[i]);
    const uint32_t n = (uint32_t)(t->targets[i].n_frames / 1000);
    assert_int_equal(mine.n_clips, (uint32_t)fmax(round(0.1 * n), 1.0));
    assert_int_equal(kept.n_clips, n - mine.n_clips);
    for (uint32_t k = 0; k < kept.n_clips; ++k) {
      assert_ptr_equal(kept.clips[k].take, &t->takes[i]);
      assert_true(kept.clips[k].target >= t->targets[i].samples &&
                  kept.clips[k].target < t->targets[i].samples + t->targets[i].n_frames);
    }
  }
  dataset_clear(&held);
  Message message = {""};
  assert_int_equal(dataset_split(&t->dataset, 0.999, &held, &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, "take.wav"));
  free_takes(t);
}

/// Loss of a silent model over the first clips of a take
static double
loss_of_silence(const Dataset* const dataset, const Loss* const loss)
{
  const ParamsShape shape = {CELL_GRU_RESET_BEFORE, 4, 2, false, 0};
  Params params = {.shape = shape};
  Learner* learner = NULL;
  assert_int_equal(params_init(&params, shape), STATUS_OK);
  assert_int_equal(learner_new((LearnerSizes){shape, 4, 900, 1, loss, SCALE_NONE, false}, &learner),
                   STATUS_OK);
  float* const gradient = (float*)calloc(params_count(shape), sizeof(float));
  learner_start(learner, &params, dataset->clips, 4, dataset->warmup);
  const double value = learner_gradient(learner, &params, (LearnerChunk){900, 0}, gradient);
  learner_free(learner);
  params_clear(&params);
  free(gradient);
  return value;
}

static void
a_soft_take_weighs_as_much_as_a_loud_one(void** const state)
{
  static const float gains[N_TAKES] = {1.0F, 0.2F, 0.0F};
  static const LossType losses[] = {LOSS_ESR, LOSS_MSE, LOSS_A_WEIGHTED, LOSS_MIXED};
  Takes* const t = new_takes((Fixture*)*state, gains);
  const Dataset loud = dataset_of_take(&t->dataset, &t->takes[0]);
  const Dataset soft = dataset_of_take(&t->dataset, &t->takes[1]);
  for (size_t i = 0; i < 4; ++i) {
    Loss loss = {0};
    assert_int_equal(loss_init(&loss, losses[i], 0.0, &t->dataset, 1.0), STATUS_OK);
    const double ratio = loss_of_silence(&soft, &loss) / loss_of_silence(&loud, &loss);
    loss_clear(&loss);
    const double level = dataset_target_power(&loud, 0.0) / dataset_target_power(&soft, 0.0);
    check_near(level, 1.0, 1e-3);
    // The takes differ in length, so their first clips differ in share
    check_between(ratio, 0.8, 1.25);
  }
  check_equal(t->takes[2].weight, DATASET_MAX_WEIGHT); // Silence
  check_equal(((Fixture*)*state)->take.weight, 1.0);   // A single take, exactly
  free_takes(t);
}

static void
the_error_of_takes_is_the_mean_of_their_esr(void** const state)
{
  static const float gains[N_TAKES] = {1.0F, 0.2F, 0.6F};
  const TrainerConfig config = {.shape = {CELL_GRU_RESET_AFTER, 4, 2, false, 0}, .n_threads = 1};
  Takes* const t = new_takes((Fixture*)*state, gains);
  Params params = fixture_params(config.shape, 3);
  ScoreResult all = {0};
  double sum = 0.0;
  double n_clips = 0.0;
  assert_int_equal(trainer_evaluate(&config, &params, &t->dataset, &all), STATUS_OK);
  for (uint32_t i = 0; i < N_TAKES; ++i) {
    const Dataset own = dataset_of_take(&t->dataset, &t->takes[i]);
    ScoreResult score = {0};
    assert_int_equal(trainer_evaluate(&config, &params, &own, &score), STATUS_OK);
    sum += own.n_clips * score.esr;
    n_clips += own.n_clips;
  }
  check_near(all.esr / (sum / n_clips), 1.0, 1e-3);
  Learner* learner = NULL; // Its error decides which weights are best
  Metrics metrics = {0};
  assert_int_equal(
      learner_new((LearnerSizes){config.shape, 16, 512, 1, NULL, SCALE_NONE, false}, &learner),
      STATUS_OK);
  assert_int_equal(learner_evaluate(learner, &params, &t->dataset, &metrics), STATUS_OK);
  check_near(metrics_esr(&metrics) / all.esr, 1.0, 1e-6);
  learner_free(learner);
  params_clear(&params);
  free_takes(t);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(both_cells_learn_a_soft_clipper, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_other_loss_and_update_rule_learn_too, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_level_of_a_recording_changes_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_number_of_threads_changes_no_bit, set_up, tear_down),
      cmocka_unit_test_setup_teardown(
          every_loss_and_the_spectral_term_learn_and_repeat_on_any_number_of_threads, set_up,
          tear_down),
      cmocka_unit_test_setup_teardown(the_number_of_threads_changes_no_bit_of_a_score, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(the_seed_decides_weights_and_order, set_up, tear_down),
      cmocka_unit_test_setup_teardown(first_weights_that_cannot_learn_are_replaced, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(the_best_weights_are_returned, set_up, tear_down),
      cmocka_unit_test_setup_teardown(an_interrupt_ends_the_run_and_keeps_the_best, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(an_interrupt_ends_all_starts_and_keeps_the_best, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_target_esr_and_a_time_budget_end_the_run, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_learning_rate_far_too_high_does_no_harm, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_resumed_run_gives_the_same_bits, set_up, tear_down),
      cmocka_unit_test_setup_teardown(an_interrupted_run_can_be_continued_at_any_time, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_checkpoint_of_another_run_is_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_checkpoint_that_cannot_be_written_does_not_end_training,
                                      set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_silent_target_is_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(recordings_that_do_not_fit_are_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(clips_do_not_reach_into_their_neighbours, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_share_of_every_take_is_held_out, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_soft_take_weighs_as_much_as_a_loud_one, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_error_of_takes_is_the_mean_of_their_esr, set_up,
                                      tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
