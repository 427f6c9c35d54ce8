// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Measures of signals that other tests rely on.

#include "tests/fixtures.h"

#include "tests/checks.h"

#include <math.h>

static void
the_largest_difference_is_not_a_number_if_any_sample_is(void** const state)
{
  (void)state;
  const float a[] = {0.0F, 1.0F, 0.5F};
  const float b[] = {0.0F, NAN, 0.25F};
  const float c[] = {0.0F, 1.5F, 0.25F};
  assert_true(isnan(fixture_difference(a, b, 3)));
  assert_true(isnan(fixture_difference(b, a, 3)));
  assert_true(isnan(fixture_largest_step(b, 3)));
  check_equal(fixture_difference(a, c, 3), 0.5);
  check_equal(fixture_largest_step(c, 3), 1.5);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_largest_difference_is_not_a_number_if_any_sample_is),
  };
  return cmocka_run_group_tests_name("fixtures", tests, NULL, NULL);
}
