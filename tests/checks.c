// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/checks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/// Fail through cmocka's own assertion, which puts the text beside its test in every output format
__attribute__((format(printf, 2, 3))) static void
fail_at(const CheckPlace* const place, const char* const format, ...)
{
  char text[1024];
  va_list values;
  va_start(values, format);
  (void)vsnprintf(text, sizeof(text), format, values);
  va_end(values);
  _assert_true(false, text, place->file, place->line);
}

static void
check_order(const bool holds, const double actual, const char* const order, const double bound,
            const CheckPlace* const place)
{
  if (!holds) {
    fail_at(place, "%s is %.9g, must be %s %s, which is %.9g", place->actual, actual, order,
            place->bound, bound);
  }
}

void
check_is_below(const double actual, const double bound, const CheckPlace* const place)
{
  check_order(actual < bound, actual, "below", bound, place);
}

void
check_is_at_most(const double actual, const double bound, const CheckPlace* const place)
{
  check_order(actual <= bound, actual, "at most", bound, place);
}

void
check_is_above(const double actual, const double bound, const CheckPlace* const place)
{
  check_order(actual > bound, actual, "above", bound, place);
}

void
check_is_at_least(const double actual, const double bound, const CheckPlace* const place)
{
  check_order(actual >= bound, actual, "at least", bound, place);
}

void
check_is_between(const double actual, const double low, const double high,
                 const CheckPlace* const place)
{
  if (!(actual > low && actual < high)) {
    fail_at(place, "%s is %.9g, must be between %s, which are %.9g and %.9g", place->actual, actual,
            place->bound, low, high);
  }
}

void
check_is_near(const double actual, const double expected, const double tolerance,
              const CheckPlace* const place)
{
  const double distance = fabs(actual - expected);
  if (!(distance < tolerance)) {
    fail_at(place, "%s is %.9g, %.9g away from %s, which is %.9g; must be less than %.9g away",
            place->actual, actual, distance, place->bound, expected, tolerance);
  }
}

void
check_is_equal(const double actual, const double expected, const CheckPlace* const place)
{
  if (!(actual == expected)) {
    fail_at(place, "%s is %.17g, must equal %s, which is %.17g", place->actual, actual,
            place->bound, expected);
  }
}
