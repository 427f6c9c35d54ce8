// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The bounds that core/activation.h states, for every float from -20 to 20.

#include "tests/fixtures.h"

#include "core/activation.h"
#include "tests/checks.h"

#include <math.h>
#include <stdio.h>

#define LAST_BITS 0x41A00000U ///< Of 20.0F
#define MAX_ERROR 1e-6
#define MAX_FALL 8e-7 ///< Of a function that should only rise: rounding, nothing else
#define MAX_SLOPE_ERROR 1e-6

/// The worst of every float from -20 to 20
typedef struct {
  double tanh_error;
  double sigmoid_error;
  double tanh_fall; ///< Below the highest value so far
  double sigmoid_fall;
  double slope_error; ///< Of tanh(x) / x near 0
  uint32_t n_not_odd;
  uint32_t n_beyond_one;
  float highest_tanh;
  float highest_sigmoid;
  float lowest_sigmoid;
} Worst;

static Worst worst = {.highest_sigmoid = 0.5F, .lowest_sigmoid = 0.5F};

/// tanh in double; by its series where that is exact, which is most floats
static double
exact_tanh(const double x)
{
  return x < 1e-3 ? x - x * x * x / 3.0 : tanh(x);
}

static double
exact_sigmoid(const double x)
{
  return x < 1e-4 ? 0.5 + x / 4.0 : 1.0 / (1.0 + exp(-x));
}

static void
note(double* const largest, const double value)
{
  if (!(value <= *largest)) { // Not-a-number counts
    *largest = value;
  }
}

/// tanh of x and -x
static void
note_tanh(const float x, const float y, const float y_negative)
{
  note(&worst.tanh_error, fabs((double)y - exact_tanh((double)x)));
  note(&worst.tanh_fall, (double)(worst.highest_tanh - y));
  worst.highest_tanh = y > worst.highest_tanh ? y : worst.highest_tanh;
  worst.n_not_odd += y_negative != -y;
  worst.n_beyond_one += !(y >= 0.0F && y <= 1.0F);
  if (x >= 1e-30F && x <= 1e-4F) {
    note(&worst.slope_error, fabs((double)y / (double)x - 1.0));
  }
}

/// σ of x and -x
static void
note_sigmoid(const float x, const float y, const float y_negative)
{
  const double exact = exact_sigmoid((double)x);
  note(&worst.sigmoid_error, fabs((double)y - exact));
  note(&worst.sigmoid_error, fabs((double)y_negative - (1.0 - exact)));
  note(&worst.sigmoid_fall, (double)(worst.highest_sigmoid - y));
  note(&worst.sigmoid_fall, (double)(y_negative - worst.lowest_sigmoid));
  worst.highest_sigmoid = y > worst.highest_sigmoid ? y : worst.highest_sigmoid;
  worst.lowest_sigmoid = y_negative < worst.lowest_sigmoid ? y_negative : worst.lowest_sigmoid;
  worst.n_beyond_one += !(y <= 1.0F && y_negative >= 0.0F);
}

/// Walk over all positive floats up to 20 and their negatives, a vector at a time
static int
walk(void** const state)
{
  (void)state;
  const uint32_t stride = fixture_is_slow() ? 99991U : LANES;
  for (uint32_t bits = 0; bits <= LAST_BITS; bits += stride) {
    LaneBits b;
    for (int i = 0; i < LANES; ++i) {
      b[i] = (int32_t)bits + i;
    }
    const Lanes x = (Lanes)b;
    const Lanes t = activation_tanh(x);
    const Lanes t_negative = activation_tanh(-x);
    const Lanes s = activation_sigmoid(x);
    const Lanes s_negative = activation_sigmoid(-x);
    for (int i = 0; i < LANES; ++i) {
      note_tanh(x[i], t[i], t_negative[i]);
      note_sigmoid(x[i], s[i], s_negative[i]);
    }
  }
  (void)printf("# errors %.3g and %.3g, falls %.3g and %.3g, slope %.3g\n", worst.tanh_error,
               worst.sigmoid_error, worst.tanh_fall, worst.sigmoid_fall, worst.slope_error);
  return 0;
}

static void
tanh_and_sigmoid_are_exact_to_1e_6(void** const state)
{
  (void)state;
  check_at_most(worst.tanh_error, MAX_ERROR);
  check_at_most(worst.sigmoid_error, MAX_ERROR);
}

static void
no_value_lies_beyond_one(void** const state)
{
  (void)state;
  assert_int_equal(worst.n_beyond_one, 0);
}

static void
tanh_is_odd(void** const state)
{
  (void)state;
  assert_int_equal(worst.n_not_odd, 0);
}

static void
tanh_and_sigmoid_fall_nowhere_but_by_rounding(void** const state)
{
  (void)state;
  check_at_most(worst.tanh_fall, MAX_FALL);
  check_at_most(worst.sigmoid_fall, MAX_FALL);
}

static void
slopes_at_zero_are_exact(void** const state)
{
  (void)state;
  check_at_most(worst.slope_error, MAX_SLOPE_ERROR);
  // ¼, seen over a stretch on which rounding is small
  const Lanes s = activation_sigmoid(lanes_splat(0.25F));
  const Lanes n = activation_sigmoid(lanes_splat(-0.25F));
  check_near(((double)s[0] - (double)n[0]) / tanh(0.125), 1.0, MAX_SLOPE_ERROR);
}

static void
infinity_is_one_and_not_a_number_is_nothing_beyond(void** const state)
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
      cmocka_unit_test(no_value_lies_beyond_one),
      cmocka_unit_test(tanh_is_odd),
      cmocka_unit_test(tanh_and_sigmoid_fall_nowhere_but_by_rounding),
      cmocka_unit_test(slopes_at_zero_are_exact),
      cmocka_unit_test(infinity_is_one_and_not_a_number_is_nothing_beyond),
  };
  if (!is_runnable()) {
    (void)puts("1..0 # SKIP this machine lacks the instructions");
    return 0;
  }
  return cmocka_run_group_tests(tests, walk, NULL);
}
