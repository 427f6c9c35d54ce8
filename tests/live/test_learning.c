// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Learning takes the controller that is moved for it. Time is counted in frames, so no test waits.

#include "tests/fixtures.h"

#include "live/learning.h"

#define RATE 48000.0
#define BLOCK 480U ///< 10 ms

static Learning learning;

static int
start(void** const state)
{
  (void)state;
  learning_init(&learning, RATE);
  return 0;
}

/// Let time pass; return true if learning ended meanwhile
static bool
wait_seconds(const double seconds)
{
  bool is_over = false;
  for (uint32_t i = 0; i < (uint32_t)(seconds * RATE / BLOCK + 0.5); ++i) {
    is_over = learning_advance(&learning, BLOCK) || is_over;
  }
  return is_over;
}

static void
the_first_message_of_a_new_controller_is_enough(void** const state)
{
  (void)state;
  assert_false(learning_hear(&learning, 20, 5)); // Not yet learning
  learning_begin(&learning);
  assert_true(learning_hear(&learning, 64, 127));
  assert_false(learning_hear(&learning, 65, 127)); // No longer
}

static void
it_ends_by_itself_after_ten_seconds(void** const state)
{
  (void)state;
  learning_begin(&learning);
  assert_false(wait_seconds(9.9));
  assert_true(wait_seconds(0.2));
  assert_false(wait_seconds(20.0)); // Once
  assert_false(learning_hear(&learning, 20, 5));
}

static void
a_pedal_that_was_moving_before_is_not_taken(void** const state)
{
  (void)state;
  uint32_t value = 0;
  for (; value < 40; ++value) { // A volume pedal on its way
    assert_false(learning_hear(&learning, 11, value));
    (void)wait_seconds(0.05);
  }
  learning_begin(&learning);
  for (; value < 120; ++value) {
    assert_false(learning_hear(&learning, 11, value));
    (void)wait_seconds(0.05);
  }
  assert_true(learning_hear(&learning, 20, 3)); // The one that is meant
}

static void
it_is_taken_after_a_rest(void** const state)
{
  (void)state;
  assert_false(learning_hear(&learning, 11, 40));
  learning_begin(&learning);
  assert_false(learning_hear(&learning, 11, 60));
  (void)wait_seconds(1.1);
  assert_false(learning_hear(&learning, 11, 62)); // Trembles
  assert_true(learning_hear(&learning, 11, 80));
}

static void
a_controller_that_trembles_is_not_taken(void** const state)
{
  (void)state;
  assert_false(learning_hear(&learning, 7, 64));
  (void)wait_seconds(5.0);
  learning_begin(&learning);
  for (uint32_t i = 0; i < 50; ++i) {
    assert_false(learning_hear(&learning, 7, 63 + i % 3));
    (void)wait_seconds(0.1);
  }
  assert_true(learning_hear(&learning, 7, 72));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(the_first_message_of_a_new_controller_is_enough, start),
      cmocka_unit_test_setup(it_ends_by_itself_after_ten_seconds, start),
      cmocka_unit_test_setup(a_pedal_that_was_moving_before_is_not_taken, start),
      cmocka_unit_test_setup(it_is_taken_after_a_rest, start),
      cmocka_unit_test_setup(a_controller_that_trembles_is_not_taken, start),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
