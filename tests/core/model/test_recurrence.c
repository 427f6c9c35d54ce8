// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does a network with a delayed state play as that many networks in turn, and are delays that would
// ring for ever found?

#include "tests/fixtures.h"

#include "core/model/rate_plan.h"
#include "core/model/recurrence.h"
#include "core/model/stability.h"
#include "core/reference.h"
#include "tests/checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N 960U

/// A packed kernel and its network
typedef struct {
  Params params;
  CellKernel kernel;
  CellWeights weights;
  Recurrence* recurrence;
  float* rest;
} Fixture;

static Fixture
new_fixture(const ParamsShape shape, const double delay, const uint32_t n_channels)
{
  Fixture f = {.params = fixture_params(shape, 4)};
  const CellChoice choice = {shape.cell, shape.hidden_size,
                             recurrence_n_streams(delay, n_channels)};
  f.kernel = cells_choose(choice, cells_n_isas() - 1);
  f.weights.values = (float*)aligned_alloc(64, (cells_weights_count(&f.kernel) * 4 + 63) / 64 * 64);
  memset(f.weights.values, 0, (cells_weights_count(&f.kernel) * 4 + 63) / 64 * 64);
  f.rest = (float*)calloc(cells_state_count(&f.kernel), sizeof(float));
  cells_pack(&f.kernel, &f.params, NULL, (CellGains){1.0F, 1.0F}, &f.weights);
  assert_int_equal(recurrence_new(&f.kernel, delay, n_channels, &f.recurrence), STATUS_OK);
  recurrence_reset(f.recurrence, f.rest);
  return f;
}

static void
clear_fixture(Fixture* const f)
{
  recurrence_free(f->recurrence);
  params_clear(&f->params);
  free(f->weights.values);
  free(f->rest);
}

/// Write every M-th frame through the reference
static void
write_expected(const Params* const params, const uint32_t m, const float* const x, double* const y)
{
  for (uint32_t phase = 0; phase < m; ++phase) {
    double h[PARAMS_MAX_STATE] = {0.0};
    for (uint32_t i = phase; i < N; i += m) {
      assert_int_equal(reference_run(params, NULL, h, x + i, y + i, 1), STATUS_OK);
    }
  }
}

static void
run_split(const Fixture* const f, float* const* const x, const uint32_t n_channels)
{
  for (uint32_t i = 0, n = 1; i < N; i += n, n = 1 + n * 37 % 150) {
    n = N - i < n ? N - i : n;
    float* at[2] = {x[0] + i, n_channels > 1 ? x[1] + i : NULL};
    recurrence_run(f->recurrence, &f->weights, (const float* const*)at, at, n);
  }
}

static void
a_whole_delay_is_that_many_networks_in_turn(void** const state)
{
  (void)state;
  static const CellType cells[] = {CELL_GRU_RESET_BEFORE, CELL_GRU_RESET_AFTER, CELL_LSTM};
  static float x[2][N];
  static float y[2][N];
  static double expected[2][N];
  fixture_guitar(x[0], N, 1);
  fixture_guitar(x[1], N, 2);
  for (uint32_t k = 0; k < 3 * 5 * 2; ++k) {
    const ParamsShape shape = {cells[k % 3], k % 2 ? 13 : 16, 1, k % 2 == 0, 0};
    const uint32_t m = 1 + k / 3 % 5;
    const uint32_t n_channels = 1 + k / 15;
    Fixture f = new_fixture(shape, m, n_channels);
    memcpy(y, x, sizeof(x));
    run_split(&f, (float* const[]){y[0], y[1]}, n_channels);
    for (uint32_t c = 0; c < n_channels; ++c) {
      write_expected(&f.params, m, x[c], expected[c]);
      for (uint32_t i = 0; i < N; ++i) {
        check_near(y[c][i], expected[c][i], 1e-5);
      }
    }
    clear_fixture(&f);
  }
}

static void
any_split_gives_the_same_bits(void** const state)
{
  (void)state;
  static const double delays[] = {1.0, 2.0, 3.0, 4.0, 1.0884, 2.1769, 3.675};
  static float whole[N];
  static float split[N];
  for (size_t d = 0; d < sizeof(delays) / sizeof(delays[0]); ++d) {
    Fixture f = new_fixture((ParamsShape){CELL_GRU_RESET_BEFORE, 16, 1, false, 0}, delays[d], 1);
    fixture_guitar(whole, N, 3);
    memcpy(split, whole, sizeof(whole));
    for (uint32_t i = 0; i < N; i += N / 4) {
      float* const at = whole + i;
      recurrence_run(f.recurrence, &f.weights, (const float* const[]){at}, (float* const[]){at},
                     N / 4);
    }
    recurrence_reset(f.recurrence, f.rest);
    run_split(&f, (float* const[]){split}, 1);
    assert_memory_equal(whole, split, sizeof(whole));
    clear_fixture(&f);
  }
}

/// States that lie on a cubic are interpolated without error, at a delay of 2.5 frames for instance
static void
taps_interpolate_a_cubic(void** const state)
{
  (void)state;
  for (double delay = 1.01; delay < 20.0; delay += 0.37) {
    double taps[RECURRENCE_TAPS];
    const uint32_t skip = recurrence_taps(delay, taps);
    double sum = 0.0;
    for (uint32_t k = 0; k < RECURRENCE_TAPS; ++k) {
      const double t = -1.0 - skip - k;
      sum += taps[k] * (1.0 + 2.0 * t - 0.5 * t * t + 0.1 * t * t * t);
    }
    const double t = -delay;
    check_near(sum, 1.0 + 2.0 * t - 0.5 * t * t + 0.1 * t * t * t, 1e-9 * (1.0 + fabs(sum)));
    if (delay >= 2.0) {
      check_at_least(delay - 1.0 - skip, 1.0);
      check_below(delay - 1.0 - skip, 2.0);
    }
  }
}

/// A single unit h' = a h, whose stability depends on a alone
static bool
unit_is_stable(const double factor, const double delay)
{
  Params params = {.shape = {CELL_LSTM, 1, 1, false, 0}};
  double rest[2] = {0.0, 0.0};
  bool is_stable = false;
  assert_int_equal(params_init(&params, params.shape), STATUS_OK);
  params_values(&params, PARAMS_B_I)[0] = -40.0F; // i: nothing new; f: factor; c is the memory
  params_values(&params, PARAMS_B_I)[1] = (float)log(factor / (1.0 - factor));
  assert_int_equal(stability_check(&params, NULL, rest, delay, &is_stable), STATUS_OK);
  params_clear(&params);
  return is_stable;
}

static void
slow_memory_counts_as_stable(void** const state)
{
  (void)state;
  assert_true(unit_is_stable(0.999, 1.0884));
  assert_true(unit_is_stable(0.9999, 2.1769));
  assert_true(unit_is_stable(0.5, 3.675));
  assert_true(unit_is_stable(0.2, 1.8375));
}

/// Interpolation near its end lets fast alternations grow: those of a candidate that inverts its
/// state times more than 0.6
static void
a_network_that_would_ring_for_ever_is_found(void** const state)
{
  (void)state;
  for (int k = 0; k < 2; ++k) {
    Params params = {.shape = {CELL_GRU_RESET_AFTER, 1, 1, false, 0}};
    double rest[1] = {0.0};
    bool is_stable = false;
    assert_int_equal(params_init(&params, params.shape), STATUS_OK);
    params_values(&params, PARAMS_B_I)[0] = 20.0F;  // r = 1
    params_values(&params, PARAMS_B_I)[1] = -20.0F; // z = 0
    params_values(&params, PARAMS_W_H)[2] = k ? -0.98F : -0.2F;
    assert_int_equal(stability_check(&params, NULL, rest, 1.8375, &is_stable), STATUS_OK);
    assert_int_equal(is_stable, k == 0);
    double h = 0.01; // The same when it plays
    double past[8] = {h, h, h, h};
    double taps[RECURRENCE_TAPS];
    const uint32_t skip = recurrence_taps(1.8375, taps);
    for (uint32_t t = 0; t < 3000; ++t) {
      h = 0.0;
      for (uint32_t i = 0; i < RECURRENCE_TAPS; ++i) {
        h += (double)params_values(&params, PARAMS_W_H)[2] * taps[i] * past[skip + i];
      }
      memmove(past + 1, past, 7 * sizeof(double));
      past[0] = fmax(fmin(h, 1.0), -1.0);
    }
    assert_int_equal(fabs(past[0]) + fabs(past[1]) < 1e-6, k == 0);
    params_clear(&params);
  }
}

static void
plans_use_the_way_that_fits(void** const state)
{
  (void)state;
  static const struct {
    double own;
    double host;
    uint32_t oversampling;
    RateMethod method;
    double delay;
  } cases[] = {
      {48000.0, 48000.0, 1, RATE_OWN, 1.0},
      {48000.0, 48000.0, 2, RATE_OWN, 2.0},
      {48000.0, 96000.0, 1, RATE_DELAYED, 2.0},
      {44100.0, 176400.0, 4, RATE_DELAYED, 16.0},
      {44100.0, 48000.0, 1, RATE_INTERPOLATED, 1.0884},
      {48000.0, 44100.0, 1, RATE_RESAMPLED, 1.0},
      {96000.0, 48000.0, 1, RATE_RESAMPLED, 1.0},
      {96000.0, 48000.0, 2, RATE_DELAYED, 1.0},
      {48000.0, 44100.0, 4, RATE_INTERPOLATED, 3.675},
      {8000.0, 192000.0, 4, RATE_RESAMPLED, 4.0},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    const RatePlan plan = rate_plan(cases[i].own, cases[i].host, cases[i].oversampling);
    assert_int_equal(plan.method, cases[i].method);
    check_near(plan.delay, cases[i].delay, 1e-3);
  }
}

static void
a_delay_that_cannot_be_held_is_refused(void** const state)
{
  (void)state;
  static const double delays[] = {0.0, 0.9, RECURRENCE_MAX_DELAY + 0.5, (double)NAN};
  const CellKernel kernel = cells_choose((CellChoice){CELL_LSTM, 3, 1}, 0);
  for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); ++i) {
    Recurrence* recurrence = NULL;
    assert_int_equal(recurrence_new(&kernel, delays[i], 1, &recurrence), STATUS_BAD_ARGUMENT);
    assert_null(recurrence);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_whole_delay_is_that_many_networks_in_turn),
      cmocka_unit_test(any_split_gives_the_same_bits),
      cmocka_unit_test(taps_interpolate_a_cubic),
      cmocka_unit_test(slow_memory_counts_as_stable),
      cmocka_unit_test(a_network_that_would_ring_for_ever_is_found),
      cmocka_unit_test(plans_use_the_way_that_fits),
      cmocka_unit_test(a_delay_that_cannot_be_held_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
