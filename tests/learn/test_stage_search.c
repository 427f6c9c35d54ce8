// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is a circuit recovered together with a linear stage that follows it, and does the trainer know
// when there is one?

#include "tests/fixtures.h"

#include "core/random.h"
#include "tests/checks.h"
#include "train/learn/short_trial.h"
#include "train/learn/stage_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FRAMES 960000U
#define MAX_TAPS 1500U

/// A recording of a soft clipper after a low-pass, and perhaps of a stage after both
typedef struct {
  float* samples[3]; ///< Of input, circuit and target
  Wav input;
  Wav target;
  Take take;
  Dataset train;
  Dataset validation;
} Fixture;

/// Filter what the circuit played through `n_taps` that decay by 43 dB; 1 leaves it as it is
static void
add_stage(const Fixture* const f, const uint32_t n_frames, const uint32_t n_taps)
{
  float taps[MAX_TAPS] = {1.0F};
  Random random = random_for(n_taps, 3);
  for (uint32_t k = 1; k < n_taps; ++k) {
    taps[k] = (float)(0.15 * random_between(&random, -1.0, 1.0) * exp(-5.0 * k / n_taps));
  }
  for (uint32_t t = 0; t < n_frames; ++t) {
    float sum = 0.0F;
    for (uint32_t k = 0; k < n_taps && k <= t; ++k) {
      sum += taps[k] * f->samples[1][t - k];
    }
    f->samples[2][t] = sum;
  }
}

static Fixture*
new_fixture(const uint32_t n_taps)
{
  Fixture* const f = (Fixture*)calloc(1, sizeof(Fixture));
  const uint32_t n = fixture_is_slow() ? MAX_FRAMES / 40 : MAX_FRAMES;
  for (size_t i = 0; i < 3; ++i) {
    f->samples[i] = (float*)calloc(n, sizeof(float));
  }
  f->input = (Wav){.samples = f->samples[0], .n_frames = n, .sample_rate = 48000.0};
  f->target = (Wav){.samples = f->samples[2], .n_frames = n, .sample_rate = 48000.0};
  fixture_guitar(f->samples[0], n, 1);
  fixture_soft_clipper(f->samples[0], f->samples[1], n);
  add_stage(f, n, n_taps);
  f->take = (Take){.name = "rig.wav", .input = &f->input, .target = &f->target};
  assert_int_equal(dataset_cut(&f->take, 1, (ClipLayout){0, 0}, &f->train, NULL), STATUS_OK);
  assert_int_equal(dataset_split(&f->train, 0.1, &f->validation, NULL), STATUS_OK);
  return f;
}

static void
free_fixture(Fixture* const f)
{
  dataset_clear(&f->train);
  dataset_clear(&f->validation);
  for (size_t i = 0; i < 3; ++i) {
    free(f->samples[i]);
  }
  free(f);
}

static TrainerConfig
config_for(const uint32_t n_taps, const uint32_t epochs)
{
  return (TrainerConfig){.shape = {CELL_GRU_RESET_BEFORE, 8, 1, false, n_taps},
                         .learning_rate = 0.02,
                         .max_norm = 1.0,
                         .epochs = epochs,
                         .batch = 32,
                         .chunk = 256,
                         .n_starts = 1,
                         .n_threads = 2,
                         .seed = 3};
}

static Params
first_params(const Fixture* const f, const TrainerConfig* const config)
{
  Params params = {.shape = config->shape};
  assert_int_equal(params_init(&params, config->shape), STATUS_OK);
  trainer_draw_weights(config, &f->train, &params);
  return params;
}

static void
a_circuit_is_recovered_with_the_taps_that_follow_it(void** const state)
{
  (void)state;
  Fixture* const f = new_fixture(MAX_TAPS);
  const TrainerConfig config = config_for(MAX_TAPS, fixture_is_slow() ? 1 : 40);
  const TrainerRun run = {&config, &f->train, &f->validation, NULL, NULL, {NULL, 0.0, false}};
  Params params = first_params(f, &config);
  TrainerProgress end = {0};
  ScoreResult score = {0};
  assert_int_equal(trainer_run(&run, &params, &end, NULL), STATUS_OK);
  assert_int_equal(trainer_evaluate(&config, &params, &f->validation, &score), STATUS_OK);
  if (!fixture_is_slow()) {
    check_at_most(score.esr, 1e-4);
  }
  params_clear(&params);
  free_fixture(f);
}

/// What is chosen and learned for a rig
typedef struct {
  StageChoice choice;
  uint32_t n_taps; ///< After shortening
  double esr;
} Outcome;

static Outcome
learn_rig(const uint32_t n_taps, const uint32_t epochs)
{
  Fixture* const f = new_fixture(n_taps);
  TrainerConfig config = config_for(0, epochs);
  const TrainerRun run = {&config, &f->train, &f->validation, NULL, NULL, {NULL, 0.0, false}};
  const StageSearchPaths paths = {"", ""};
  Params params = first_params(f, &config);
  TrainerProgress end = {0};
  ScoreResult score = {0};
  Outcome outcome = {.n_taps = 0};
  assert_int_equal(stage_choose(&run, &paths, &params, &outcome.choice, NULL), STATUS_OK);
  assert_int_equal(params.shape.n_taps, outcome.choice.pays ? 2048 : 0);
  if (outcome.choice.pays) {
    config.epochs = 30;
    assert_int_equal(trainer_run(&run, &params, &end, NULL), STATUS_OK);
    assert_int_equal(stage_shorten(&run, &params, NULL), STATUS_OK);
    assert_int_equal(trainer_evaluate(&config, &params, &f->validation, &score), STATUS_OK);
    check_at_most(score.esr, fmax(1.1 * metrics_esr(&end.best), 1e-5));
  }
  outcome.n_taps = params.shape.n_taps;
  outcome.esr = score.esr;
  params_clear(&params);
  free_fixture(f);
  return outcome;
}

static void
a_stage_is_learned_only_where_there_is_one(void** const state)
{
  (void)state;
  assert_false(learn_rig(200, 7).choice.is_tried);
  if (!fixture_is_slow()) {
    const Outcome pedal = learn_rig(1, 80);
    assert_true(pedal.choice.is_tried);
    assert_false(pedal.choice.pays);
    const Outcome rig = learn_rig(200, 80);
    assert_true(rig.choice.pays);
    check_between(rig.n_taps, 255, 513);
    check_below(rig.esr, 2e-5);
  }
}

/// Return the ESR of a trial of a plan of `epochs`
static double
run_trial(const Fixture* const f, const uint32_t epochs, const ShortTrial trial)
{
  const TrainerConfig config = config_for(0, epochs);
  const TrainerRun run = {&config, &f->train, &f->validation, NULL, NULL, {NULL, 0.0, false}};
  Params params = first_params(f, &config);
  double esr = 0.0;
  assert_int_equal(short_trial_run(&run, trial, &params, &esr, NULL), STATUS_OK);
  params_clear(&params);
  return esr;
}

static void
a_trial_ends_after_its_updates_or_its_share_whichever_is_first(void** const state)
{
  (void)state;
  Fixture* const f = new_fixture(1);
  const TrainerConfig config = config_for(0, 1);
  const uint32_t updates = 2 * trainer_updates(&config, &f->train);
  const double two_epochs = run_trial(f, 2, (ShortTrial){.share = 1.0});
  const double enough = run_trial(f, 1000, (ShortTrial){.share = 0.15, .updates = updates});
  const double share = run_trial(f, 10, (ShortTrial){.share = 0.2, .updates = 100 * updates});
  check_equal(enough, two_epochs);
  check_equal(share, two_epochs);
  free_fixture(f);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_circuit_is_recovered_with_the_taps_that_follow_it),
      cmocka_unit_test(a_trial_ends_after_its_updates_or_its_share_whichever_is_first),
      cmocka_unit_test(a_stage_is_learned_only_where_there_is_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
