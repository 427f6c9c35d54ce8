// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Checks of numbers that print what they compared when they fail; assert_true prints only its
/// expression. They evaluate arguments once and compare as double; not-a-number fails every check.

#ifndef GRUS_TESTS_CHECKS_H
#define GRUS_TESTS_CHECKS_H

/// Where a check stands and what it says there
typedef struct {
  const char* actual; ///< Expression
  const char* bound;  ///< Expression, or what was expected
  const char* file;
  int line;
} CheckPlace;

#define CHECK_PLACE(actual, bound) (&(const CheckPlace){(actual), (bound), __FILE__, __LINE__})

/// Fail unless actual < bound
#define check_below(actual, bound)                                                                 \
  check_is_below((double)(actual), (double)(bound), CHECK_PLACE(#actual, #bound))

/// Fail unless actual <= bound
#define check_at_most(actual, bound)                                                               \
  check_is_at_most((double)(actual), (double)(bound), CHECK_PLACE(#actual, #bound))

/// Fail unless actual > bound
#define check_above(actual, bound)                                                                 \
  check_is_above((double)(actual), (double)(bound), CHECK_PLACE(#actual, #bound))

/// Fail unless actual >= bound
#define check_at_least(actual, bound)                                                              \
  check_is_at_least((double)(actual), (double)(bound), CHECK_PLACE(#actual, #bound))

/// Fail unless low < actual < high
#define check_between(actual, low, high)                                                           \
  check_is_between((double)(actual), (double)(low), (double)(high),                                \
                   CHECK_PLACE(#actual, #low " and " #high))

/// Fail unless |actual - expected| < tolerance
#define check_near(actual, expected, tolerance)                                                    \
  check_is_near((double)(actual), (double)(expected), (double)(tolerance),                         \
                CHECK_PLACE(#actual, #expected))

/// Fail unless actual == expected, to the last bit except for the sign of zero
#define check_equal(actual, expected)                                                              \
  check_is_equal((double)(actual), (double)(expected), CHECK_PLACE(#actual, #expected))

void check_is_below(double actual, double bound, const CheckPlace* place);
void check_is_at_most(double actual, double bound, const CheckPlace* place);
void check_is_above(double actual, double bound, const CheckPlace* place);
void check_is_at_least(double actual, double bound, const CheckPlace* place);
void check_is_between(double actual, double low, double high, const CheckPlace* place);
void check_is_near(double actual, double expected, double tolerance, const CheckPlace* place);
void check_is_equal(double actual, double expected, const CheckPlace* place);

#endif
