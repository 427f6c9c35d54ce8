// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The linker puts __wrap__assert_true in the place of cmocka's _assert_true to record failures.

#include "tests/checks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void __real__assert_true(uintmax_t result, const char* text, const char* file, int line);
void __wrap__assert_true(uintmax_t result, const char* text, const char* file, int line);

typedef struct {
  bool is_expected; ///< Record failures instead of failing
  int n;
  char text[1024];
  const char* file;
  int line;
} Failures;

static Failures failures;

void
__wrap__assert_true(const uintmax_t result, const char* const text, const char* const file,
                    const int line)
{
  if (!failures.is_expected) {
    __real__assert_true(result, text, file, line);
  } else if (!result) {
    ++failures.n;
    (void)snprintf(failures.text, sizeof(failures.text), "%s", text);
    failures.file = file;
    failures.line = line;
  }
}

static int
expect_failures(void** const state)
{
  (void)state;
  failures = (Failures){.is_expected = true};
  return 0;
}

/// Expect this many failures since the last call
static void
assert_n_failures(const int n)
{
  const int n_failures = failures.n;
  failures.n = 0;
  failures.is_expected = false;
  assert_int_equal(n_failures, n);
  failures.is_expected = true;
}

static void
assert_text(const char* const text)
{
  failures.is_expected = false;
  assert_string_equal(failures.text, text);
  failures.is_expected = true;
}

static void
what_holds_passes(void** const state)
{
  (void)state;
  check_below(0.5, 1);
  check_at_most(0.5F, 0.5);
  check_above(-1, -2.0);
  check_at_least(UINT64_C(7), 7);
  check_between(0.5, 0, 1);
  check_near(-1.0, -1.25, 0.3);
  check_equal(0.1F, 0.1F);
  check_equal(-0.0, 0.0);
  check_below(-INFINITY, 0.0);
  assert_n_failures(0);
}

static void
what_does_not_hold_fails(void** const state)
{
  (void)state;
  check_below(1.0, 1.0);
  check_at_most(1.0 + 1e-15, 1.0);
  check_above(1.0, 1.0);
  check_at_least(1.0 - 1e-15, 1.0);
  assert_n_failures(4);
  check_between(0.0, 0.0, 1.0);
  check_between(1.0, 0.0, 1.0);
  assert_n_failures(2);
  check_near(1.5, 1.0, 0.5);
  check_near(0.5, 1.0, 0.5);
  check_near(1.0, 1.0, 0.0);
  assert_n_failures(3);
  check_equal(0.1F, 0.1);
  assert_n_failures(1);
}

static void
not_a_number_fails_every_check(void** const state)
{
  const double nan = (double)NAN;
  (void)state;
  check_below(nan, 1.0);
  check_at_most(nan, 1.0);
  check_above(nan, 1.0);
  check_at_least(nan, 1.0);
  check_between(nan, 0.0, 1.0);
  check_near(nan, 1.0, 1.0);
  check_equal(nan, nan);
  assert_n_failures(7);
  check_below(1.0, nan);
  check_at_most(1.0, nan);
  check_above(1.0, nan);
  check_at_least(1.0, nan);
  check_between(0.5, nan, 1.0);
  check_between(0.5, 0.0, nan);
  check_near(1.0, nan, 1.0);
  check_near(1.0, 1.0, nan);
  check_near((double)INFINITY, (double)INFINITY, 1.0);
  check_equal(1.0, nan);
  assert_n_failures(10);
}

static void
a_failure_prints_values_expressions_and_place(void** const state)
{
  const double level = -43.5;
  const double limit = -50.0;
  (void)state;
  check_at_most(level, limit - 10);
  const int line = __LINE__ - 1;
  assert_text("level is -43.5, must be at most limit - 10, which is -60");
  check_between(level, limit, -45);
  assert_text("level is -43.5, must be between limit and -45, which are -50 and -45");
  check_near(level, limit, 0.5);
  assert_text("level is -43.5, 6.5 away from limit, which is -50; must be less than 0.5 away");
  check_equal(level, limit);
  assert_text("level is -43.5, must equal limit, which is -50");
  assert_n_failures(4);
  check_above(level, 0);
  assert_text("level is -43.5, must be above 0, which is 0");
  failures.is_expected = false;
  assert_string_equal(failures.file, __FILE__);
  assert_int_equal(failures.line, line + 10);
}

static void
arguments_are_evaluated_once(void** const state)
{
  int n = 0;
  (void)state;
  check_below(n++, 1);
  check_between(n++, 0, 2);
  check_near(n++, 2, 1);
  check_equal(n++, 3);
  assert_n_failures(0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(what_holds_passes, expect_failures),
      cmocka_unit_test_setup(what_does_not_hold_fails, expect_failures),
      cmocka_unit_test_setup(not_a_number_fails_every_check, expect_failures),
      cmocka_unit_test_setup(a_failure_prints_values_expressions_and_place, expect_failures),
      cmocka_unit_test_setup(arguments_are_evaluated_once, expect_failures),
  };
  return cmocka_run_group_tests_name("checks", tests, NULL, NULL);
}
