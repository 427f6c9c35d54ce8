// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does activation.h keep the bounds it states, for every float from -20 to 20?

#include "tests/fixtures.h"

#include "core/activation.h"
#include "core/distance.h"
#include "core/realtime.h"
#include "tests/checks.h"

#include <math.h>
#include <stdio.h>

#define SMALL_BITS 0x38D1B717 ///< Of 1e-4F, up to which both are straight lines to 4e-13
#define LAST_BITS 0x41A00000  ///< Of 20.0F
#define MAX_ERROR 1e-6
#define MAX_FALL 8e-7 ///< Of a function that should only rise: rounding, nothing else
#define MAX_SLOPE_ERROR 1e-6

/// How far a function that should only rise falls; each lane takes a range of floats
typedef struct {
  Lanes highest; ///< So far
  Lanes lowest;
  Lanes fall; ///< Below the highest
} Rise;

/// The worst of every float from -20 to 20. What is not a number lies beyond one.
typedef struct {
  Lanes tanh_error_near_0;
  Lanes sigmoid_error_near_0;
  Lanes slope_error; ///< Of tanh(x) / x near 0
  double tanh_error;
  double sigmoid_error;
  Rise tanh;
  Rise sigmoid;
  Rise minus_sigmoid; ///< -σ(-x)
  LaneBits n_not_odd;
  LaneBits n_beyond_one;
} Worst;

static Worst worst;

static Lanes
max_lanes(const Lanes a, const Lanes b)
{
  const LaneBits is_greater = a > b;
  return (Lanes)(((LaneBits)a & is_greater) | ((LaneBits)b & ~is_greater));
}

static Lanes
abs_lanes(const Lanes a)
{
  return (Lanes)((LaneBits)a & INT32_MAX);
}

static void
note_rise(Rise* const r, const Lanes y)
{
  r->fall = max_lanes(r->highest - y, r->fall);
  r->highest = max_lanes(y, r->highest);
  r->lowest = -max_lanes(-y, -r->lowest);
}

/// Compare the ranges of all lanes, the lowest first; the next ranges lie above them
static void
join_ranges(Rise* const r)
{
  float highest = r->highest[0];
  for (int i = 1; i < LANES; ++i) {
    r->fall[i] = fmaxf(r->fall[i], highest - r->lowest[i]);
    highest = fmaxf(highest, r->highest[i]);
  }
  r->highest = lanes_splat(highest);
  r->lowest = lanes_splat(INFINITY);
}

/// Floats of about the same size differ without rounding
static void
note_errors_near_0(const Lanes x, const Lanes t, const Lanes s, const Lanes s_negative)
{
  const Lanes error = abs_lanes(t - x);
  const LaneBits is_normal = x >= 1e-30F;
  worst.tanh_error_near_0 = max_lanes(error, worst.tanh_error_near_0);
  worst.slope_error = max_lanes((Lanes)((LaneBits)(error / x) & is_normal), worst.slope_error);
  worst.sigmoid_error_near_0 =
      max_lanes(abs_lanes((s - 0.5F) - 0.25F * x), worst.sigmoid_error_near_0);
  worst.sigmoid_error_near_0 =
      max_lanes(abs_lanes((0.5F - s_negative) - 0.25F * x), worst.sigmoid_error_near_0);
}

static void
note_errors(const Lanes x, const Lanes t, const Lanes s, const Lanes s_negative)
{
  for (int i = 0; i < LANES; ++i) {
    const double sigmoid = 1.0 / (1.0 + exp(-(double)x[i]));
    const double error = distance_between((double)s[i], sigmoid);
    const double error_negative = distance_between((double)s_negative[i], 1.0 - sigmoid);
    worst.tanh_error = fmax(worst.tanh_error, distance_between((double)t[i], tanh((double)x[i])));
    worst.sigmoid_error = fmax(worst.sigmoid_error, fmax(error, error_negative));
  }
}

/// Walk over every `stride`th float of these bits, and its negative
static void
walk_over(const int32_t first, const int32_t last, const int32_t stride)
{
  const int32_t n_each = (last - first) / LANES + 1;
  LaneBits bits;
  for (int i = 0; i < LANES; ++i) {
    bits[i] = first + i * n_each;
  }
  for (int32_t k = 0; k < n_each; k += stride) {
    const Lanes x = (Lanes)(bits + k);
    const Lanes t = activation_tanh(x);
    const Lanes s = activation_sigmoid(x);
    const Lanes s_negative = activation_sigmoid(-x);
    worst.n_not_odd -= activation_tanh(-x) != -t;
    worst.n_beyond_one -= ~((t >= 0.0F) & (t <= 1.0F) & (s <= 1.0F) & (s_negative >= 0.0F));
    note_rise(&worst.tanh, t);
    note_rise(&worst.sigmoid, s);
    note_rise(&worst.minus_sigmoid, -s_negative);
    if (first > 0) {
      note_errors(x, t, s, s_negative);
    } else {
      note_errors_near_0(x, t, s, s_negative);
    }
  }
  join_ranges(&worst.tanh);
  join_ranges(&worst.sigmoid);
  join_ranges(&worst.minus_sigmoid);
}

static void
start_rise(Rise* const r, const float first)
{
  r->highest = lanes_splat(first);
  r->lowest = lanes_splat(INFINITY);
}

static void
walk_from_0_to_20(const int32_t stride)
{
  start_rise(&worst.tanh, 0.0F);
  start_rise(&worst.sigmoid, 0.5F);
  start_rise(&worst.minus_sigmoid, -0.5F);
  walk_over(0, SMALL_BITS, stride);
  walk_over(SMALL_BITS, LAST_BITS, stride);
}

/// Walk over some floats with denormals, and over all as the engine plays: denormals take long
static int
walk_over_floats(void** const state)
{
  (void)state;
  walk_from_0_to_20(99991 / LANES);
  if (!fixture_is_slow()) {
    const RealtimeMode mode = realtime_enter();
    walk_from_0_to_20(1);
    realtime_leave(mode);
  }
  return 0;
}

static double
largest_of(const Lanes x)
{
  float largest = x[0];
  for (int i = 1; i < LANES; ++i) {
    largest = fmaxf(largest, x[i]);
  }
  return (double)largest;
}

static int64_t
sum_of(const LaneBits x)
{
  int64_t sum = 0;
  for (int i = 0; i < LANES; ++i) {
    sum += x[i];
  }
  return sum;
}

static void
tanh_and_sigmoid_are_exact_to_1e_6(void** const state)
{
  (void)state;
  check_at_most(largest_of(worst.tanh_error_near_0), MAX_ERROR - 4e-13);
  check_at_most(largest_of(worst.sigmoid_error_near_0), MAX_ERROR - 4e-13);
  check_at_most(worst.tanh_error, MAX_ERROR);
  check_at_most(worst.sigmoid_error, MAX_ERROR);
}

static void
no_value_is_beyond_one(void** const state)
{
  (void)state;
  assert_int_equal(sum_of(worst.n_beyond_one), 0);
}

static void
tanh_is_odd(void** const state)
{
  (void)state;
  assert_int_equal(sum_of(worst.n_not_odd), 0);
}

static void
tanh_and_sigmoid_fall_only_by_rounding(void** const state)
{
  (void)state;
  check_at_most(largest_of(worst.tanh.fall), MAX_FALL);
  check_at_most(largest_of(worst.sigmoid.fall), MAX_FALL);
  check_at_most(largest_of(worst.minus_sigmoid.fall), MAX_FALL);
}

static void
slopes_at_zero_are_exact(void** const state)
{
  (void)state;
  check_at_most(largest_of(worst.slope_error), MAX_SLOPE_ERROR);
  // The slope is ¼, measured over a stretch on which rounding is small
  const Lanes s = activation_sigmoid(lanes_splat(0.25F));
  const Lanes n = activation_sigmoid(lanes_splat(-0.25F));
  check_near(((double)s[0] - (double)n[0]) / tanh(0.125), 1.0, MAX_SLOPE_ERROR);
}

static void
infinity_gives_one_and_not_a_number_nothing_beyond(void** const state)
{
  (void)state;
  const float odd[] = {NAN, -NAN};
  const Lanes one = activation_tanh(lanes_splat(INFINITY));
  const Lanes minus_one = activation_tanh(lanes_splat(-INFINITY));
  check_near(one[0], 1.0, MAX_ERROR);
  check_near(minus_one[0], -1.0, MAX_ERROR);
  for (int i = 0; i < 2; ++i) {
    const Lanes y = activation_tanh(lanes_splat(odd[i]));
    assert_false(fabsf(y[0]) > 1.0F); // Not true of not-a-number, either
  }
}

/// Run only where the machine has the instructions this was compiled for
static bool
is_runnable(void)
{
#if defined(__AVX512F__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
#elif defined(__AVX2__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return true;
#endif
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tanh_and_sigmoid_are_exact_to_1e_6),
      cmocka_unit_test(no_value_is_beyond_one),
      cmocka_unit_test(tanh_is_odd),
      cmocka_unit_test(tanh_and_sigmoid_fall_only_by_rounding),
      cmocka_unit_test(slopes_at_zero_are_exact),
      cmocka_unit_test(infinity_gives_one_and_not_a_number_nothing_beyond),
  };
  if (!is_runnable()) {
    (void)puts("1..0 # SKIP this machine lacks the instructions");
    return 0;
  }
  return cmocka_run_group_tests(tests, walk_over_floats, NULL);
}
