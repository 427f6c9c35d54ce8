// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do units begin as the filters that they are meant to be? Played by the equations in double
// precision.

#include "tests/fixtures.h"

#include "core/params.h"
#include "core/random.h"
#include "core/reference.h"
#include "tests/checks.h"
#include "train/learn/first_weights.h"

#include <math.h>
#include <string.h>

#define SIZE 16U
#define N_KNOBS 2U
#define N_FRAMES 600U
#define PEAK 0.4
#define WEIGHT 0.5 ///< Of the input, in filters and delays
#define SLOWEST 150.0
#define FASTEST 1.5

static const CellType cells[] = {CELL_GRU_RESET_BEFORE, CELL_GRU_RESET_AFTER};

/// First weights, and all states that they run through
typedef struct {
  Params params;
  double input[N_FRAMES];
  double states[N_FRAMES][SIZE];
} Played;

/// Play noise, with the knobs turned
static void
play_noise(Played* const played, const CellType cell, const uint64_t seed)
{
  const ParamsShape shape = {.cell = cell, .hidden_size = SIZE, .n_inputs = 1 + N_KNOBS};
  double state[PARAMS_MAX_STATE] = {0.0};
  double gates[3 * SIZE];
  Random random = random_for(seed, 99);
  assert_int_equal(params_init(&played->params, shape), STATUS_OK);
  first_weights_draw(&played->params, seed);
  for (uint32_t t = 0; t < N_FRAMES; ++t) {
    const double x[] = {random_between(&random, -PEAK, PEAK), 0.3, 0.8};
    played->input[t] = x[0];
    (void)reference_step(&played->params, x, state, gates);
    memcpy(played->states[t], state, SIZE * sizeof(double));
  }
}

static void
every_fourth_unit_is_a_low_pass(void** const test_state)
{
  (void)test_state;
  for (size_t c = 0; c < sizeof(cells) / sizeof(cells[0]); ++c) {
    Played played;
    play_noise(&played, cells[c], 1 + c);
    for (uint32_t i = 0; i < SIZE / 4; ++i) {
      const double share = (double)i / (SIZE / 4 - 1);
      const double kept = exp(-1.0 / (SLOWEST * pow(FASTEST / SLOWEST, share)));
      double y = 0.0;
      for (uint32_t t = 0; t < N_FRAMES; ++t) {
        y = kept * y + (1.0 - kept) * tanh(WEIGHT * played.input[t]);
        check_near(played.states[t][4 * i + 1], y, 1e-5);
      }
    }
    params_clear(&played.params);
  }
}

static void
every_fourth_unit_is_one_delay_more(void** const test_state)
{
  (void)test_state;
  for (size_t c = 0; c < sizeof(cells) / sizeof(cells[0]); ++c) {
    Played played;
    play_noise(&played, cells[c], 1 + c);
    for (uint32_t i = 0; i < SIZE / 4; ++i) {
      const double tolerance = 0.06 * PEAK * WEIGHT * (i + 1);
      for (uint32_t t = i; t < N_FRAMES; ++t) {
        check_near(played.states[t][4 * i + 3], WEIGHT * played.input[t - i], tolerance);
      }
    }
    params_clear(&played.params);
  }
}

static void
every_size_has_first_weights(void** const test_state)
{
  (void)test_state;
  for (uint32_t size = 1; size <= 9; ++size) {
    Params params;
    const ParamsShape shape = {.hidden_size = size, .n_inputs = 1};
    assert_int_equal(params_init(&params, shape), STATUS_OK);
    first_weights_draw(&params, 1);
    assert_true(params_are_finite(&params));
    check_above(fabsf(params_values(&params, PARAMS_W_O)[size - 1]), 0.0F);
    params_clear(&params);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_fourth_unit_is_a_low_pass),
      cmocka_unit_test(every_fourth_unit_is_one_delay_more),
      cmocka_unit_test(every_size_has_first_weights),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
