// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do weights move as the equations of the update rules say? SOAP has its own bases, and is tested
// by what it learns.

#include "tests/fixtures.h"

#include "core/random.h"
#include "tests/checks.h"
#include "train/learn/optimiser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WEIGHTS 100U
#define N_STEPS 20U
#define RATE 0.01

static const ParamsShape shape = {.cell = CELL_GRU_RESET_AFTER, .hidden_size = 3, .n_inputs = 1};

/// Gradients of one step, of very different sizes
static void
make_gradient(const uint64_t step, float gradient[MAX_WEIGHTS])
{
  Random random = random_for(7, step);
  for (uint32_t i = 0; i < MAX_WEIGHTS; ++i) {
    gradient[i] = (float)(random_between(&random, -1.0, 1.0) * pow(10.0, (double)(i % 7) - 4.0));
  }
}

/// Take all steps from zero
static void
take_steps(Optimiser* const optimiser, float values[MAX_WEIGHTS])
{
  float gradient[MAX_WEIGHTS];
  memset(values, 0, MAX_WEIGHTS * sizeof(float));
  for (uint64_t step = 1; step <= N_STEPS; ++step) {
    make_gradient(step, gradient);
    optimiser_step(optimiser, gradient, RATE, values);
  }
}

/// Kingma and Ba, algorithm 1, with a memory of 100 steps for the squares
static void
follow_adam(double values[MAX_WEIGHTS])
{
  double mean[MAX_WEIGHTS] = {0.0};
  double square[MAX_WEIGHTS] = {0.0};
  float gradient[MAX_WEIGHTS];
  memset(values, 0, MAX_WEIGHTS * sizeof(double));
  for (uint64_t step = 1; step <= N_STEPS; ++step) {
    make_gradient(step, gradient);
    for (uint32_t i = 0; i < MAX_WEIGHTS; ++i) {
      const double g = (double)gradient[i];
      mean[i] = 0.9 * mean[i] + 0.1 * g;
      square[i] = 0.99 * square[i] + 0.01 * g * g;
      const double m = mean[i] / (1.0 - pow(0.9, (double)step));
      const double v = square[i] / (1.0 - pow(0.99, (double)step));
      values[i] -= RATE * m / (sqrt(v) + 1e-8);
    }
  }
}

static void
adam_follows_its_equations(void** const state)
{
  (void)state;
  Optimiser optimiser;
  float values[MAX_WEIGHTS];
  double expected[MAX_WEIGHTS];
  assert_int_equal(optimiser_init(&optimiser, OPTIMISER_ADAM, shape), STATUS_OK);
  assert_true(optimiser.count <= MAX_WEIGHTS);
  take_steps(&optimiser, values);
  follow_adam(expected);
  for (size_t i = 0; i < optimiser.count; ++i) {
    check_near(values[i], expected[i], 1e-6);
  }
  optimiser_clear(&optimiser);
}

static void
adam_starts_again_as_it_started(void** const state)
{
  (void)state;
  Optimiser optimiser;
  float first[MAX_WEIGHTS];
  float again[MAX_WEIGHTS];
  assert_int_equal(optimiser_init(&optimiser, OPTIMISER_ADAM, shape), STATUS_OK);
  take_steps(&optimiser, first);
  optimiser_reset(&optimiser);
  take_steps(&optimiser, again);
  assert_memory_equal(again, first, sizeof(first));
  optimiser_clear(&optimiser);
}

static void
plain_descent_goes_down_the_gradient(void** const state)
{
  (void)state;
  Optimiser optimiser;
  float values[MAX_WEIGHTS] = {0.0F};
  float gradient[MAX_WEIGHTS];
  assert_int_equal(optimiser_init(&optimiser, OPTIMISER_SGD, shape), STATUS_OK);
  make_gradient(1, gradient);
  optimiser_step(&optimiser, gradient, RATE, values);
  for (size_t i = 0; i < optimiser.count; ++i) {
    check_near(values[i], -RATE * (double)gradient[i], 1e-6);
  }
  optimiser_clear(&optimiser);
}

static void
a_long_gradient_is_cut_to_its_norm(void** const state)
{
  (void)state;
  float gradient[2] = {3.0F, -4.0F};
  check_near(optimiser_clip(gradient, 2, 10.0), 5.0, 1e-12);
  check_equal(gradient[0], 3.0);
  check_near(optimiser_clip(gradient, 2, 1.0), 5.0, 1e-12);
  check_near(gradient[0], 0.6, 1e-6);
  check_near(gradient[1], -0.8, 1e-6);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(adam_follows_its_equations),
      cmocka_unit_test(adam_starts_again_as_it_started),
      cmocka_unit_test(plain_descent_goes_down_the_gradient),
      cmocka_unit_test(a_long_gradient_is_cut_to_its_norm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
