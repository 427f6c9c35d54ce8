// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The bounds that core/activation.h states.

#include "tests/fixtures.h"

#include "core/activation.h"

#include <math.h>
#include <string.h>

/// Call `visit` with every float of a dense walk over [-20, 20], a vector at a time
static void
walk(void (*const visit)(const float x[LANES]))
{
  float x[LANES];
  int n = 0;
  for (uint32_t bits = 0; bits < 0x41A00000U; bits += 997U) { // Up to 20.0F
    float value = 0.0F;
    memcpy(&value, &bits, sizeof(value));
    x[n++] = bits % 2 ? value : -value;
    if (n == LANES) {
      visit(x);
      n = 0;
    }
  }
}

static void
check_tanh(const float x[LANES])
{
  const Lanes y = activation_tanh(lanes_load(x));
  for (int i = 0; i < LANES; ++i) {
    assert_true(fabs((double)y[i] - tanh((double)x[i])) <= 1e-6);
    assert_true(fabsf(y[i]) <= 1.0F);
  }
}

static void
check_sigmoid(const float x[LANES])
{
  const Lanes y = activation_sigmoid(lanes_load(x));
  for (int i = 0; i < LANES; ++i) {
    assert_true(fabs((double)y[i] - 1.0 / (1.0 + exp(-(double)x[i]))) <= 1e-6);
    assert_true(y[i] >= 0.0F && y[i] <= 1.0F);
  }
}

static void
check_odd(const float x[LANES])
{
  const Lanes positive = activation_tanh(lanes_load(x));
  const Lanes negative = activation_tanh(-lanes_load(x));
  for (int i = 0; i < LANES; ++i) {
    assert_true(positive[i] == -negative[i]);
  }
}

static void
tanh_is_exact_to_1e_6_and_never_above_one(void** const state)
{
  (void)state;
  walk(check_tanh);
}

static void
sigmoid_is_exact_to_1e_6_and_within_0_and_1(void** const state)
{
  (void)state;
  walk(check_sigmoid);
}

static void
tanh_is_odd(void** const state)
{
  (void)state;
  walk(check_odd);
}

static void
slopes_at_zero_are_exact(void** const state)
{
  (void)state;
  const float small = 1e-3F;
  const Lanes t = activation_tanh(lanes_splat(small));
  const Lanes s = activation_sigmoid(lanes_splat(small));
  assert_true(fabs((double)t[0] / (double)small - 1.0) <= 1e-6);
  assert_true(fabs(((double)s[0] - 0.5) / (double)small - 0.25) <= 1e-4);
}

static void
infinity_and_nan_do_not_get_through(void** const state)
{
  (void)state;
  const Lanes inf = activation_tanh(lanes_splat(INFINITY));
  const Lanes nan = activation_tanh(lanes_splat(NAN));
  assert_true(fabs((double)inf[0] - 1.0) <= 1e-6);
  assert_true(isfinite(nan[0]));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tanh_is_exact_to_1e_6_and_never_above_one),
      cmocka_unit_test(sigmoid_is_exact_to_1e_6_and_within_0_and_1),
      cmocka_unit_test(tanh_is_odd),
      cmocka_unit_test(slopes_at_zero_are_exact),
      cmocka_unit_test(infinity_and_nan_do_not_get_through),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
