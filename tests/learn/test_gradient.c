// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do the trainer's passes agree with PyTorch, with finite differences of the equations in double,
// and with the engine's kernels?

#include "tests/fixtures.h"

#include "core/random.h"
#include "core/reference.h"
#include "tests/checks.h"
#include "tests/learn/torch_vectors.h"
#include "train/learn/bptt.h"
#include "train/learn/fir.h"
#include "train/learn/loss.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define G BPTT_GROUP
#define T 50U

static const LossType losses[] = {LOSS_ESR, LOSS_MSE, LOSS_A_WEIGHTED, LOSS_MIXED};

/// Largest difference between two gradients, relative to the norm of each tensor of the second
static double
tensor_error(const ParamsShape shape, const float* const gradient, const double* const expected)
{
  double largest = 0.0;
  for (uint32_t t = 0; t < PARAMS_N_TENSORS; ++t) {
    const Tensor tensor = params_tensor(shape, (ParamsTensor)t);
    double error = 0.0;
    double norm = 0.0;
    for (size_t i = tensor.offset; i < tensor.offset + (size_t)tensor.rows * tensor.cols; ++i) {
      error += pow((double)gradient[i] - expected[i], 2.0);
      norm += expected[i] * expected[i];
    }
    if (tensor.rows) {
      largest = isnan(error) ? (double)INFINITY : fmax(largest, sqrt(error / norm));
    }
  }
  return largest;
}

/// The linear stage of a shape that has one
typedef struct {
  FirTaps taps;
  FirScratch scratch;
  float* past;
} Stage;

/// Let a stage play the output of a network that starts from silence
static Stage
play_stage(const Params* const params, const uint32_t isa, const BpttGroup* const group,
           const uint32_t n_frames)
{
  Stage s = {.past = NULL};
  const uint32_t n_taps = params->shape.n_taps;
  if (n_taps) {
    assert_int_equal(fir_taps_init(&s.taps, n_taps, n_frames), STATUS_OK);
    assert_int_equal(fir_scratch_init(&s.scratch, &s.taps), STATUS_OK);
    s.taps.kernel = fir_kernel(isa);
    s.past = (float*)calloc((size_t)n_taps * G, sizeof(float));
    fir_taps_set(&s.taps, &s.scratch, params_values(params, PARAMS_TAPS), n_frames);
    fir_play(&s.taps, &s.scratch, s.past, group->y, (FirChunk){n_frames, n_frames});
  }
  return s;
}

/// Pass a gradient back through the stage, which is done with
static void
finish_stage(Stage* const s, const Params* const params, const BpttGroup* const group,
             const uint32_t n_frames, float* const gradient)
{
  if (s->past) {
    fir_gradient(&s->taps, &s->scratch, group->dy, n_frames,
                 gradient + params_tensor(params->shape, PARAMS_TAPS).offset);
  }
  fir_taps_clear(&s->taps);
  fir_scratch_clear(&s->scratch);
  free(s->past);
}

static void
gradients_of_every_tensor_agree_with_pytorch(void** const state)
{
  (void)state;
  TorchVectors v = torch_vectors_read();
  const ParamsShape shape = v.params.shape;
  float* const gradient = (float*)calloc(params_count(shape), sizeof(float));
  assert_int_equal(v.batch, G);
  for (uint32_t isa = 0; isa < bptt_n_kernels(); ++isa) {
    BpttGroup group;
    assert_int_equal(bptt_group_init(&group, shape, v.frames), STATUS_OK);
    memcpy(group.x, v.x, (size_t)v.frames * G * sizeof(float));
    memcpy(bptt_first_state(&group), v.h0, (size_t)shape.hidden_size * G * sizeof(float));
    bptt_kernel(isa)->forward(&v.params, &group, v.frames);
    Stage stage = play_stage(&v.params, isa, &group, v.frames);
    for (uint32_t i = 0; i < v.frames * G; ++i) {
      check_near(group.y[i], v.y[i], 1e-5);
      group.dy[i] = 2.0F * (group.y[i] - v.target[i]) / (float)(v.frames * G);
    }
    memset(gradient, 0, params_count(shape) * sizeof(float));
    finish_stage(&stage, &v.params, &group, v.frames, gradient);
    bptt_kernel(isa)->backward(&v.params, &group, v.frames, gradient);
    check_at_most(tensor_error(shape, gradient, v.gradient), 1e-4);
    bptt_group_clear(&group);
  }
  free(gradient);
  torch_vectors_clear(&v);
}

/// A small problem: inputs, targets and first states of a group
typedef struct {
  Params params;
  float x[T * 2 * G]; ///< (T, I, G), up to 2 inputs
  float target[T * G];
  float h0[PARAMS_MAX_HIDDEN_SIZE * G];
  LossMemory memory; ///< Of the chunk before
  float mask[G];
} Problem;

static Problem*
new_problem(const ParamsShape shape, const uint64_t seed)
{
  Problem* const p = (Problem*)calloc(1, sizeof(Problem));
  Random random = random_for(seed, 1);
  p->params = fixture_params(shape, seed);
  for (uint32_t i = 0; i < T * G; ++i) {
    p->target[i] = (float)random_between(&random, -1.0, 1.0);
  }
  for (uint32_t g = 0; g < G; ++g) {
    const float knob = (float)random_between(&random, 0.0, 1.0);
    for (uint32_t t = 0; t < T; ++t) {
      float* const x = p->x + (size_t)t * shape.n_inputs * G + g;
      x[0] = (float)random_between(&random, -1.0, 1.0);
      if (shape.n_inputs > 1) {
        x[G] = knob;
      }
    }
    for (uint32_t k = 0; k <= WEIGHTING_SECTIONS; ++k) {
      p->memory.error.last[k][g] = g < G - 3 ? (float)random_between(&random, -0.1, 0.1) : 0.0F;
    }
    p->mask[g] = g < G - 3 ? 1.0F : 0.0F;
  }
  for (uint32_t i = 0; i < shape.hidden_size * G; ++i) {
    p->h0[i] = (float)random_between(&random, -0.5, 0.5);
  }
  return p;
}

static void
free_problem(Problem* const p)
{
  params_clear(&p->params);
  free(p);
}

static Loss
test_loss(const LossType type)
{
  return (Loss){.type = type,
                .power = 0.4,
                .power_pre_emphasis = 0.3,
                .power_a_weighted = 0.2,
                .weighting = weighting_design(48000.0)};
}

/// The next error of a lane as the loss filters it
static double
filtered_error(const Loss* const loss, WeightingState* const state, const double e)
{
  const double before = state->last[0];
  switch (loss->type) {
  case LOSS_ESR:
    state->last[0] = e;
    return e - 0.85 * before;
  case LOSS_MSE:
    return e;
  case LOSS_A_WEIGHTED:
  case LOSS_MIXED:
    return weighting_step(&loss->weighting, state, e);
  }
  return 0.0;
}

/// A lane's mean squares, filtered and plain, and DC, added as the loss does
static double
lane_loss(const Loss* const loss, const double squares, const double plain, const double dc)
{
  const double rest = 0.25 * dc * dc / loss->power;
  switch (loss->type) {
  case LOSS_ESR:
    return 0.75 * squares / loss->power_pre_emphasis + rest;
  case LOSS_MSE:
    return squares / loss->power;
  case LOSS_A_WEIGHTED:
    return 0.75 * squares / loss->power_a_weighted + rest;
  case LOSS_MIXED:
    return 0.6 * squares / loss->power_a_weighted + 0.15 * plain / loss->power + rest;
  }
  return 0.0;
}

/// The loss as its header defines it, in double, of the reference's output
static double
reference_loss(const Problem* const p, const LossType type)
{
  const ParamsShape s = p->params.shape;
  const Loss loss = test_loss(type);
  double total = 0.0;
  for (uint32_t g = 0; g < G - 3; ++g) {
    double state[PARAMS_MAX_HIDDEN_SIZE];
    float x[T];
    double y[T];
    double knob = (double)p->x[(s.n_inputs - 1) * G + g];
    for (uint32_t i = 0; i < s.hidden_size; ++i) {
      state[i] = (double)p->h0[i * G + g];
    }
    for (uint32_t t = 0; t < T; ++t) {
      x[t] = p->x[(size_t)t * s.n_inputs * G + g];
    }
    assert_int_equal(reference_run(&p->params, &knob, state, x, y, T), STATUS_OK);
    double past[PARAMS_MAX_TAPS] = {0.0};
    reference_stage(&p->params, past, y, T);
    double squares = 0.0;
    double plain = 0.0;
    double sum = 0.0;
    WeightingState error;
    for (uint32_t k = 0; k <= WEIGHTING_SECTIONS; ++k) {
      error.last[k] = (double)p->memory.error.last[k][g];
    }
    for (uint32_t t = 0; t < T; ++t) {
      const double e = y[t] - (double)p->target[t * G + g];
      squares += pow(filtered_error(&loss, &error, e), 2.0);
      plain += e * e;
      sum += e;
    }
    total += lane_loss(&loss, squares / T, plain / T, sum / T);
  }
  return total / (G - 3);
}

/// Run both passes of the trainer; return its loss
static double
trainer_gradient(const Problem* const p, const LossType type, const uint32_t isa,
                 float* const gradient)
{
  const ParamsShape s = p->params.shape;
  BpttGroup group;
  LossMemory memory = p->memory;
  const Loss loss = test_loss(type);
  const LossChunk chunk = {T, T, G - 3, p->target, p->mask, &memory};
  assert_int_equal(bptt_group_init(&group, s, T), STATUS_OK);
  memcpy(group.x, p->x, (size_t)T * s.n_inputs * G * sizeof(float));
  memcpy(bptt_first_state(&group), p->h0, (size_t)s.hidden_size * G * sizeof(float));
  bptt_kernel(isa)->forward(&p->params, &group, T);
  Stage stage = play_stage(&p->params, isa, &group, T);
  const double value = loss_gradient(&loss, &chunk, group.y, group.dy);
  memset(gradient, 0, params_count(s) * sizeof(float));
  finish_stage(&stage, &p->params, &group, T, gradient);
  bptt_kernel(isa)->backward(&p->params, &group, T, gradient);
  bptt_group_clear(&group);
  return value;
}

/// Central differences of the reference's loss by every weight
static double*
finite_differences(Problem* const p, const LossType type)
{
  const size_t count = params_count(p->params.shape);
  double* const gradient = (double*)calloc(count, sizeof(double));
  for (size_t i = 0; i < count; ++i) {
    const float value = p->params.values[i];
    const float up = value + 1e-3F;
    const float down = value - 1e-3F;
    p->params.values[i] = up;
    const double above = reference_loss(p, type);
    p->params.values[i] = down;
    const double below = reference_loss(p, type);
    p->params.values[i] = value;
    gradient[i] = (above - below) / ((double)up - (double)down);
  }
  return gradient;
}

static void
check_gradient(const ParamsShape shape, const LossType type)
{
  Problem* const p = new_problem(shape, 11 + shape.hidden_size);
  float* const gradient = (float*)calloc(params_count(shape), sizeof(float));
  double* const expected = finite_differences(p, type);
  const double value = reference_loss(p, type);
  for (uint32_t isa = 0; isa < bptt_n_kernels(); ++isa) {
    const double loss = trainer_gradient(p, type, isa, gradient);
    const double error = tensor_error(shape, gradient, expected);
    if (!(fabs(loss - value) <= 1e-5 * value) || !(error <= 1e-4)) {
      fail_msg("%s, %s, hidden size %u, loss %d: loss %g, should be %g; gradient error %g",
               bptt_kernel(isa)->isa, params_cell_name(shape.cell), shape.hidden_size, (int)type,
               loss, value, error);
    }
  }
  free(expected);
  free(gradient);
  free_problem(p);
}

static void
gradients_are_the_slopes_of_the_loss(void** const state)
{
  (void)state;
  for (size_t l = 0; l < sizeof(losses) / sizeof(losses[0]); ++l) {
    check_gradient((ParamsShape){CELL_GRU_RESET_BEFORE, 2, 2, true, 0}, losses[l]);
    check_gradient((ParamsShape){CELL_GRU_RESET_AFTER, 1, 1, false, 0}, losses[l]);
    check_gradient((ParamsShape){CELL_GRU_RESET_BEFORE, 2, 1, true, 11}, losses[l]);
    if (fixture_is_slow()) {
      continue;
    }
    check_gradient((ParamsShape){CELL_GRU_RESET_BEFORE, 5, 1, false, 0}, losses[l]);
    check_gradient((ParamsShape){CELL_GRU_RESET_BEFORE, 8, 2, true, 0}, losses[l]);
    check_gradient((ParamsShape){CELL_GRU_RESET_AFTER, 6, 2, true, 0}, losses[l]);
    check_gradient((ParamsShape){CELL_GRU_RESET_BEFORE, 5, 1, false, 70}, losses[l]);
  }
}

static void
the_trainers_output_is_what_the_engine_plays(void** const state)
{
  (void)state;
  static float x[4096];
  static float y[4096];
  static double reference[4096];
  static const float knobs[PARAMS_MAX_KNOBS] = {0.9F, 0.25F, 0.0F, 1.0F};
  const double positions[PARAMS_MAX_KNOBS] = {(double)knobs[0], (double)knobs[1], (double)knobs[2],
                                              (double)knobs[3]};
  const CellType cells[2] = {CELL_GRU_RESET_BEFORE, CELL_GRU_RESET_AFTER};
  const uint32_t sizes[3] = {8, 16, 37};
  const ModelFile none = {0};
  fixture_guitar(x, 4096, 8);
  for (uint32_t k = 0; k < 10; k += fixture_is_slow() ? 7 : 1) {
    const uint32_t n_inputs = k < 6 ? 1 : k - 4; // Without and with knobs
    ModelFile file = none;
    BpttGroup group = {0};
    Model* model = NULL;
    double cold[PARAMS_MAX_HIDDEN_SIZE] = {0};
    const ParamsShape shape = {cells[k % 2], sizes[k / 2 % 3], n_inputs, false, 0};
    file.params = fixture_params(shape, k);
    file.sample_rate = 48000.0;
    assert_int_equal(model_new(&file, (ModelUse){file.sample_rate, 1, 1}, &model), STATUS_OK);
    assert_int_equal(bptt_group_init(&group, file.params.shape, 4096), STATUS_OK);
    for (uint32_t i = 0; i < 4096 * n_inputs * G; ++i) {
      const uint32_t input = i / G % n_inputs;
      group.x[i] = input ? knobs[input - 1] : x[i / G / n_inputs];
    }
    model_set_knobs(model, knobs);
    bptt_kernel(bptt_n_kernels() - 1)->forward(&file.params, &group, 4096);
    model_run(model, (const float*[]){x}, (float*[]){y}, 4096);
    assert_int_equal(reference_run(&file.params, positions, cold, x, reference, 4096), STATUS_OK);
    for (uint32_t t = 0; t < 4096; ++t) {
      check_near(group.y[t * G + t % G], reference[t], 1e-5);
      // The engine starts at rest, the trainer from zero: they agree after some thousand frames
      if (t >= 3000) {
        check_near(group.y[t * G + t % G], y[t], 1e-5F);
      }
    }
    bptt_group_clear(&group);
    model_free(model);
    model_file_clear(&file);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gradients_of_every_tensor_agree_with_pytorch),
      cmocka_unit_test(gradients_are_the_slopes_of_the_loss),
      cmocka_unit_test(the_trainers_output_is_what_the_engine_plays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
