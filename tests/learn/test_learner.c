// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does a learner keep its state from chunk to chunk of a batch, but not to the next batch, with
// every loss?

#include "tests/fixtures.h"

#include "tests/checks.h"
#include "train/learn/learner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_CLIPS 19U
#define LENGTH 1024U
#define FRAMES (N_CLIPS * LENGTH)

/// Clips of two groups, one of them not full
typedef struct {
  float input[FRAMES];
  float target[FRAMES];
  Take take;
  Clip clips[N_CLIPS];
  Dataset dataset;
  Params params;
  Loss loss;
  Learner* learner;
  float* gradients[2];
} Fixture;

static const struct {
  LossType type;
  double spectral;
} losses[] = {
    {LOSS_ESR, 0.0}, {LOSS_MSE, 0.0}, {LOSS_A_WEIGHTED, 0.0}, {LOSS_MIXED, 0.0}, {LOSS_ESR, 0.1}};

#define N_LOSSES (sizeof(losses) / sizeof(losses[0]))

static Fixture*
new_fixture(const size_t loss)
{
  Fixture* const f = (Fixture*)calloc(1, sizeof(Fixture));
  const ParamsShape shape = {CELL_GRU_RESET_BEFORE, 8, 1, false, 0};
  const size_t count = params_count(shape);
  fixture_guitar(f->input, FRAMES, 1);
  fixture_guitar(f->target, FRAMES, 2);
  f->take.weight = 1.0;
  for (uint32_t i = 0; i < N_CLIPS; ++i) {
    const size_t begin = (size_t)i * LENGTH;
    f->clips[i] = (Clip){f->input + begin, f->target + begin, &f->take, 0};
  }
  f->dataset = (Dataset){f->clips, N_CLIPS, 0, LENGTH, 48000.0};
  f->params = fixture_params(shape, 3);
  assert_int_equal(loss_init(&f->loss, losses[loss].type, losses[loss].spectral, &f->dataset, 1.0),
                   STATUS_OK);
  const LearnerSizes sizes = {shape, N_CLIPS, 256, 1, &f->loss, SCALE_NONE, false};
  assert_int_equal(learner_new(sizes, &f->learner), STATUS_OK);
  for (size_t i = 0; i < 2; ++i) {
    f->gradients[i] = (float*)calloc(count, sizeof(float));
  }
  return f;
}

static void
free_fixture(Fixture* const f)
{
  learner_free(f->learner);
  loss_clear(&f->loss);
  params_clear(&f->params);
  free(f->gradients[0]);
  free(f->gradients[1]);
  free(f);
}

/// After a warm-up, the loss and gradient of `n_frames`
static double
learn_after_warmup(Fixture* const f, const uint32_t warmup, const uint32_t n_frames,
                   float* const gradient)
{
  learner_start(f->learner, &f->params, f->clips, N_CLIPS, warmup);
  return learner_gradient(f->learner, &f->params, (LearnerChunk){n_frames, 0}, gradient);
}

static void
a_batch_starts_as_if_it_were_the_first(void** const state)
{
  (void)state;
  for (size_t l = 0; l < N_LOSSES; ++l) {
    Fixture* const f = new_fixture(l);
    const size_t size = params_count(f->params.shape) * sizeof(float);
    const double first = learn_after_warmup(f, 64, 128, f->gradients[0]);
    (void)learner_gradient(f->learner, &f->params, (LearnerChunk){256, 0}, f->gradients[1]);
    const double again = learn_after_warmup(f, 64, 128, f->gradients[1]);
    check_equal(again, first);
    check_above(first, 0.0);
    assert_memory_equal(f->gradients[0], f->gradients[1], size);
    free_fixture(f);
  }
}

static void
a_warm_up_is_remembered_like_other_chunks(void** const state)
{
  (void)state;
  for (size_t l = 0; l < N_LOSSES; ++l) {
    Fixture* const f = new_fixture(l);
    const size_t size = params_count(f->params.shape) * sizeof(float);
    const double warmed_up = learn_after_warmup(f, 300, 128, f->gradients[0]);
    (void)learn_after_warmup(f, 0, 256, f->gradients[1]);
    (void)learner_gradient(f->learner, &f->params, (LearnerChunk){44, 0}, f->gradients[1]);
    const double learned =
        learner_gradient(f->learner, &f->params, (LearnerChunk){128, 0}, f->gradients[1]);
    check_equal(warmed_up, learned);
    assert_memory_equal(f->gradients[0], f->gradients[1], size);
    free_fixture(f);
  }
}

static double
score_clip(const Fixture* const f, Clip clip, const uint32_t warmup)
{
  const Dataset one = {&clip, 1, warmup, LENGTH, 8000.0};
  ScoreResult result = {0};
  assert_int_equal(learner_score(f->learner, &f->params, &one, &result), STATUS_OK);
  return result.esr;
}

/// As after playing all that comes before it, unlike a clip that is independent
static void
a_clip_is_scored_with_the_state_of_its_recording(void** const state)
{
  (void)state;
  Fixture* const f = new_fixture(0);
  const uint32_t begin = 5 * LENGTH;
  const double alone = score_clip(f, f->clips[5], 0);
  f->clips[1].lead = LENGTH;
  f->clips[5].lead = begin;
  const double played = score_clip(f, f->clips[1], begin - LENGTH);
  check_equal(score_clip(f, f->clips[5], 0), played);
  check_above(fabs(alone / played - 1.0), 1e-6);
  free_fixture(f);
}

/// A level that the engine removes is no error
static void
dc_of_a_recording_is_not_scored(void** const state)
{
  (void)state;
  Fixture* const f = new_fixture(0);
  f->clips[N_CLIPS - 1].lead = FRAMES - LENGTH;
  const double without = score_clip(f, f->clips[N_CLIPS - 1], 0);
  f->params.tensors[PARAMS_B_O][0] += 0.5F;
  const double with = score_clip(f, f->clips[N_CLIPS - 1], 0);
  f->clips[N_CLIPS - 1].lead = 0;
  const double alone = score_clip(f, f->clips[N_CLIPS - 1], 0);
  check_near(with / without, 1.0, 0.02);
  check_above(alone / without, 1.1);
  free_fixture(f);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_batch_starts_as_if_it_were_the_first),
      cmocka_unit_test(a_warm_up_is_remembered_like_other_chunks),
      cmocka_unit_test(a_clip_is_scored_with_the_state_of_its_recording),
      cmocka_unit_test(dc_of_a_recording_is_not_scored),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
