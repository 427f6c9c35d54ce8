// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A flood gets through as far as it is allowed, and no more. Time is a number, so no test waits.

#include "live/allowance.h"
#include "tests/checks.h"
#include "tests/fixtures.h"

#include <stdint.h>

static uint32_t
use_in_a_second(Allowance* const allowance, const double begin, const uint32_t n_tries)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < n_tries; ++i) {
    n += allowance_use(allowance, begin + (double)i / n_tries);
  }
  return n;
}

static void
a_flood_is_bounded_each_second(void** const state)
{
  (void)state;
  Allowance allowance = {.most = 100.0, .per_second = 10.0};
  check_between(use_in_a_second(&allowance, 1000.0, 100000), 100, 110);
  check_between(use_in_a_second(&allowance, 1001.0, 100000), 9, 11);
  check_between(use_in_a_second(&allowance, 1005.0, 100000), 39, 41); // After a pause of 3 s
}

static void
what_is_rare_always_gets_through(void** const state)
{
  (void)state;
  Allowance allowance = {.most = 5.0, .per_second = 10.0};
  for (uint32_t i = 0; i < 100; ++i) {
    assert_int_equal(use_in_a_second(&allowance, i, 9), 9);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_flood_is_bounded_each_second),
      cmocka_unit_test(what_is_rare_always_gets_through),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
